//! The command line: parses it, runs what it asks for, and says how it ended.
//!
//! Data goes to stdout, everything else to stderr.

mod archive;
mod args;
mod ask;
mod assignment;
mod balance;
mod batch;
mod config;
mod context;
mod decide;
mod demo;
mod desk;
mod doctor;
mod exit;
mod export;
mod hit;
mod import;
mod keys;
mod log;
mod market;
mod notifications;
mod outbox;
mod packaging;
mod people;
mod progress;
mod qual;
mod review;
mod selection;
mod session;
mod shape;
mod sync;
mod worker;

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
        context::say(format_args!("hitdeck: no reports of panics: {error}"));
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Done };
            // Help and version go to stdout and are no error, unless it is full.
            return match error.print().map_err(Failure::from) {
                Err(failure) if exit == Exit::Done => fail(&failure),
                _ => code(exit),
            };
        }
    };
    match run(cli) {
        Ok(exit) => code(exit),
        Err(failure) => fail(&failure),
    }
}

fn fail(failure: &Failure) -> ExitCode {
    if let Some(message) = failure.message() {
        context::say(format_args!("hitdeck: {message}"));
    }
    code(failure.exit())
}

fn code(exit: Exit) -> ExitCode {
    ExitCode::from(exit.code())
}

fn run(cli: Cli) -> Result<Exit, Failure> {
    let mut out = std::io::stdout();
    let Cli { global, command } = cli;
    if let Some(Command::Gen(command)) = &command {
        packaging::run(command, &mut out)?;
        return Ok(Exit::Done);
    }
    let context = Context::new(global)?;
    if let Some(Command::Demo(args)) = &command {
        // Everything of a demo is in one folder, the log too, and goes with it.
        let folder = demo::prepare(args)?;
        start_log(&context, &folder.path().join("log"), false);
        return wait(demo::run(&context, args, &folder));
    }
    start_log(&context, &context.paths.state, command.is_some());
    carry_out(&context, command, &mut out).map_err(|failure| {
        let settings = context.settings().ok();
        let endpoint = settings.map(|settings| settings.environment.endpoint.to_string());
        failure.at(endpoint.as_deref(), &context.paths.data)
    })
}

fn carry_out(context: &Context, command: Option<Command>, out: &mut impl std::io::Write) -> Result<Exit, Failure> {
    match command {
        // Every thread has its own part of the heap, and the desk's main loop is a thread of its own.
        None => wait_on(1, desk::run(context)),
        Some(Command::Market(command)) => {
            let directory = context.paths.data.join("market");
            wait(async { Ok(market::run(&command, context.global.output, &directory, context.keys(), out).await?) })?;
            Ok(Exit::Done)
        }
        Some(Command::Balance) => wait(balance::run(context, out)),
        Some(Command::Batch(command)) => wait(batch::run(context, command, out)),
        Some(Command::Hit(command)) => wait(hit::run(context, command, out)),
        Some(Command::Assignment(command)) => wait(assignment::run(context, command, out)),
        Some(Command::Worker(command)) => wait(worker::run(context, command, out)),
        Some(Command::Qual(command)) => wait(qual::run(context, command, out)),
        Some(Command::Import(args)) => wait(import::run(context, &args, out)),
        Some(Command::Export(args)) => wait(export::run(context, &args, out)),
        Some(Command::Review(command)) => wait(review::run(context, &command, out)),
        Some(Command::Outbox(command)) => wait(outbox::run(context, command, out)),
        Some(Command::Archive(args)) => wait(archive::run(context, &args, out)),
        Some(Command::Sync) => wait(sync::run(context, out)),
        Some(Command::Keys) => keys::run(context, out, width()),
        Some(Command::Config(command)) => config::run(context, &command, out),
        Some(Command::Doctor) => wait(doctor::run(context, out)),
        // Both were done above.
        Some(Command::Demo(_) | Command::Gen(_)) => Ok(Exit::Done),
    }
}

fn start_log(context: &Context, folder: &std::path::Path, stderr: bool) {
    if let Err(error) = log::start(folder, context.global.verbose, stderr) {
        context.say(format_args!("no log in {}: {error}", folder.display()));
    }
}

/// The width of the terminal behind stdout, if there is one.
fn width() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(std::io::stdout()).ok()?;
    Some(usize::from(size.ws_col)).filter(|columns| *columns > 0)
}

/// Runs a command that waits for things, with two threads for what it sends and reads.
fn wait<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    wait_on(2, work)
}

/// As [`wait`], with so many threads beside this one. What is still running in the background when it ends is not waited
/// for: after a hang-up nothing may hold the process.
fn wait_on<T>(threads: usize, work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .enable_all()
        .build()
        .map_err(|reason| Failure::File { what: "starting threads".to_owned(), reason })?;
    let result = runtime.block_on(work);
    runtime.shutdown_background();
    result
}
