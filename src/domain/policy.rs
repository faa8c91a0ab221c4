//! What may be decided when, and why not: one set of rules for the desk and the subcommands.
//! The endpoint's own rules are in Amazon's API reference; the guards on top of them are ours.

mod hit;

pub use hit::{
    HitCase, LIFETIME_LIMIT, MANY_FROM, may_add, may_delete, may_expire, may_extend, may_open, may_retype, may_review,
    waits_for,
};

use super::assignment::{AssignmentStatus, OVERRIDE_WINDOW};
use super::decision::{Decision, Target};
use super::hit::HitStatus;
use super::money::Usd;
use super::query::Query;
use super::time::{Stamp, Time};

/// The longest `RequesterFeedback`, in characters.
pub const FEEDBACK_LIMIT: usize = 1_024;

/// What the rules need to know of an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Case {
    /// As the endpoint last reported it.
    pub status: AssignmentStatus,
    /// `SubmitTime`.
    pub submitted: Stamp,
    /// The verb of a decision for it that is on its way.
    pub live: Option<&'static str>,
    /// Whether its HIT has been deleted.
    pub hit_deleted: bool,
}

/// Why something may not be decided.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Refusal {
    /// The desk or the command runs with `--read-only`.
    #[error("read-only: nothing can be decided")]
    ReadOnly,
    /// It was approved before.
    #[error("already approved")]
    AlreadyApproved,
    /// It was rejected before.
    #[error("already rejected; an override reverses that")]
    AlreadyRejected,
    /// Only a rejection can be overridden.
    #[error("not rejected: there is nothing to override")]
    NotRejected,
    /// The rejection is too old.
    #[error("submitted more than 30 days ago: a rejection can no longer be overridden")]
    OverrideWindowClosed,
    /// Another decision is on its way.
    #[error("{0} is already on its way; undo it first if it is still staged")]
    Live(&'static str),
    /// The HIT is gone.
    #[error("its HIT has been deleted")]
    HitDeleted,
    /// A rejection without a reason.
    #[error("a rejection needs a reason: the worker reads it")]
    ReasonMissing,
    /// A bonus without a reason.
    #[error("a bonus needs a reason: the worker reads it")]
    BonusReasonMissing,
    /// The text is longer than the endpoint takes.
    #[error("{0} characters; at most 1024 are allowed")]
    TextTooLong(usize),
    /// The text has characters that the endpoint refuses.
    #[error("a control character at column {0}; remove it")]
    ControlCharacter(usize),
    /// A bonus of nothing.
    #[error("a bonus is at least $0.01")]
    BonusTooSmall,
    /// A bonus over the guard.
    #[error("more than {} for one bonus; [review] bonus_limit in the configuration sets the guard", .0.display())]
    BonusTooLarge(Usd),
    /// A rule that rejects by what other workers answered.
    #[error(
        "a rejection by rule may look at the answer itself, not at \"{0}\": evidence sorts and explains, a person who \
         has seen the rows decides"
    )]
    ByEvidence(String),
    /// A decision about something that it cannot be about.
    #[error("{0} is not done to a {1}")]
    NotOfThat(&'static str, &'static str),
    /// A block without a reason.
    #[error("a block needs a reason")]
    BlockReasonMissing,
    /// A block of somebody who is blocked.
    #[error("already blocked")]
    AlreadyBlocked,
    /// The end of a block that is not there.
    #[error("not blocked")]
    NotBlocked,
    /// A score that the worker has.
    #[error("already with this score")]
    AlreadyHeld,
    /// A qualification that the worker does not hold.
    #[error("without this qualification")]
    NotHeld,
    /// A bonus for somebody without an assignment.
    #[error("without an assignment to pay a bonus on; `pay` pays them by a HIT of their own")]
    NoAssignment,
    /// A message without a subject or a text.
    #[error("a message needs a subject and a text")]
    MessageEmpty,
    /// A message that is too long.
    #[error("the {0} has {1} characters; at most {2} are allowed")]
    MessageTooLong(&'static str, usize, usize),
    /// More workers than one NotifyWorkers takes.
    #[error("one message goes to 1 to 100 workers, not to {0}")]
    TooManyWorkers(usize),
    /// A HIT that cannot be expired.
    #[error("nobody can accept it any more")]
    AlreadyExpired,
    /// A HIT with work that nobody has decided.
    #[error("{0} of its assignments are undecided")]
    UndecidedWork(u32),
    /// A HIT somebody works on.
    #[error("{0} workers are at work on it")]
    WorkUnderWay(u32),
    /// An extension to a moment that has passed.
    #[error("the new end has passed already; to end it now, expire it")]
    EndPassed,
    /// An extension to the far future.
    #[error("the new end is more than 365 days ahead")]
    EndTooFar,
    /// An extension that extends nothing.
    #[error("already open until then or longer")]
    OpenLonger,
    /// An addition of nothing, or of too much.
    #[error("1 to 1,000,000,000 assignments can be added")]
    AdditionSize,
    /// The fee changes at ten assignments, and a HIT never changes sides.
    #[error("made with fewer than 10 assignments, for the lower fee, it can never have 10: {0} more can be added")]
    BelowTen(u32),
    /// A HIT from before the fees of today.
    #[error("made before 22 July 2015: it can have no more assignments")]
    TooOldToAdd,
    /// A HIT that would be open for no time, or for ever.
    #[error("a HIT is open for 30 seconds at the least and 365 days at the most")]
    OpenTime,
    /// A HIT that no batch file of this store made: nobody knows its row.
    #[error("not published from a batch file here")]
    NotFromHere,
    /// A HIT that has the answers it was to get, or will have them.
    #[error("lacking nothing")]
    NothingLacking,
    /// Another type for a HIT with work in it.
    #[error("{0} of its assignments were accepted or submitted: only an untouched HIT changes its type")]
    TouchedWork(u32),
    /// The type that it has.
    #[error("already of this type")]
    SameType,
    /// The requester's flag on a HIT that is not ready for it.
    #[error("it is {}: the review status goes from Reviewable to Reviewing and back", .0.name())]
    NotReviewable(HitStatus),
    /// The requester's flag as it is.
    #[error("already {}", .0.name())]
    ReviewedSo(HitStatus),
}

