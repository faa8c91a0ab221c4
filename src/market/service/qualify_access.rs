//! Who may do what with which HITs: requirements, loaded and judged.

use std::collections::HashMap;

use super::Service;
use crate::domain::id::{HitId, WorkerId};
use crate::domain::requirement::{self, Required};
use crate::domain::system_type::SystemType;
use crate::market::error::{Refusal, ServiceError};
use crate::market::rules::eligibility::{Action, Standings, Verdict};
use crate::market::rules::qualification::TypeStatus;
use crate::market::storage::{HitType, RequesterKey, StorageError, TypeKey, View, WorkerKey};

/// What keeps one worker from HITs, for all HIT types at once.
#[derive(Debug, Clone, Default)]
pub struct Access {
    /// The verdicts that keep the worker from anything.
    closed: HashMap<TypeKey, Verdict>,
}

impl Access {
    /// Judges a worker, or somebody nobody knows, by all HIT types that require anything.
    pub fn of(view: &View<'_>, worker: Option<WorkerKey>) -> Result<Access, StorageError> {
        let guarded = view.guarded_types()?;
        if guarded.is_empty() {
            return Ok(Access::default());
        }
        let standings = standings(view, worker)?;
        let judged = guarded.into_iter().map(|(of, required)| (of, Verdict::of(&required, &standings)));
        Ok(Access { closed: judged.filter(|(_, verdict)| !verdict.unmet.is_empty()).collect() })
    }

    /// What keeps the worker from HITs of a type; nothing if there is none.
    pub fn verdict(&self, of: TypeKey) -> Option<&Verdict> {
        self.closed.get(&of)
    }

    /// The types with whose HITs the worker may not do something.
    pub fn closed_to(&self, action: Action) -> Vec<TypeKey> {
        let closed = self.closed.iter().filter(|(_, verdict)| !verdict.allows(action));
        closed.map(|(of, _)| *of).collect()
    }
}

impl Service {
    /// What keeps a worker from a HIT.
    pub async fn verdict(&self, hit: &HitId, worker: &WorkerId) -> Result<Verdict, ServiceError> {
        let (hit, worker) = (hit.clone(), worker.clone());
        self.read(move |view| {
            let record = view.hit(hit.as_str())?.ok_or_else(|| Refusal::NoHit(hit.to_string()))?;
            Ok(judge(view, record.type_key, view.worker(worker.as_str())?)?)
        })
        .await
    }

    /// What keeps a worker from open HITs that the worker can find: one verdict for each HIT type.
    pub async fn out_of_reach(&self, worker: &WorkerId) -> Result<Vec<Verdict>, ServiceError> {
        let worker = worker.clone();
        self.read(move |view| {
            let access = Access::of(view, view.worker(worker.as_str())?)?;
            let mut closed = access.closed_to(Action::Accept);
            closed.sort_unstable();
            let mut verdicts = Vec::new();
            for of in closed {
                if let Some(verdict) = access.verdict(of)
                    && verdict.allows(Action::Discover)
                    && view.has_open_hits(of)?
                {
                    verdicts.push(verdict.clone());
                }
            }
            Ok(verdicts)
        })
        .await
    }
}

/// What keeps a worker, or somebody nobody knows, from HITs of a type.
pub(super) fn judge(view: &View<'_>, of: TypeKey, worker: Option<WorkerKey>) -> Result<Verdict, StorageError> {
    let required = view.requirements(of)?;
    if required.is_empty() {
        return Ok(Verdict::default());
    }
    Ok(Verdict::of(&required, &standings(view, worker)?))
}

fn standings(view: &View<'_>, worker: Option<WorkerKey>) -> Result<Standings, StorageError> {
    worker.map_or_else(|| Ok(Standings::default()), |worker| view.standings(worker))
}

/// Checks that new HITs can have these requirements, which are JSON as a HIT type keeps them: each names a type of the system,
/// or an active one of this requester.
pub fn check_requirements(view: &View<'_>, who: RequesterKey, json: &str) -> Result<(), ServiceError> {
    let required = requirement::read(json).map_err(|error| Refusal::Parameters(error.to_string()))?;
    required.iter().try_for_each(|required| check_required(view, who, required))
}

/// Checks that new HITs can be of this type: deleting a qualification type deletes the HIT types that require it.
pub fn check_usable(view: &View<'_>, who: RequesterKey, of: &HitType) -> Result<(), ServiceError> {
    for required in view.requirements(of.key)? {
        match check_required(view, who, &required) {
            Err(ServiceError::Refused(Refusal::NoQualificationType(_))) => {
                return Err(Refusal::NoHitType(of.id.clone()).into());
            }
            checked => checked?,
        }
    }
    Ok(())
}

fn check_required(view: &View<'_>, who: RequesterKey, required: &Required) -> Result<(), ServiceError> {
    if SystemType::of(&required.qualification).is_some() {
        return Ok(());
    }
    let found = view.qualification_type(&required.qualification)?.filter(|found| found.requester == who);
    match found.map(|found| found.status) {
        Some(TypeStatus::Active) => Ok(()),
        Some(TypeStatus::Inactive) => {
            let (current, allowed) = (TypeStatus::Inactive.name(), TypeStatus::Active.name());
            Err(Refusal::QualificationTypeState { current, allowed }.into())
        }
        Some(TypeStatus::Disposing) | None => Err(Refusal::NoQualificationType(required.qualification.clone()).into()),
    }
}
