//! `hitdeck config`: where the configuration is, what it amounts to, what it may hold.

use super::args::{ConfigCommand, Form};
use super::context::Context;
use super::exit::{Exit, Failure};
use super::output::{Table, document, print};
use crate::config::{Danger, schema};
use std::io::Write;

/// Runs `hitdeck config path|check|schema`.
pub fn run(context: &Context, command: &ConfigCommand, out: &mut impl Write) -> Result<Exit, Failure> {
    match command {
        ConfigCommand::Path => writeln!(out, "{}", context.paths.config.display())?,
        ConfigCommand::Check => check(context, out)?,
        ConfigCommand::Schema => document(Form::Json, &schema(), out)?,
    }
    Ok(Exit::Done)
}

fn check(context: &Context, out: &mut impl Write) -> Result<(), Failure> {
    let settings = context.settings()?;
    let environment = &settings.environment;
    let danger = match environment.danger {
        Danger::RealMoney => "real-money",
        Danger::Play => "play",
    };
    let mut table = Table::new(&["setting", "value"]);
    let mut row = |name: &str, value: String| table.push([name.to_owned(), value]);
    row("file", settings.paths.config.display().to_string());
    row("data", settings.paths.data.display().to_string());
    row("log", settings.paths.state.display().to_string());
    row("environment", environment.name.clone());
    row("endpoint", environment.endpoint.to_string());
    row("profile", environment.profile.clone().unwrap_or_default());
    row("danger", danger.to_owned());
    row("worker site", environment.worker_site.clone());
    row("grace", settings.review.grace.to_string());
    row("reasons", settings.feedback.len().to_string());
    row("views", settings.views.len().to_string());
    row("rules", settings.rules.len().to_string());
    row("own keys", settings.keys.len().to_string());
    print(context.global.output, &table, out)?;
    match context.config_text()? {
        Some(_) => context.say(format_args!("{}: good", settings.paths.config.display())),
        None => context.say(format_args!("there is no {}: these are the defaults", settings.paths.config.display())),
    }
    Ok(())
}
