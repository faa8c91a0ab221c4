//! The command line: parses it, runs what it asks for, and says how it ended.
//!
//! Data goes to stdout, everything else to stderr.

mod args;
mod ask;
mod config;
mod context;
mod exit;
mod log;
mod output;
mod packaging;

pub use args::Cli;

use args::Command;
use clap::Parser;
use context::Context;
use exit::{Exit, Failure};
use std::process::ExitCode;

/// The program: reads its arguments, runs, and ends with one of the exit codes that scripts may rely on.
pub fn main() -> ExitCode {
    // First of all hooks, so that a desk's own hook, which gives the terminal back, runs before the report.
    if let Err(error) = color_eyre::config::HookBuilder::default().display_env_section(false).install() {
        eprintln!("hitdeck: no reports of panics: {error}");
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version go to stdout and are no error; a closed pipe has nobody to be told.
            let _ = error.print();
            return code(if error.use_stderr() { Exit::Usage } else { Exit::Done });
        }
    };
    match run(cli) {
        Ok(exit) => code(exit),
        Err(failure) => {
            if let Some(message) = failure.message() {
                eprintln!("hitdeck: {message}");
            }
            code(failure.exit())
        }
    }
}

fn code(exit: Exit) -> ExitCode {
    ExitCode::from(exit as u8)
}

fn run(cli: Cli) -> Result<Exit, Failure> {
    let mut out = std::io::stdout().lock();
    if let Some(Command::Gen(command)) = &cli.command {
        packaging::run(command, &mut out)?;
        return Ok(Exit::Done);
    }
    let context = Context::new(cli.global)?;
    match cli.command {
        Some(Command::Config(command)) => config::run(&context, &command, &mut out),
        Some(Command::Gen(_)) | None => Ok(Exit::Done),
    }
}
