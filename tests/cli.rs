//! The built program, as scripts use it: against a market in this process, reached through HTTP.

#[allow(dead_code, reason = "the desk's tests use the rest of it")]
#[path = "common/pty.rs"]
mod driver;

mod cli {
    use super::driver;
    mod config;
    mod deciding;
    mod ending;
    mod endpoint;
    mod lab;
    mod market;
    mod packaging;
    mod reading;
    mod terminal;
}
