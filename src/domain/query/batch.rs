//! The language about batches and HITs instead of assignments: the same grammar, other fields.

use super::Expr;
use super::field::Field;
use super::parse::QueryError;
use super::pattern::Pattern;
use super::value::{self, Range, When};
use crate::domain::batch_stats::{BatchStats, Standing};
use crate::domain::time::Time;

/// The fields of queries about batches and HITs, with an example and what they look at.
pub const BATCH_FIELDS: &[(&str, &str, &str)] = &[
    (
        "name",
        "name:kg-*",
        "the batch's name, the HIT's ID or title; * stands for any characters. A bare word is a part of it",
    ),
    (
        "status",
        "status:running",
        "running, idle (nothing came in for a day), review, short (over, and work is missing), done or deleted",
    ),
    ("hits", "hits>=100", "how many HITs the endpoint still has"),
    ("open", "open>0", "assignments that workers can accept"),
    ("pending", "pending>0", "assignments that are being worked on"),
    ("submitted", "submitted>0", "assignments that wait for a decision"),
    ("approved", "approved>=100", "approved assignments"),
    ("rejected", "rejected>0", "rejected assignments"),
    ("missing", "missing>0", "assignments that nobody can accept any more"),
    ("time", "time<30s", "the median of the work times"),
    ("wage", "wage<7.25", "what half of the work pays an hour or more, in dollars"),
    ("spent", "spent>=100", "rewards and fees of approved work, in dollars"),
    ("reserved", "reserved>0", "rewards and fees of work that may still have to be paid, in dollars"),
    ("ready", "ready<2h", "how long until everything is in, at the pace of now"),
    ("ends", "ends<1d", "when the last open HIT ends: how long until then, or a date"),
    ("purge", "purge<30d", "when the endpoint may first throw a HIT away: how long until then, or a date"),
];

/// One condition on a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum BatchTest {
    Name(Pattern),
    Status(Standing),
    Count(Count, Range),
    Time(Range),
    Wage(Range),
    Spent(Range),
    Reserved(Range),
    Ready(Range),
    Ends(When),
    Purge(When),
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Count {
    Hits,
    Open,
    Pending,
    Submitted,
    Approved,
    Rejected,
    Missing,
}

/// A query about batches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchQuery(pub(super) Expr<BatchTest>);

impl Default for BatchQuery {
    fn default() -> Self {
        BatchQuery(Expr::And(Vec::new()))
    }
}

/// What is known of one batch, or of one HIT.
#[derive(Debug, Clone, Copy)]
pub struct BatchFacts<'a> {
    /// Its names, any of which may fit.
    pub names: [&'a str; 2],
    /// What it amounts to.
    pub stats: &'a BatchStats,
    /// The endpoint's clock.
    pub now: Time,
}

impl BatchQuery {
    /// Whether everything answers it.
    pub fn is_all(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a batch answers the query.
    pub fn matches(&self, facts: &BatchFacts<'_>) -> bool {
        self.0.holds(&|test: &BatchTest| test.holds(facts))
    }
}

impl BatchTest {
    /// A bare word: a part of the name, or with stars all of it.
    pub(super) fn named(word: &str) -> BatchTest {
        BatchTest::Name(if word.contains('*') { Pattern::glob(word) } else { Pattern::contains(word) })
    }

