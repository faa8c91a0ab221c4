//! The configuration file as it is written. Unknown keys are errors.

use super::endpoint::Endpoint;
use super::error::ConfigError;
use super::review::{Refresh, Review, Ui};
use super::value::Danger;
use crate::domain::policy::may_reject_by;
use crate::domain::query::{self, Query};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::collections::BTreeMap;
use std::path::Path;
use toml::Spanned;

/// The whole file.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct File {
    /// Which environment is opened: `env = "sandbox"`. Read apart from the rest, see [`File::parse`].
    #[serde(skip)]
    pub env: Option<Spanned<String>>,
    /// The same, for a file that other programs are to read too: to them `env = "lab"` beside `[env.lab]` is an error.
    #[schemars(with = "Option<String>")]
    pub default_env: Option<Spanned<String>>,
    /// The environments, by name: `[env.lab]`.
    #[serde(rename = "env")]
    #[schemars(schema_with = "env_schema")]
    pub envs: BTreeMap<String, EnvTable>,
    /// How decisions are made.
    pub review: Review,
    /// How often the endpoint is read.
    pub refresh: Refresh,
    /// How the desk looks.
    pub ui: Ui,
    /// Reasons for the worker, on digits.
    pub feedback: Vec<Feedback>,
    /// Saved queries, shown as tabs.
    pub view: Vec<View>,
    /// Rules that flag or stage; people send.
    pub rule: Vec<Rule>,
    /// How the fields of a batch are shown in the viewer.
    pub layout: Vec<Layout>,
    /// Keys, by command.
    #[schemars(with = "BTreeMap<String, KeyList>")]
    pub keys: Keys,
}

/// One environment: an account at an endpoint.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EnvTable {
    /// Its address; `production` and `sandbox` are known by name.
    #[schemars(with = "Option<Endpoint>")]
    pub endpoint: Option<Spanned<Endpoint>>,
    /// The profile of the AWS shared files; the standard chain of credentials otherwise.
    pub profile: Option<String>,
    /// Without it: real-money, except for the sandbox and this very machine.
    #[schemars(with = "Option<Danger>")]
    pub danger: Option<Spanned<Danger>>,
    /// Where workers see the work, for preview links; the endpoint itself otherwise.
    pub worker_site: Option<String>,
}

/// A ready-made reason.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Feedback {
    /// The digit that picks it on an empty reason line.
    #[schemars(with = "Digit")]
    pub key: Spanned<Digit>,
    /// Its name.
    pub name: String,
    /// What the worker reads: minijinja over the assignment.
    #[schemars(with = "String")]
    pub text: Spanned<String>,
}

/// A digit from 1 to 9.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digit(pub char);

/// A saved query.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct View {
    /// The tab's title.
    pub name: String,
    /// The query.
    #[serde(rename = "where")]
    #[schemars(with = "String")]
    pub query: Spanned<String>,
}

/// How the fields of a batch are shown in the viewer.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// The batch's name; with a `*` at its end, every batch whose name begins so.
    pub batch: String,
    /// Fields of item and answer that come first, in this order.
    #[serde(default)]
    pub first: Vec<String>,
    /// Fields that are not shown.
    #[serde(default)]
    pub hide: Vec<String>,
}

/// A rule: what it finds is flagged or staged.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its name.
    pub name: String,
    /// What it finds.
    #[serde(rename = "where")]
    #[schemars(with = "String")]
    pub query: Spanned<String>,
    /// What happens to it.
    #[serde(rename = "do")]
    pub action: RuleAction,
    /// What the worker reads; needed for `stage-reject`.
    #[schemars(with = "Option<String>")]
    pub feedback: Option<Spanned<String>>,
}

/// What a rule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RuleAction {
    /// Shows a mark.
    Flag,
    /// Stages an approval.
    StageApprove,
    /// Stages a rejection; `feedback` is its reason.
    StageReject,
}

/// The `[keys]` table: a command's name and the keys that run it, `approve = "a"` or `down = ["j", "Down"]`.
pub type Keys = BTreeMap<String, Spanned<KeyList>>;

/// One key or several.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged, expecting = "expected a key such as \"a\", or a list of keys")]
pub enum KeyList {
    /// One.
    One(String),
    /// Several; none at all takes the command off the keyboard.
    Many(Vec<String>),
}

impl KeyList {
    /// The keys, as they were written.
    pub fn keys(&self) -> &[String] {
        match self {
            KeyList::One(key) => std::slice::from_ref(key),
            KeyList::Many(keys) => keys,
        }
    }
}

impl Default for File {
    fn default() -> Self {
        let digit = |key, name: &str, text: &str| Feedback {
            key: Spanned::new(0..0, Digit(key)),
            name: name.to_owned(),
            text: Spanned::new(0..0, text.to_owned()),
        };
        File {
            env: None,
            default_env: None,
            envs: BTreeMap::new(),
            review: Review::default(),
            refresh: Refresh::default(),
            ui: Ui::default(),
            feedback: vec![
                digit('1', "empty", "The answer was empty."),
                digit('2', "instructions", "The answer does not follow the instructions of the task."),
                digit('3', "copied", "The answer repeats the task's own text instead of answering it."),
            ],
            view: Vec::new(),
            rule: Vec::new(),
            layout: Vec::new(),
            keys: Keys::new(),
        }
    }
}

