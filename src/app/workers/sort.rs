//! The orders of the Workers screen.

use super::KnownWorker;
use crate::domain::time::Time;
use std::cmp::{Ordering, Reverse};

/// What the list is sorted by. Each order begins with whom one looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum WorkerSort {
    /// Who handed most in.
    #[default]
    Sent,
    /// The lowest approval rate.
    Rate,
    /// Who has most rejections.
    Rejected,
    /// The shortest work times.
    Time,
    /// Who was here last.
    Seen,
    /// Who came first.
    First,
    /// Who earned most.
    Earned,
    /// Who was paid most in bonuses.
    Bonuses,
    /// The blocked ones.
    Blocked,
    /// By identifier.
    Worker,
}

impl WorkerSort {
    /// All of them, as the chooser shows them.
    pub const ALL: [WorkerSort; 10] = [
        WorkerSort::Sent,
        WorkerSort::Rate,
        WorkerSort::Rejected,
        WorkerSort::Time,
        WorkerSort::Seen,
        WorkerSort::Earned,
        WorkerSort::Blocked,
        WorkerSort::Worker,
        WorkerSort::Bonuses,
        WorkerSort::First,
    ];

    /// The word for people.
    pub const fn title(self) -> &'static str {
        match self {
            WorkerSort::Sent => "sent",
            WorkerSort::Rate => "approval rate",
            WorkerSort::Rejected => "rejected",
            WorkerSort::Time => "time",
            WorkerSort::Seen => "last seen",
            WorkerSort::First => "first seen",
            WorkerSort::Earned => "earned",
            WorkerSort::Bonuses => "bonuses",
            WorkerSort::Blocked => "blocked",
            WorkerSort::Worker => "worker",
        }
    }

    /// Who comes first. Who has no value comes last.
    pub(super) fn compare(self, a: &KnownWorker, b: &KnownWorker) -> Ordering {
        let (one, other) = (&a.stats, &b.stats);
        match self {
            WorkerSort::Sent => other.submitted.cmp(&one.submitted),
            WorkerSort::Rate => {
                let key = |rate: Option<u32>| (rate.is_none(), rate);
                key(one.lifetime.rate()).cmp(&key(other.lifetime.rate()))
            }
            WorkerSort::Rejected => other.lifetime.rejected.cmp(&one.lifetime.rejected),
            WorkerSort::Time => (one.median.is_none(), one.median).cmp(&(other.median.is_none(), other.median)),
            WorkerSort::Seen => Reverse(one.last.get()).cmp(&Reverse(other.last.get())),
            WorkerSort::First => {
                let key = |at: Option<Time>| (at.is_none(), at);
                key(one.first.get()).cmp(&key(other.first.get()))
            }
            WorkerSort::Bonuses => b.bonuses.cmp(&a.bonuses),
            WorkerSort::Earned => other.earned.cmp(&one.earned),
            WorkerSort::Blocked => b.blocked.cmp(&a.blocked),
            // Pseudonyms have an order of their own: that of the identifiers would tell of them.
            WorkerSort::Worker => (&a.alias, &a.id).cmp(&(&b.alias, &b.id)),
        }
    }
}
