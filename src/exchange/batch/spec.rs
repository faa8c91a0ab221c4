//! The batch file. A key that nobody knows, a value that cannot be meant and a limit of the API are errors with line and
//! column; a mistyped name comes with the nearest known one.

mod raw;
#[cfg(test)]
mod tests;

use crate::domain::batch::{BatchName, BatchSpec, Consent, PolicySpec, Source};
use crate::domain::money::Usd;
use crate::domain::nearest::nearest;
use crate::domain::requirement::{Comparator, Guard, Written};
use crate::domain::span;
use crate::domain::time::Seconds;
use crate::domain::toml_fault::{explain, place};
use raw::{File, Keywords, RawRequirement};
use std::fmt;
use toml::Spanned;

/// One thing that is wrong with a batch file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecFault {
    /// The file.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// What is wrong, and what was expected.
    pub words: String,
}

impl fmt::Display for SpecFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.words)
    }
}

/// Why a batch file cannot be used: at least one fault, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(SpecFault::to_string).collect::<Vec<_>>().join("\n"))]
pub struct SpecFaults(pub Vec<SpecFault>);

/// Reads the text of a batch file, which is called `file`.
pub fn read(file: &str, text: &str) -> Result<BatchSpec, SpecFaults> {
    let text = text.trim_start_matches('\u{feff}');
    let raw: File = toml::from_str(text).map_err(|error| {
        let (line, column) = place(text, error.span().map_or(0, |span| span.start));
        SpecFaults(vec![SpecFault { file: file.to_owned(), line, column, words: words_of(error.message()) }])
    })?;
    let mut reading = Reading { file, text, faults: Vec::new() };
    let spec = reading.spec(raw);
    reading.faults.sort_by_key(|fault| (fault.line, fault.column));
    match spec {
        Some(spec) if reading.faults.is_empty() => Ok(spec),
        _ => Err(SpecFaults(reading.faults)),
    }
}

/// What the TOML reader says, with what to do about a key that is missing.
fn words_of(message: &str) -> String {
    if let Some(found) = message.strip_prefix("invalid type: ") {
        let value = found.split('`').nth(1);
        if let (Some(value), true) = (value, found.ends_with("expected a string")) {
            return format!("it must be in quotes: \"{value}\"");
        }
    }
    match message.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
        Some("consent") => "there is no consent: name the page or write the text that asks workers for their informed \
                            consent (consent = \"consent.html\"), or say consent = \"inside\" if the task asks itself, \
                            or consent = \"none\""
            .to_owned(),
        Some(key) => format!("there is no {key}: the batch needs one"),
        None => explain(message).replace("expected u32", "expected a whole number"),
    }
}

/// A file while its values are looked at.
struct Reading<'f> {
    file: &'f str,
    text: &'f str,
    faults: Vec<SpecFault>,
}

