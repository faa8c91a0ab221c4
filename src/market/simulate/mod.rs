//! Simulated workers, and the demo tasks they work on. Everything follows from a seed: the same seed makes the same people,
//! who give the same answers in the same order of market time.

mod answers;
mod backlog;
mod crew;
mod driver;
mod exam;
mod qualify;
mod requester;
mod tasks;

pub use backlog::{Demo, publish_demo};
pub use driver::{People, run};
