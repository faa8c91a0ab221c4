//! Files in and out: batch-results CSV, score files, and the machine-readable output formats.

pub mod batch_results;
pub mod output;
pub mod request_answers;
pub mod scores;
pub mod workers_csv;
