//! Files in and out: results in all their layouts, score files, and the machine-readable output formats.

pub mod batch_results;
pub mod bonus_file;
pub mod formula;
pub mod output;
pub mod pacific;
pub mod redact;
pub mod results;
pub mod scores;
pub mod workers_csv;
pub mod workers_website;
