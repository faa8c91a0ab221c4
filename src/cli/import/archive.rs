//! An archive as an account without an endpoint: its work, its qualification types with those who hold them, requests, blocks
//! and bonuses. The archive itself is kept beside, so that it can be had back as it was.

use crate::cli::exit::Failure;
use crate::cli::session::Session;
use crate::domain::assignment::BonusPayment;
use crate::domain::id::HitId;
use crate::domain::qualification::{Qualification, TypeStatus};
use crate::exchange::archive::{self, Kind, OpenError, Record, RecordError, UseError, Worked};
use crate::exchange::offline::{FileGroup, FileHit, FileWork};
use crate::exchange::results::Given;
use crate::runtime::archive::keep;
use crate::store::{Reader, StoreError};
use std::path::Path;

type Read<T> = fn(&Record) -> Result<T, RecordError>;

/// Looks an archive through, to its last record; how many assignments it has.
pub(super) fn check(path: &Path) -> Result<usize, Failure> {
    let manifest = archive::open(path).map_err(broken)?;
    for group in groups(path)? {
        group?;
    }
    records(path, Kind::QualificationTypes, Record::qualification_type)?;
    records(path, Kind::Qualifications, Record::qualification)?;
    records(path, Kind::Requests, Record::request)?;
    records(path, Kind::Blocks, Record::block)?;
    records(path, Kind::Bonuses, Record::bonus)?;
    let assignments = manifest.sums(Kind::Assignments).map_or(0, |sums| sums.records);
    Ok(usize::try_from(assignments).unwrap_or(usize::MAX))
}

/// The HITs with their work.
pub(super) fn groups(path: &Path) -> Result<impl Iterator<Item = Result<FileGroup, Failure>> + Send + use<>, Failure> {
    let place = path.to_owned();
    let works = archive::worked(path).map_err(broken)?;
    Ok(works.map(move |worked| worked.map(group).map_err(|error| unusable(&place, &error))))
}

fn group(worked: Worked) -> FileGroup {
    let Worked { hit, work, .. } = worked;
    let work = work.into_iter().map(|assignment| FileWork { assignment, given: Given::new(), mark: Ok(None) });
    FileGroup { hit: FileHit { hit, inputs: None, given: Given::new() }, work: work.collect() }
}

/// Writes into the store what an archive says beside the work, which is there already.
pub(super) async fn fill_people(session: &Session, path: &Path) -> Result<(), Failure> {
    let store = session.engine.store();
    let mut types = records(path, Kind::QualificationTypes, Record::qualification_type)?;
    types.retain(|it| it.status != TypeStatus::Disposing);
    store.put_types(types, true, false).await?;
    let at = session.engine.clock().now().wall;
    let held = records(path, Kind::Qualifications, Record::qualification)?;
    // They stand type by type.
    for of_type in held.chunk_by(|a, b| a.type_id == b.type_id) {
        let Some(Qualification { type_id, .. }) = of_type.first() else { continue };
        store.put_holders(type_id.clone(), of_type.to_vec(), at).await?;
    }
    // What other archives brought stays.
    let (mut requests, mut blocks) = store.reading(|reader| Ok((reader.requests()?, reader.blocks()?))).await?;
    requests.extend(records(path, Kind::Requests, Record::request)?);
    store.put_requests(requests).await?;
    blocks.extend(records(path, Kind::Blocks, Record::block)?);
    store.put_blocks(blocks).await?;
    let bonuses = records(path, Kind::Bonuses, Record::bonus)?;
    let bonuses = store.reading(move |reader| with_hits(reader, bonuses)).await?;
    for of_hit in bonuses.chunk_by(|(a, _), (b, _)| a == b) {
        let Some((hit, _)) = of_hit.first() else { continue };
        store.put_bonuses(hit.clone(), of_hit.iter().map(|(_, bonus)| bonus.clone()).collect()).await?;
    }
    Ok(keep(store.dir(), path).await?)
}

/// Bonuses with the HITs of their assignments. They stand HIT by HIT.
fn with_hits(reader: &Reader, bonuses: Vec<BonusPayment>) -> Result<Vec<(HitId, BonusPayment)>, StoreError> {
    let mut found = Vec::with_capacity(bonuses.len());
    for bonus in bonuses {
        let key = reader.assignment_key(&bonus.assignment)?;
        let row = key.map(|key| reader.assignment(key)).transpose()?.flatten();
        let hit = row.map(|row| reader.hit_id(row.hit)).transpose()?.flatten();
        found.extend(hit.map(|hit| (hit, bonus)));
    }
    Ok(found)
}

fn records<T>(path: &Path, kind: Kind, read: Read<T>) -> Result<Vec<T>, Failure> {
    let mut all = Vec::new();
    for record in archive::records(path, kind).map_err(broken)? {
        let record = record.map_err(broken)?;
        all.push(read(&record).map_err(|error| unusable(path, &UseError::of(&record, error)))?);
    }
    Ok(all)
}

fn broken(error: OpenError) -> Failure {
    Failure::Failed(format!("{error}; nothing was imported"))
}

fn unusable(path: &Path, error: &UseError) -> Failure {
    Failure::Failed(format!("{}: {error}; nothing was imported", path.display()))
}
