//! What a file that was reviewed elsewhere would do, in words: for the desk's question and for `hitdeck review import`.

use super::format::{count, plural};
use crate::domain::assignment::AssignmentStatus;
use crate::domain::decision::Decision;
use crate::domain::key::AssignmentKey;
use crate::domain::policy::{self, Case, Refusal};
use crate::domain::time::Time;
use crate::exchange::review::Verdict;
use std::collections::BTreeMap;

/// A file that was reviewed elsewhere, its assignments as rows of the store.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reviewed {
    /// The file, as it was named.
    pub name: String,
    /// What it looks like, in words.
    pub kind: &'static str,
    /// What it decides.
    pub marks: Vec<(AssignmentKey, Verdict)>,
    /// Lines that cannot be followed, each with its number and the reason.
    pub problems: Vec<String>,
    /// Lines that decide nothing.
    pub undecided: u32,
}

/// What a mark decides about an assignment, and whether that may be decided; none where the worker would read no reason.
/// `feedback` is the reason where the file says none.
pub fn judge(
    verdict: Verdict,
    status: AssignmentStatus,
    case: &Case,
    (feedback, now): (Option<&str>, Time),
) -> Option<(Decision, Result<(), Refusal>)> {
    Some(match verdict {
        Verdict::Approve { feedback } => {
            let override_rejection = status == AssignmentStatus::Rejected;
            let may = if override_rejection { policy::may_override(case, now) } else { policy::may_approve(case) };
            (Decision::Approve { feedback, override_rejection }, may)
        }
        Verdict::Reject { reason } => {
            let feedback = reason.or_else(|| feedback.map(str::to_owned))?;
            (Decision::Reject { feedback }, policy::may_reject(case))
        }
    })
}

/// Decisions counted by what they do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Verdicts {
    /// Approvals.
    pub approve: usize,
    /// Rejections.
    pub reject: usize,
    /// Overrides of rejections.
    pub reverse: usize,
}

impl Verdicts {
    /// Counts a decision.
    pub const fn add(&mut self, decision: &Decision) {
        match decision {
            Decision::Approve { override_rejection: false, .. } => self.approve += 1,
            Decision::Approve { .. } => self.reverse += 1,
            Decision::Reject { .. } => self.reject += 1,
            _ => {}
        }
    }

    /// Whether they are of several kinds.
    pub const fn are_mixed(self) -> bool {
        (self.approve > 0) as u8 + (self.reject > 0) as u8 + (self.reverse > 0) as u8 > 1
    }

    /// How many they are.
    pub const fn all(self) -> usize {
        self.approve + self.reject + self.reverse
    }

    /// `12 approvals, 1 rejection`.
    pub fn words(self) -> String {
        let parts = [(self.approve, "approval"), (self.reject, "rejection"), (self.reverse, "override of a rejection")];
        let some = parts.into_iter().filter(|(number, _)| *number > 0).map(|(number, what)| match what {
            "override of a rejection" if number != 1 => format!("{} overrides of rejections", count(number)),
            _ => plural(number, what),
        });
        some.collect::<Vec<_>>().join(", ")
    }
}

/// A line for each worker, those who lose most first: a review that is hard on one person is seen before it is sent.
/// `named`: so many are named, the rest is counted.
pub fn by_worker<'a>(decided: impl IntoIterator<Item = (&'a str, &'a Decision)>, named: usize) -> Vec<String> {
    let mut workers: BTreeMap<&str, Verdicts> = BTreeMap::new();
    for (worker, decision) in decided {
        workers.entry(worker).or_default().add(decision);
    }
    let mut workers: Vec<(&str, Verdicts)> = workers.into_iter().collect();
    workers.sort_by_key(|(_, verdicts)| (std::cmp::Reverse(verdicts.reject), std::cmp::Reverse(verdicts.all())));
    let width = workers.iter().take(named).map(|(worker, _)| worker.len()).max().unwrap_or(0);
    let mut lines: Vec<String> = workers
        .iter()
        .take(named)
        .map(|(worker, verdicts)| {
            let share = (verdicts.reject * 100 + verdicts.all() / 2) / verdicts.all().max(1);
            let rejected = if verdicts.reject > 0 { format!(" ({share} % rejected)") } else { String::new() };
            format!("{worker:<width$}  {}{rejected}", verdicts.words())
        })
        .collect();
    if workers.len() > named {
        let mut rest = Verdicts::default();
        for (_, verdicts) in &workers[named..] {
            rest.approve += verdicts.approve;
            rest.reject += verdicts.reject;
            rest.reverse += verdicts.reverse;
        }
        lines.push(format!("and {}: {}", plural(workers.len() - named, "more worker"), rest.words()));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const YES: Decision = Decision::Approve { feedback: None, override_rejection: false };

    #[test]
    fn those_who_lose_most_come_first() {
        let no = Decision::Reject { feedback: "no".into() };
        let back = Decision::Approve { feedback: None, override_rejection: true };
        let decided = [("A1", &YES), ("A22", &no), ("A22", &YES), ("A22", &no), ("A1", &back), ("A1", &back)];
        assert_eq!(
            by_worker(decided, 12),
            ["A22  1 approval, 2 rejections (67 % rejected)", "A1   1 approval, 2 overrides of rejections"]
        );
    }

    #[test]
    fn many_workers_are_counted() {
        let names: Vec<String> = (10..40).map(|number| format!("A{number}")).collect();
        let lines = by_worker(names.iter().map(|name| (name.as_str(), &YES)), 12);
        assert_eq!((lines.len(), lines[12].as_str()), (13, "and 18 more workers: 18 approvals"));
        assert!(by_worker([], 12).is_empty());
    }
}
