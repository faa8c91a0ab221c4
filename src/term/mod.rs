//! The terminal as a device: session guard, input thread, signals, writer.
//!
//! The contract: the terminal is asked nothing, written to once a frame, and given back as it was found, however
//! the program ends.

pub mod clipboard;
pub mod decode;
pub mod moves;
pub mod paint;
pub mod pencil;
pub mod reader;
pub mod session;
pub mod sgr;
pub mod signals;
pub mod terminal;
pub mod tty;
