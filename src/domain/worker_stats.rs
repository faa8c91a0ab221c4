//! What a worker's work for this account amounts to: counts, rates, times and earnings. One function for the Workers screen
//! and for `hitdeck worker list`.

use super::assignment::{AssignmentStatus, work_time};
use super::key::WorkerKey;
use super::money::Usd;
use super::row::{AssignmentRow, LightRow};
use super::time::{Seconds, Stamp, Time};
use std::collections::HashMap;

/// The long one of the two recent spans, as the requester website had them.
pub const MONTH: Seconds = Seconds(30 * 86_400);
/// The short one.
pub const WEEK: Seconds = Seconds(7 * 86_400);

/// Decided work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Approved, by whomever.
    pub approved: u32,
    /// Rejected, and not overridden.
    pub rejected: u32,
}

impl Tally {
    /// All of it.
    pub const fn decided(self) -> u32 {
        self.approved.saturating_add(self.rejected)
    }

    /// The approval rate in basis points (9,876 = 98.76 %), cut and not rounded: 100 % is without a rejection. None
    /// while nothing is decided.
    pub const fn rate(self) -> Option<u32> {
        match self.decided() {
            0 => None,
            all => Some((self.approved as u64 * 10_000 / all as u64) as u32),
        }
    }

    fn add(&mut self, status: AssignmentStatus) {
        match status {
            AssignmentStatus::Submitted => {}
            AssignmentStatus::Approved => self.approved += 1,
            AssignmentStatus::Rejected => self.rejected += 1,
        }
    }
}

/// A worker's work for this account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WorkerStats {
    /// Assignments handed in, whatever became of them.
    pub submitted: u32,
    /// What became of them.
    pub lifetime: Tally,
    /// Of these: decided in the last 30 days.
    pub month: Tally,
    /// Decided in the last 7 days.
    pub week: Tally,
    /// The median of the work times that are known.
    pub median: Option<Seconds>,
    /// The first time the worker was at work here.
    pub first: Stamp,
    /// The last time.
    pub last: Stamp,
    /// Rewards of approved work, without bonuses.
    pub earned: Usd,
}

impl WorkerStats {
    /// Assignments that nobody has decided yet.
    pub const fn undecided(&self) -> u32 {
        self.submitted.saturating_sub(self.lifetime.decided())
    }
}

/// An assignment of a HIT that the endpoint has deleted: no longer in the list, and what its worker did and earned all the
/// same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GoneWork {
    /// It.
    pub row: LightRow,
    /// The reward of its HIT.
    pub reward: Usd,
    /// The fee for it, once it was approved.
    pub fee: Usd,
}

/// Adds up one worker's assignments, one by one and in any order.
#[derive(Debug, Clone, Default)]
struct Sum {
    stats: WorkerStats,
    times: Vec<u32>,
}

impl Sum {
    fn add<S>(&mut self, row: &AssignmentRow<S>, reward: Usd, now: Time) {
        let stats = &mut self.stats;
        stats.submitted += 1;
        stats.lifetime.add(row.status);
        // Imported work may not say when it was decided.
        let decided = row.decided.get().or(row.submitted.get());
        for (tally, span) in [(&mut stats.month, MONTH), (&mut stats.week, WEEK)] {
            if decided.is_some_and(|at| at > now - span) {
                tally.add(row.status);
            }
        }
        if row.status == AssignmentStatus::Approved {
            stats.earned += reward;
        }
        for seen in [row.accepted, row.submitted].into_iter().filter(|seen| *seen != Stamp::NONE) {
            stats.first = if stats.first == Stamp::NONE { seen } else { stats.first.min(seen) };
            stats.last = stats.last.max(seen);
        }
        let time = work_time(row.accepted.get(), row.submitted.get());
        self.times.extend(time.and_then(|span| u32::try_from(span.0).ok()));
    }

    fn finish(mut self) -> WorkerStats {
        self.stats.median = median(&mut self.times);
        self.stats
    }
}

