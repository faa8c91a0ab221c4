//! The `hitdeck` program.

fn main() {}
