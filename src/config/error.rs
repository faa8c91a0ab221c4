//! What can be wrong with a configuration, said so that it can be mended.

use crate::domain::toml_fault::{explain, place};
use std::path::{Path, PathBuf};

/// Why there is no usable configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The file says something that cannot be meant.
    #[error("{}:{line}:{column}: {message}", file.display())]
    At {
        /// The file.
        file: PathBuf,
        /// From 1.
        line: usize,
        /// From 1, in characters.
        column: usize,
        /// What is wrong, and what was expected.
        message: String,
    },
    /// The file cannot be read.
    #[error("cannot read {}: {reason}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// The system's words.
        reason: String,
    },
    /// An environment was asked for that nobody defined.
    #[error(
        "there is no environment \"{name}\"{}: known are {}. Define it with [env.{name}] in {}",
        did_you_mean(suggestion.as_deref()), known.join(", "), file.display()
    )]
    UnknownEnvironment {
        /// As it was asked for.
        name: String,
        /// The nearest known name.
        suggestion: Option<String>,
        /// All known names.
        known: Vec<String>,
        /// Where it could be defined.
        file: PathBuf,
    },
    /// The environment was named, and something else points at another endpoint.
    #[error(
        "{named} means {expected}, but {by} says {given}: a decision for one account must never reach another. \
         Leave out one of the two{}",
        unset_hint(by)
    )]
    Conflict {
        /// How the environment was named, e.g. `--env production`.
        named: String,
        /// Its endpoint.
        expected: String,
        /// What contradicts it, e.g. `AWS_ENDPOINT_URL`.
        by: String,
        /// The other endpoint.
        given: String,
    },
    /// An endpoint that is no URL.
    #[error("{by}: {reason}")]
    Endpoint {
        /// The flag or variable.
        by: String,
        /// What is wrong with it.
        reason: String,
    },
    /// There is no home directory and no XDG variable to find the files by.
    #[error("cannot tell where the configuration and data belong: set HOME, or give --config and --data-dir")]
    NoHome,
}

fn did_you_mean(suggestion: Option<&str>) -> String {
    suggestion.map_or(String::new(), |name| format!(" (did you mean \"{name}\"?)"))
}

fn unset_hint(by: &str) -> String {
    if by.starts_with("--") { String::new() } else { format!(" (unset {by})") }
}

impl ConfigError {
    /// An error of the TOML reader, with its place and, for a name nobody knows, the nearest known one.
    pub(super) fn of_toml(file: &Path, text: &str, error: &toml::de::Error) -> Self {
        let (line, column) = place(text, error.span().map_or(0, |span| span.start));
        ConfigError::At { file: file.into(), line, column, message: explain(error.message()) }
    }

    /// An error at a byte of the file.
    pub(super) fn at(file: &Path, text: &str, byte: usize, message: String) -> Self {
        let (line, column) = place(text, byte);
        ConfigError::At { file: file.into(), line, column, message }
    }
}
