//! HITs as the API reports them.

use super::batch::PolicySpec;
use super::id::{HitGroupId, HitId, HitTypeId, QualificationTypeId};
use super::money::Usd;
use super::time::{Seconds, Time};

/// `HITStatus` of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HitStatus {
    /// Workers can accept it.
    Assignable,
    /// Nobody can accept it, somebody still works on it.
    Unassignable,
    /// All work is in, or it has expired.
    Reviewable,
    /// As Reviewable, with the requester's flag.
    Reviewing,
    /// Deleted.
    Disposed,
}

impl HitStatus {
    /// All, in the order of a HIT's life.
    pub const ALL: [HitStatus; 5] = [
        HitStatus::Assignable,
        HitStatus::Unassignable,
        HitStatus::Reviewable,
        HitStatus::Reviewing,
        HitStatus::Disposed,
    ];

    /// The API's name.
    pub const fn name(self) -> &'static str {
        match self {
            HitStatus::Assignable => "Assignable",
            HitStatus::Unassignable => "Unassignable",
            HitStatus::Reviewable => "Reviewable",
            HitStatus::Reviewing => "Reviewing",
            HitStatus::Disposed => "Disposed",
        }
    }

    /// From the API's name, case-exact.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// `HITReviewStatus` of the API, kept as the endpoint reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HitReviewStatus {
    /// The default, and all that was ever seen.
    #[default]
    NotReviewed,
    /// Amazon's content review asked for a look.
    MarkedForReview,
    /// Amazon's content review passed it.
    ReviewedAppropriate,
    /// Amazon's content review refused it.
    ReviewedInappropriate,
}

impl HitReviewStatus {
    /// All of them.
    pub const ALL: [HitReviewStatus; 4] = [
        HitReviewStatus::NotReviewed,
        HitReviewStatus::MarkedForReview,
        HitReviewStatus::ReviewedAppropriate,
        HitReviewStatus::ReviewedInappropriate,
    ];

    /// The API's name.
    pub const fn name(self) -> &'static str {
        match self {
            HitReviewStatus::NotReviewed => "NotReviewed",
            HitReviewStatus::MarkedForReview => "MarkedForReview",
            HitReviewStatus::ReviewedAppropriate => "ReviewedAppropriate",
            HitReviewStatus::ReviewedInappropriate => "ReviewedInappropriate",
        }
    }
}

/// A qualification requirement of a HIT, in the API's own names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// Own type or system type.
    pub qualification: QualificationTypeId,
    /// `Comparator`, by its API name, e.g. `GreaterThanOrEqualTo`.
    pub comparator: String,
    /// `IntegerValues`.
    pub integers: Vec<i32>,
    /// `LocaleValues` as `US` or `US-NY`.
    pub locales: Vec<String>,
    /// `ActionsGuarded` by its API name, `Accept` by default.
    pub guards: String,
}

/// What CreateHIT is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HitDraft {
    /// `Title`.
    pub title: String,
    /// `Description`.
    pub description: String,
    /// `Keywords`.
    pub keywords: Option<String>,
    /// `Reward`.
    pub reward: Usd,
    /// `MaxAssignments`.
    pub max_assignments: u32,
    /// `LifetimeInSeconds`.
    pub lifetime: Seconds,
    /// `AssignmentDurationInSeconds`.
    pub duration: Seconds,
    /// `AutoApprovalDelayInSeconds`.
    pub auto_approval_delay: Seconds,
    /// `Question`: the XML document.
    pub question: String,
    /// `RequesterAnnotation`.
    pub annotation: String,
    /// `QualificationRequirements`.
    pub requirements: Vec<Requirement>,
    /// `UniqueRequestToken`: made once for each HIT.
    pub token: String,
}

/// How long an endpoint keeps a HIT that nobody can work on any more, with its assignments.
pub const KEPT: Seconds = Seconds(120 * 86_400);

/// When the endpoint may dispose of a HIT, with its assignments, at the earliest: [`KEPT`] after nobody could work on it any
/// more. That is when it expires, or before, when all of its work is in: `last_in` is when the last of it was handed in.
/// Amazon does not say from which moment it counts; this is the earliest of those that fit its words. A HIT that was disposed
/// of has no such date.
pub fn purge_time(status: HitStatus, created: Time, expires: Time, last_in: Option<Time>) -> Option<Time> {
    let closed = match status {
        HitStatus::Disposed => return None,
        HitStatus::Assignable | HitStatus::Unassignable => expires,
        HitStatus::Reviewable | HitStatus::Reviewing => last_in.map_or(expires, |last| last.min(expires)),
    };
    // A HIT is ended by an expiration in the past, any past.
    Some(closed.max(created) + KEPT)
}

