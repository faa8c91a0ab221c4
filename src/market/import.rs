//! `--import`: a batch-results CSV becomes HITs and handed-in work of this market.
//!
//! The wire carries a Question and not the columns of the file, so each HIT gets an HTMLQuestion with a table of its
//! `Input.*` columns. Times are moved together so that the newest is now; what the file does not say stays unsaid.

use super::service::{ImportReport, Service, TypeDraft};
use super::storage::{ImportedAssignment, ImportedHit, NewHitType, RequesterKey};
use crate::domain::assignment::AssignmentStatus;
use crate::domain::id::HitId;
use crate::domain::money::Usd;
use crate::domain::time::{Seconds, Time};
use crate::exchange::batch_results::{BatchError, Reader, ResultRow};
use crate::market::error::ServiceError;
use crate::question::answer;
use crate::question::write::{html_question, html_text};
use std::collections::{HashMap, HashSet};
use std::fmt::Write;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What HITs of files that do not say otherwise are made with: the service's own defaults.
const DURATION: Seconds = Seconds(3_600);
const AUTO_APPROVAL: Seconds = Seconds(30 * 86_400);

/// Why a file could not be imported. Nothing of it was kept.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be opened.
    #[error("cannot open {path}: {source}")]
    Open {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// It is not as it should be.
    #[error("{path}: {source}. Nothing was imported")]
    File {
        /// Which.
        path: PathBuf,
        /// What is wrong, and where.
        source: BatchError,
    },
    /// The market does not take it.
    #[error("{path}: {source} Nothing was imported")]
    Market {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: ServiceError,
    },
    /// The reading thread was ended.
    #[error("{path}: reading was interrupted. Nothing was imported")]
    Interrupted {
        /// Which.
        path: PathBuf,
    },
}

/// What an import brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The file.
    pub path: PathBuf,
    /// What the market made of it.
    pub report: ImportReport,
    /// What the file held.
    pub content: Content,
}

/// What a file held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Content {
    /// Assignments.
    pub assignments: u64,
    /// Of these, undecided.
    pub undecided: u64,
    /// Different workers.
    pub workers: u64,
    /// Rows that do not say when they were submitted.
    pub without_times: u64,
    /// By how much the times were moved; none when there are no times.
    pub moved: Option<Seconds>,
}

/// For people: one line.
impl std::fmt::Display for Imported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (report, content) = (&self.report, &self.content);
        let name = self.path.file_name().map_or_else(|| self.path.to_string_lossy(), |name| name.to_string_lossy());
        write!(
            f,
            "{name}: {} HITs, {} assignments ({} undecided) by {} workers; {} credited and on hold",
            report.hits,
            report.assignments,
            content.undecided,
            content.workers,
            report.credited.display()
        )?;
        if report.known > 0 {
            write!(f, "; {} HITs were here before and were left alone", report.known)?;
        }
        match content.moved {
            Some(Seconds(0)) | None => {}
            Some(by) => write!(f, "; times moved by {} days, so that the newest is now", by.0 / 86_400)?,
        }
        if content.without_times > 0 {
            write!(f, "; {} rows say no times and stay without", content.without_times)?;
        }
        Ok(())
    }
}

/// Imports a file for a requester, all or nothing.
pub async fn import_file(service: &Service, who: RequesterKey, path: &Path) -> Result<Imported, ImportError> {
    let path = path.to_owned();
    let now = service.clock().now().time();
    let reading = {
        let path = path.clone();
        tokio::task::spawn_blocking(move || {
            let file = std::fs::File::open(&path).map_err(|source| ImportError::Open { path: path.clone(), source })?;
            read(file, now).map_err(|source| ImportError::File { path, source })
        })
    };
    let (hits, content) = reading.await.map_err(|_| ImportError::Interrupted { path: path.clone() })??;
    match service.import(who, hits).await {
        Ok(report) => Ok(Imported { path, report, content }),
        Err(source) => Err(ImportError::Market { path, source }),
    }
}

/// Reads a file into HITs, in the order in which they first appear, with their times moved so that the newest is `now`.
pub fn read(file: impl Read, now: Time) -> Result<(Vec<ImportedHit>, Content), BatchError> {
    let mut groups: Vec<Vec<ResultRow>> = Vec::new();
    let mut places: HashMap<HitId, usize> = HashMap::new();
    let mut workers = HashSet::new();
    let mut content = Content::default();
    let mut newest: Option<Time> = None;
    for row in Reader::new(file)? {
        let row = row?;
        content.assignments += 1;
        content.undecided += u64::from(row.status == AssignmentStatus::Submitted);
        content.without_times += u64::from(row.submitted.is_none());
        newest = newest
            .max([row.created, row.accepted, row.submitted, row.approved, row.rejected].into_iter().max().flatten());
        if !workers.contains(&row.worker) {
            workers.insert(row.worker.clone());
        }
        let place = *places.entry(row.hit.clone()).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[place].push(row);
    }
    content.workers = workers.len() as u64;
    content.moved = newest.map(|newest| now - newest);
    let clock = Moved { by: content.moved.unwrap_or_default(), now };
    Ok((groups.into_iter().filter_map(|rows| hit(rows, clock)).collect(), content))
}

/// Times of the file on the market's clock.
#[derive(Clone, Copy)]
struct Moved {
    by: Seconds,
    now: Time,
}

impl Moved {
    fn time(self, time: Option<Time>) -> Option<Time> {
        time.map(|time| time + self.by)
    }
}

/// A HIT out of its rows; none of no rows.
fn hit(rows: Vec<ResultRow>, clock: Moved) -> Option<ImportedHit> {
    let first = rows.first()?;
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
    Some(ImportedHit {
        id: Some(first.hit.clone()),
        hit_type: NewHitType { id: first.hit_type.as_ref().map(ToString::to_string), ..draft.into() },
        question: question(title, &first.inputs, &first.answers),
        annotation: Some(first.annotation.clone()).filter(|annotation| !annotation.is_empty()),
        created,
        expires: clock.time(first.expires).or(ends).unwrap_or(clock.now),
        max: first.max_assignments.unwrap_or(count).max(count),
        assignments: rows.iter().map(|row| assignment(row, auto_approval, clock)).collect(),
    })
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

/// The question as far as the file tells: what was shown, and a field for each answer.
fn question(title: &str, inputs: &[(Arc<str>, String)], answers: &[(Arc<str>, String)]) -> String {
    let mut page = format!(
        "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>{}</title></head><body><table>",
        html_text(title)
    );
    // Writing to a String cannot fail.
    for (name, value) in inputs {
        let _ = write!(page, "<tr><th>{}</th><td>", html_text(name));
        if value.contains('\n') {
            // Paragraphs, so that the reader keeps the lines apart.
            for line in value.lines() {
                let _ = write!(page, "<p>{}</p>", html_text(line));
            }
        } else {
            page.push_str(&html_text(value));
        }
        page.push_str("</td></tr>");
    }
    page.push_str(
        "</table><form method=\"post\" action=\"https://www.mturk.com/mturk/externalSubmit\">\
         <input type=\"hidden\" name=\"assignmentId\" value=\"\">",
    );
    for (name, _) in answers {
        let name = html_text(name);
        let _ = write!(page, "<p><input name=\"{name}\" placeholder=\"{name}\"></p>");
    }
    page.push_str("<p><input type=\"submit\" value=\"Submit\"></p></form></body></html>");
    html_question(&page)
}

#[cfg(test)]
mod tests;
