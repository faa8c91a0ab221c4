//! Review policies: rules that a requester gives with a HIT, by which the market itself scores what is handed in, decides
//! about it, and extends the HIT (reference, section 4.8).

mod known_answers;
mod plurality;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

pub use known_answers::KnownAnswers;
pub use plurality::{Plurality, Work};

use super::hit::MOST_ASSIGNMENTS;

/// What was answered: for each question the set of values, trimmed, without the empty ones.
pub type Answers = BTreeMap<String, BTreeSet<String>>;

/// Values as they are compared: which there are, not in which order or how often, and without blanks around them.
pub fn value_set<'v>(values: impl IntoIterator<Item = &'v str>) -> BTreeSet<String> {
    values.into_iter().map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned).collect()
}

/// A parameter of a policy, as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// `Key`.
    pub key: String,
    /// `Values`.
    pub values: Vec<String>,
    /// `MapEntries`: keys and their values.
    pub entries: Vec<(String, Vec<String>)>,
}

/// What a policy wants to be done about an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// To be approved.
    Approve,
    /// To be rejected.
    Reject,
}

/// How far a policy may extend a HIT.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Extension {
    /// It is extended below this score.
    pub below: u32,
    /// Never to more slots than this.
    pub most: u32,
    /// The time that the HIT has at least after it.
    pub seconds: i64,
}

/// A share in whole percent, cut off: 66 for two of three.
fn percent(part: usize, of: usize) -> u32 {
    (part * 100).checked_div(of).map_or(0, |share| u32::try_from(share).unwrap_or(100))
}

/// The parameters of one policy, each taken once.
struct Parameters<'p> {
    policy: &'static str,
    given: BTreeMap<&'p str, &'p Parameter>,
}

impl<'p> Parameters<'p> {
    fn new(policy: &'static str, list: &'p [Parameter]) -> Result<Self, String> {
        let mut given = BTreeMap::new();
        for parameter in list {
            if given.insert(parameter.key.as_str(), parameter).is_some() {
                return Err(format!("{policy}: the parameter {} is given twice.", parameter.key));
            }
        }
        Ok(Parameters { policy, given })
    }

    fn wrong<T>(&self, key: &str, what: &str) -> Result<T, String> {
        Err(format!("{}: the parameter {key} {what}", self.policy))
    }

    fn take(&mut self, key: &str) -> Option<&'p Parameter> {
        self.given.remove(key)
    }

    fn one(&mut self, key: &str) -> Result<Option<&'p str>, String> {
        match self.take(key) {
            None => Ok(None),
            Some(Parameter { values, entries, .. }) => match values.as_slice() {
                [one] if entries.is_empty() => Ok(Some(one.trim())),
                _ => self.wrong(key, "takes exactly one of Values."),
            },
        }
    }

    fn number(&mut self, key: &str, least: i64, most: i64) -> Result<Option<i64>, String> {
        let Some(text) = self.one(key)? else { return Ok(None) };
        match text.parse().ok().filter(|number| (least..=most).contains(number)) {
            Some(number) => Ok(Some(number)),
            None => self.wrong(key, &format!("must be a number from {least} to {most}, not \"{text}\".")),
        }
    }

    fn threshold(&mut self, key: &str, least: i64, most: i64) -> Result<Option<u32>, String> {
        Ok(self.number(key, least, most)?.and_then(|number| u32::try_from(number).ok()))
    }

    /// What a worker will read, of the same form as a requester's own feedback.
    fn reason(&mut self, key: &str) -> Result<Option<String>, String> {
        match self.one(key)? {
            None => Ok(None),
            Some(text) => match super::assignment::check_feedback(key, text) {
                Ok(()) => Ok(Some(text.to_owned())),
                Err(why) => Err(format!("{}: {why}", self.policy)),
            },
        }
    }

    fn flag(&mut self, key: &str) -> Result<Option<bool>, String> {
        match self.one(key)? {
            None => Ok(None),
            Some("T" | "t" | "true" | "True") => Ok(Some(true)),
            Some("F" | "f" | "false" | "False") => Ok(Some(false)),
            Some(other) => self.wrong(key, &format!("must be T or F, not \"{other}\".")),
        }
    }

    /// How many slots there are at most, and how much time at least, after an extension.
    fn extension(&mut self, below: Option<u32>, most: i64) -> Result<ExtensionGiven, String> {
        let given = ExtensionGiven {
            below,
            most: self.threshold("ExtendMaximumAssignments", 2, most)?,
            seconds: self.number("ExtendMinimumTimeInSeconds", 60, 31_536_000)?,
        };
        if below.is_none() && (given.most.is_some() || given.seconds.is_some()) {
            return Err(format!("{}: parameters of an extension are given, but not when to extend.", self.policy));
        }
        Ok(given)
    }

    /// Whether nothing is left that this policy does not know.
    fn finish(self) -> Result<(), String> {
        match self.given.keys().next() {
            None => Ok(()),
            Some(key) => self.wrong(key, "is not known."),
        }
    }
}

/// An extension as far as it was given.
struct ExtensionGiven {
    below: Option<u32>,
    most: Option<u32>,
    seconds: Option<i64>,
}

/// The most slots that a policy may be told to extend to where no other limit is documented.
const MOST: i64 = MOST_ASSIGNMENTS as i64;
