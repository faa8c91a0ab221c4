//! A score file held against the scores as they are: what each line changes. For the desk and for the subcommand.

use crate::app::format::count;
use crate::domain::decision::{Decision, Target};
use crate::domain::id::{QualificationTypeId, WorkerId};
use crate::exchange::scores::{Change, ScoreFile};
use std::collections::HashMap;

/// Why a worker is blocked whom a file blocks: it has no room for reasons.
pub const BLOCK_REASON: &str = "UPDATE-BlockStatus of a worker file";

/// What is known of the workers that a file may name.
#[derive(Clone, Copy)]
pub struct Present<'a> {
    /// The type that the scores are of.
    pub of: &'a QualificationTypeId,
    /// Who holds it, with which score.
    pub held: &'a HashMap<WorkerId, Option<i32>>,
    /// Whether a worker is blocked.
    pub blocked: &'a dyn Fn(&WorkerId) -> bool,
    /// Whether a worker is known to this account.
    pub known: &'a dyn Fn(&WorkerId) -> bool,
    /// Whether the endpoint writes to the workers.
    pub tell: bool,
}

/// One line that changes something.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// Whom it is about.
    pub worker: WorkerId,
    /// What is decided about.
    pub target: Target,
    /// What is decided.
    pub decision: Decision,
    /// What it changes, for people: `was 40`.
    pub words: String,
}

/// What a file comes to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Diff {
    /// The lines that change something, in the file's order.
    pub changed: Vec<Changed>,
    new: usize,
    other: usize,
    unchanged: usize,
    revoked: usize,
    blocks: usize,
    unknown: usize,
}

/// Holds a file against what is there.
pub fn compare(file: &ScoreFile, present: Present<'_>) -> Diff {
    let mut diff = Diff::default();
    for line in &file.lines {
        match diff.line(&line.worker, line.change, present) {
            Some((target, decision, words)) => {
                diff.changed.push(Changed { worker: line.worker.clone(), target, decision, words });
            }
            None => diff.unchanged += 1,
        }
    }
    diff
}

impl Diff {
    fn line(&mut self, worker: &WorkerId, change: Change, present: Present<'_>) -> Option<(Target, Decision, String)> {
        let before = present.held.get(worker).copied();
        let qualification = || Target::Qualification(present.of.clone(), worker.clone());
        let blocked = || (present.blocked)(worker);
        match change {
            Change::Score(score) if before == Some(Some(score)) => None,
            Change::Score(score) => {
                let words = match before.flatten() {
                    Some(before) => {
                        self.other += 1;
                        format!("was {before}")
                    }
                    None if before.is_some() || (present.known)(worker) => {
                        self.new += 1;
                        "new".to_owned()
                    }
                    None => {
                        self.unknown += 1;
                        "new, unknown worker".to_owned()
                    }
                };
                Some((qualification(), Decision::Grant { score, tell: present.tell }, words))
            }
            Change::Revoke => before.map(|before| {
                self.revoked += 1;
                let words = before.map_or("revoked".to_owned(), |before| format!("revoked, was {before}"));
                (qualification(), Decision::Revoke { reason: None }, words)
            }),
            Change::Block if blocked() => None,
            Change::Unblock if !blocked() => None,
            Change::Block => {
                self.blocks += 1;
                let reason = BLOCK_REASON.to_owned();
                Some((Target::Worker(worker.clone()), Decision::Block { reason }, "blocked".to_owned()))
            }
            Change::Unblock => {
                self.blocks += 1;
                let decision = Decision::Unblock { reason: None };
                Some((Target::Worker(worker.clone()), decision, "unblocked".to_owned()))
            }
        }
    }

    /// In a line of words, what is nothing left out.
    pub fn summary(&self, name: &str, file: &ScoreFile) -> String {
        let parts = [
            (self.new, "new"),
            (self.other, "changed"),
            (self.unchanged, "unchanged"),
            (self.revoked, "revoked"),
            (self.blocks, if self.blocks == 1 { "block set or lifted" } else { "blocks set or lifted" }),
            (self.unknown, "for unknown workers, whom the endpoint may refuse"),
            (file.untouched as usize, "asking for nothing"),
            (file.repeated as usize, "said twice"),
            (file.broken.len(), "broken and left out"),
        ];
        let some: Vec<String> = parts
            .into_iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, words)| format!("{} {words}", count(number)))
            .collect();
        format!("scores of \"{name}\" ({} file): {}", file.layout.name(), some.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::scores::read;

    fn worker(name: &str) -> WorkerId {
        WorkerId::parse(name).unwrap()
    }

    #[test]
    fn each_line_is_held_against_what_is_there() {
        let of = QualificationTypeId::parse("3SKILL").unwrap();
        let held = HashMap::from([(worker("A1"), Some(40)), (worker("A2"), Some(40)), (worker("A3"), Some(7))]);
        let text =
            "Worker ID,UPDATE-Skill,UPDATE-BlockStatus\nA1,40,\nA2,60,Block\nA3,Revoke,Unblock\nA4,5,\nA5,5,\nA6,,\n";
        let file = read(text, "Skill", None).unwrap();
        let present = Present {
            of: &of,
            held: &held,
            blocked: &|worker| worker.as_str() == "A3",
            known: &|worker| worker.as_str() != "A5",
            tell: false,
        };
        let diff = compare(&file, present);
        let words: Vec<String> =
            diff.changed.iter().map(|one| format!("{} {}: {}", one.worker, one.decision.verb(), one.words)).collect();
        assert_eq!(
            words,
            [
                "A2 grant: was 40",
                "A2 block: blocked",
                "A3 revoke: revoked, was 7",
                "A3 unblock: unblocked",
                "A4 grant: new",
                "A5 grant: new, unknown worker"
            ]
        );
        assert_eq!(
            diff.summary("Skill", &file),
            "scores of \"Skill\" (website file): 1 new, 1 changed, 1 unchanged, 1 revoked, 2 blocks set or lifted, 1 for \
             unknown workers, whom the endpoint may refuse, 1 asking for nothing"
        );
    }
}
