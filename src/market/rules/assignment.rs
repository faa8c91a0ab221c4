//! The life of an assignment: accepted, handed in, decided.

use crate::domain::assignment::{AssignmentStatus, OVERRIDE_WINDOW};
use crate::domain::time::Time;

use super::hit::Happening;

/// Where an assignment stands. Only the last three are visible to the requester.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// A slot that somebody gave back; the next worker gets the same `AssignmentId`.
    Free,
    /// A worker holds it.
    Accepted,
    /// Handed in, waiting for a decision.
    Submitted,
    /// Paid.
    Approved,
    /// Not paid.
    Rejected,
}

impl Phase {
    /// All, in the order in which storage numbers them.
    pub const ALL: [Phase; 5] = [Phase::Free, Phase::Accepted, Phase::Submitted, Phase::Approved, Phase::Rejected];

    /// What the API calls it, if the requester may see it at all.
    pub const fn visible(self) -> Option<AssignmentStatus> {
        match self {
            Phase::Free | Phase::Accepted => None,
            Phase::Submitted => Some(AssignmentStatus::Submitted),
            Phase::Approved => Some(AssignmentStatus::Approved),
            Phase::Rejected => Some(AssignmentStatus::Rejected),
        }
    }
}

impl From<AssignmentStatus> for Phase {
    fn from(status: AssignmentStatus) -> Phase {
        match status {
            AssignmentStatus::Submitted => Phase::Submitted,
            AssignmentStatus::Approved => Phase::Approved,
            AssignmentStatus::Rejected => Phase::Rejected,
        }
    }
}

/// Why a decision is not possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecisionRefusal {
    /// It is not in the state that the decision needs.
    #[error("the assignment is not in the state that this needs")]
    State,
    /// The rejection is too old to be reversed.
    #[error("the assignment was submitted more than 30 days ago")]
    TooLate,
}

/// What approving does to the HIT. `submitted` is unknown for some imported work, whose rejection can always be reversed.
pub fn approve(
    phase: Phase,
    override_rejection: bool,
    submitted: Option<Time>,
    now: Time,
) -> Result<Happening, DecisionRefusal> {
    match phase {
        Phase::Submitted => Ok(Happening::Approved),
        Phase::Rejected if override_rejection => match submitted {
            Some(submitted) if now - submitted > OVERRIDE_WINDOW => Err(DecisionRefusal::TooLate),
            _ => Ok(Happening::Overridden),
        },
        _ => Err(DecisionRefusal::State),
    }
}

/// What rejecting does to the HIT.
pub fn reject(phase: Phase) -> Result<Happening, DecisionRefusal> {
    match phase {
        Phase::Submitted => Ok(Happening::Rejected),
        _ => Err(DecisionRefusal::State),
    }
}

/// The longest feedback, in characters.
const MAX_FEEDBACK: usize = 1_024;

/// What a worker is told about a decision: at most 1,024 characters, without control characters other than tab and line ends.
/// The error names the parameter.
pub fn check_feedback(parameter: &str, feedback: &str) -> Result<(), String> {
    if feedback.chars().count() > MAX_FEEDBACK {
        return Err(format!("{parameter} cannot be longer than {MAX_FEEDBACK} characters."));
    }
    let forbidden = |c: &char| matches!(u32::from(*c), 0..=8 | 11 | 12 | 14..=31);
    match feedback.chars().find(forbidden) {
        Some(c) => Err(format!("{parameter} contains the invalid character 0x{:02x}.", u32::from(c))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feedback_is_text_of_a_limited_length() {
        for fine in ["", "well done", "line\r\n\tline", &"ä".repeat(1_024)] {
            assert_eq!(check_feedback("RequesterFeedback", fine), Ok(()));
        }
        for wrong in ["a\u{0}", "a\u{b}", "a\u{c}", "\u{1b}[31m", &"a".repeat(1_025)] {
            let error = check_feedback("RequesterFeedback", wrong).unwrap_err();
            assert!(error.starts_with("RequesterFeedback c"), "{error}");
        }
    }

    #[test]
    fn who_may_be_approved_and_when() {
        let day = 86_400;
        let table = [
            (Phase::Submitted, false, 0, Ok(Happening::Approved)),
            (Phase::Submitted, true, 90 * day, Ok(Happening::Approved)),
            (Phase::Approved, true, 0, Err(DecisionRefusal::State)),
            (Phase::Accepted, false, 0, Err(DecisionRefusal::State)),
            (Phase::Rejected, false, 0, Err(DecisionRefusal::State)),
            (Phase::Rejected, true, 30 * day, Ok(Happening::Overridden)),
            (Phase::Rejected, true, 30 * day + 1, Err(DecisionRefusal::TooLate)),
        ];
        for (phase, over, age, expected) in table {
            let got = approve(phase, over, Some(Time(1_000)), Time(1_000 + age));
            assert_eq!(got, expected, "{phase:?} {over} {age}");
        }
        assert_eq!(approve(Phase::Rejected, true, None, Time(9)), Ok(Happening::Overridden));
    }

    #[test]
    fn only_submitted_work_is_rejected() {
        for phase in Phase::ALL {
            assert_eq!(reject(phase).is_ok(), phase == Phase::Submitted, "{phase:?}");
        }
    }
}
