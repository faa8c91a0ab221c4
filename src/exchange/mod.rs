//! Files in and out: batch-results CSV, score files, and the machine-readable output formats.

pub mod batch_results;
pub mod bonus_file;
pub mod output;
pub mod scores;
pub mod workers_csv;
