//! The market's rules as pure functions over values: what may happen to a HIT and its assignments, what money
//! moves, and who is qualified for what.

pub mod account;
pub mod assignment;
pub mod block;
pub mod eligibility;
pub mod event;
pub mod hit;
pub mod layout;
pub mod qualification;
pub mod qualification_test;
pub mod question;
pub mod review_policy;
pub mod session;

#[cfg(test)]
mod properties;
