//! All layers laid over each other: what a run works with.

use super::endpoint::{Endpoint, PRODUCTION, SANDBOX};
use super::error::ConfigError;
use super::file::{EnvTable, Feedback, File, Keys, Layout, Rule, View};
use super::paths::{Paths, Vars};
use super::review::{Refresh, Review, Ui};
use super::value::Danger;
use crate::domain::nearest::nearest;

/// What was said on the command line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flags {
    /// `--env`.
    pub env: Option<String>,
    /// `--endpoint`.
    pub endpoint: Option<String>,
    /// `--profile`.
    pub profile: Option<String>,
    /// `--config`.
    pub config: Option<std::path::PathBuf>,
    /// `--data-dir`.
    pub data_dir: Option<std::path::PathBuf>,
    /// `--read-only`.
    pub read_only: bool,
}

/// Who said which endpoint it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The environment's own, built in or from the file.
    Environment,
    /// `--endpoint`.
    Flag,
    /// A variable, by its name.
    Variable(&'static str),
}

/// An account's place: the environment a run works in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// Its name; for an endpoint nobody named, one made of its address ([`Endpoint::as_name`]).
    pub name: String,
    /// Where requests go.
    pub endpoint: Endpoint,
    /// Who said so.
    pub origin: Origin,
    /// The profile of the AWS shared files, if one was named.
    pub profile: Option<String>,
    /// What a mistake costs.
    pub danger: Danger,
    /// Where workers see the work, without a trailing slash.
    pub worker_site: String,
}

/// What the name of an account begins with that was read from files.
pub const OFFLINE: &str = "offline:";
/// Stands where others have an endpoint; a name that by its standard leads nowhere.
const NOWHERE: &str = "http://offline.invalid";

impl Environment {
    /// Whether it has no endpoint: it was read from files.
    pub fn is_offline(&self) -> bool {
        self.name.starts_with(OFFLINE)
    }
}

/// Everything a run works with.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The environment.
    pub environment: Environment,
    /// Nothing may be decided.
    pub read_only: bool,
    /// How decisions are made.
    pub review: Review,
    /// How often the endpoint is read.
    pub refresh: Refresh,
    /// How the desk looks.
    pub ui: Ui,
    /// Ready-made reasons.
    pub feedback: Vec<Feedback>,
    /// Saved queries.
    pub views: Vec<View>,
    /// Rules.
    pub rules: Vec<Rule>,
    /// How batches' fields are shown.
    pub layouts: Vec<Layout>,
    /// Keys of the person's own.
    pub keys: Keys,
    /// Where files belong.
    pub paths: Paths,
    /// The file's text, for errors that are found later.
    source: String,
}

impl Settings {
    /// Defaults < file < environment variables < flags. `text` is the file's content, if there is one.
    pub fn resolve(paths: Paths, text: Option<&str>, vars: &Vars, flags: &Flags) -> Result<Self, ConfigError> {
        let file = match text {
            Some(text) => File::parse(&paths.config, text)?,
            None => File::default(),
        };
        let environment = environment(&file, &paths, text.unwrap_or_default(), vars, flags)?;
        Ok(Settings {
            environment,
            read_only: flags.read_only,
            review: file.review,
            refresh: file.refresh,
            ui: file.ui,
            feedback: file.feedback,
            views: file.view,
            rules: file.rule,
            layouts: file.layout,
            keys: file.keys,
            paths,
            source: text.unwrap_or_default().to_owned(),
        })
    }

    /// An error at a byte of the file, for what is found out only by who uses the settings: names of commands, keys.
    pub fn wrong_at(&self, byte: usize, message: String) -> ConfigError {
        ConfigError::at(&self.paths.config, &self.source, byte, message)
    }
}

