//! The language about workers instead of assignments: the same grammar, other fields.

use super::Expr;
use super::field::Field;
use super::parse::QueryError;
use super::pattern::Pattern;
use super::value::{self, Range, When};
use crate::domain::money::Usd;
use crate::domain::time::Time;
use crate::domain::worker_stats::WorkerStats;
use std::sync::Arc;

/// The fields of queries about workers, with an example and what they look at: for help, completion and the manual.
pub const WORKER_FIELDS: &[(&str, &str, &str)] = &[
    ("worker", "worker:A1B2*", "the worker's ID; * stands for any characters. A bare word is a part of the ID"),
    ("approved-rate", "approved-rate<90", "approved share of the decided work, in percent"),
    ("sent", "sent>=10", "how many assignments the worker has handed in"),
    ("time", "time<30s", "the median of the work times"),
    ("seen", "seen<7d", "when the worker was last at work: how long ago, or a date"),
    ("earned", "earned>=5", "what was paid for approved work, in dollars, without bonuses"),
    ("bonuses", "bonuses>=1", "what was paid in bonuses, in dollars"),
    ("blocked", "blocked:yes", "whether the worker is blocked"),
    ("qual", "qual:trained", "the name of a qualification that the worker holds; qual~part"),
    ("noted", "noted:yes", "whether there is a note on the worker"),
];

/// One condition on a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum WorkerTest {
    Id(Pattern),
    /// In millionths.
    ApprovedRate(Range),
    Sent(Range),
    Time(Range),
    Seen(When),
    Earned(Range),
    Bonuses(Range),
    Blocked(bool),
    Qualification(Pattern),
    Noted(bool),
}

/// A query about workers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerQuery(pub(super) Expr<WorkerTest>);

impl Default for WorkerQuery {
    fn default() -> Self {
        WorkerQuery(Expr::And(Vec::new()))
    }
}

/// What is known of one worker.
#[derive(Debug, Clone, Copy)]
pub struct WorkerFacts<'a> {
    /// The identifier, as it is shown.
    pub id: &'a str,
    /// Their work.
    pub stats: &'a WorkerStats,
    /// What they were paid in bonuses.
    pub bonuses: Usd,
    /// Whether they are blocked.
    pub blocked: bool,
    /// Whether there is a note on them.
    pub noted: bool,
    /// The names of the qualifications that they hold.
    pub qualifications: &'a [Arc<str>],
    /// The endpoint's clock.
    pub now: Time,
}

impl WorkerQuery {
    /// Whether everybody answers it.
    pub fn is_all(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a worker answers the query.
    pub fn matches(&self, facts: &WorkerFacts<'_>) -> bool {
        self.0.holds(&|test: &WorkerTest| test.holds(facts))
    }
}

impl WorkerTest {
    /// A bare word: a part of the identifier, or with stars all of it.
    pub(super) fn named(word: &str) -> WorkerTest {
        WorkerTest::Id(if word.contains('*') { Pattern::glob(word) } else { Pattern::contains(word) })
    }

    fn holds(&self, facts: &WorkerFacts<'_>) -> bool {
        let stats = facts.stats;
        match self {
            WorkerTest::Id(pattern) => pattern.matches(facts.id),
            WorkerTest::ApprovedRate(range) => {
                let decided = i64::from(stats.lifetime.decided());
                decided > 0 && range.contains(i64::from(stats.lifetime.approved) * 1_000_000 / decided)
            }
            WorkerTest::Sent(range) => range.contains(stats.submitted.into()),
            WorkerTest::Time(range) => stats.median.is_some_and(|time| range.contains(time.0)),
            WorkerTest::Seen(when) => stats.last.get().is_some_and(|at| when.holds(at, (facts.now - at).0)),
            WorkerTest::Earned(range) => range.contains(stats.earned.as_cents()),
            WorkerTest::Bonuses(range) => range.contains(facts.bonuses.as_cents()),
            WorkerTest::Blocked(wanted) => facts.blocked == *wanted,
            WorkerTest::Qualification(pattern) => facts.qualifications.iter().any(|name| pattern.matches(name)),
            WorkerTest::Noted(wanted) => facts.noted == *wanted,
        }
    }
}

impl Field<'_, '_> {
    pub(super) fn read_worker(self, name: &str, value: &str) -> Result<WorkerTest, QueryError> {
        match name.to_ascii_lowercase().as_str() {
            "worker" | "id" => self.pattern(value, "a worker's ID").map(WorkerTest::Id),
            "approved-rate" => self.range(value, "a share from 0 to 100", value::percent).map(WorkerTest::ApprovedRate),
            "sent" => self.range(value, "a number of assignments", value::count).map(WorkerTest::Sent),
            "time" => self.range(value, "a duration such as 30s, 5m or 1h30m", value::duration).map(WorkerTest::Time),
            "seen" => self.when(value).map(WorkerTest::Seen),
            "earned" => self.range(value, "an amount in dollars such as 0.10", value::money).map(WorkerTest::Earned),
            "bonuses" => self.range(value, "an amount in dollars such as 0.10", value::money).map(WorkerTest::Bonuses),
            "blocked" => self.yes_or_no(value).map(WorkerTest::Blocked),
            "qual" => self.pattern(value, "a qualification's name").map(WorkerTest::Qualification),
            "noted" => self.yes_or_no(value).map(WorkerTest::Noted),
            other => Err(self.no_such_field(other, WORKER_FIELDS.iter().map(|(known, _, _)| *known), "")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse_worker;
    use super::*;
    use crate::domain::time::Seconds;
    use crate::domain::worker_stats::Tally;

    fn fits(query: &str) -> bool {
        let stats = WorkerStats {
            submitted: 12,
            lifetime: Tally { approved: 8, rejected: 2 },
            median: Some(Seconds(25)),
            last: Time(1_000_000 - 3_600).into(),
            earned: Usd::cents(250),
            ..WorkerStats::default()
        };
        let qualifications = ["trained".into()];
        let facts = WorkerFacts {
            id: "A1EXAMPLEWRKR",
            stats: &stats,
            bonuses: Usd::cents(75),
            blocked: true,
            noted: false,
            qualifications: &qualifications,
            now: Time(1_000_000),
        };
        parse_worker(query).unwrap().matches(&facts)
    }

    #[test]
    fn every_field_tells_workers_apart() {
        for query in [
            "",
            "example",
            "a1*",
            "worker:A1*",
            "approved-rate<90",
            "approved-rate:80",
            "sent>=12",
            "time<30s",
            "seen<2h",
            "earned:2.50",
            "bonuses>=0.75",
            "blocked:yes",
            "qual:trained",
            "qual~train",
            "-noted:yes",
            "zzz or (blocked:yes sent>1)",
        ] {
            assert!(fits(query), "{query}");
        }
        for query in ["zzz", "worker:A1", "approved-rate>80", "sent<12", "time>30s", "seen<1h", "blocked:no", "qual:t"]
        {
            assert!(!fits(query), "{query}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        let error = parse_worker("sent>1 blokced:yes").unwrap_err();
        assert_eq!(error.column, 8);
        assert!(error.message.contains("did you mean blocked?"), "{error}");
        assert!(parse_worker("blocked:perhaps").unwrap_err().message.contains("yes or no"));
        assert!(parse_worker("hit:3ABC").unwrap_err().message.contains("no field"));
    }
}