/// Whether an assignment may be approved.
pub fn may_approve(case: &Case) -> Result<(), Refusal> {
    undecided(case)
}

/// Whether an assignment may be rejected, given a reason (see [`check_reason`]).
pub fn may_reject(case: &Case) -> Result<(), Refusal> {
    undecided(case)
}

fn undecided(case: &Case) -> Result<(), Refusal> {
    free(case)?;
    match case.status {
        AssignmentStatus::Submitted => Ok(()),
        AssignmentStatus::Approved => Err(Refusal::AlreadyApproved),
        AssignmentStatus::Rejected => Err(Refusal::AlreadyRejected),
    }
}

fn free(case: &Case) -> Result<(), Refusal> {
    if let Some(verb) = case.live {
        return Err(Refusal::Live(verb));
    }
    if case.hit_deleted { Err(Refusal::HitDeleted) } else { Ok(()) }
}

/// Whether a rejection may be overridden at `now`, the endpoint's time. Work without a submission time is tried.
pub fn may_override(case: &Case, now: Time) -> Result<(), Refusal> {
    free(case)?;
    match case.status {
        AssignmentStatus::Submitted => return Err(Refusal::NotRejected),
        AssignmentStatus::Approved => return Err(Refusal::AlreadyApproved),
        AssignmentStatus::Rejected => {}
    }
    match case.submitted.get() {
        Some(submitted) if now > submitted + OVERRIDE_WINDOW => Err(Refusal::OverrideWindowClosed),
        _ => Ok(()),
    }
}

/// Whether a bonus may be paid for an assignment: any submitted work, decided or not.
pub fn may_bonus(amount: Usd, limit: Usd) -> Result<(), Refusal> {
    if amount < Usd::cents(1) {
        Err(Refusal::BonusTooSmall)
    } else if amount > limit {
        Err(Refusal::BonusTooLarge(limit))
    } else {
        Ok(())
    }
}

