//! What a batch amounts to: how far it is, how fast it goes, what it costs, what an hour of it pays, and when it is over.
//! One function for the Batches screen and for `hitdeck batch status`.
//!
//! A batch is handed in HIT by HIT, so that very large ones can be added up in steps between keys.

use super::assignment::{AssignmentStatus, work_time};
use super::fees::FeeSchedule;
use super::hit::{HitStatus, purge_time};
use super::money::Usd;
use super::row::{AssignmentRow, HitRow};
use super::time::{Seconds, Stamp, Time};
use super::worker_stats::median;

/// The spans over which work is counted to say how fast it comes in, the shortest first.
const SPANS: [Seconds; 4] = [Seconds(600), Seconds::HOUR, Seconds(6 * 3_600), Seconds::DAY];
/// So much work makes a span trustworthy.
const ENOUGH: u32 = 20;

/// The assignments of a batch by where they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Places {
    /// Workers can accept them.
    pub open: u32,
    /// Accepted, not yet handed in.
    pub pending: u32,
    /// Handed in, nobody has decided.
    pub submitted: u32,
    /// Approved.
    pub approved: u32,
    /// Rejected.
    pub rejected: u32,
    /// Nobody can accept them any more: their HIT is over.
    pub missing: u32,
}

impl Places {
    /// All work that was handed in.
    pub const fn handed_in(self) -> u32 {
        self.submitted + self.approved + self.rejected
    }

    /// All that was asked for.
    pub const fn wanted(self) -> u32 {
        self.handed_in() + self.open + self.pending + self.missing
    }

    /// What may still come in.
    pub const fn to_come(self) -> u32 {
        self.open + self.pending
    }
}

/// How fast work comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// So many assignments were handed in ...
    pub count: u32,
    /// ... in this time.
    pub span: Seconds,
}

impl Pace {
    /// Assignments an hour, rounded down.
    pub const fn hourly(self) -> u32 {
        (self.count as u64 * 3_600 / self.span.0 as u64) as u32
    }

    /// How long `count` more take at this pace.
    pub const fn time_for(self, count: u32) -> Seconds {
        Seconds((count as i64 * self.span.0).div_euclid(self.count as i64))
    }
}

/// Rewards and the marketplace's fees on them, to the cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cost {
    /// What workers get.
    pub rewards: Usd,
    /// What the marketplace takes.
    pub fees: Usd,
}

impl Cost {
    /// Both together.
    pub fn total(self) -> Usd {
        self.rewards + self.fees
    }

    fn add(&mut self, count: u32, reward: Usd, fee: Usd) {
        self.rewards += reward.times(u64::from(count));
        self.fees += fee.times(u64::from(count));
    }
}

/// What can be said of a batch in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Work comes in.
    Running,
    /// Work could come in, and none has for a day.
    Idle,
    /// Everything is in; some of it waits for a decision.
    Review,
    /// It is over, everything is decided, and work is missing.
    Short,
    /// Everything is in and decided.
    Done,
    /// All its HITs are deleted.
    Deleted,
}

impl Standing {
    /// All, in the order in which they want to be looked at.
    pub const ALL: [Standing; 6] =
        [Standing::Running, Standing::Idle, Standing::Review, Standing::Short, Standing::Done, Standing::Deleted];

    /// The word for people and for queries.
    pub const fn title(self) -> &'static str {
        match self {
            Standing::Running => "running",
            Standing::Idle => "idle",
            Standing::Review => "review",
            Standing::Short => "short",
            Standing::Done => "done",
            Standing::Deleted => "deleted",
        }
    }
}

/// What a batch amounts to at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BatchStats {
    /// HITs by status, in the order of [`HitStatus::ALL`].
    pub hits: [u32; 5],
    /// HITs all of whose work is handed in.
    pub complete: u32,
    /// Its assignments by where they stand.
    pub places: Places,
    /// What approved work has cost.
    pub spent: Cost,
    /// What is set aside for work that may still have to be paid.
    pub reserved: Cost,
    /// When the first HIT was made.
    pub begun: Option<Time>,
    /// When work was last handed in.
    pub last: Option<Time>,
    /// When the last HIT that is open ends.
    pub ends: Option<Time>,
    /// How fast work comes in now; none where none came in for a day.
    pub pace: Option<Pace>,
    /// The median of the work times that are known.
    pub median: Option<Seconds>,
    /// What half of the work pays an hour or more: rewards by work time, nothing for rejected work.
    pub hourly: Option<Usd>,
    /// When the endpoint may first throw a HIT of it away.
    pub purge: Option<Time>,
    /// How old it was when this was added up.
    pub(super) age: Seconds,
    /// When work was handed in, in order of time.
    pub(super) submitted: Vec<u32>,
}

