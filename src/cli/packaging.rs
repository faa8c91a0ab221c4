//! `hitdeck gen`: completions and manual pages, from the same definitions that parse the command line.

use super::args::{Cli, GenCommand};
use super::exit::Failure;
use clap::CommandFactory;
use std::io::Write;

/// Writes what was asked for.
pub fn run(command: &GenCommand, out: &mut impl Write) -> Result<(), Failure> {
    match command {
        GenCommand::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "hitdeck", &mut script);
            out.write_all(&script)?;
        }
        GenCommand::Man { folder: None } => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Cli::command()).render(&mut page)?;
            out.write_all(&page)?;
        }
        GenCommand::Man { folder: Some(folder) } => {
            let file = |reason| Failure::File { what: format!("writing manual pages to {}", folder.display()), reason };
            std::fs::create_dir_all(folder).map_err(file)?;
            clap_mangen::generate_to(Cli::command(), folder).map_err(file)?;
        }
    }
    Ok(())
}
