//! The orders of batches, and of the HITs of one.

use super::OneBatch;
use crate::app::model::Model;
use crate::domain::hit::HitStatus;
use crate::domain::key::HitKey;
use std::cmp::{Ordering, Reverse};

/// What the list of batches is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BatchSort {
    /// What runs first, then what waits for somebody; of these the newest first.
    #[default]
    Status,
    /// The newest first.
    Made,
    /// By name.
    Name,
    /// What is in soonest first.
    Ready,
    /// The most undecided work first.
    Submitted,
    /// The most missing work first.
    Missing,
    /// The dearest first.
    Spent,
    /// The worst paid first.
    Wage,
    /// What is thrown away soonest first.
    Purge,
}

impl BatchSort {
    /// All of them, as the chooser shows them.
    pub const ALL: [BatchSort; 9] = [
        BatchSort::Status,
        BatchSort::Made,
        BatchSort::Name,
        BatchSort::Ready,
        BatchSort::Submitted,
        BatchSort::Missing,
        BatchSort::Spent,
        BatchSort::Wage,
        BatchSort::Purge,
    ];

    /// The word for people.
    pub const fn title(self) -> &'static str {
        match self {
            BatchSort::Status => "status",
            BatchSort::Made => "made",
            BatchSort::Name => "name",
            BatchSort::Ready => "ready in",
            BatchSort::Submitted => "submitted",
            BatchSort::Missing => "missing",
            BatchSort::Spent => "spent",
            BatchSort::Wage => "wage",
            BatchSort::Purge => "purge date",
        }
    }

    /// The order of two batches.
    pub(super) fn compare(self, a: &OneBatch, b: &OneBatch) -> Ordering {
        let newest = |one: &OneBatch| Reverse(one.stats.begun);
        // What has none comes last.
        let known = |value: Option<i64>| value.unwrap_or(i64::MAX);
        match self {
            BatchSort::Status => (a.stats.standing(), newest(a)).cmp(&(b.stats.standing(), newest(b))),
            BatchSort::Made => newest(a).cmp(&newest(b)),
            BatchSort::Name => a.name.cmp(&b.name),
            BatchSort::Ready => by(a, b, |one| known(one.stats.left().map(|left| left.0))),
            BatchSort::Submitted => by(a, b, |one| Reverse(one.stats.places.submitted)),
            BatchSort::Missing => by(a, b, |one| Reverse(one.stats.places.missing)),
            BatchSort::Spent => by(a, b, |one| Reverse(one.stats.spent.total())),
            BatchSort::Wage => by(a, b, |one| known(one.stats.hourly.map(|wage| wage.as_cents()))),
            BatchSort::Purge => by(a, b, |one| known(one.stats.purge.map(|at| at.0))),
        }
    }
}

fn by<K: Ord>(a: &OneBatch, b: &OneBatch, key: impl Fn(&OneBatch) -> K) -> Ordering {
    key(a).cmp(&key(b))
}

/// What the HITs of a batch are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HitSort {
    /// As they were made.
    #[default]
    Made,
    /// Those that lack most work first.
    Lacking,
    /// The most undecided work first.
    Submitted,
    /// The most rejected work first.
    Rejected,
    /// What ends soonest first.
    Ends,
    /// Open ones first.
    Status,
}

impl HitSort {
    /// All of them, as the chooser shows them.
    pub const ALL: [HitSort; 6] =
        [HitSort::Made, HitSort::Lacking, HitSort::Submitted, HitSort::Rejected, HitSort::Ends, HitSort::Status];

    /// The word for people.
    pub const fn title(self) -> &'static str {
        match self {
            HitSort::Made => "made",
            HitSort::Lacking => "lacking",
            HitSort::Submitted => "submitted",
            HitSort::Rejected => "rejected",
            HitSort::Ends => "ends",
            HitSort::Status => "status",
        }
    }

    /// Puts HITs into this order.
    pub(super) fn arrange(self, model: &Model, hits: &mut [HitKey]) {
        hits.sort_unstable();
        if self != HitSort::Made {
            hits.sort_by_cached_key(|key| self.key(model, *key));
        }
    }

    fn key(self, model: &Model, key: HitKey) -> i64 {
        let (Some(hit), counts) = (model.hit(key), model.hit_counts(key)) else { return i64::MAX };
        let place = |status: HitStatus| HitStatus::ALL.iter().position(|one| *one == status).unwrap_or(0) as i64;
        match self {
            HitSort::Made => i64::from(key.0),
            HitSort::Lacking => -(i64::from(hit.max_assignments) - i64::from(counts.total() - counts.rejected)),
            HitSort::Submitted => -i64::from(counts.submitted),
            HitSort::Rejected => -i64::from(counts.rejected),
            HitSort::Ends => hit.expires.0,
            HitSort::Status => place(hit.status),
        }
    }
}