impl BatchStats {
    /// How many HITs have a status.
    pub fn with_status(&self, status: HitStatus) -> u32 {
        HitStatus::ALL.iter().position(|one| *one == status).map_or(0, |place| self.hits[place])
    }

    /// How many HITs the endpoint still has.
    pub fn hits_there(&self) -> u32 {
        self.hits.iter().sum::<u32>() - self.with_status(HitStatus::Disposed)
    }

    /// Whether work may still come in.
    pub const fn is_running(&self) -> bool {
        self.places.to_come() > 0
    }

    /// In a word.
    pub fn standing(&self) -> Standing {
        let Places { submitted, missing, .. } = self.places;
        match self.is_running() {
            _ if self.hits_there() == 0 => Standing::Deleted,
            true if self.pace.is_some() || self.is_young() => Standing::Running,
            true => Standing::Idle,
            false if submitted > 0 => Standing::Review,
            false if missing > 0 => Standing::Short,
            false => Standing::Done,
        }
    }

    /// Whether it was begun so lately that nobody can have come to it yet.
    fn is_young(&self) -> bool {
        self.age < SPANS[0]
    }

    /// How long it takes until everything has come in, at the pace of now; none where nothing is to come or none comes.
    pub fn left(&self) -> Option<Seconds> {
        let to_come = self.places.to_come();
        self.pace.filter(|_| to_come > 0).map(|pace| pace.time_for(to_come))
    }

    /// How many of the open assignments will be missing when the last HIT ends, at the pace of now.
    pub fn will_miss(&self, now: Time) -> u32 {
        let (Some(ends), open) = (self.ends, self.places.open) else { return 0 };
        let time = (ends - now).0.max(0);
        let come = self.pace.map_or(0, |pace| i64::from(pace.count) * time / pace.span.0);
        open.saturating_sub(u32::try_from(come).unwrap_or(u32::MAX))
    }

    /// From when to when work was handed in, or is: the ends of a chart.
    pub fn period(&self, now: Time) -> Option<(Time, Time)> {
        let first = self.submitted.first().map(|at| Time(i64::from(*at)));
        let from = self.begun.into_iter().chain(first).min()?;
        let to = if self.is_running() { now } else { self.last.unwrap_or(now) };
        Some((from, to.max(from + Seconds(1))))
    }

    /// How much work was handed in in each of `parts` equal parts of the time from `from` to `to`.
    pub fn histogram(&self, (from, to): (Time, Time), parts: usize) -> Vec<u32> {
        let span = (to - from).0.max(1);
        // The upper end belongs to the last part.
        let end = |part: usize| if part == parts { to.0 + 1 } else { from.0 + span * part as i64 / parts as i64 };
        let before = |moment: i64| self.submitted.partition_point(|at| i64::from(*at) < moment);
        (0..parts).map(|part| (before(end(part + 1)) - before(end(part))) as u32).collect()
    }
}

/// Adds a batch up, HIT by HIT and in any order.
#[derive(Debug, Clone, PartialEq)]
pub struct Gather {
    now: Time,
    schedule: &'static FeeSchedule,
    stats: BatchStats,
    recent: [u32; SPANS.len()],
    times: Vec<u32>,
    wages: Vec<u32>,
}

impl Gather {
    /// Nothing yet, at `now` on the endpoint's clock, with the fees of this schedule.
    pub fn new(now: Time, schedule: &'static FeeSchedule) -> Gather {
        let (times, wages) = (Vec::new(), Vec::new());
        Gather { now, schedule, stats: BatchStats::default(), recent: [0; SPANS.len()], times, wages }
    }

