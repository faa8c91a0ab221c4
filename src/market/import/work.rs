//! A HIT of the market out of the rows of a file.

use crate::domain::assignment::AssignmentStatus;
use crate::domain::money::Usd;
use crate::domain::time::{Seconds, Time};
use crate::exchange::batch_results::ResultRow;
use crate::market::service::TypeDraft;
use crate::market::storage::{ImportedAssignment, ImportedHit, NewHitType};
use crate::question::answer;
use crate::question::write::table_question;

/// What HITs of files that do not say otherwise are made with: the service's own defaults.
const DURATION: Seconds = Seconds(3_600);
const AUTO_APPROVAL: Seconds = Seconds(30 * 86_400);

/// Times of the file on the market's clock.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moved {
    pub(super) by: Seconds,
    pub(super) now: Time,
}

impl Moved {
    fn time(self, time: Option<Time>) -> Option<Time> {
        time.map(|time| time + self.by)
    }
}

/// A HIT out of its rows, of which `first` is the first.
pub(super) fn hit(first: &ResultRow, rows: &[ResultRow], clock: Moved) -> ImportedHit {
    let title = if first.title.trim().is_empty() { "Imported work" } else { &first.title };
    let described = if first.description.trim().is_empty() { title } else { &first.description };
    let auto_approval = first.auto_approval_delay.unwrap_or(AUTO_APPROVAL);
    let draft = TypeDraft {
        title: title.to_owned(),
        description: described.to_owned(),
        keywords: Some(first.keywords.clone()).filter(|keywords| !keywords.is_empty()),
        reward: first.reward.unwrap_or(Usd::ZERO),
        duration: first.duration.unwrap_or(DURATION),
        auto_approval,
        requirements: "[]".to_owned(),
        masters: false,
    };
    let created = clock.time(first.created.or_else(|| rows.iter().filter_map(|row| row.accepted).min()));
    let created = created.unwrap_or(clock.now);
    let ends = first.lifetime.map(|lifetime| created + lifetime);
    let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    ImportedHit {
        id: Some(first.hit.clone()),
        hit_type: NewHitType { id: first.hit_type.as_ref().map(ToString::to_string), ..draft.into() },
        question: table_question(title, &first.inputs, &first.answers),
        annotation: Some(first.annotation.clone()).filter(|annotation| !annotation.is_empty()),
        created,
        expires: clock.time(first.expires).or(ends).unwrap_or(clock.now),
        max: first.max_assignments.unwrap_or(count).max(count),
        assignments: rows.iter().map(|row| assignment(row, auto_approval, clock)).collect(),
    }
}

fn assignment(row: &ResultRow, delay: Seconds, clock: Moved) -> ImportedAssignment {
    let submitted = clock.time(row.submitted);
    let worked = || Some(submitted? - row.work_time?);
    let due = clock.time(row.auto_approval).or_else(|| Some(submitted? + delay));
    ImportedAssignment {
        id: Some(row.assignment.clone()),
        worker: row.worker.clone(),
        status: row.status,
        accepted: clock.time(row.accepted).or_else(worked),
        submitted,
        // What the file says is undecided must not be approved by the clock at the moment it comes in.
        auto_approval: match row.status {
            AssignmentStatus::Submitted => due.map(|due| if due > clock.now { due } else { clock.now + delay }),
            AssignmentStatus::Approved | AssignmentStatus::Rejected => due,
        },
        approved: clock.time(row.approved),
        rejected: clock.time(row.rejected),
        feedback: Some(row.feedback.clone()).filter(|feedback| !feedback.is_empty()),
        answer: answer::write(&row.answers),
    }
}
