//! The only files that name the AWS SDK: client, mapping, error classes.
//!
//! The SDK's own retries are off: whoever calls decides what a failure means, because only they know whether a second
//! request could pay somebody twice. [`Error`] says which of the answers it was.

mod answers;
mod client;
pub mod credentials;
mod error;
mod hits;
mod map;
mod publish;
mod qualifications;
mod raw;
mod workers;

pub use client::{Balance, Client, Page};
pub use credentials::Source;
pub use error::Error;
pub use raw::{Answer, Ask};
