//! Files in and out: batch-results CSV, score files, archives, and the machine-readable output formats.

pub mod archive;
pub mod batch_results;
pub mod output;
pub mod scores;
pub mod workers_csv;
