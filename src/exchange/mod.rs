//! Files in and out: batch-results CSV and the machine-readable output formats.

pub mod batch_results;
pub mod output;