impl Reading<'_> {
    fn fault(&mut self, at: usize, words: impl Into<String>) {
        let (line, column) = place(self.text, at);
        self.faults.push(SpecFault { file: self.file.to_owned(), line, column, words: words.into() });
    }

    /// The value of a key, or none and a fault.
    fn value<T, E: fmt::Display>(
        &mut self,
        written: &Spanned<String>,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        parse(written.get_ref()).map_err(|error| self.fault(written.span().start, error.to_string())).ok()
    }

    fn span(&mut self, written: &Spanned<String>) -> Option<Seconds> {
        self.value(written, |text| {
            let millis = span::parse(text)?;
            if millis % 1_000 == 0 { Ok(Seconds(millis / 1_000)) } else { Err(format!("\"{text}\" is not in seconds")) }
        })
    }

    fn spec(&mut self, raw: File) -> Option<BatchSpec> {
        let places = Places::of(&raw);
        let name = self.value(&raw.name, BatchName::parse);
        let reward = self.value(&raw.reward, Usd::parse);
        let lifetime = self.span(&raw.lifetime);
        let time_limit = self.span(&raw.time_limit);
        let auto_approve = self.span(&raw.auto_approve);
        let target_wage = raw.target_wage.as_ref().map(|written| self.value(written, Usd::parse));
        let source = self.source(&raw);
        let consent = self.consent(&raw.consent, source.as_ref());
        let expected = raw.expected_minutes.as_ref().map(|written| self.minutes(written));
        let requirements: Vec<_> = raw.requirement.into_iter().map(|it| self.requirement(it)).collect();
        let (mut assignment_policy, mut hit_policy) = (None, None);
        for table in &raw.review_policy {
            let Some(policy) = self.policy(table) else { continue };
            let slot = if policy.name == PolicySpec::PLURALITY { &mut hit_policy } else { &mut assignment_policy };
            if slot.is_some() {
                self.fault(table.span().start, format!("there are two review policies {}", policy.name));
            }
            *slot = Some(policy);
        }
        let keywords = match raw.keywords {
            None => Vec::new(),
            Some(Keywords::List(list)) => list,
            Some(Keywords::Text(text)) => text.split(',').map(|word| word.trim().to_owned()).collect(),
        };
        let spec = BatchSpec {
            name: name?,
            title: raw.title.into_inner(),
            description: raw.description.into_inner(),
            keywords,
            reward: reward?,
            assignments: raw.assignments.into_inner(),
            split: raw.split,
            lifetime: lifetime?,
            time_limit: time_limit?,
            auto_approve: auto_approve?,
            source: source?,
            frame_height: raw.frame_height,
            data: raw.data,
            consent: consent?,
            expected: expected.flatten(),
            target_wage: target_wage.flatten(),
            gold: raw.gold,
            annotation: raw.annotation,
            requirements: requirements.into_iter().collect::<Option<_>>()?,
            assignment_policy,
            hit_policy,
        };
        for (key, words) in spec.faults() {
            self.fault(places.at(key), words);
        }
        Some(spec)
    }

    fn source(&mut self, raw: &File) -> Option<Source> {
        let given = [
            raw.template.as_ref().map(|it| (it, Source::Template as fn(String) -> Source)),
            raw.question.as_ref().map(|it| (it, Source::Question as fn(String) -> Source)),
            raw.url.as_ref().map(|it| (it, Source::Url as fn(String) -> Source)),
        ];
        let mut given = given.into_iter().flatten();
        let Some((first, kind)) = given.next() else {
            self.fault(
                0,
                "there is no task: give template = \"task.html\", question = \"form.xml\" or url = \"https://...\"",
            );
            return None;
        };
        if let Some((second, _)) = given.next() {
            self.fault(second.span().start, "there are two tasks: give one of template, question and url");
        }
        Some(kind(first.get_ref().clone()))
    }

    fn consent(&mut self, written: &Spanned<String>, source: Option<&Source>) -> Option<Consent> {
        let text = written.get_ref().trim();
        let consent = match text {
            "" => {
                self.fault(written.span().start, "consent is empty: say consent = \"none\" if nobody is to be asked");
                return None;
            }
            "none" => Consent::None,
            "inside" => Consent::Inside,
            text if text.contains(['\n', '<']) || text.split_whitespace().count() > 3 => Consent::Text(text.to_owned()),
            path => Consent::File(path.to_owned()),
        };
        if matches!(consent, Consent::File(_) | Consent::Text(_)) && !matches!(source, None | Some(Source::Template(_)))
        {
            let words = "a page can be put before an HTML template only: let the question ask for consent itself and say \
                         consent = \"inside\", or say consent = \"none\"";
            self.fault(written.span().start, words);
        }
        Some(consent)
    }

    fn minutes(&mut self, written: &Spanned<f64>) -> Option<Seconds> {
        let minutes = *written.get_ref();
        if !(minutes > 0.0 && minutes <= 525_600.0) {
            self.fault(written.span().start, format!("{minutes} is not a number of minutes above 0"));
            return None;
        }
        Some(Seconds((minutes * 60.0).round().max(1.0) as i64))
    }

    /// Its names are held against the account later.
    fn requirement(&mut self, raw: RawRequirement) -> Option<Written> {
        let comparator = self.value(&raw.comparator, comparator);
        let action = raw.action.as_ref().map_or(Some(Guard::Accept), |action| self.value(action, guard));
        if raw.qualification.get_ref().trim().is_empty() {
            self.fault(raw.qualification.span().start, "qualification is empty");
        }
        Some(Written {
            qualification: raw.qualification.into_inner(),
            comparator: comparator?.sign().to_owned(),
            value: raw.value,
            action: action.map(|guard| guard.action().to_owned()),
        })
    }

    fn policy(&mut self, table: &Spanned<toml::Table>) -> Option<PolicySpec> {
        raw::policy(table.get_ref()).map_err(|words| self.fault(table.span().start, words)).ok()
    }
}

/// The comparator of a sign or a name.
fn comparator(text: &str) -> Result<Comparator, String> {
    Comparator::from_words(text).ok_or_else(|| {
        let known = Comparator::ALL.map(Comparator::name).into_iter().chain(Comparator::ALL.map(Comparator::sign));
        match nearest(text.trim(), known) {
            Some(name) => format!("unknown comparator {text:?}: did you mean {name:?}?"),
            None => {
                let signs = Comparator::ALL.map(Comparator::sign).join(", ");
                format!("unknown comparator {text:?}: expected one of {signs}")
            }
        }
    })
}

/// What is kept from who does not qualify.
fn guard(text: &str) -> Result<Guard, String> {
    Guard::from_action(text).ok_or_else(|| match nearest(text.trim(), Guard::ALL.map(Guard::action)) {
        Some(near) => format!("unknown action {text:?}: did you mean {near:?}?"),
        None => format!("unknown action {text:?}: expected accept, preview or discover"),
    })
}

/// Where the keys stand whose limits are checked when all is read.
struct Places(Vec<(&'static str, usize)>);

impl Places {
    fn of(raw: &File) -> Places {
        let text = |it: &Spanned<String>| it.span().start;
        Places(vec![
            ("title", text(&raw.title)),
            ("description", text(&raw.description)),
            ("lifetime", text(&raw.lifetime)),
            ("time_limit", text(&raw.time_limit)),
            ("auto_approve", text(&raw.auto_approve)),
            ("assignments", raw.assignments.span().start),
        ])
    }

    fn at(&self, key: &str) -> usize {
        self.0.iter().find(|(known, _)| *known == key).map_or(0, |(_, at)| *at)
    }
}
