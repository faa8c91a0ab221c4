//! The desk as a pure state machine: `update(&mut State, Now, Event) -> Vec<Effect>`.

pub mod detail;
pub mod effect;
pub mod event;
pub mod key;
