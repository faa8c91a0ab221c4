//! Counts over assignments, kept up to date row by row.

use crate::domain::assignment::AssignmentStatus;
use crate::domain::time::Stamp;

/// What is on its way for an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Live {
    /// An approval or an override.
    Approving,
    /// A rejection.
    Rejecting,
}

/// Counts over assignments: of a HIT, of a batch, of all work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Waiting for a decision at the endpoint.
    pub submitted: u32,
    /// Approved at the endpoint.
    pub approved: u32,
    /// Rejected at the endpoint.
    pub rejected: u32,
    /// Of the submitted ones, those with a decision on its way.
    pub live: u32,
    /// Of these, those about to be rejected.
    pub rejecting: u32,
    /// The earliest auto-approval among those that nobody has decided.
    pub next: Stamp,
}

impl Counts {
    /// Neither decided nor with a decision on its way.
    pub const fn left(&self) -> u32 {
        self.submitted - self.live
    }

    /// Decided, or with a decision on its way.
    pub const fn decided(&self) -> u32 {
        self.approved + self.rejected + self.live
    }

    /// All work that came in.
    pub const fn total(&self) -> u32 {
        self.submitted + self.approved + self.rejected
    }

    pub(super) fn add(&mut self, status: AssignmentStatus, live: Option<Live>) {
        let live = live.filter(|_| status == AssignmentStatus::Submitted);
        *self.of(status) += 1;
        self.live += u32::from(live.is_some());
        self.rejecting += u32::from(live == Some(Live::Rejecting));
    }

    pub(super) fn take(&mut self, status: AssignmentStatus, live: Option<Live>) {
        let live = live.filter(|_| status == AssignmentStatus::Submitted);
        *self.of(status) -= 1;
        self.live -= u32::from(live.is_some());
        self.rejecting -= u32::from(live == Some(Live::Rejecting));
    }

    fn of(&mut self, status: AssignmentStatus) -> &mut u32 {
        match status {
            AssignmentStatus::Submitted => &mut self.submitted,
            AssignmentStatus::Approved => &mut self.approved,
            AssignmentStatus::Rejected => &mut self.rejected,
        }
    }

    pub(super) fn merge(&mut self, other: Counts, sign: fn(u32, u32) -> u32) {
        self.submitted = sign(self.submitted, other.submitted);
        self.approved = sign(self.approved, other.approved);
        self.rejected = sign(self.rejected, other.rejected);
        self.live = sign(self.live, other.live);
        self.rejecting = sign(self.rejecting, other.rejecting);
    }
}

/// The earlier of two moments, where no moment is later than any.
pub(super) fn earlier(a: Stamp, b: Stamp) -> Stamp {
    match (a.get(), b.get()) {
        (Some(_), Some(_)) => a.min(b),
        (Some(_), None) => a,
        _ => b,
    }
}
