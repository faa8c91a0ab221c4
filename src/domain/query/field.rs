//! The fields of the language: what each takes, and what it says when it gets something else.

use super::parse::{Parser, QueryError};
use super::pattern::Pattern;
use super::value::{self, Op, Range, When};
use super::{Test, TextTerm, Who};
use crate::domain::assignment::AssignmentStatus;
use crate::domain::hit::HitStatus;
use crate::domain::nearest::nearest;

/// The fields of the language, with an example and what they look at: for help, completion and the manual.
pub const FIELDS: &[(&str, &str, &str)] = &[
    ("status", "status:submitted", "submitted, approved or rejected"),
    ("worker", "worker:A1B2*", "the worker's ID; * stands for any characters"),
    ("hit", "hit:3ABC*", "the HIT's ID"),
    ("hit-status", "hit-status:reviewable", "assignable, unassignable, reviewable, reviewing or disposed"),
    ("batch", "batch:rte", "the batch's name; batch~rte: a part of it"),
    ("type", "type:ID", "the HIT type's ID"),
    ("id", "id:3XYZ*", "the assignment's ID"),
    ("answer", "answer~\"lorem ipsum\"", "any text of the answer"),
    ("answer.FIELD", "answer.label:yes", "a field of the answer: :value, ~\"part\", :json (parses), :* (not empty)"),
    ("feedback", "feedback~late", "the feedback that was given"),
    ("time", "time<30s", "how long the worker took"),
    ("reward", "reward>=0.10", "the reward in dollars"),
    ("deadline", "deadline<2d", "until the auto-approval of undecided work, or a date"),
    ("submitted", "submitted>2026-11-01", "a date (UTC), or how long ago: submitted<2h"),
    ("accepted", "accepted<2h", "as submitted"),
    ("decided", "decided:2026-11-01..2026-11-05", "as submitted"),
    ("approved-rate", "approved-rate<90", "approved share of the worker's decided work, in percent"),
    ("blocked", "blocked:yes", "whether the worker is blocked"),
    ("noted", "noted:yes", "whether there is a note"),
    ("by", "by:me", "who decided: me, elsewhere, clock, or a name"),
];

/// Fields whose evidence has not been built.
const NOT_YET: &[(&str, &str)] = &[
    ("agree", "how far answers agree with the others on the same item"),
    ("skill", "how well workers answer, as estimated"),
    ("gold", "whether an answer is the one that is known to be right"),
    ("flag", "what is conspicuous about an answer"),
];

/// One `field op value`.
pub(super) struct Field<'p, 'a> {
    pub(super) parser: &'p mut Parser<'a>,
    pub(super) start: usize,
    pub(super) value_at: usize,
    pub(super) op: Op,
    pub(super) quoted: bool,
}

impl Field<'_, '_> {
    pub(super) fn read(self, name: &str, value: &str) -> Result<Test, QueryError> {
        if let Some(field) = name.strip_prefix("answer.") {
            return self.answer(field, value);
        }
        match name.to_ascii_lowercase().as_str() {
            "status" => {
                let known = AssignmentStatus::ALL.into_iter().find(|s| s.name().eq_ignore_ascii_case(value));
                self.known(known, "submitted, approved or rejected", value).map(Test::Status)
            }
            "hit-status" => {
                let known = HitStatus::ALL.into_iter().find(|s| s.name().eq_ignore_ascii_case(value));
                let expected = "assignable, unassignable, reviewable, reviewing or disposed";
                self.known(known, expected, value).map(Test::HitStatus)
            }
            "worker" => self.pattern(value, "a worker's ID").map(Test::Worker),
            "hit" => self.pattern(value, "a HIT's ID").map(Test::Hit),
            "batch" => self.pattern(value, "a batch's name").map(Test::Batch),
            "type" => self.pattern(value, "a HIT type's ID").map(Test::Type),
            "id" | "assignment" => {
                self.pattern(value, "an assignment's ID")?;
                let glob = if self.op == Op::Contains { format!("*{value}*") } else { value.to_owned() };
                Ok(self.parser.term(TextTerm::Assignment(glob)))
            }
            "answer" if self.op == Op::Contains && !value.is_empty() => {
                Ok(self.parser.term(TextTerm::Phrase(value.to_owned())))
            }
            "answer" => Err(self.at_operator("expected answer~\"text\" or answer.FIELD:value")),
            "feedback" if self.op == Op::Contains => Ok(self.parser.term(TextTerm::Feedback(value.to_owned()))),
            "feedback" if value == "*" => Ok(self.parser.term(TextTerm::Feedback(String::new()))),
            "feedback" => Err(self.at_operator("expected feedback~\"text\"")),
            "time" => self.range(value, "a duration such as 30s, 5m or 1h30m", value::duration).map(Test::WorkTime),
            "reward" => self.range(value, "an amount in dollars such as 0.10", value::money).map(Test::Reward),
            "approved-rate" => self.range(value, "a share from 0 to 100", value::percent).map(Test::ApprovedRate),
            "deadline" => self.when(value).map(Test::Deadline),
            "submitted" => self.when(value).map(Test::Submitted),
            "accepted" => self.when(value).map(Test::Accepted),
            "decided" => self.when(value).map(Test::Decided),
            "blocked" => self.yes_or_no(value).map(Test::Blocked),
            "noted" => self.yes_or_no(value).map(Test::Noted),
            "by" => self.who(value).map(Test::By),
            other => Err(self.unknown(other)),
        }
    }