/// An endpoint from outside the file wins over the configured environment. Beside an environment asked for by name it
/// must mean the same place.
fn environment(file: &File, paths: &Paths, text: &str, vars: &Vars, flags: &Flags) -> Result<Environment, ConfigError> {
    let asked = match (&flags.env, vars.get("HITDECK_ENV")) {
        (Some(name), _) => Some((format!("--env {name}"), name.clone())),
        (None, Some(name)) => Some((format!("HITDECK_ENV={name}"), name.to_owned())),
        (None, None) => None,
    };
    let configured = file.env.as_ref().map_or("sandbox", |env| env.as_ref());
    if let Some((_, name)) = asked.as_ref().filter(|(_, name)| name.starts_with(OFFLINE)) {
        // An endpoint in a variable is meant for accounts that have one.
        let endpoint = Endpoint::parse(NOWHERE).map_err(|reason| ConfigError::Endpoint { by: name.clone(), reason })?;
        if let Some(given) = &flags.endpoint {
            let (by, given) = ("--endpoint".to_owned(), given.clone());
            return Err(ConfigError::Conflict { named: name.clone(), expected: "no endpoint".to_owned(), by, given });
        }
        return Ok(Environment { danger: Danger::Play, ..build(name, endpoint, None) });
    }
    let outside = outside_endpoint(vars, flags)?;
    let mut found = match (asked, outside) {
        (Some((named, name)), outside) => {
            let environment = named_environment(file, paths, &name)?;
            if let Some((by, origin, endpoint)) = outside {
                if endpoint != environment.endpoint {
                    let (expected, given) = (environment.endpoint.to_string(), endpoint.to_string());
                    return Err(ConfigError::Conflict { named, expected, by, given });
                }
                Environment { origin, ..environment }
            } else {
                environment
            }
        }
        (None, Some((_, origin, endpoint))) => {
            Environment { origin, ..environment_at(file, paths, configured, endpoint) }
        }
        (None, None) => named_environment(file, paths, configured).map_err(|error| match (&file.env, &error) {
            (Some(env), ConfigError::UnknownEnvironment { .. }) => {
                ConfigError::at(&paths.config, text, env.span().start, error.to_string())
            }
            _ => error,
        })?,
    };
    // Keys in variables win over a profile in a variable, as everywhere with AWS; a profile that a person wrote down wins.
    let variable = || vars.get("AWS_PROFILE").filter(|_| vars.get("AWS_ACCESS_KEY_ID").is_none()).map(str::to_owned);
    found.profile = flags.profile.clone().or(found.profile).or_else(variable);
    Ok(found)
}

/// The endpoint that a flag or a variable names, the strongest first.
fn outside_endpoint(vars: &Vars, flags: &Flags) -> Result<Option<(String, Origin, Endpoint)>, ConfigError> {
    let variable = |name| vars.get(name).map(|url| (name.to_owned(), Origin::Variable(name), url));
    let said = flags
        .endpoint
        .as_deref()
        .map(|url| ("--endpoint".to_owned(), Origin::Flag, url))
        .or_else(|| variable("AWS_ENDPOINT_URL_MTURK"))
        .or_else(|| variable("AWS_ENDPOINT_URL"));
    let Some((by, origin, url)) = said else { return Ok(None) };
    let endpoint = Endpoint::parse(url).map_err(|reason| ConfigError::Endpoint { by: by.clone(), reason })?;
    Ok(Some((by, origin, endpoint)))
}

fn named_environment(file: &File, paths: &Paths, name: &str) -> Result<Environment, ConfigError> {
    let table = file.envs.get(name);
    let own = table.and_then(|table| table.endpoint.as_ref()).map(|endpoint| endpoint.as_ref().clone());
    let endpoint = own.or_else(|| match name {
        "production" => Endpoint::parse(PRODUCTION).ok(),
        "sandbox" => Endpoint::parse(SANDBOX).ok(),
        _ => None,
    });
    match endpoint {
        Some(endpoint) => Ok(build(name, endpoint, table)),
        None => {
            let mut known: Vec<String> = ["production", "sandbox"].map(str::to_owned).to_vec();
            known.extend(file.envs.iter().filter(|(_, table)| table.endpoint.is_some()).map(|(name, _)| name.clone()));
            let suggestion = nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
            let file = paths.config.clone();
            Err(ConfigError::UnknownEnvironment { name: name.to_owned(), suggestion, known, file })
        }
    }
}

/// The environment that has this endpoint, the configured one first; else one that is named after its host.
fn environment_at(file: &File, paths: &Paths, configured: &str, endpoint: Endpoint) -> Environment {
    let names = [configured, "production", "sandbox"].into_iter().chain(file.envs.keys().map(String::as_str));
    names
        .filter_map(|name| named_environment(file, paths, name).ok())
        .find(|environment| environment.endpoint == endpoint)
        .unwrap_or_else(|| build(&endpoint.as_name(), endpoint, None))
}

fn build(name: &str, endpoint: Endpoint, table: Option<&EnvTable>) -> Environment {
    let said = table.and_then(|table| table.danger.as_ref()).map(|danger| *danger.as_ref());
    let danger = match said {
        _ if endpoint.is_production() => Danger::RealMoney,
        Some(danger) => danger,
        None if endpoint.is_sandbox() || endpoint.is_loopback() => Danger::Play,
        None => Danger::RealMoney,
    };
    let worker_site = match table.and_then(|table| table.worker_site.clone()) {
        Some(site) => site,
        None if endpoint.is_production() => "https://worker.mturk.com".to_owned(),
        None if endpoint.is_sandbox() => "https://workersandbox.mturk.com".to_owned(),
        None => endpoint.to_string(),
    };
    Environment {
        name: name.to_owned(),
        endpoint,
        origin: Origin::Environment,
        profile: table.and_then(|table| table.profile.clone()),
        danger,
        worker_site: worker_site.trim_end_matches('/').to_owned(),
    }
}
