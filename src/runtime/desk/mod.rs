//! The desk's loop: events in, effects out, one frame when something changed.

pub mod programs;
