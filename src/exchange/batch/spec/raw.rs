//! The batch file as TOML reads it, before its values are understood.

use crate::domain::batch::{PolicyParameter, PolicySpec};
use crate::domain::nearest::nearest;
use crate::domain::requirement::Values;
use serde::Deserialize;
use toml::Spanned;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub name: Spanned<String>,
    pub title: Spanned<String>,
    pub description: Spanned<String>,
    pub keywords: Option<Keywords>,
    pub reward: Spanned<String>,
    pub assignments: Spanned<u32>,
    #[serde(default)]
    pub split: bool,
    pub lifetime: Spanned<String>,
    pub time_limit: Spanned<String>,
    pub auto_approve: Spanned<String>,
    pub template: Option<Spanned<String>>,
    pub question: Option<Spanned<String>>,
    pub url: Option<Spanned<String>>,
    #[serde(default)]
    pub frame_height: u32,
    pub data: Option<String>,
    pub consent: Spanned<String>,
    pub expected_minutes: Option<Spanned<f64>>,
    pub target_wage: Option<Spanned<String>>,
    pub gold: Option<String>,
    pub annotation: Option<String>,
    #[serde(default)]
    pub requirement: Vec<RawRequirement>,
    #[serde(default)]
    pub review_policy: Vec<Spanned<toml::Table>>,
}

/// `["a", "b"]` or `"a, b"`.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected a list of words, or one text with commas")]
pub(super) enum Keywords {
    List(Vec<String>),
    Text(String),
}

/// `[[requirement]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRequirement {
    pub qualification: Spanned<String>,
    pub comparator: Spanned<String>,
    pub value: Option<Values>,
    pub action: Option<Spanned<String>>,
}

/// The parameters that the two policies take (reference, section 4.8).
const KNOWN_ANSWERS: [&str; 8] = [
    "AnswerKey",
    "ApproveIfKnownAnswerScoreIsAtLeast",
    "ApproveReason",
    "RejectIfKnownAnswerScoreIsLessThan",
    "RejectReason",
    "ExtendIfKnownAnswerScoreIsLessThan",
    "ExtendMaximumAssignments",
    "ExtendMinimumTimeInSeconds",
];
const PLURALITY: [&str; 10] = [
    "QuestionIds",
    "QuestionAgreementThreshold",
    "DisregardAssignmentIfRejected",
    "DisregardAssignmentIfKnownAnswerScoreIsLessThan",
    "ExtendIfHITAgreementScoreIsLessThan",
    "ExtendMaximumAssignments",
    "ExtendMinimumTimeInSeconds",
    "ApproveIfWorkerAgreementScoreIsAtLeast",
    "RejectIfWorkerAgreementScoreIsLessThan",
    "RejectReason",
];

/// Reads a `[[review_policy]]`: `name`, and the API's parameters under their own names.
pub(super) fn policy(table: &toml::Table) -> Result<PolicySpec, String> {
    let name = table.get("name").and_then(toml::Value::as_str).ok_or("a review policy needs its name")?;
    let name = PolicySpec::full_name(name).ok_or_else(|| {
        format!("unknown review policy {name:?}: expected {} or {}", PolicySpec::KNOWN_ANSWERS, PolicySpec::PLURALITY)
    })?;
    let (known, needed) = if name == PolicySpec::PLURALITY {
        (&PLURALITY[..], &["QuestionIds", "QuestionAgreementThreshold"][..])
    } else {
        (&KNOWN_ANSWERS[..], &["AnswerKey"][..])
    };
    let mut parameters = Vec::new();
    for (key, value) in table.iter().filter(|(key, _)| *key != "name") {
        if !known.contains(&key.as_str()) {
            let near = nearest(key, known.iter().copied());
            let hint = near
                .map_or_else(|| format!("expected one of {}", known.join(", ")), |it| format!("did you mean {it}?"));
            return Err(format!("{name} has no parameter {key}: {hint}"));
        }
        parameters.push(parameter(key, value)?);
    }
    match needed.iter().find(|key| !table.contains_key(**key)) {
        Some(key) => Err(format!("{name} needs {key}")),
        None => Ok(PolicySpec { name: name.to_owned(), parameters }),
    }
}

fn parameter(key: &str, value: &toml::Value) -> Result<PolicyParameter, String> {
    let mut parameter = PolicyParameter { key: key.to_owned(), values: Vec::new(), entries: Vec::new() };
    match value {
        toml::Value::Table(map) => {
            for (name, value) in map {
                parameter.entries.push((name.clone(), texts(key, value)?));
            }
        }
        value => parameter.values = texts(key, value)?,
    }
    Ok(parameter)
}

/// One value or a list of values as the texts that go over the wire.
fn texts(key: &str, value: &toml::Value) -> Result<Vec<String>, String> {
    match value {
        toml::Value::String(text) => Ok(vec![text.clone()]),
        toml::Value::Integer(number) => Ok(vec![number.to_string()]),
        toml::Value::Boolean(flag) => Ok(vec![if *flag { "T" } else { "F" }.to_owned()]),
        toml::Value::Array(values) => {
            values.iter().map(|value| texts(key, value)).collect::<Result<Vec<_>, _>>().map(|texts| texts.concat())
        }
        _ => Err(format!("{key} is neither a text nor a whole number nor a list of such")),
    }
}
