//! `--import` of an archive: the account that it is of moves into this market.
//!
//! Identifiers and times stay as they are, so that scripts keep working. What was still open elsewhere is closed here: nobody
//! goes on with a HIT because its archive was read.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::ImportError;
use crate::domain::assignment::{Assignment, AssignmentStatus};
use crate::domain::hit::{Hit, HitStatus};
use crate::domain::requirement;
use crate::domain::time::Time;
use crate::exchange::archive::{self, Kind, OpenError, Record, RecordError, UseError, Worked, look};
use crate::market::clock::wall_millis;
use crate::market::error::Refusal;
use crate::market::service::{Piece, Service, TakenOver, TypeDraft};
use crate::market::storage::{ImportedAssignment, ImportedHit, NewHitType, RequesterKey};

/// What taking an archive over brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenArchive {
    /// The archive.
    pub path: PathBuf,
    /// Of which account.
    pub account: String,
    /// What the market made of it.
    pub report: TakenOver,
    /// Different workers that it names.
    pub workers: u64,
    /// How long it took, in milliseconds of wall time.
    pub took: i64,
}

/// For people: one line.
impl std::fmt::Display for TakenArchive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let TakenArchive { account, report, workers, .. } = self;
        let name = self.path.file_name().map_or_else(|| self.path.to_string_lossy(), |name| name.to_string_lossy());
        if report.before {
            return write!(f, "{name}: the archive of account {account} was taken over before and was left alone");
        }
        write!(
            f,
            "{name}: of account {account}: {} qualification types, {} qualifications, {} requests, {} blocks, {} HITs, {} \
             assignments and {} bonuses by {workers} workers; {} credited and on hold",
            report.types,
            report.qualifications,
            report.requests,
            report.blocks,
            report.work.hits,
            report.work.assignments,
            report.bonuses,
            report.work.credited.display()
        )?;
        if report.work.known > 0 {
            write!(f, "; {} HITs were here before and were left alone", report.work.known)?;
        }
        if report.left_out > 0 {
            write!(f, "; {} qualifications and requests of deleted types were left out", report.left_out)?;
        }
        write!(f, "; took {}.{} s", self.took / 1_000, self.took % 1_000 / 100)
    }
}

/// Takes an account over for a requester, all or nothing. A damaged archive is not taken over.
pub async fn import_archive(service: &Service, who: RequesterKey, path: &Path) -> Result<TakenArchive, ImportError> {
    let (path, begun, now) = (path.to_owned(), wall_millis(), service.clock().now().time());
    let reading = {
        let path = path.clone();
        tokio::task::spawn_blocking(move || read(path, now))
    };
    let wrong = |source| ImportError::Archive { source };
    let (manifest, workers, pieces) =
        reading.await.map_err(|_| ImportError::Interrupted { path: path.clone() })?.map_err(wrong)?;
    let digest = Sha256::digest(manifest.to_text()).iter().map(|byte| format!("{byte:02x}")).collect();
    match service.take_over(who, digest, pieces).await {
        Ok(report) => {
            let took = wall_millis().saturating_sub(begun).max(0);
            Ok(TakenArchive { path, account: manifest.account, report, workers, took })
        }
        Err(source) => Err(ImportError::Market { path, source }),
    }
}

type Pieces = Box<dyn Iterator<Item = Result<Piece, Refusal>> + Send>;

/// Looks the archive through, then opens its files for the second reading.
fn read(path: PathBuf, now: Time) -> Result<(archive::Manifest, u64, Pieces), OpenError> {
    let mut workers = HashSet::new();
    let (manifest, faults) = look(&path, |record| {
        let Some(worker) = record.text("WorkerId") else { return };
        if !workers.contains(worker) {
            workers.insert(worker.to_owned());
        }
    })?;
    if !faults.is_empty() {
        return Err(OpenError::Damaged { path, faults });
    }
    let each = |kind, piece: fn(&Record) -> Result<Piece, RecordError>| {
        Ok::<_, OpenError>(archive::records(&path, kind)?.map(move |record| {
            let record = record.map_err(changed)?;
            piece(&record).map_err(|error| Refusal::Import(UseError::of(&record, error).to_string()))
        }))
    };
    let types = each(Kind::QualificationTypes, |it| Ok(Piece::Type(Box::new(it.qualification_type()?))))?;
    let held = each(Kind::Qualifications, |it| it.qualification().map(Piece::Qualification))?;
    let requests = each(Kind::Requests, |it| Ok(Piece::Request(Box::new(it.request()?))))?;
    let hits = archive::worked(&path)?.map(move |worked| piece(worked, now));
    let bonuses = each(Kind::Bonuses, |it| it.bonus().map(Piece::Bonus))?;
    let blocks = each(Kind::Blocks, |it| it.block().map(Piece::Block))?;
    let pieces = types.chain(held).chain(requests).chain(hits).chain(bonuses).chain(blocks);
    Ok((manifest, workers.len() as u64, Box::new(pieces)))
}

fn changed(error: OpenError) -> Refusal {
    Refusal::Import(format!("the archive has changed while it was read: {error}"))
}

fn piece(worked: Result<Worked, UseError>, now: Time) -> Result<Piece, Refusal> {
    let Worked { record, hit, work } = worked.map_err(|error| Refusal::Import(error.to_string()))?;
    let reviewing = hit.status == HitStatus::Reviewing;
    let assignments = work.into_iter().map(|assignment| taken(assignment, &hit, now)).collect();
    Ok(Piece::Hit(Box::new(taken_hit(hit, &record, assignments, now)?), reviewing))
}

fn taken_hit(
    hit: Hit,
    record: &Record,
    assignments: Vec<ImportedAssignment>,
    now: Time,
) -> Result<ImportedHit, Refusal> {
    let requirements = record.members.get("QualificationRequirements").map_or("[]".to_owned(), ToString::to_string);
    let required = requirement::read(&requirements).map_err(|error| {
        Refusal::Import(format!("{}, {}: QualificationRequirements: {error}", Kind::Hits.file(), hit.id))
    })?;
    let draft = TypeDraft {
        title: hit.title,
        description: hit.description,
        keywords: record.text("Keywords").map(str::to_owned),
        reward: hit.reward,
        duration: hit.duration,
        auto_approval: hit.auto_approval_delay,
        requirements,
        masters: required.iter().any(requirement::is_masters),
    };
    let group = hit.group.map(|group| group.to_string());
    Ok(ImportedHit {
        id: Some(hit.id),
        hit_type: NewHitType { id: Some(hit.type_id.to_string()), group, ..draft.into() },
        question: hit.question,
        annotation: hit.annotation,
        created: hit.created,
        // What was open there is closed here.
        expires: hit.expires.min(now),
        max: hit.max_assignments,
        assignments,
    })
}

fn taken(it: Assignment, hit: &Hit, now: Time) -> ImportedAssignment {
    // What is undecided must not be approved by the clock at the moment it comes in.
    let waits = it.status == AssignmentStatus::Submitted;
    let late = now + hit.auto_approval_delay;
    ImportedAssignment {
        id: Some(it.id),
        worker: it.worker,
        status: it.status,
        accepted: it.accepted,
        submitted: it.submitted,
        auto_approval: it.auto_approval.map(|due| if waits && due <= now { late } else { due }),
        approved: it.approved,
        rejected: it.rejected,
        feedback: it.feedback,
        answer: it.answer,
    }
}
