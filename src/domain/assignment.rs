//! Assignments as the API reports them.

use super::id::{AssignmentId, HitId, WorkerId};
use super::time::{Seconds, Time};

/// How long after submission a rejection can be overridden.
pub const OVERRIDE_WINDOW: Seconds = Seconds(30 * 86_400);

/// `AssignmentStatus` of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AssignmentStatus {
    /// Waiting for a decision.
    Submitted,
    /// Approved, by a person, a rule or the clock; final.
    Approved,
    /// Rejected; an override within [`OVERRIDE_WINDOW`] makes it Approved.
    Rejected,
}

impl AssignmentStatus {
    /// All three.
    pub const ALL: [AssignmentStatus; 3] =
        [AssignmentStatus::Submitted, AssignmentStatus::Approved, AssignmentStatus::Rejected];

    /// The API's name.
    pub const fn name(self) -> &'static str {
        match self {
            AssignmentStatus::Submitted => "Submitted",
            AssignmentStatus::Approved => "Approved",
            AssignmentStatus::Rejected => "Rejected",
        }
    }

    /// From the API's name, case-exact.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// One assignment with everything the API reports of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// `AssignmentId`.
    pub id: AssignmentId,
    /// `HITId`.
    pub hit: HitId,
    /// `WorkerId`.
    pub worker: WorkerId,
    /// `AssignmentStatus`.
    pub status: AssignmentStatus,
    /// `AcceptTime`; imported work may have none.
    pub accepted: Option<Time>,
    /// `SubmitTime`; imported work may have none.
    pub submitted: Option<Time>,
    /// `AutoApprovalTime`.
    pub auto_approval: Option<Time>,
    /// `ApprovalTime`.
    pub approved: Option<Time>,
    /// `RejectionTime`.
    pub rejected: Option<Time>,
    /// `RequesterFeedback`.
    pub feedback: Option<String>,
    /// `Answer`: the QuestionFormAnswers document, as untrusted as any text a worker wrote.
    pub answer: String,
}

/// A bonus that was paid, as `ListBonusPayments` reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BonusPayment {
    /// Who got it.
    pub worker: WorkerId,
    /// For which assignment.
    pub assignment: AssignmentId,
    /// Without the fee.
    pub amount: super::money::Usd,
    /// As shown to the worker.
    pub reason: String,
    /// `GrantTime`.
    pub granted: Option<Time>,
}

/// How long the worker took: from accepting to submitting. Unknown where an imported file has it end before it began.
pub fn work_time(accepted: Option<Time>, submitted: Option<Time>) -> Option<Seconds> {
    Some(submitted? - accepted?).filter(|span| span.0 >= 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_that_ends_before_it_begins_took_nobody_knows_how_long() {
        let took = |from, to| work_time(Some(Time(from)), Some(Time(to)));
        assert_eq!((took(100, 142), took(100, 100), took(100, 58)), (Some(Seconds(42)), Some(Seconds(0)), None));
        assert_eq!(work_time(None, Some(Time(1))), None);
    }
}
