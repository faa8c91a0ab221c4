//! How a run ends.

use crate::config::ConfigError;

/// The exit codes that programs may rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// Failed.
    Failed = 1,
    /// The command line cannot be meant.
    Usage = 2,
    /// The configuration cannot be used.
    Configuration = 3,
    /// The credentials are missing or were refused.
    Credentials = 4,
    /// Decisions are left unsent in the store.
    Unsent = 5,
    /// Some items failed; each was named on stderr.
    Partial = 6,
    /// The terminal is gone.
    HangUp = 129,
}

/// Why a command did not end well, in words for the person who typed it.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The command line cannot be meant.
    #[error("{0}")]
    Usage(String),
    /// The configuration cannot be used.
    #[error(transparent)]
    Configuration(#[from] ConfigError),
    /// The credentials are missing or were refused.
    #[error("{0}")]
    Credentials(String),
    /// A file or a folder of the person's.
    #[error("{what}: {reason}")]
    File {
        /// Which, and what was to be done with it.
        what: String,
        /// The system's words.
        reason: std::io::Error,
    },
    /// Everything else that ends a command.
    #[error("{0}")]
    Failed(String),
    /// Nobody reads what is written to stdout any more: an end, not an error.
    #[error("stdout was closed")]
    Closed,
    /// The command ended with this code after it had said everything itself.
    #[error("ended with exit code {}", *.0 as u8)]
    Ended(Exit),
}

impl Failure {
    /// The exit code.
    pub const fn exit(&self) -> Exit {
        match self {
            Failure::Usage(_) => Exit::Usage,
            Failure::Configuration(_) => Exit::Configuration,
            Failure::Credentials(_) => Exit::Credentials,
            Failure::File { .. } | Failure::Failed(_) => Exit::Failed,
            Failure::Closed => Exit::Done,
            Failure::Ended(exit) => *exit,
        }
    }

    /// What is to be said on stderr, if it was not said already.
    pub fn message(&self) -> Option<String> {
        match self {
            Failure::Closed | Failure::Ended(_) => None,
            said => Some(said.to_string()),
        }
    }
}

/// An error of writing to stdout: a closed pipe (`| head`) is an end, not an error.
impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::BrokenPipe => Failure::Closed,
            _ => Failure::File { what: "writing to stdout".to_owned(), reason: error },
        }
    }
}
