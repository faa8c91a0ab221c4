//! `hitdeck config`: where the configuration is, what it amounts to, what it may hold.

use super::args::ConfigCommand;
use super::context::Context;
use super::exit::{Exit, Failure};
use crate::config::{Danger, schema};
use crate::exchange::output::{Cell, Column, record};
use crate::term::sgr::Colours;
use std::io::Write;

/// Runs `hitdeck config path|check|schema`.
pub fn run(context: &Context, command: &ConfigCommand, out: &mut impl Write) -> Result<Exit, Failure> {
    match command {
        ConfigCommand::Path => writeln!(out, "{}", context.paths.config.display())?,
        ConfigCommand::Check => check(context, out)?,
        ConfigCommand::Schema => writeln!(out, "{:#}", schema())?,
    }
    Ok(Exit::Done)
}

fn check(context: &Context, out: &mut impl Write) -> Result<(), Failure> {
    let settings = context.settings()?;
    super::keys::keymap(&settings)?;
    super::desk::theme(&settings, Colours::None)?;
    let environment = &settings.environment;
    let danger = match environment.danger {
        Danger::RealMoney => "real-money",
        Danger::Play => "play",
    };
    let count = |number: usize| Cell::Number(i64::try_from(number).unwrap_or(i64::MAX));
    let cells = vec![
        (Column::new("File", "file"), settings.paths.config.display().to_string().into()),
        (Column::new("Data", "data"), settings.paths.data.display().to_string().into()),
        (Column::new("Log", "log"), settings.paths.state.display().to_string().into()),
        (Column::new("Environment", "environment"), environment.name.as_str().into()),
        (Column::new("Endpoint", "endpoint"), environment.endpoint.to_string().into()),
        (Column::new("Profile", "profile"), environment.profile.as_deref().into()),
        (Column::new("Danger", "danger"), danger.into()),
        (Column::new("WorkerSite", "worker site"), environment.worker_site.as_str().into()),
        (Column::new("Grace", "grace"), settings.review.grace.to_string().into()),
        (Column::new("Reasons", "reasons"), count(settings.feedback.len())),
        (Column::new("Views", "views"), count(settings.views.len())),
        (Column::new("Rules", "rules"), count(settings.rules.len())),
        (Column::new("OwnKeys", "own keys"), count(settings.keys.len())),
    ];
    record(&mut *out, context.global.output, cells)?;
    match context.config_text()? {
        Some(_) => context.say(format_args!("{}: good", settings.paths.config.display())),
        None => context.say(format_args!("there is no {}: these are the defaults", settings.paths.config.display())),
    }
    Ok(())
}
