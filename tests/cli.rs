//! The built program, as scripts use it: against a market in this process, reached through HTTP.

mod cli {
    mod config;
    mod deciding;
    mod ending;
    mod endpoint;
    mod lab;
    mod market;
    mod packaging;
    mod reading;
}
