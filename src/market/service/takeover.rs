//! Taking an account over out of its archive: who may do what, what was done, and who is kept out.

use std::collections::HashSet;

use super::Service;
use super::import::{ImportReport, one};
use crate::domain::assignment::BonusPayment;
use crate::domain::hit::HitStatus;
use crate::domain::qualification::{Qualification, QualificationRequest, QualificationType};
use crate::domain::worker::WorkerBlock;
use crate::market::error::{Refusal, ServiceError};
use crate::market::rules::qualification::TypeStatus;
use crate::market::storage::{Change, HitKey, ImportedHit, RequesterKey};

/// One thing that an archive tells. Whatever names another comes after it.
#[derive(Debug)]
pub enum Piece {
    /// A qualification type, with test and key.
    Type(Box<QualificationType>),
    /// Who holds, or held, one.
    Qualification(Qualification),
    /// Who asks for one.
    Request(Box<QualificationRequest>),
    /// A HIT with the work on it, and whether it has the requester's mark `Reviewing`.
    Hit(Box<ImportedHit>, bool),
    /// A bonus that was paid.
    Bonus(BonusPayment),
    /// Whom the requester lets work no more.
    Block(WorkerBlock),
}

/// What was taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TakenOver {
    /// Whether the very same archive was taken over before, and nothing was done now.
    pub before: bool,
    /// HITs and assignments.
    pub work: ImportReport,
    /// Qualification types.
    pub types: u64,
    /// Qualifications, granted and revoked.
    pub qualifications: u64,
    /// Requests that wait.
    pub requests: u64,
    /// Bonuses.
    pub bonuses: u64,
    /// Blocks.
    pub blocks: u64,
    /// Qualifications and requests of types that were being deleted, or that are not in the archive.
    pub left_out: u64,
}

impl Service {
    /// Takes an account over, all or nothing, with the identifiers and times it comes with: its workers, their
    /// qualifications and blocks, and what was done. Work is credited and held as [`Service::import`] does; nothing else
    /// moves money. The same archive is taken over once: what has been done since stays.
    pub async fn take_over<I>(&self, who: RequesterKey, digest: String, pieces: I) -> Result<TakenOver, ServiceError>
    where
        I: Iterator<Item = Result<Piece, Refusal>> + Send + 'static,
    {
        let fees = std::sync::Arc::clone(&self.fees);
        let taken = self.storage.change(move |change| {
            let mut report = TakenOver::default();
            if change.has_archive(who, &digest)? {
                report.before = true;
                return Ok(report);
            }
            // HITs that were here before keep the bonuses they have.
            let mut new = HashSet::new();
            for piece in pieces {
                match piece? {
                    Piece::Hit(hit, reviewing) => {
                        let Some((key, mut state)) = one(change, who, *hit, &fees, &mut report.work)? else { continue };
                        if reviewing && state.status == HitStatus::Reviewable {
                            state.status = HitStatus::Reviewing;
                            change.save_hit(key, &state, change.now())?;
                        }
                        new.insert(key);
                    }
                    piece => take(change, who, piece, &new, &mut report)?,
                }
            }
            change.save_archive(who, &digest)?;
            Ok(report)
        });
        let report = taken.await?;
        // As after any large import: see `import_each`.
        let _ = self.storage.change(|_| Ok(())).await;
        Ok(report)
    }
}

fn take(
    change: &mut Change<'_>,
    who: RequesterKey,
    piece: Piece,
    new: &HashSet<HitKey>,
    report: &mut TakenOver,
) -> Result<(), ServiceError> {
    match piece {
        Piece::Type(of) => {
            if of.status == TypeStatus::Disposing {
                return Ok(());
            }
            match change.qualification_type(of.id.as_str())? {
                Some(known) if known.requester != who => {
                    let words = format!("qualification type {} belongs to another requester of this market.", of.id);
                    return Err(Refusal::Import(words).into());
                }
                Some(_) => return Ok(()),
                None if change.has_qualification_type_named(who, &of.name)? => {
                    let words = format!("there is another qualification type of the name {:?} here already.", of.name);
                    return Err(Refusal::Import(words).into());
                }
                None => change.take_type(who, &of)?,
            }
            report.types += 1;
        }
        Piece::Qualification(held) => match change.qualification_type(held.type_id.as_str())? {
            Some(of) if of.requester == who => {
                let worker = change.find_or_add_worker(held.worker.as_str())?;
                change.take_qualification(worker, of.key, &held)?;
                report.qualifications += 1;
            }
            _ => report.left_out += 1,
        },
        Piece::Request(request) => match change.qualification_type(request.type_id.as_str())? {
            Some(of) if of.requester == who && change.qualification_request(request.id.as_str())?.is_none() => {
                let worker = change.find_or_add_worker(request.worker.as_str())?;
                change.take_request(worker, &of, &request)?;
                report.requests += 1;
            }
            _ => report.left_out += 1,
        },
        Piece::Bonus(bonus) => {
            let of = change.assignment(bonus.assignment.as_str())?;
            if let Some(of) = of.filter(|of| new.contains(&of.hit.key)) {
                let worker = change.find_or_add_worker(bonus.worker.as_str())?;
                change.take_bonus(&of, worker, &bonus)?;
                report.bonuses += 1;
            }
        }
        Piece::Block(block) => {
            let worker = change.find_or_add_worker(block.worker.as_str())?;
            change.save_block(who, worker, &block.reason)?;
            report.blocks += 1;
        }
        // Handled where the fees are.
        Piece::Hit(..) => {}
    }
    Ok(())
}
