//! Files in and out: results in all their layouts, score files, archives, and the machine-readable output formats.

pub mod archive;
pub mod batch;
pub mod batch_results;
pub mod bonus_file;
pub mod dump;
pub mod foreign;
pub mod formula;
pub mod offline;
pub mod output;
pub mod pacific;
mod quotes;
pub mod redact;
pub mod request_answers;
pub mod results;
pub mod review;
pub mod scores;
pub mod workers_csv;
pub mod workers_website;
