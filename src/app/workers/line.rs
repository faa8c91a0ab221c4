//! What is typed on the Workers screen.

use super::Who;
use super::money::Share;
use crate::domain::id::QualificationTypeId;
use crate::domain::money::Usd;
use std::sync::Arc;

/// A line to type.
#[derive(Debug, Clone, PartialEq)]
pub enum Line {
    /// The filter; the one before is restored by Esc.
    Filter {
        /// The filter before.
        before: String,
    },
    /// Why workers are blocked.
    Block(Who),
    /// Why blocks are taken away; kept in the audit trail.
    Unblock(Who),
    /// The subject of a message.
    Subject(Who),
    /// The text of a message with this subject.
    Text(Who, String),
    /// The note on workers.
    Note(Who),
    /// How much of a bonus.
    Bonus(Who),
    /// Why a bonus of this is paid.
    BonusReason(Who, Share),
    /// How much is paid without an assignment.
    Pay(Who),
    /// Why this is paid.
    PayReason(Who, Usd),
    /// Which qualification is granted, and the score.
    Qualify(Who),
    /// By which qualification they are kept out of what comes next, and the score.
    Exclude(Who),
    /// Which qualification is taken away.
    Disqualify(Who),
    /// Why this one is taken away; the workers read it.
    Reason(Who, QualificationTypeId, Arc<str>),
}