    fn holds(&self, facts: &BatchFacts<'_>) -> bool {
        let stats = facts.stats;
        let ahead = |when: &When, at: Option<Time>| at.is_some_and(|at| when.holds(at, (at - facts.now).0));
        match self {
            BatchTest::Name(pattern) => facts.names.iter().any(|name| pattern.matches(name)),
            BatchTest::Status(standing) => stats.standing() == *standing,
            BatchTest::Count(what, range) => range.contains(what.of(stats).into()),
            BatchTest::Time(range) => stats.median.is_some_and(|time| range.contains(time.0)),
            BatchTest::Wage(range) => stats.hourly.is_some_and(|wage| range.contains(wage.as_cents())),
            BatchTest::Spent(range) => range.contains(stats.spent.total().as_cents()),
            BatchTest::Reserved(range) => range.contains(stats.reserved.total().as_cents()),
            BatchTest::Ready(range) => stats.left().is_some_and(|left| range.contains(left.0)),
            BatchTest::Ends(when) => ahead(when, stats.ends),
            BatchTest::Purge(when) => ahead(when, stats.purge),
        }
    }
}

impl Count {
    fn of(self, stats: &BatchStats) -> u32 {
        let places = stats.places;
        match self {
            Count::Hits => stats.hits_there(),
            Count::Open => places.open,
            Count::Pending => places.pending,
            Count::Submitted => places.submitted,
            Count::Approved => places.approved,
            Count::Rejected => places.rejected,
            Count::Missing => places.missing,
        }
    }
}

impl Field<'_, '_> {
    pub(super) fn read_batch(self, name: &str, value: &str) -> Result<BatchTest, QueryError> {
        let count =
            |what: Count| self.range(value, "a number", value::count).map(|range| BatchTest::Count(what, range));
        let money = || self.range(value, "an amount in dollars such as 0.10", value::money);
        let span = || self.range(value, "a duration such as 30s, 5m or 1h30m", value::duration);
        match name.to_ascii_lowercase().as_str() {
            "name" | "batch" | "hit" | "title" => self.pattern(value, "a name").map(BatchTest::Name),
            "status" => {
                let known = Standing::ALL.into_iter().find(|one| one.title().eq_ignore_ascii_case(value));
                let all = "running, idle, review, short, done or deleted";
                self.known(known, all, value).map(BatchTest::Status)
            }
            "hits" => count(Count::Hits),
            "open" => count(Count::Open),
            "pending" => count(Count::Pending),
            "submitted" => count(Count::Submitted),
            "approved" => count(Count::Approved),
            "rejected" => count(Count::Rejected),
            "missing" => count(Count::Missing),
            "time" => span().map(BatchTest::Time),
            "wage" => money().map(BatchTest::Wage),
            "spent" => money().map(BatchTest::Spent),
            "reserved" => money().map(BatchTest::Reserved),
            "ready" => span().map(BatchTest::Ready),
            "ends" => self.when(value).map(BatchTest::Ends),
            "purge" => self.when(value).map(BatchTest::Purge),
            other => Err(self.no_such_field(other, BATCH_FIELDS.iter().map(|(known, _, _)| *known), "")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse_batch;
    use super::*;
    use crate::domain::batch_stats::{Cost, Pace, Places};
    use crate::domain::money::Usd;
    use crate::domain::time::Seconds;

    fn fits(query: &str) -> bool {
        let now = Time(1_000_000);
        let stats = BatchStats {
            hits: [10, 0, 2, 0, 1],
            places: Places { open: 40, pending: 2, submitted: 3, approved: 50, rejected: 4, missing: 1 },
            spent: Cost { rewards: Usd::cents(250), fees: Usd::cents(50) },
            reserved: Cost { rewards: Usd::cents(225), fees: Usd::cents(45) },
            ends: Some(now + Seconds::HOUR),
            pace: Some(Pace { count: 42, span: Seconds(600) }),
            median: Some(Seconds(25)),
            hourly: Some(Usd::cents(720)),
            purge: Some(now + Seconds(100 * 86_400)),
            ..BatchStats::default()
        };
        parse_batch(query).unwrap().matches(&BatchFacts { names: ["kg-pilot", "Relations"], stats: &stats, now })
    }

    #[test]
    fn every_field_tells_batches_apart() {
        for query in [
            "",
            "pilot",
            "relat",
            "kg-*",
            "name:kg-*",
            "status:running",
            "hits:12",
            "open>=40",
            "pending:2",
            "submitted>0",
            "approved:50",
            "rejected<5",
            "missing:1",
            "time<30s",
            "wage<7.25",
            "spent:3.00",
            "reserved>=2.70",
            "ready:10m",
            "ends<2h",
            "purge<120d",
            "-status:done (zzz or open>1)",
        ] {
            assert!(fits(query), "{query}");
        }
        for query in ["zzz", "name:kg", "status:done", "open<40", "wage>=7.25", "ready>10m", "ends>2h", "purge<30d"] {
            assert!(!fits(query), "{query}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        let error = parse_batch("open>1 mising>0").unwrap_err();
        assert_eq!(error.column, 8);
        assert!(error.message.contains("did you mean missing?"), "{error}");
        assert!(parse_batch("status:gone").unwrap_err().message.contains("expected running"));
        assert!(parse_batch("worker:A1").unwrap_err().message.contains("no field"));
    }
}
