//! Where files belong: the XDG base directories, on every Unix.

use super::error::ConfigError;
use super::settings::Flags;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The process environment, handed in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vars {
    variables: BTreeMap<String, String>,
    home: Option<PathBuf>,
}

impl Vars {
    /// From names and values, and the person's home directory.
    pub fn new(variables: impl IntoIterator<Item = (String, String)>, home: Option<PathBuf>) -> Self {
        Vars { variables: variables.into_iter().collect(), home }
    }

    /// A variable; an empty one counts as unset.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A base directory: the variable if it holds an absolute path (others are to be ignored, says the standard).
    fn base(&self, name: &str, below_home: &str) -> Result<PathBuf, ConfigError> {
        match self.get(name).map(Path::new).filter(|path| path.is_absolute()) {
            Some(path) => Ok(path.to_owned()),
            None => Ok(self.home.as_ref().ok_or(ConfigError::NoHome)?.join(below_home)),
        }
    }
}

/// Where the files of this run belong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// The configuration file; it need not exist unless it was asked for by name.
    pub config: PathBuf,
    /// Whether the file was asked for by name.
    pub config_named: bool,
    /// The base of the data directories: each account has its folder below it.
    pub data: PathBuf,
    /// Logs.
    pub state: PathBuf,
}

impl Paths {
    /// Flags first, then `HITDECK_CONFIG`, then XDG, then below the home directory.
    pub fn find(vars: &Vars, flags: &Flags) -> Result<Self, ConfigError> {
        let named = flags.config.clone().or_else(|| vars.get("HITDECK_CONFIG").map(PathBuf::from));
        let config_named = named.is_some();
        let config = match named {
            Some(path) => path,
            None => vars.base("XDG_CONFIG_HOME", ".config")?.join("hitdeck/config.toml"),
        };
        let data = match &flags.data_dir {
            Some(path) => path.clone(),
            None => vars.base("XDG_DATA_HOME", ".local/share")?.join("hitdeck"),
        };
        let state = match (vars.base("XDG_STATE_HOME", ".local/state"), &flags.data_dir) {
            (Ok(base), _) => base.join("hitdeck"),
            (Err(_), Some(data)) => data.join("state"),
            (Err(error), None) => return Err(error),
        };
        Ok(Paths { config, config_named, data, state })
    }
}
