//! The market's rules as pure functions over values: what may happen to a HIT and its assignments, and what money moves.

pub mod account;
pub mod assignment;
pub mod hit;
pub mod question;
pub mod requirement;

#[cfg(test)]
mod properties;
