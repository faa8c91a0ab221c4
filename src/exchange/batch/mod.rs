//! Batches out of files: the TOML that describes one, the table of its rows, and the question that each row becomes.

pub mod data;
mod spec;
pub mod task;

pub use spec::{SpecFault, SpecFaults, read as read_spec};
