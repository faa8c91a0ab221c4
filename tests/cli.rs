//! The built program, as scripts use it: against a market in this process, reached through HTTP.

#[allow(dead_code, reason = "the desk's tests use the rest of it")]
#[path = "common/pty.rs"]
mod driver;

#[allow(dead_code, reason = "the market's tests use the rest of it")]
#[path = "market/support.rs"]
mod requester;

mod cli {
    use super::{driver, requester};
    mod archive;
    mod batch;
    mod batch_anew;
    mod batch_bad;
    mod batch_preview;
    mod config;
    mod deciding;
    mod ending;
    mod endpoint;
    mod export;
    mod hits;
    mod import;
    mod lab;
    mod market;
    mod operating;
    mod packaging;
    mod payout;
    mod people;
    mod qual;
    mod qual_note;
    mod qual_requests;
    mod read_only;
    mod reading;
    mod require;
    mod review;
    mod terminal;
    mod tutorial;
    mod worker;
    mod worker_files;
}