impl File {
    /// Reads a file's text. `file` is named in errors.
    ///
    /// `env = "lab"` beside `[env.lab]` reads well but is two values of one name to TOML (`default_env` is the form that every reader
    /// takes). So the line is taken out
    /// (blanks in its place, for the sake of line and column) and read by itself.
    pub fn parse(file: &Path, text: &str) -> Result<Self, ConfigError> {
        let mut rest = text.to_owned();
        let mut env: Option<Spanned<String>> = None;
        for line in env_lines(text) {
            if env.is_some() {
                return Err(ConfigError::at(file, text, line.start, "`env` is set twice".into()));
            }
            let padded = format!("{}{}", " ".repeat(line.start), &text[line.clone()]);
            let alone: EnvLine = toml::from_str(&padded).map_err(|error| ConfigError::of_toml(file, text, &error))?;
            env = Some(alone.env);
            rest.replace_range(line.clone(), &" ".repeat(line.len()));
        }
        let mut parsed: File = toml::from_str(&rest).map_err(|error| ConfigError::of_toml(file, text, &error))?;
        if let (Some(env), Some(other)) = (&env, &parsed.default_env)
            && env.as_ref() != other.as_ref()
        {
            let message = format!("`env` says \"{}\": leave out one of the two", env.as_ref());
            return Err(ConfigError::at(file, text, other.span().start, message));
        }
        parsed.env = env.or_else(|| parsed.default_env.clone());
        parsed.check().map_err(|(byte, message)| ConfigError::at(file, text, byte, message))?;
        Ok(parsed)
    }

    /// What the shape alone does not rule out.
    fn check(&self) -> Result<(), (usize, String)> {
        for (name, table) in &self.envs {
            let Some(endpoint) = &table.endpoint else { continue };
            let at = endpoint.span().start;
            let endpoint = endpoint.as_ref();
            if name == "production" && !endpoint.is_production() || name == "sandbox" && !endpoint.is_sandbox() {
                return Err((at, format!("{name} is Amazon's {name} endpoint: give {endpoint} another name")));
            }
            if let Some(danger) = &table.danger
                && endpoint.is_production()
                && *danger.as_ref() == Danger::Play
            {
                return Err((danger.span().start, "Amazon's production endpoint is always real-money".into()));
            }
        }
        if let Some(EnvTable { danger: Some(danger), .. }) = self.envs.get("production")
            && *danger.as_ref() == Danger::Play
        {
            return Err((danger.span().start, "production is always real-money".into()));
        }
        self.refresh.check()?;
        self.ui.check()?;
        let mut digits: Vec<(char, &str)> = Vec::new();
        for feedback in &self.feedback {
            let digit = feedback.key.as_ref().0;
            if let Some((_, other)) = digits.iter().find(|(taken, _)| *taken == digit) {
                let message = format!("\"{}\" and \"{other}\" are both on {digit}", feedback.name);
                return Err((feedback.key.span().start, message));
            }
            digits.push((digit, &feedback.name));
            template(&feedback.text)?;
        }
        for view in &self.view {
            parse_query(&view.query)?;
        }
        for rule in &self.rule {
            let query = parse_query(&rule.query)?;
            if rule.action == RuleAction::StageReject {
                may_reject_by(&query)
                    .map_err(|refusal| (rule.query.span().start, format!("rule \"{}\": {refusal}", rule.name)))?;
            }
            if let Some(feedback) = &rule.feedback {
                template(feedback)?;
            }
            match (&rule.feedback, rule.action) {
                (None, RuleAction::StageReject) => {
                    let message =
                        format!("rule \"{}\" rejects, so it needs `feedback`: the reason the worker reads", rule.name);
                    return Err((rule.query.span().start, message));
                }
                (Some(text), RuleAction::Flag) => {
                    return Err((
                        text.span().start,
                        format!("rule \"{}\" only flags: nobody reads its feedback", rule.name),
                    ));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// A query, with an error at the character that is wrong.
fn parse_query(text: &Spanned<String>) -> Result<Query, (usize, String)> {
    query::parse(text.as_ref()).map_err(|error| {
        // Behind the opening quote; a text with escapes or three quotes is near enough.
        let before: usize = text.as_ref().chars().take(error.column.saturating_sub(1)).map(char::len_utf8).sum();
        (text.span().start + 1 + before, error.message)
    })
}

/// A reason is a minijinja template.
fn template(text: &Spanned<String>) -> Result<(), (usize, String)> {
    let wrong = |error: minijinja::Error| (text.span().start, format!("the template cannot be read: {error}"));
    minijinja::Environment::new().template_from_str(text.as_ref()).map(|_| ()).map_err(wrong)
}

#[derive(Deserialize)]
struct EnvLine {
    env: Spanned<String>,
}

/// The lines `env = …` above the first table.
fn env_lines(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut at = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        let code = line.trim_start();
        if code.starts_with('[') {
            break;
        }
        if code.strip_prefix("env").is_some_and(|rest| rest.trim_start().starts_with('=')) {
            found.push(at..at + line.trim_end().len());
        }
        at += line.len();
    }
    found
}

fn env_schema(generator: &mut SchemaGenerator) -> Schema {
    let table = generator.subschema_for::<EnvTable>();
    json_schema!({
        "description": "As a text: which environment is opened. As tables: the environments, by name.",
        "anyOf": [{ "type": "string", "default": "sandbox" }, { "type": "object", "additionalProperties": table }]
    })
}

impl<'de> Deserialize<'de> for Digit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.as_bytes() {
            [digit @ b'1'..=b'9'] => Ok(Digit(char::from(*digit))),
            _ => Err(D::Error::custom(format!("\"{text}\" is not a key for a reason: expected a digit from 1 to 9"))),
        }
    }
}

impl Serialize for Digit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_char(self.0)
    }
}

impl JsonSchema for Digit {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Digit".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[1-9]$" })
    }
}

impl<'de> Deserialize<'de> for Endpoint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Endpoint::parse(&text).map_err(D::Error::custom)
    }
}

impl Serialize for Endpoint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for Endpoint {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Endpoint".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^https?://", "examples": ["http://127.0.0.1:7878"] })
    }
}
