//! One record: what the endpoint said of one thing, as one line.

use super::kind::Kind;
use super::members::{is_time, place};
use crate::exchange::output::harmless;
use serde_json::{Map, Value};

/// A record in the form in which it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// What it is.
    pub kind: Kind,
    /// Its members, in order, times as text.
    pub members: Map<String, Value>,
}

impl Record {
    /// Out of what came over the wire.
    pub fn of(kind: Kind, wire: Map<String, Value>) -> Record {
        Record { kind, members: ordered(wire) }
    }

    /// The HIT type that a HIT tells of: the attributes that `CreateHITType` was given.
    pub fn hit_type_of(hit: &Record) -> Record {
        const OF_TYPE: [&str; 8] = [
            "HITTypeId",
            "Title",
            "Description",
            "Keywords",
            "Reward",
            "AutoApprovalDelayInSeconds",
            "AssignmentDurationInSeconds",
            "QualificationRequirements",
        ];
        let members = hit.members.iter().filter(|(name, _)| OF_TYPE.contains(&name.as_str()));
        Record { kind: Kind::HitTypes, members: members.map(|(name, value)| (name.clone(), value.clone())).collect() }
    }

    /// As one line, without its end. What a terminal would act upon is escaped.
    pub fn line(&self) -> String {
        harmless(Value::Object(self.members.clone()).to_string())
    }

    /// What tells it from the others of its kind; none where a member that should is not there.
    pub fn id(&self) -> Option<String> {
        id(self.kind, &self.members)
    }

    /// A member that is text.
    pub fn text(&self, member: &str) -> Option<&str> {
        self.members.get(member)?.as_str()
    }
}

/// What tells a record from the others of its kind.
pub(super) fn id(kind: Kind, members: &Map<String, Value>) -> Option<String> {
    match kind.identity() {
        [] if kind == Kind::Balance => Some(String::new()),
        [] => Some(Value::Object(members.clone()).to_string()),
        [one] => Some(members.get(*one)?.as_str()?.to_owned()),
        several => {
            let parts: Option<Vec<&str>> = several.iter().map(|name| members.get(*name)?.as_str()).collect();
            Some(parts?.join(" "))
        }
    }
}

fn ordered(members: Map<String, Value>) -> Map<String, Value> {
    let mut members: Vec<(String, Value)> = members.into_iter().collect();
    members.sort_by(|(a, _), (b, _)| place(a).cmp(&place(b)).then_with(|| a.cmp(b)));
    members
        .into_iter()
        .map(|(name, value)| {
            let value = if is_time(&name) { moment(value) } else { inner(value) };
            (name, value)
        })
        .collect()
}

fn inner(value: Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(ordered(members)),
        Value::Array(items) => Value::Array(items.into_iter().map(inner).collect()),
        other => other,
    }
}

/// Seconds since the epoch as text in UTC, to the millisecond where it has any. What is no such number stays as it is.
fn moment(value: Value) -> Value {
    let Some(seconds) = value.as_f64() else { return value };
    let moment = jiff::Timestamp::from_millisecond((seconds * 1_000.0).round() as i64);
    moment.map_or(value, |moment| Value::String(moment.to_string()))
}
