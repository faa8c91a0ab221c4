//! Keys to commands: the defaults of `assets/keymap.toml`, overlaid with the person's own.

use super::command::{COMMANDS, CommandId};
use super::key::{Key, KeyError};
use super::layout::Pane;
use crate::domain::nearest::nearest;
use std::collections::{BTreeMap, HashMap};

const DEFAULT: &str = include_str!("../../assets/keymap.toml");

/// Keys of commands by name, as a configuration file holds them.
pub type Bindings = BTreeMap<String, Vec<String>>;

/// Why keys cannot be bound so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeymapError {
    /// There is no such command.
    #[error("there is no command \"{name}\"{}", .nearest.map(|near| format!("; did you mean \"{near}\"?")).unwrap_or_default())]
    UnknownCommand {
        /// As written.
        name: String,
        /// The nearest known name.
        nearest: Option<&'static str>,
    },
    /// A key of a command cannot be read.
    #[error("keys of \"{command}\": {error}")]
    Key {
        /// Whose key.
        command: String,
        /// What is wrong with it.
        error: KeyError,
    },
    /// Two commands want one key in one pane.
    #[error(
        "the key {key} is bound to both \"{first}\" and \"{second}\"; give one of them another key, or [] for none"
    )]
    Conflict {
        /// The key.
        key: Key,
        /// One command.
        first: &'static str,
        /// The other.
        second: &'static str,
    },
    /// The key file that is built in cannot be read.
    #[error("the built-in key file: {0}")]
    File(String),
}

/// Keys to commands, and back.
#[derive(Debug, Clone, PartialEq)]
pub struct Keymap {
    by_key: HashMap<Key, Vec<CommandId>>,
    by_command: Vec<Vec<Key>>,
}

impl Keymap {
    /// The default keys with the person's own: a command that these name has these keys only.
    pub fn new(own: &Bindings) -> Result<Self, KeymapError> {
        let file: Bindings = toml::from_str(DEFAULT).map_err(|error| KeymapError::File(error.to_string()))?;
        let mut keymap = Keymap { by_key: HashMap::new(), by_command: vec![Vec::new(); COMMANDS.len()] };
        for (name, keys) in file.iter().chain(own) {
            let id = CommandId::named(name).ok_or_else(|| {
                let names = COMMANDS.iter().map(|spec| spec.name);
                KeymapError::UnknownCommand { name: name.clone(), nearest: nearest(name, names) }
            })?;
            keymap.by_command[id as usize] = keys
                .iter()
                .map(|key| key.parse().map_err(|error| KeymapError::Key { command: name.clone(), error }))
                .collect::<Result<_, _>>()?;
        }
        for spec in &COMMANDS {
            for key in &keymap.by_command[spec.id as usize] {
                let sharing = keymap.by_key.entry(*key).or_default();
                if let Some(other) = sharing.iter().find(|other| other.spec().contexts.meet(spec.contexts)) {
                    return Err(KeymapError::Conflict { key: *key, first: other.spec().name, second: spec.name });
                }
                sharing.push(spec.id);
            }
        }
        Ok(keymap)
    }

    /// The command of a key in a pane.
    pub fn command(&self, pane: Pane, key: Key) -> Option<CommandId> {
        self.by_key.get(&key)?.iter().find(|id| id.spec().contexts.has(pane)).copied()
    }

    /// The keys of a command.
    pub fn keys(&self, id: CommandId) -> &[Key] {
        &self.by_command[id as usize]
    }

    /// The keys of a command for people: `j <down>`; empty if it has none.
    pub fn words(&self, id: CommandId) -> String {
        self.keys(id).iter().map(Key::to_string).collect::<Vec<_>>().join(" ")
    }

    /// The first key of a command for people.
    pub fn first(&self, id: CommandId) -> Option<String> {
        self.keys(id).first().map(Key::to_string)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(name: &str, keys: &[&str]) -> Bindings {
        Bindings::from([(name.to_owned(), keys.iter().map(|key| (*key).to_owned()).collect())])
    }

    fn key(text: &str) -> Key {
        text.parse().unwrap()
    }

    #[test]
    fn the_built_in_file_names_every_command() {
        let file: Bindings = toml::from_str(DEFAULT).unwrap();
        for spec in &COMMANDS {
            assert!(file.contains_key(spec.name), "{} is missing in assets/keymap.toml", spec.name);
        }
        assert_eq!(file.len(), COMMANDS.len());
    }

    #[test]
    fn one_key_means_different_things_in_different_panes() {
        let keymap = Keymap::new(&Bindings::new()).unwrap();
        assert_eq!(keymap.command(Pane::List, key("j")), Some(CommandId::Down));
        assert_eq!(keymap.command(Pane::Viewer, key("j")), Some(CommandId::ScrollDown));
        assert_eq!(keymap.command(Pane::Hits, key("a")), None);
    }

    #[test]
    fn own_keys_replace_those_of_the_command() {
        let keymap = Keymap::new(&own("approve", &["p", "<ctrl-a>"])).unwrap();
        assert_eq!(keymap.command(Pane::List, key("p")), Some(CommandId::Approve));
        assert_eq!(keymap.command(Pane::List, key("a")), None);
        assert_eq!(keymap.words(CommandId::Approve), "p <ctrl-a>");
    }

    #[test]
    fn a_conflict_names_both() {
        let error = Keymap::new(&own("worker", &["a"])).unwrap_err().to_string();
        assert!(error.contains("\"approve\"") && error.contains("\"worker\"") && error.contains("key a "), "{error}");
    }

    #[test]
    fn unknown_commands_suggest_the_nearest() {
        let error = Keymap::new(&own("aprove", &["p"])).unwrap_err().to_string();
        assert_eq!(error, "there is no command \"aprove\"; did you mean \"approve\"?");
        let error = Keymap::new(&own("xyzzyplugh", &["p"])).unwrap_err().to_string();
        assert_eq!(error, "there is no command \"xyzzyplugh\"");
    }

    #[test]
    fn a_key_that_cannot_be_read_names_its_command() {
        let error = Keymap::new(&own("approve", &["<entr>"])).unwrap_err().to_string();
        assert!(error.starts_with("keys of \"approve\": \"<entr>\" is not a key"), "{error}");
    }

    /// No Ctrl-h, i, j, m, s, q or [: a terminal cannot tell them from other keys, or stops for them.
    #[test]
    fn no_default_key_is_one_that_terminals_swallow() {
        let keymap = Keymap::new(&Bindings::new()).unwrap();
        for spec in &COMMANDS {
            for key in keymap.keys(spec.id) {
                let bad = key.ctrl && "himsqj[".chars().any(|c| key.code == crate::app::key::Code::Char(c));
                assert!(!bad && !key.alt, "{} has {key}", spec.name);
            }
        }
    }
}