/// What CreateHITType is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HitTypeDraft {
    /// `Title`.
    pub title: String,
    /// `Description`.
    pub description: String,
    /// `Keywords`.
    pub keywords: Option<String>,
    /// `Reward`.
    pub reward: Usd,
    /// `AssignmentDurationInSeconds`.
    pub duration: Seconds,
    /// `AutoApprovalDelayInSeconds`.
    pub auto_approval_delay: Seconds,
    /// `QualificationRequirements`.
    pub requirements: Vec<Requirement>,
}

/// What CreateHITWithHITType is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostDraft {
    /// `HITTypeId`.
    pub hit_type: HitTypeId,
    /// `MaxAssignments`.
    pub max_assignments: u32,
    /// `LifetimeInSeconds`.
    pub lifetime: Seconds,
    /// `Question`.
    pub question: String,
    /// `RequesterAnnotation`.
    pub annotation: String,
    /// `AssignmentReviewPolicy`.
    pub assignment_policy: Option<PolicySpec>,
    /// `HITReviewPolicy`.
    pub hit_policy: Option<PolicySpec>,
    /// `UniqueRequestToken`: made once for each HIT.
    pub token: String,
}

/// One HIT with everything the API reports of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// `HITId`.
    pub id: HitId,
    /// `HITTypeId`.
    pub type_id: HitTypeId,
    /// `HITGroupId`.
    pub group: Option<HitGroupId>,
    /// `Title`.
    pub title: String,
    /// `Description`.
    pub description: String,
    /// `Keywords`, as one comma-separated text.
    pub keywords: String,
    /// `Question`: the XML document.
    pub question: String,
    /// `HITStatus`.
    pub status: HitStatus,
    /// `HITReviewStatus`.
    pub review_status: HitReviewStatus,
    /// `Reward`.
    pub reward: Usd,
    /// `CreationTime`.
    pub created: Time,
    /// `Expiration`.
    pub expires: Time,
    /// `AssignmentDurationInSeconds`.
    pub duration: Seconds,
    /// `AutoApprovalDelayInSeconds`.
    pub auto_approval_delay: Seconds,
    /// `MaxAssignments`.
    pub max_assignments: u32,
    /// `NumberOfAssignmentsPending`: accepted, not submitted.
    pub pending: u32,
    /// `NumberOfAssignmentsAvailable`.
    pub available: u32,
    /// `NumberOfAssignmentsCompleted`: approved or rejected.
    pub completed: u32,
    /// `RequesterAnnotation`.
    pub annotation: Option<String>,
    /// `QualificationRequirements`.
    pub requirements: Vec<Requirement>,
}

impl Hit {
    /// Submitted and undecided assignments. The API has no such counter; it follows from
    /// `MaxAssignments = Available + Pending + Completed + undecided`.
    pub fn undecided(&self) -> u32 {
        self.max_assignments.saturating_sub(self.available + self.pending + self.completed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hit_goes_120_days_after_nobody_could_work_on_it() {
        use HitStatus::{Assignable, Disposed, Reviewable, Reviewing, Unassignable};
        let days = |days: i64| Time(days * 86_400);
        let purge = |status, last_in: Option<i64>| purge_time(status, days(10), days(40), last_in.map(days));
        // While somebody can still work on it, the earliest end is its expiration.
        assert_eq!((purge(Assignable, None), purge(Unassignable, Some(12))), (Some(days(160)), Some(days(160))));
        // All work was in before that.
        assert_eq!((purge(Reviewable, Some(12)), purge(Reviewing, Some(12))), (Some(days(132)), Some(days(132))));
        // Work that was accepted in time came in afterwards.
        assert_eq!((purge(Reviewable, Some(41)), purge(Reviewable, None)), (Some(days(160)), Some(days(160))));
        assert_eq!(purge(Disposed, Some(12)), None);
        // Ended by an expiration at the beginning of time.
        assert_eq!(purge_time(Reviewable, days(10), Time(0), None), Some(days(130)));
    }
}
