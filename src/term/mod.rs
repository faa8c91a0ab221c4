//! The terminal as a device: session guard, input thread, signals, writer.
