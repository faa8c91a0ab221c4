//! hitdeck: the requester's desk for Mechanical Turk work, and the MTurk-compatible market, in one binary.
//!
//! The map of the modules and the direction of their dependencies is in `docs/architecture.md`; `tests/arch.rs` holds it.

#![forbid(unsafe_code)]
#![warn(missing_docs)]
#![warn(clippy::disallowed_methods)]

pub mod app;
#[allow(clippy::disallowed_methods, reason = "reads the environment and the clock, and hands them over")]
pub mod cli;
pub mod config;
pub mod domain;
pub mod exchange;
#[allow(clippy::disallowed_methods, reason = "a market has a clock of its own")]
pub mod market;
#[allow(clippy::disallowed_methods, reason = "the SDK is signed with wall time")]
pub mod mturk;
pub mod question;
#[allow(clippy::disallowed_methods, reason = "the only place where the desk meets the clock")]
pub mod runtime;
pub mod store;
#[allow(clippy::disallowed_methods, reason = "reads what the terminal says of itself; a read has a time limit")]
pub mod term;
pub mod ui;