/// Whether a text may go to a worker as feedback: at most 1,024 characters, no control characters but tab and newlines.
pub fn check_feedback(text: &str) -> Result<(), Refusal> {
    let count = text.chars().count();
    if count > FEEDBACK_LIMIT {
        return Err(Refusal::TextTooLong(count));
    }
    let refused = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    text.chars().position(refused).map_or(Ok(()), |at| Err(Refusal::ControlCharacter(at + 1)))
}

/// Whether a text may be the reason of a rejection.
pub fn check_reason(text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() { Err(Refusal::ReasonMissing) } else { check_feedback(text) }
}

/// Whether a text may be the reason of a bonus.
pub fn check_bonus_reason(text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() { Err(Refusal::BonusReasonMissing) } else { check_feedback(text) }
}

/// Whether a rule or a query may choose what is rejected: it may look at the answer itself, never at evidence.
pub fn may_reject_by(query: &Query) -> Result<(), Refusal> {
    query.judges_evidence().map_or(Ok(()), |field| Err(Refusal::ByEvidence(field.to_owned())))
}

/// The longest `Subject` of a message, in characters.
pub const SUBJECT_LIMIT: usize = 200;
/// The longest `MessageText`, in characters.
pub const MESSAGE_LIMIT: usize = 4_096;
/// How many workers one NotifyWorkers takes.
pub const NOTIFY_LIMIT: usize = 100;

/// Whether a decision about a worker, a qualification or a qualification type may be made, by itself.
pub fn may_decide_other(target: &Target, decision: &Decision) -> Result<(), Refusal> {
    let fits = matches!(
        (target, decision),
        (Target::Worker(_), Decision::Block { .. } | Decision::Unblock { .. })
            | (Target::Workers(_), Decision::Notify { .. })
            | (Target::Qualification(..), Decision::Grant { .. } | Decision::Revoke { .. })
            | (Target::Request(_), Decision::AcceptRequest { .. } | Decision::RejectRequest { .. })
            | (Target::NewType(_), Decision::CreateType(_))
            | (Target::Type(_), Decision::UpdateType(_) | Decision::DeleteType)
    );
    if !fits {
        return Err(Refusal::NotOfThat(decision.verb(), target.kind()));
    }
    match (target, decision) {
        (_, Decision::Block { reason }) if reason.trim().is_empty() => Err(Refusal::BlockReasonMissing),
        (Target::Workers(workers), _) if !(1..=NOTIFY_LIMIT).contains(&workers.len()) => {
            Err(Refusal::TooManyWorkers(workers.len()))
        }
        (_, Decision::Notify { subject, text }) => check_message(subject, text),
        (_, decision) => check_feedback(decision.text().unwrap_or_default()),
    }
}

/// Whether a message may be sent to workers.
pub fn check_message(subject: &str, text: &str) -> Result<(), Refusal> {
    if subject.trim().is_empty() || text.trim().is_empty() {
        return Err(Refusal::MessageEmpty);
    }
    for (what, words, limit) in [("subject", subject, SUBJECT_LIMIT), ("text", text, MESSAGE_LIMIT)] {
        let count = words.chars().count();
        if count > limit {
            return Err(Refusal::MessageTooLong(what, count, limit));
        }
    }
    Ok(())
}

