//! The desk in use: key scripts against the real loop, the real SDK and a market in the same process. What is asserted is
//! what a person sees and what the market's ledger says.

#[path = "common/flow.rs"]
mod driver;

#[path = "flow/decide.rs"]
mod decide;