/// The statistics of every worker of these assignments, each with the reward of its HIT, at `now` on the endpoint's clock.
pub fn worker_stats<'a, S: 'a>(
    rows: impl IntoIterator<Item = (&'a AssignmentRow<S>, Usd)>,
    now: Time,
) -> HashMap<WorkerKey, WorkerStats> {
    let mut sums: HashMap<WorkerKey, Sum> = HashMap::new();
    for (row, reward) in rows {
        sums.entry(row.worker).or_default().add(row, reward, now);
    }
    sums.into_iter().map(|(worker, sum)| (worker, sum.finish())).collect()
}

/// The middle one; of an even number the mean of the two in the middle, rounded down.
pub(super) fn median(times: &mut [u32]) -> Option<Seconds> {
    let middle = times.len() / 2;
    if times.is_empty() {
        return None;
    }
    let is_even = times.len().is_multiple_of(2);
    let (below, upper, _) = times.select_nth_unstable(middle);
    let lower = below.iter().max().filter(|_| is_even).unwrap_or(upper);
    Some(Seconds((i64::from(*lower) + i64::from(*upper)).div_euclid(2)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::key::{AssignmentKey, HitKey};
    use crate::domain::row::Decider;
    use AssignmentStatus::{Approved, Rejected, Submitted};
    use proptest::prelude::*;

    const DAY: i64 = 86_400;
    const NOW: Time = Time(1_000 * DAY);

    /// Work of `worker`, handed in `ago` seconds ago after `took` seconds, and decided at once.
    fn row(worker: u32, status: AssignmentStatus, ago: i64, took: i64) -> AssignmentRow<()> {
        let submitted = NOW - Seconds(ago);
        AssignmentRow {
            key: AssignmentKey(0),
            hit: HitKey(0),
            worker: WorkerKey(worker),
            status,
            by: Decider::Unknown,
            noted: false,
            accepted: (submitted - Seconds(took)).into(),
            submitted: submitted.into(),
            auto_approval: Stamp::NONE,
            decided: if status == Submitted { Stamp::NONE } else { submitted.into() },
            summary: (),
        }
    }

    fn of(rows: &[AssignmentRow<()>]) -> HashMap<WorkerKey, WorkerStats> {
        worker_stats(rows.iter().map(|row| (row, Usd::cents(5))), NOW)
    }

    #[test]
    fn counts_rates_and_earnings_of_each_worker() {
        let rows = [
            row(1, Approved, 40 * DAY, 30),
            row(1, Rejected, 20 * DAY, 10),
            row(1, Approved, DAY, 20),
            row(1, Submitted, 60, 90),
            row(2, Submitted, 5, 7),
        ];
        let stats = of(&rows);
        let one = stats[&WorkerKey(1)];
        assert_eq!((one.submitted, one.undecided()), (4, 1));
        assert_eq!(one.lifetime, Tally { approved: 2, rejected: 1 });
        assert_eq!((one.month, one.week), (Tally { approved: 1, rejected: 1 }, Tally { approved: 1, rejected: 0 }));
        assert_eq!((one.lifetime.rate(), one.month.rate(), one.week.rate()), (Some(6_666), Some(5_000), Some(10_000)));
        assert_eq!((one.earned, one.median), (Usd::cents(10), Some(Seconds(25))));
        assert_eq!(one.first.get(), Some(NOW - Seconds(40 * DAY + 30)));
        assert_eq!(one.last.get(), Some(NOW - Seconds(60)));
        let two = stats[&WorkerKey(2)];
        assert_eq!((two.lifetime.rate(), two.median, two.earned), (None, Some(Seconds(7)), Usd::ZERO));
    }

    #[test]
    fn the_spans_end_exactly() {
        let stats =
            of(&[row(1, Approved, 30 * DAY, 1), row(1, Approved, 30 * DAY - 1, 1), row(1, Approved, 7 * DAY, 1)]);
        let it = stats[&WorkerKey(1)];
        assert_eq!((it.lifetime.approved, it.month.approved, it.week.approved), (3, 2, 0));
    }

    #[test]
    fn work_without_times_counts_and_has_none() {
        let none = AssignmentRow { accepted: Stamp::NONE, submitted: Stamp::NONE, ..row(1, Submitted, 1, 1) };
        let it = of(&[none])[&WorkerKey(1)];
        assert_eq!((it.submitted, it.median, it.first, it.last), (1, None, Stamp::NONE, Stamp::NONE));
    }

    proptest! {
        #[test]
        fn the_median_is_the_middle(mut times in prop::collection::vec(0..u32::MAX, 0..40)) {
            let mut sorted: Vec<i64> = times.iter().map(|time| i64::from(*time)).collect();
            sorted.sort_unstable();
            let expected = match sorted.len() {
                0 => None,
                count if count % 2 == 1 => Some(Seconds(sorted[count / 2])),
                count => Some(Seconds((sorted[count / 2 - 1] + sorted[count / 2]).div_euclid(2))),
            };
            prop_assert_eq!(median(&mut times), expected);
        }
    }
}
