//! The query language: one parser for the filter line, marking, saved views, rules and `--where`.
//!
//! ```text
//! status:submitted worker:A1B2* -answer.result:json (time<30s or reward>=0.10) "the whole phrase" word
//! ```
//! Conditions on rows are judged here from [`Facts`]; conditions on texts that only the store holds are collected as
//! [`TextTerm`]s, looked up there once, and handed back as [`Found`].

mod batch;
mod field;
mod parse;
mod pattern;
#[cfg(test)]
mod tests;
mod value;
mod worker;

use super::assignment::AssignmentStatus;
use super::bits::Bits;
use super::hit::HitStatus;
use super::id::WorkerId;
use super::key::AssignmentKey;
use super::row::{Decider, HitRow, LightRow};
use super::time::{Seconds, Stamp, Time};
pub use batch::{BATCH_FIELDS, BatchFacts, BatchQuery};
pub use field::FIELDS;
pub use parse::{QueryError, parse, parse_batch, parse_worker};
use pattern::Pattern;
use value::{Range, When};
pub use worker::{WORKER_FIELDS, WorkerFacts, WorkerQuery};

/// A condition on texts, which only the store can answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TextTerm {
    /// The answer text contains a word that begins so (case-insensitive).
    Word(String),
    /// The answer text contains this, blanks and all (case-insensitive).
    Phrase(String),
    /// A field of the answer equals this (case-insensitive).
    Field {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    },
    /// A field of the answer contains this (case-insensitive).
    FieldContains {
        /// Its name.
        name: String,
        /// The text.
        text: String,
    },
    /// A field of the answer is there and not empty.
    FieldPresent(String),
    /// A field of the answer parses as JSON.
    FieldJson(String),
    /// The assignment's identifier; `*` stands for any characters.
    Assignment(String),
    /// The feedback that was given contains this (case-insensitive); empty: any feedback was given.
    Feedback(String),
}

/// A duration as queries have them: `30s`, `1h30m`, `2d`, `1w`; here with its unit always.
pub fn span(text: &str) -> Option<Seconds> {
    let has_unit = text.ends_with(|c: char| c.is_ascii_alphabetic());
    value::duration(text).filter(|_| has_unit).map(|(seconds, _)| Seconds(seconds))
}

/// A moment as queries have them: `2026-11-01` (its last second), `2026-11-01T14:30`, with `Z` or an offset; UTC unless it
/// says otherwise.
pub fn moment(text: &str) -> Option<Time> {
    value::moment(text).map(|(_, last)| Time(last))
}

/// A condition made of conditions: of tests on assignments, or on workers.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Expr<T = Test> {
    /// All of these; of none, always.
    And(Vec<Expr<T>>),
    /// Any of these.
    Or(Vec<Expr<T>>),
    /// Not this.
    Not(Box<Expr<T>>),
    /// One condition.
    Is(T),
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    Status(AssignmentStatus),
    HitStatus(HitStatus),
    Worker(Pattern),
    Hit(Pattern),
    Batch(Pattern),
    Type(Pattern),
    WorkTime(Range),
    Reward(Range),
    Deadline(When),
    Accepted(When),
    Submitted(When),
    Decided(When),
    /// In millionths.
    ApprovedRate(Range),
    Blocked(bool),
    Noted(bool),
    By(Who),
    /// The place in [`Query::text_terms`].
    Text(usize),
}

/// Who decided.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Who {
    Me,
    Elsewhere,
    Clock,
    Named(Pattern),
}

/// A query, ready to be asked of many assignments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    expr: Expr,
    terms: Vec<TextTerm>,
}

/// How a worker stands: how the decided work has fared, as far as the desk's rows tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Record {
    /// Approved assignments.
    pub approved: u32,
    /// Rejected assignments.
    pub rejected: u32,
    /// Whether the worker is blocked.
    pub blocked: bool,
}

/// What is known of one assignment.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// Its row.
    pub row: &'a LightRow,
    /// The row of its HIT.
    pub hit: &'a HitRow,
    /// Who did it.
    pub worker: &'a WorkerId,
    /// The worker's record; only looked at by a query that [`Query::needs_record`].
    pub record: Record,
    /// The endpoint's clock.
    pub now: Time,
    /// The store's list of people, which [`Decider::Person`] points into.
    pub people: &'a [String],
    /// The person at this desk, as in that list.
    pub me: &'a str,
}

/// What the store found: for each of [`Query::text_terms`] the assignments that hold it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// By the assignments' keys.
    sets: Vec<Bits>,
}

impl Found {
    /// Takes the sets in the order of the terms.
    pub fn new<'a>(sets: impl IntoIterator<Item = &'a [AssignmentKey]>) -> Found {
        let bits = |keys: &[AssignmentKey]| keys.iter().map(|key| key.0 as usize).collect();
        Found { sets: sets.into_iter().map(bits).collect() }
    }

    fn has(&self, term: usize, key: AssignmentKey) -> bool {
        self.sets.get(term).is_some_and(|bits| bits.contains(key.0 as usize))
    }
}

impl Query {
    /// The query that every assignment answers.
    pub fn all() -> Query {
        Query { expr: Expr::And(Vec::new()), terms: Vec::new() }
    }

    /// Whether every assignment answers it.
    pub fn is_all(&self) -> bool {
        self.expr.is_empty()
    }

    /// What the store has to look up before the query can be asked.
    pub fn text_terms(&self) -> &[TextTerm] {
        &self.terms
    }

    /// Whether [`Facts::record`] matters.
    pub fn needs_record(&self) -> bool {
        self.expr.any(&|test| matches!(test, Test::ApprovedRate(_) | Test::Blocked(_)))
    }

