//! `hitdeck keys`: the key table that is in force.

use super::context::Context;
use super::exit::{Exit, Failure};
use crate::app::command::COMMANDS;
use crate::app::keymap::{Bindings, Keymap, KeymapError};
use crate::config::{ConfigError, Settings};
use crate::exchange::output::{Column, Writer};
use std::io::Write;

/// The default keys with the person's own.
pub fn keymap(settings: &Settings) -> Result<Keymap, ConfigError> {
    let own: Bindings =
        settings.keys.iter().map(|(name, keys)| (name.clone(), keys.as_ref().keys().to_vec())).collect();
    Keymap::new(&own).map_err(|error| {
        let message = error.to_string();
        // Every error names a command; the one of the person's own table is where to look.
        let command = match &error {
            KeymapError::UnknownCommand { name, .. } => Some(name.as_str()),
            KeymapError::Key { command, .. } => Some(command.as_str()),
            KeymapError::Conflict { first, second, .. } => {
                [*first, *second].into_iter().find(|name| settings.keys.contains_key(*name))
            }
            KeymapError::File(_) => None,
        };
        let span = command.and_then(|name| settings.keys.get(name)).map_or(0, |keys| keys.span().start);
        settings.wrong_at(span, message)
    })
}

/// Prints every command with its keys.
pub fn run(context: &Context, out: &mut impl Write, width: Option<usize>) -> Result<Exit, Failure> {
    let keymap = keymap(&context.settings()?)?;
    let columns = [
        Column::new("Command", "command"),
        Column::new("Keys", "keys"),
        Column::new("Where", "where"),
        Column::long("What", "what"),
    ];
    let mut writer = Writer::new(out, context.global.output, columns, width);
    for spec in &COMMANDS {
        let keys = keymap.words(spec.id);
        writer.row(vec![spec.name.into(), keys.into(), spec.contexts.words().into(), spec.title.into()])?;
    }
    writer.finish()?;
    Ok(Exit::Done)
}
