//! How a run ends.

use crate::config::ConfigError;

/// The exit codes that programs may rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done,
    /// Failed.
    Failed,
    /// The command line cannot be meant.
    Usage,
    /// The configuration cannot be used.
    Configuration,
    /// The credentials are missing or were refused.
    Credentials,
    /// Decisions are left unsent in the store.
    Unsent,
    /// Some items failed; each was named on stderr.
    Partial,
    /// What ended a desk: 129 for a hang-up, 128 and its number for another signal.
    Ended(u8),
}

impl Exit {
    /// The number.
    pub const fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Configuration => 3,
            Exit::Credentials => 4,
            Exit::Unsent => 5,
            Exit::Partial => 6,
            Exit::Ended(code) => code,
        }
    }
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
    /// What went wrong with the endpoint, which is not known here yet.
    #[error("{0}")]
    Endpoint(String),
    /// What went wrong with the files of the store, whose place is not known here yet.
    #[error("{0}")]
    Store(String),
    /// Everything else that ends a command.
    #[error("{0}")]
    Failed(String),
    /// Nobody reads what is written to stdout any more: an end, not an error.
    #[error("stdout was closed")]
    Closed,
}

impl Failure {
    /// The exit code.
    pub const fn exit(&self) -> Exit {
        match self {
            Failure::Usage(_) => Exit::Usage,
            Failure::Configuration(_) => Exit::Configuration,
            Failure::Credentials(_) => Exit::Credentials,
            Failure::File { .. } | Failure::Endpoint(_) | Failure::Store(_) | Failure::Failed(_) => Exit::Failed,
            Failure::Closed => Exit::Done,
        }
    }

    /// With the address, or the folder, in front of what went wrong there.
    pub fn at(self, endpoint: Option<&str>, data: &std::path::Path) -> Self {
        match (self, endpoint) {
            (Failure::Store(words), _) => Failure::Failed(format!("{}: {words}", data.display())),
            (Failure::Endpoint(words), Some(endpoint)) => Failure::Failed(format!("{endpoint}: {words}")),
            (Failure::Credentials(words), Some(endpoint)) => Failure::Credentials(format!("{endpoint}: {words}")),
            (other, _) => other,
        }
    }

    /// What is to be said on stderr, if it was not said already.
    pub fn message(&self) -> Option<String> {
        match self {
            Failure::Closed => None,
            said => Some(said.to_string()),
        }
    }
}

/// An error of writing to stdout: a closed pipe (`| head`) is an end, not an error.
impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::BrokenPipe => Failure::Closed,
            _ => Failure::File { what: "writing to stdout failed".to_owned(), reason: error },
        }
    }
}

impl From<super::market::MarketFailure> for Failure {
    fn from(error: super::market::MarketFailure) -> Self {
        match error {
            super::market::MarketFailure::Io(error) => error.into(),
            other => Failure::Failed(other.to_string()),
        }
    }
}
