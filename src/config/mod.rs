//! Configuration: a TOML file, the environment and flags, laid over each other (defaults < file < environment < flags)
//! into one plain value. Nothing here reads the process environment: [`Vars`] is handed in.
//!
//! The file is documented, key by key, in `config.example.toml`.

mod endpoint;
mod error;
mod file;
mod paths;
mod review;
mod settings;
mod value;

pub use endpoint::{Endpoint, PRODUCTION, SANDBOX};
pub use error::ConfigError;
pub use file::{EnvTable, Feedback, File, Keys, Layout, Rule, RuleAction, View};
pub use paths::{Paths, Vars};
pub use review::{AfterDecision, Burst, ConfirmOver, Refresh, RejectBrake, Review, Theme, Ui};
pub use settings::{Environment, Flags, OFFLINE, Origin, Settings};
pub use value::{Danger, Share, Span, Sum};

/// The JSON schema of the configuration file, for editors.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(File).to_value()
}

#[cfg(test)]
mod tests;