    /// Adds a HIT with all its assignments that are known.
    pub fn hit<'a, S: 'a>(&mut self, hit: &HitRow, rows: impl IntoIterator<Item = &'a AssignmentRow<S>>) {
        let fee = self.schedule.of_hit(hit);
        let (mut decided, mut submitted, mut last) = ([0u32; 2], 0, Stamp::NONE);
        for row in rows {
            match row.status {
                AssignmentStatus::Submitted => submitted += 1,
                AssignmentStatus::Approved => decided[0] += 1,
                AssignmentStatus::Rejected => decided[1] += 1,
            }
            last = last.max(row.submitted);
            self.work(row, hit.reward);
        }
        let stats = &mut self.stats;
        if let Some(place) = HitStatus::ALL.iter().position(|one| *one == hit.status) {
            stats.hits[place] += 1;
        }
        let there = hit.status != HitStatus::Disposed;
        let open = if hit.status == HitStatus::Assignable && hit.expires > self.now { hit.available } else { 0 };
        let pending = if there { hit.pending } else { 0 };
        let places = &mut stats.places;
        places.open += open;
        places.pending += pending;
        places.submitted += submitted;
        places.approved += decided[0];
        places.rejected += decided[1];
        places.missing += if there { hit.available - open } else { 0 };
        stats.complete += u32::from(there && hit.available == 0 && hit.pending == 0);
        stats.spent.add(decided[0], hit.reward, fee);
        if there {
            stats.reserved.add(open + pending + hit.undecided(), hit.reward, fee);
        }
        let purge = purge_time(hit.status, hit.created, hit.expires, last.get());
        stats.purge = stats.purge.into_iter().chain(purge).min();
        if open > 0 {
            stats.ends = stats.ends.max(Some(hit.expires));
        }
        stats.begun = Some(stats.begun.map_or(hit.created, |first| first.min(hit.created)));
        stats.last = stats.last.max(last.get());
    }

    fn work<S>(&mut self, row: &AssignmentRow<S>, reward: Usd) {
        if let Some(at) = row.submitted.get() {
            self.stats.submitted.push(row.submitted.bits());
            for (count, span) in self.recent.iter_mut().zip(SPANS) {
                *count += u32::from(at > self.now - span && at <= self.now);
            }
        }
        let Some(time) = work_time(row.accepted.get(), row.submitted.get()) else { return };
        self.times.extend(u32::try_from(time.0));
        let paid = if row.status == AssignmentStatus::Rejected { Usd::ZERO } else { reward };
        let hourly = paid.as_cents().saturating_mul(Seconds::HOUR.0) / time.0.max(1);
        self.wages.push(u32::try_from(hourly).unwrap_or(u32::MAX));
    }

