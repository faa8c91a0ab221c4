//! hitdeck: the requester's desk for Mechanical Turk work, and the MTurk-compatible market, in one binary.
//!
//! The map of the modules and the direction of their dependencies is in `docs/architecture.md`; `tests/arch.rs` holds it.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod app;
pub mod cli;
pub mod config;
pub mod domain;
pub mod exchange;
pub mod market;
pub mod mturk;
pub mod question;
pub mod runtime;
pub mod store;
pub mod term;
pub mod ui;