    /// Whether it asks who is blocked.
    pub fn needs_blocks(&self) -> bool {
        self.expr.any(&|test| matches!(test, Test::Blocked(_)))
    }

    /// Whether the answer changes while time passes and nothing else happens.
    pub fn depends_on_time(&self) -> bool {
        self.expr.any(&|test| {
            matches!(
                test,
                Test::Deadline(When::Distance(_))
                    | Test::Accepted(When::Distance(_))
                    | Test::Submitted(When::Distance(_))
                    | Test::Decided(When::Distance(_))
            )
        })
    }

    /// The first condition that judges a person by evidence instead of by the answer itself. A rejection by query must
    /// not contain one: evidence sorts and explains, a person who has seen the rows decides.
    pub fn judges_evidence(&self) -> Option<&'static str> {
        let uses = |wanted: fn(&Test) -> bool| self.expr.any(&|test| wanted(test));
        if uses(|test| matches!(test, Test::WorkTime(_))) {
            Some("time")
        } else if uses(|test| matches!(test, Test::ApprovedRate(_))) {
            Some("approved-rate")
        } else if self.needs_blocks() {
            Some("blocked")
        } else {
            None
        }
    }

    /// The only assignments that may answer it, keys ascending, where the texts that the store found leave at most `limit`
    /// of them; otherwise any may.
    pub fn candidates(&self, found: &Found, limit: usize) -> Option<Vec<AssignmentKey>> {
        let parts = match &self.expr {
            Expr::And(parts) => &parts[..],
            one => std::slice::from_ref(one),
        };
        let mut sets = parts.iter().filter_map(|part| match part {
            Expr::Is(Test::Text(term)) => found.sets.get(*term),
            _ => None,
        });
        let mut both = sets.next()?.clone();
        sets.for_each(|set| both.keep(set));
        (both.count() <= limit).then(|| both.iter().map(|at| AssignmentKey(at as u32)).collect())
    }

    /// Whether an assignment answers the query.
    pub fn matches(&self, facts: &Facts<'_>, found: &Found) -> bool {
        self.expr.holds(&|test: &Test| test.holds(facts, found))
    }
}

impl<T> Expr<T> {
    /// Whether it asks for nothing, so that everything answers it.
    fn is_empty(&self) -> bool {
        matches!(self, Expr::And(parts) if parts.is_empty())
    }

    fn any(&self, wanted: &dyn Fn(&T) -> bool) -> bool {
        match self {
            Expr::And(parts) | Expr::Or(parts) => parts.iter().any(|part| part.any(wanted)),
            Expr::Not(part) => part.any(wanted),
            Expr::Is(test) => wanted(test),
        }
    }

    fn holds(&self, is: &impl Fn(&T) -> bool) -> bool {
        match self {
            Expr::And(parts) => parts.iter().all(|part| part.holds(is)),
            Expr::Or(parts) => parts.iter().any(|part| part.holds(is)),
            Expr::Not(part) => !part.holds(is),
            Expr::Is(test) => is(test),
        }
    }
}

impl Test {
    fn holds(&self, facts: &Facts<'_>, found: &Found) -> bool {
        let (row, hit) = (facts.row, facts.hit);
        let age = |when: &When, stamp: Stamp| stamp.get().is_some_and(|time| when.holds(time, (facts.now - time).0));
        match self {
            Test::Status(status) => row.status == *status,
            Test::HitStatus(status) => hit.status == *status,
            Test::Worker(pattern) => pattern.matches(facts.worker.as_str()),
            Test::Hit(pattern) => pattern.matches(hit.id.as_str()),
            Test::Batch(pattern) => pattern.matches(&hit.batch),
            Test::Type(pattern) => pattern.matches(hit.type_id.as_str()),
            Test::WorkTime(range) => {
                let (accepted, submitted) = (row.accepted.get(), row.submitted.get());
                super::assignment::work_time(accepted, submitted).is_some_and(|span| range.contains(span.0))
            }
            Test::Reward(range) => range.contains(hit.reward.as_cents()),
            Test::Deadline(when) => {
                let left = |time: Time| when.holds(time, (time - facts.now).0);
                row.status == AssignmentStatus::Submitted && row.auto_approval.get().is_some_and(left)
            }
            Test::Accepted(when) => age(when, row.accepted),
            Test::Submitted(when) => age(when, row.submitted),
            Test::Decided(when) => age(when, row.decided),
            Test::ApprovedRate(range) => {
                let approved = i64::from(facts.record.approved);
                let decided = approved + i64::from(facts.record.rejected);
                decided > 0 && range.contains(approved * 1_000_000 / decided)
            }
            Test::Blocked(blocked) => facts.record.blocked == *blocked,
            Test::Noted(noted) => row.noted == *noted,
            Test::By(who) => who.holds(facts),
            Test::Text(term) => found.has(*term, row.key),
        }
    }
}

impl Who {
    fn holds(&self, facts: &Facts<'_>) -> bool {
        let person = |number: u16| facts.people.get(usize::from(number)).map(String::as_str);
        match (self, facts.row.by) {
            (Who::Elsewhere, Decider::Elsewhere) | (Who::Clock, Decider::Clock) => true,
            (Who::Me, Decider::Person(number)) => person(number) == Some(facts.me),
            (Who::Named(pattern), Decider::Person(number)) => person(number).is_some_and(|name| {
                pattern.matches(name) || name.split_once('@').is_some_and(|(user, _)| pattern.matches(user))
            }),
            _ => false,
        }
    }
}