    fn answer(self, name: &str, value: &str) -> Result<Test, QueryError> {
        let name = name.to_owned();
        if name.is_empty() {
            return Err(self.at_operator("expected the name of a field of the answer after the dot"));
        }
        let stars = value.contains('*') && !self.quoted;
        let term = match self.op {
            Op::Contains if value.is_empty() => return Err(self.expected("a text", value)),
            Op::Contains => TextTerm::FieldContains { name, text: value.to_owned() },
            Op::Is if value == "*" && !self.quoted => TextTerm::FieldPresent(name),
            Op::Is if value.eq_ignore_ascii_case("json") && !self.quoted => TextTerm::FieldJson(name),
            Op::Is if value.is_empty() && !self.quoted => {
                return Err(self.expected("a value, * (not empty), json, or \"\" (empty)", value));
            }
            Op::Is if stars => {
                return Err(self.at_value("* stands for the whole value here; use ~ to look for a part of it"));
            }
            Op::Is => TextTerm::Field { name, value: value.to_owned() },
            _ => return Err(self.at_operator("expected : or ~ after a field of the answer")),
        };
        Ok(self.parser.term(term))
    }

    pub(super) fn pattern(&self, value: &str, what: &str) -> Result<Pattern, QueryError> {
        match self.op {
            _ if value.is_empty() => Err(self.expected(what, value)),
            Op::Is if self.quoted && value.contains('*') => {
                Err(self.at_value("expected no * between quotes: there is no name with one"))
            }
            Op::Is => Ok(Pattern::glob(value)),
            Op::Contains => Ok(Pattern::contains(value)),
            _ => Err(self.at_operator("expected : (the whole, with *) or ~ (a part) here")),
        }
    }

    pub(super) fn range(
        &self,
        value: &str,
        what: &str,
        number: impl Fn(&str) -> Option<(i64, i64)>,
    ) -> Result<Range, QueryError> {
        self.no_tilde()?;
        Range::parse(self.op, value, number).ok_or_else(|| self.expected(what, value))
    }

    pub(super) fn when(&self, value: &str) -> Result<When, QueryError> {
        self.no_tilde()?;
        let what = "a duration such as 2h or 3d, or a date such as 2026-11-01 or 2026-11-01T14:30";
        When::parse(self.op, value).ok_or_else(|| self.expected(what, value))
    }

    pub(super) fn yes_or_no(&self, value: &str) -> Result<bool, QueryError> {
        match value.to_ascii_lowercase().as_str() {
            "yes" if self.op == Op::Is => Ok(true),
            "no" if self.op == Op::Is => Ok(false),
            _ => Err(self.expected("yes or no", value)),
        }
    }

    fn who(&self, value: &str) -> Result<Who, QueryError> {
        match value.to_ascii_lowercase().as_str() {
            "me" if self.op == Op::Is => Ok(Who::Me),
            "elsewhere" if self.op == Op::Is => Ok(Who::Elsewhere),
            "clock" if self.op == Op::Is => Ok(Who::Clock),
            _ => self.pattern(value, "me, elsewhere, clock or a name").map(Who::Named),
        }
    }

    pub(super) fn known<T>(&self, known: Option<T>, what: &str, value: &str) -> Result<T, QueryError> {
        if self.op != Op::Is {
            return Err(self.at_operator("expected : here"));
        }
        known.ok_or_else(|| self.expected(what, value))
    }

    fn no_tilde(&self) -> Result<(), QueryError> {
        if self.op == Op::Contains {
            return Err(self.at_operator("expected <, <=, >, >= or : here"));
        }
        Ok(())
    }

    fn expected(&self, what: &str, found: &str) -> QueryError {
        let found: String = found.chars().take(40).collect();
        let found = if found.is_empty() { "nothing".to_owned() } else { format!("\"{found}\"") };
        self.at_value(format!("expected {what}, found {found}"))
    }

    fn at_value(&self, message: impl Into<String>) -> QueryError {
        self.parser.error(self.value_at, message)
    }

    /// An error about the operator, which ends where the value begins.
    fn at_operator(&self, message: &str) -> QueryError {
        let operator = if matches!(self.op, Op::AtMost | Op::AtLeast) { 2 } else { 1 };
        self.parser.error(self.value_at - operator, message)
    }

    fn unknown(&self, name: &str) -> QueryError {
        let at = self.start;
        if let Some((name, what)) = NOT_YET.iter().find(|(known, _)| *known == name) {
            return self
                .parser
                .error(at, format!("the field {name} is not there yet: {what} comes with a later version"));
        }
        let names = FIELDS.iter().map(|(known, _, _)| *known).filter(|known| *known != "answer.FIELD");
        self.no_such_field(name, names, ", answer.FIELD")
    }

    pub(super) fn no_such_field<'n>(
        &self,
        name: &str,
        names: impl Iterator<Item = &'n str> + Clone,
        more: &str,
    ) -> QueryError {
        let shown: String = name.chars().take(40).collect();
        let hint = match nearest(&shown, names.clone()) {
            Some(known) => format!("did you mean {known}?"),
            None => format!("expected one of {}{more}", names.collect::<Vec<_>>().join(", ")),
        };
        let quote = "to search for it as text, put it between quotes";
        self.parser.error(self.start, format!("there is no field \"{shown}\": {hint} ({quote})"))
    }
}
