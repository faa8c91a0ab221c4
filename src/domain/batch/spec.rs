//! What a batch file says, as plain values.

use super::{BatchName, PolicySpec};
use crate::domain::money::Usd;
use crate::domain::requirement::{MAX_REQUIREMENTS, Value, Values, Written};
use crate::domain::time::Seconds;
use std::ops::RangeInclusive;

/// What the API takes (reference, section 11.1).
pub mod limits {
    use std::ops::RangeInclusive;

    /// `Title`, in characters.
    pub const TITLE: usize = 128;
    /// `Description`, in characters.
    pub const DESCRIPTION: usize = 2_000;
    /// `Keywords`, in characters, with the commas.
    pub const KEYWORDS: usize = 1_000;
    /// `RequesterAnnotation`, in characters.
    pub const ANNOTATION: usize = 255;
    /// `LifetimeInSeconds` and `AssignmentDurationInSeconds`.
    pub const SPAN: RangeInclusive<i64> = 30..=31_536_000;
    /// `AutoApprovalDelayInSeconds`.
    pub const AUTO_APPROVAL: RangeInclusive<i64> = 0..=2_592_000;
    /// `MaxAssignments`.
    pub const ASSIGNMENTS: RangeInclusive<u32> = 1..=1_000_000_000;
}

/// A batch file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchSpec {
    /// `name`.
    pub name: BatchName,
    /// `title`.
    pub title: String,
    /// `description`.
    pub description: String,
    /// `keywords`.
    pub keywords: Vec<String>,
    /// `reward` of one assignment.
    pub reward: Usd,
    /// `assignments` of one row.
    pub assignments: u32,
    /// `split`: ten and more become several HITs of at most nine, which cost less.
    pub split: bool,
    /// `lifetime`.
    pub lifetime: Seconds,
    /// `time_limit`.
    pub time_limit: Seconds,
    /// `auto_approve`.
    pub auto_approve: Seconds,
    /// `template`, `question` or `url`.
    pub source: Source,
    /// `frame_height` in pixels; 0 fits the window.
    pub frame_height: u32,
    /// `data`: a path, as written.
    pub data: Option<String>,
    /// `consent`.
    pub consent: Consent,
    /// `expected_minutes`.
    pub expected: Option<Seconds>,
    /// `target_wage` an hour.
    pub target_wage: Option<Usd>,
    /// `gold`: the column that no worker sees.
    pub gold: Option<String>,
    /// `annotation`: the requester's own words behind ours; may hold `${column}`.
    pub annotation: Option<String>,
    /// `[[requirement]]`, by names.
    pub requirements: Vec<Written>,
    /// `[[review_policy]]` that looks at each assignment.
    pub assignment_policy: Option<PolicySpec>,
    /// `[[review_policy]]` that looks at a whole HIT.
    pub hit_policy: Option<PolicySpec>,
}

/// Where the question comes from. Paths are as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// An HTML page with `${name}`.
    Template(String),
    /// A whole HTMLQuestion, QuestionForm or ExternalQuestion, with `${name}`.
    Question(String),
    /// A page elsewhere, whose address may hold `${name}`.
    Url(String),
}

/// How workers are asked for informed consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Consent {
    /// By the page in this file, before the task.
    File(String),
    /// By this text, before the task.
    Text(String),
    /// By the task itself.
    Inside,
    /// Not at all.
    None,
}

impl BatchSpec {
    /// `Keywords` as the API takes them.
    pub fn keyword_list(&self) -> String {
        self.keywords.join(", ")
    }

    /// What no endpoint takes: the key of the file, and what is wrong.
    pub fn faults(&self) -> Vec<(&'static str, String)> {
        let mut faults = Vec::new();
        let mut text = |key, value: &str, most: usize| {
            let length = value.chars().count();
            if value.trim().is_empty() {
                faults.push((key, format!("{key} is empty")));
            } else if length > most {
                faults.push((key, format!("{key} has {length} characters; at most {most} are allowed")));
            }
        };
        text("title", &self.title, limits::TITLE);
        text("description", &self.description, limits::DESCRIPTION);
        if !self.keywords.is_empty() {
            text("keywords", &self.keyword_list(), limits::KEYWORDS);
        }
        let mut span = |key, value: Seconds, allowed: RangeInclusive<i64>| {
            if !allowed.contains(&value.0) {
                let (least, most) = (allowed.start(), allowed.end());
                faults.push((key, format!("{key} is {} seconds; it must be {least} to {most}", value.0)));
            }
        };
        span("lifetime", self.lifetime, limits::SPAN);
        span("time_limit", self.time_limit, limits::SPAN);
        span("auto_approve", self.auto_approve, limits::AUTO_APPROVAL);
        if !limits::ASSIGNMENTS.contains(&self.assignments) {
            faults.push(("assignments", "assignments must be 1 to 1,000,000,000".to_owned()));
        }
        if self.requirements.len() > MAX_REQUIREMENTS {
            let count = self.requirements.len();
            faults.push(("requirement", format!("{count} requirements; at most {MAX_REQUIREMENTS} are allowed")));
        }
        if self.expected == Some(Seconds(0)) {
            faults.push(("expected_minutes", "expected_minutes must be more than 0".to_owned()));
        }
        faults
    }

    /// What must not change while HITs of this name are published, by the keys of the file: workers would be asked
    /// different things, or paid differently, in one batch.
    pub fn terms(&self) -> Vec<(String, String)> {
        let requirements: Vec<String> = self.requirements.iter().map(requirement_words).collect();
        let policies = [&self.assignment_policy, &self.hit_policy].into_iter().flatten();
        let policies: Vec<String> = policies.map(policy_words).collect();
        let terms = [
            ("title", self.title.clone()),
            ("description", self.description.clone()),
            ("keywords", self.keyword_list()),
            ("reward", self.reward.to_string()),
            ("assignments", self.assignments.to_string()),
            ("split", self.split.to_string()),
            ("time_limit", format!("{} s", self.time_limit.0)),
            ("auto_approve", format!("{} s", self.auto_approve.0)),
            ("requirement", requirements.join("; ")),
            ("review_policy", policies.join("; ")),
        ];
        terms.map(|(key, value)| (key.to_owned(), value)).into()
    }
}

fn requirement_words(it: &Written) -> String {
    let value = |value: &Value| match value {
        Value::Number(number) => number.to_string(),
        Value::Place(place) => place.clone(),
    };
    let values = match &it.value {
        None => String::new(),
        Some(Values::One(one)) => value(one),
        Some(Values::Many(many)) => many.iter().map(value).collect::<Vec<_>>().join(", "),
    };
    let action = it.action.as_deref().unwrap_or("accept");
    format!("{} {} {values} ({action})", it.qualification, it.comparator)
}

fn policy_words(policy: &PolicySpec) -> String {
    let values = policy.parameters.iter().map(|it| {
        let entries: Vec<String> =
            it.entries.iter().map(|(key, values)| format!("{key}: {}", values.join(", "))).collect();
        format!("{}={}{}", it.key, it.values.join(", "), entries.join(", "))
    });
    format!("{} {}", policy.name, values.collect::<Vec<_>>().join(" "))
}
