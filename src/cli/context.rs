//! What every command works with: the options, the settings, and what may be said on stderr.

use super::args::Global;
use super::exit::Failure;
use crate::config::{ConfigError, Flags, OFFLINE, Paths, Settings, Vars};
use std::io::Write as _;

/// One run of the program.
#[derive(Debug, Clone)]
pub struct Context {
    /// The options of every command.
    pub global: Global,
    /// The environment variables of the process.
    pub vars: Vars,
    /// Where files belong.
    pub paths: Paths,
    flags: Flags,
}

impl Context {
    /// Reads the process environment; nothing else in the program does, apart from the SDK's own chain of credentials.
    pub fn new(global: Global) -> Result<Self, Failure> {
        let variables =
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Context::with(global, Vars::new(variables, std::env::home_dir()))
    }

    fn with(global: Global, vars: Vars) -> Result<Self, Failure> {
        let flags = Flags {
            env: global.env.clone(),
            endpoint: global.endpoint.clone(),
            profile: global.profile.clone(),
            config: global.config.clone(),
            data_dir: global.data_dir.clone(),
            read_only: global.read_only,
        };
        let paths = Paths::find(&vars, &flags)?;
        Ok(Context { global, vars, paths, flags })
    }

    /// The text of the configuration file; none where there is none and none was asked for.
    pub fn config_text(&self) -> Result<Option<String>, Failure> {
        match std::fs::read_to_string(&self.paths.config) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !self.paths.config_named => Ok(None),
            Err(error) => {
                let (file, reason) = (self.paths.config.clone(), error.to_string());
                Err(ConfigError::Unreadable { file, reason }.into())
            }
        }
    }

    /// The settings of this run.
    pub fn settings(&self) -> Result<Settings, Failure> {
        let text = self.config_text()?;
        Ok(Settings::resolve(self.paths.clone(), text.as_deref(), &self.vars, &self.flags)?)
    }

    /// The person's settings for an account that no configuration knows: whatever environment the file, a variable or a
    /// flag names does not matter.
    pub fn settings_elsewhere(&self) -> Result<Settings, Failure> {
        let flags = Flags { env: Some("sandbox".to_owned()), endpoint: None, profile: None, ..self.flags.clone() };
        let text = self.config_text()?;
        Ok(Settings::resolve(self.paths.clone(), text.as_deref(), &Vars::default(), &flags)?)
    }

    /// The person's settings for the account of this name that was read from files.
    pub fn settings_offline(&self, name: &str) -> Result<Settings, Failure> {
        let flags = Flags { env: Some(format!("{OFFLINE}{name}")), ..self.flags.clone() };
        let text = self.config_text()?;
        Ok(Settings::resolve(self.paths.clone(), text.as_deref(), &self.vars, &flags)?)
    }

    /// The person at this machine, as decisions are signed: `ada@lab`.
    pub fn who(&self) -> String {
        let named = ["USER", "LOGNAME"].into_iter().find_map(|name| self.vars.get(name)).map(str::to_owned);
        let user = named.unwrap_or_else(|| {
            let uid = rustix::process::getuid().as_raw();
            // Where accounts come from a directory service, the number has to do.
            let accounts = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
            account_name(&accounts, uid).map_or_else(|| format!("uid{uid}"), str::to_owned)
        });
        let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
        format!("{user}@{}", host.split('.').next().unwrap_or_default())
    }

    /// Says something on stderr that is neither data nor an error.
    pub fn say(&self, words: impl std::fmt::Display) {
        say(words);
    }
}

/// The name of an account in the text of `/etc/passwd`.
fn account_name(accounts: &str, uid: u32) -> Option<&str> {
    accounts.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next().filter(|name| !name.is_empty())?;
        (fields.nth(1)?.parse() == Ok(uid)).then_some(name)
    })
}

/// Writes a line to stderr. After a hang-up nobody is there to read it, and `eprintln` would panic.
pub fn say(words: impl std::fmt::Display) {
    let _ = writeln!(std::io::stderr(), "{words}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_found_by_their_number() {
        let accounts = "root:x:0:0:root:/root:/bin/sh\n# a note\nada:x:1000:1000::/home/ada:/bin/sh\n:x:7:7:::\n";
        assert_eq!(account_name(accounts, 1000), Some("ada"));
        assert_eq!(account_name(accounts, 0), Some("root"));
        assert_eq!((account_name(accounts, 7), account_name(accounts, 8), account_name("", 0)), (None, None, None));
    }
}