    /// What it amounts to.
    pub fn done(mut self) -> BatchStats {
        let age = self.stats.begun.map_or(Seconds::DAY, |begun| self.now - begun);
        self.stats.age = age;
        let mut counted = self.recent.into_iter().zip(SPANS);
        let found = counted.clone().find(|(count, _)| *count >= ENOUGH).or_else(|| counted.next_back());
        // A batch that is younger than the span has had less time.
        let pace = |(count, span): (u32, Seconds)| Pace { count, span: Seconds(span.0.min(age.0).max(60)) };
        self.stats.pace = found.filter(|(count, _)| *count > 0).map(pace);
        self.stats.median = median(&mut self.times);
        self.stats.hourly = median(&mut self.wages).map(|cents| Usd::cents(cents.0));
        self.stats.submitted.sort_unstable();
        self.stats
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::hit::KEPT;
    use crate::domain::id::{HitId, HitTypeId};
    use crate::domain::key::{AssignmentKey, HitKey, WorkerKey};
    use crate::domain::row::Decider;
    use AssignmentStatus::{Approved, Rejected, Submitted};
    use proptest::prelude::*;

    const NOW: Time = Time(1_795_000_000);

    /// A HIT of nine for five cents each, made two hours ago, that ends in one hour.
    fn hit(status: HitStatus, available: u32, pending: u32, completed: u32) -> HitRow {
        HitRow {
            key: HitKey(1),
            id: HitId::parse("3HIT").unwrap(),
            type_id: HitTypeId::parse("3TYPE").unwrap(),
            title: "Relations".into(),
            batch: "pilot".into(),
            status,
            reward: Usd::cents(5),
            created: NOW - Seconds(7_200),
            expires: NOW + Seconds::HOUR,
            auto_approval_delay: Seconds::DAY,
            max_assignments: 9,
            pending,
            available,
            completed,
            masters: false,
        }
    }

    /// Work that was handed in so many seconds ago after so many seconds of work.
    fn row(status: AssignmentStatus, ago: i64, took: i64) -> AssignmentRow<()> {
        let submitted = NOW - Seconds(ago);
        AssignmentRow {
            key: AssignmentKey(0),
            hit: HitKey(1),
            worker: WorkerKey(1),
            status,
            by: Decider::Unknown,
            noted: false,
            accepted: (submitted - Seconds(took)).into(),
            submitted: submitted.into(),
            auto_approval: Stamp::NONE,
            decided: Stamp::NONE,
            summary: (),
        }
    }

    fn stats(hits: &[(HitRow, Vec<AssignmentRow<()>>)]) -> BatchStats {
        let mut gather = Gather::new(NOW, &FeeSchedule::AMAZON);
        hits.iter().for_each(|(hit, rows)| gather.hit(hit, rows));
        gather.done()
    }

    #[test]
    fn money_is_counted_to_the_cent() {
        let rows = vec![row(Approved, 60, 30), row(Approved, 50, 30), row(Rejected, 40, 30), row(Submitted, 30, 30)];
        let it = stats(&[(hit(HitStatus::Assignable, 4, 1, 3), rows)]);
        let all = Places { open: 4, pending: 1, submitted: 1, approved: 2, rejected: 1, missing: 0 };
        assert_eq!((it.places, it.places.wanted()), (all, 9));
        assert_eq!(
            (it.spent.rewards, it.spent.fees, it.spent.total()),
            (Usd::cents(10), Usd::cents(2), Usd::cents(12))
        );
        // Four open, one pending, one undecided, six cents each.
        assert_eq!(it.reserved.total(), Usd::cents(36));
    }

    #[test]
    fn what_nobody_can_accept_any_more_is_missing_and_costs_nothing() {
        let over = HitRow { expires: NOW - Seconds(5), ..hit(HitStatus::Reviewable, 9, 0, 0) };
        // The endpoint may not have acted on the end yet.
        let late = HitRow { expires: NOW, ..hit(HitStatus::Assignable, 9, 0, 0) };
        let it = stats(&[(over, vec![]), (late, vec![])]);
        assert_eq!((it.places.missing, it.places.open, it.reserved.total()), (18, 0, Usd::ZERO));
        assert!(!it.is_running());
    }

    #[test]
    fn deleted_hits_count_with_the_work_that_was_done() {
        let it = stats(&[(hit(HitStatus::Disposed, 7, 0, 2), vec![row(Approved, 60, 30), row(Rejected, 60, 30)])]);
        assert_eq!((it.places.handed_in(), it.places.wanted(), it.hits_there()), (2, 2, 0));
        assert_eq!((it.reserved.total(), it.purge), (Usd::ZERO, None));
    }

    #[test]
    fn the_pace_is_that_of_the_shortest_span_with_enough_work() {
        let often = (0..20).map(|n| row(Submitted, n * 20, 5)).collect::<Vec<_>>();
        let it = stats(&[(hit(HitStatus::Assignable, 9, 0, 0), often.clone())]);
        assert_eq!(it.pace, Some(Pace { count: 20, span: Seconds(600) }));
        assert_eq!((it.pace.unwrap().hourly(), it.left()), (120, Some(Seconds(270))));
        let slower = often[..19].to_vec();
        let it = stats(&[(hit(HitStatus::Assignable, 9, 0, 0), slower)]);
        // A day, of which the batch has lived two hours.
        assert_eq!(it.pace, Some(Pace { count: 19, span: Seconds(7_200) }));
        let it = stats(&[(hit(HitStatus::Assignable, 9, 0, 0), vec![row(Approved, 90_000, 5)])]);
        assert_eq!((it.pace, it.left()), (None, None));
    }

    #[test]
    fn what_will_be_missing_at_the_end_is_foreseen() {
        let slow = vec![row(Submitted, 10, 5), row(Submitted, 20, 5)];
        let it = stats(&[(hit(HitStatus::Assignable, 7, 0, 0), slow)]);
        // Two in two hours, and one hour left: one comes, six of seven do not.
        assert_eq!(it.will_miss(NOW), 6);
        let fast = (0..60).map(|n| row(Submitted, n, 5)).collect();
        assert_eq!(stats(&[(hit(HitStatus::Assignable, 7, 0, 0), fast)]).will_miss(NOW), 0);
    }

    #[test]
    fn an_hour_pays_what_half_of_the_work_pays_and_rejected_work_pays_nothing() {
        let it = stats(&[(
            hit(HitStatus::Assignable, 6, 0, 0),
            vec![row(Approved, 9, 10), row(Submitted, 8, 20), row(Rejected, 7, 30)],
        )]);
        // 18.00, 9.00 and nothing.
        assert_eq!((it.median, it.hourly), (Some(Seconds(20)), Some(Usd::cents(900))));
        let unknown = AssignmentRow { accepted: Stamp::NONE, ..row(Approved, 9, 10) };
        let it = stats(&[(hit(HitStatus::Assignable, 8, 0, 0), vec![unknown])]);
        assert_eq!((it.median, it.hourly), (None, None));
    }

    #[test]
    fn the_purge_counts_from_the_earliest_moment() {
        let full = hit(HitStatus::Reviewable, 0, 0, 9);
        let it = stats(&[(full, vec![row(Approved, 100, 5), row(Approved, 50, 5)])]);
        assert_eq!(it.purge, Some(NOW - Seconds(50) + KEPT));
        let open = hit(HitStatus::Assignable, 8, 0, 1);
        let it = stats(&[(open.clone(), vec![row(Approved, 100, 5)])]);
        assert_eq!(it.purge, Some(open.expires + KEPT));
    }

    #[test]
    fn a_word_says_how_it_stands() {
        let word = |hit: HitRow, rows: Vec<AssignmentRow<()>>| stats(&[(hit, rows)]).standing();
        let open = || hit(HitStatus::Assignable, 8, 0, 1);
        assert_eq!(word(open(), vec![row(Approved, 60, 5)]), Standing::Running);
        assert_eq!(word(open(), vec![row(Approved, 100_000, 5)]), Standing::Idle);
        let fresh = HitRow { created: NOW - Seconds(60), ..hit(HitStatus::Assignable, 9, 0, 0) };
        assert_eq!(word(fresh, vec![]), Standing::Running);
        let full = || hit(HitStatus::Reviewable, 0, 0, 9);
        assert_eq!(word(full(), vec![row(Submitted, 60, 5), row(Approved, 60, 5)]), Standing::Review);
        assert_eq!(word(full(), vec![row(Approved, 60, 5)]), Standing::Done);
        assert_eq!(word(hit(HitStatus::Reviewable, 8, 0, 1), vec![row(Approved, 60, 5)]), Standing::Short);
        assert_eq!(word(hit(HitStatus::Disposed, 8, 0, 1), vec![row(Approved, 60, 5)]), Standing::Deleted);
    }

    proptest! {
        #[test]
        fn a_chart_holds_all_work(ago in prop::collection::vec(0i64..7_000, 0..60), parts in 1usize..40) {
            let rows: Vec<_> = ago.iter().map(|ago| row(Submitted, *ago, 5)).collect();
            let it = stats(&[(hit(HitStatus::Assignable, 9, 0, 0), rows)]);
            let bars = it.histogram(it.period(NOW).unwrap(), parts);
            prop_assert_eq!(bars.len(), parts);
            prop_assert_eq!(bars.iter().sum::<u32>() as usize, ago.len());
        }

        #[test]
        fn parts_add_up_whatever_the_order(status in prop::collection::vec(0usize..3, 0..30), cut in 0usize..30) {
            let rows: Vec<_> = status.iter().map(|it| row(AssignmentStatus::ALL[*it], 10, 5)).collect();
            let cut = cut.min(rows.len());
            let one = hit(HitStatus::Reviewable, 0, 0, 9);
            let apart = stats(&[(one.clone(), rows[cut..].to_vec()), (one.clone(), rows[..cut].to_vec())]);
            let turned = stats(&[(one.clone(), rows[..cut].to_vec()), (one, rows[cut..].to_vec())]);
            prop_assert_eq!(&apart, &turned);
            prop_assert_eq!(apart.places.handed_in() as usize, status.len());
        }
    }
}