/// The reject brake: whether rejecting `more` on top of `rejected` of `decided` goes over both the count and the share
/// (basis points). Decided counts all decisions, rejections too.
pub fn brakes(rejected: u32, decided: u32, more: u32, count: u32, share: u32) -> bool {
    let (rejected, decided) = (u64::from(rejected) + u64::from(more), u64::from(decided) + u64::from(more));
    more > 0 && rejected > u64::from(count) && rejected * 10_000 > decided * u64::from(share)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::query::parse;
    use rstest::rstest;

    const DAY: i64 = 86_400;

    fn case(status: AssignmentStatus) -> Case {
        Case { status, submitted: Time(100 * DAY).into(), live: None, hit_deleted: false }
    }

    #[rstest]
    #[case(AssignmentStatus::Submitted, Ok(()), Err(Refusal::NotRejected))]
    #[case(AssignmentStatus::Approved, Err(Refusal::AlreadyApproved), Err(Refusal::AlreadyApproved))]
    #[case(AssignmentStatus::Rejected, Err(Refusal::AlreadyRejected), Ok(()))]
    fn the_status_decides(
        #[case] status: AssignmentStatus,
        #[case] decide: Result<(), Refusal>,
        #[case] reverse: Result<(), Refusal>,
    ) {
        assert_eq!(may_approve(&case(status)), decide);
        assert_eq!(may_reject(&case(status)), decide);
        assert_eq!(may_override(&case(status), Time(101 * DAY)), reverse);
    }

    #[test]
    fn a_live_decision_or_a_deleted_hit_stops_everything() {
        for status in AssignmentStatus::ALL {
            let live = Case { live: Some("approve"), ..case(status) };
            assert_eq!(may_approve(&live), Err(Refusal::Live("approve")));
            assert_eq!(may_override(&live, Time(0)), Err(Refusal::Live("approve")));
            assert_eq!(may_reject(&Case { hit_deleted: true, ..case(status) }), Err(Refusal::HitDeleted));
        }
    }

    #[test]
    fn a_rejection_can_be_overridden_for_thirty_days() {
        let rejected = case(AssignmentStatus::Rejected);
        assert_eq!(may_override(&rejected, Time(130 * DAY)), Ok(()));
        assert_eq!(may_override(&rejected, Time(130 * DAY + 1)), Err(Refusal::OverrideWindowClosed));
        let undated = Case { submitted: Stamp::NONE, ..rejected };
        assert_eq!(may_override(&undated, Time(i64::MAX / 2)), Ok(()));
    }

    #[rstest]
    #[case("Thank you", Ok(()))]
    #[case("two\nlines\tand a tab", Ok(()))]
    #[case("bell\u{7}", Err(Refusal::ControlCharacter(5)))]
    #[case("next line\u{85}", Err(Refusal::ControlCharacter(10)))]
    fn feedback_is_checked(#[case] text: &str, #[case] expected: Result<(), Refusal>) {
        assert_eq!(check_feedback(text), expected);
    }

    #[test]
    fn the_limit_counts_characters() {
        assert_eq!(check_feedback(&"é".repeat(1_024)), Ok(()));
        assert_eq!(check_feedback(&"é".repeat(1_025)), Err(Refusal::TextTooLong(1_025)));
    }

    #[test]
    fn reasons_are_required() {
        assert_eq!(check_reason(" \t"), Err(Refusal::ReasonMissing));
        assert_eq!(check_bonus_reason(""), Err(Refusal::BonusReasonMissing));
    }

    #[test]
    fn a_bonus_stays_within_the_guard() {
        let limit = Usd::cents(10_000);
        assert_eq!(may_bonus(Usd::ZERO, limit), Err(Refusal::BonusTooSmall));
        assert_eq!(may_bonus(limit, limit), Ok(()));
        assert_eq!(may_bonus(Usd::cents(10_001), limit), Err(Refusal::BonusTooLarge(limit)));
    }

    #[test]
    fn no_rule_rejects_by_evidence() {
        let by = |text: &str| may_reject_by(&parse(text).unwrap());
        assert_eq!(by("-answer.label:json"), Ok(()));
        assert_eq!(by("status:submitted (reward>1 or -time<5s)"), Err(Refusal::ByEvidence("time".into())));
        assert_eq!(by("approved-rate<50"), Err(Refusal::ByEvidence("approved-rate".into())));
    }

    /// Count 10 and share 20 %: it takes more than both.
    #[rstest]
    #[case(0, 0, 10, false)]
    #[case(0, 0, 11, true)]
    #[case(10, 10, 1, true)]
    #[case(10, 90, 1, false)]
    #[case(18, 90, 2, true)]
    #[case(20, 50, 0, false)]
    fn the_reject_brake_needs_both(
        #[case] rejected: u32,
        #[case] decided: u32,
        #[case] more: u32,
        #[case] expected: bool,
    ) {
        assert_eq!(brakes(rejected, decided, more, 10, 2_000), expected);
    }
}
