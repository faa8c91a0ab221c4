//! The `hitdeck` program: everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    hitdeck::cli::main()
}
