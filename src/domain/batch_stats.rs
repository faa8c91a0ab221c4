//! What a batch amounts to: how far it is, how fast it goes, what it costs, what an hour of it pays, and when it is over.
//! One function for the Batches screen and for `hitdeck batch status`.
//!
//! A batch is handed in HIT by HIT, so that very large ones can be added up in steps between keys.

#[cfg(test)]
mod tests;

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

    /// Adds a HIT with all its assignments that are known. Newer HITs ask for `anew` assignments in its place.
    pub fn hit<'a, S: 'a>(&mut self, hit: &HitRow, anew: u32, rows: impl IntoIterator<Item = &'a AssignmentRow<S>>) {
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
        places.missing += if there { (hit.available - open).saturating_sub(anew) } else { 0 };
        stats.complete += u32::from(there && hit.available == 0 && hit.pending == 0);
        stats.spent.add(decided[0], hit.reward, fee);
        if there {
            stats.reserved.add(open + pending + submitted, hit.reward, fee);
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
