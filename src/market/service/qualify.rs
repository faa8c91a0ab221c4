//! Qualification types and qualifications, as their requesters see them.

use super::Service;
use super::messages::tell;
use crate::domain::system_type::SystemType;
use crate::domain::time::Seconds;
use crate::market::error::{Refusal, ServiceError};
use crate::market::rules::qualification::{DEFAULT_VALUE, QualificationStatus, RequestState, TypeStatus, automatic};
use crate::market::storage::{
    Change, NewQualificationType, NewTest, Notice, Qualification, QualificationRequestRecord, QualificationTypeRecord,
    QualificationTypeView, RequesterKey, View,
};

/// What workers are told whose requests wait when the type is deleted.
const DELETED: &str = "The qualification type was deleted.";

/// What is to change about a qualification type; nothing where there is none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QualificationTypeChange {
    /// `Description`.
    pub description: Option<String>,
    /// `QualificationTypeStatus`.
    pub status: Option<TypeStatus>,
    /// `RetryDelayInSeconds`.
    pub retry: Option<Seconds>,
    /// `Test` and what belongs to it.
    pub test: Option<NewTest>,
    /// `AutoGranted`.
    pub auto_granted: Option<bool>,
    /// `AutoGrantedValue`.
    pub auto_value: Option<i32>,
}

impl Service {
    /// Makes a qualification type. `show` sees it as it was made.
    pub async fn create_qualification_type<T, F>(
        &self,
        who: RequesterKey,
        new: NewQualificationType,
        show: F,
    ) -> Result<T, ServiceError>
    where
        T: Send + 'static,
        F: FnOnce(&QualificationTypeView<'_>) -> T + Send + 'static,
    {
        self.storage
            .change(move |change| {
                if change.has_qualification_type_named(who, &new.name)? {
                    return Err(Refusal::QualificationTypeExists.into());
                }
                let key = change.add_qualification_type(who, &new)?;
                Ok(change.show_qualification_type(key, show)?)
            })
            .await
    }

    /// Changes a qualification type. `show` sees it as it is then.
    pub async fn update_qualification_type<T, F>(
        &self,
        who: RequesterKey,
        id: &str,
        draft: QualificationTypeChange,
        show: F,
    ) -> Result<T, ServiceError>
    where
        T: Send + 'static,
        F: FnOnce(&QualificationTypeView<'_>) -> T + Send + 'static,
    {
        let id = id.to_owned();
        self.storage
            .change(move |change| {
                let mut record = own_qualification_type(change, who, &id)?;
                let has_test = record.test.is_some() || draft.test.is_some();
                record.auto_value = automatic(record.auto_value, has_test, draft.auto_granted, draft.auto_value)
                    .map_err(|error| Refusal::Parameters(error.to_string()))?;
                record.status = draft.status.unwrap_or(record.status);
                record.retry = draft.retry.or(record.retry);
                if let Some(test) = &draft.test {
                    record.test = Some((change.add_test(test)?, test.duration));
                }
                change.save_qualification_type(&record, draft.description.as_deref())?;
                Ok(change.show_qualification_type(record.key, show)?)
            })
            .await
    }

    /// Deletes a qualification type: nobody can ask for it or require it any more, and requests that wait are rejected. Those
    /// who have it keep it, as HITs that require it may be left.
    pub async fn delete_qualification_type(&self, who: RequesterKey, id: &str) -> Result<(), ServiceError> {
        let id = id.to_owned();
        self.storage
            .change(move |change| {
                let mut record = own_qualification_type(change, who, &id)?;
                record.status = TypeStatus::Disposing;
                change.save_qualification_type(&record, None)?;
                for worker in change.reject_qualification_requests(record.key, DELETED)? {
                    let told = Notice::RequestRejected { qualification: &id, reason: Some(DELETED) };
                    tell(change, who, worker, told)?;
                }
                Ok(())
            })
            .await
    }

    /// Grants what a worker has requested, with a value or 1.
    pub async fn accept_qualification_request(
        &self,
        who: RequesterKey,
        id: &str,
        value: Option<i32>,
    ) -> Result<(), ServiceError> {
        let id = id.to_owned();
        self.storage
            .change(move |change| {
                let request = waiting_request(change, who, &id)?;
                change.save_qualification_request(request.key, RequestState::Accepted, None)?;
                change.grant(request.worker, request.qualification, value.unwrap_or(DEFAULT_VALUE))?;
                let told = Notice::Granted { qualification: &request.qualification_id };
                tell(change, who, request.worker, told)
            })
            .await
    }

    /// Refuses what a worker has requested; the worker sees the reason.
    pub async fn reject_qualification_request(
        &self,
        who: RequesterKey,
        id: &str,
        reason: Option<String>,
    ) -> Result<(), ServiceError> {
        let id = id.to_owned();
        self.storage
            .change(move |change| {
                let request = waiting_request(change, who, &id)?;
                let (qualification, reason) = (request.qualification_id.as_str(), reason.as_deref());
                change.save_qualification_request(request.key, RequestState::Rejected, reason)?;
                tell(change, who, request.worker, Notice::RequestRejected { qualification, reason })
            })
            .await
    }

    /// Grants a qualification to a worker who need not have asked, or changes the value of the one they have. With `notify` the
    /// worker is told.
    pub async fn associate_qualification(
        &self,
        who: RequesterKey,
        id: &str,
        worker: &str,
        value: Option<i32>,
        notify: bool,
    ) -> Result<(), ServiceError> {
        let (id, worker) = (id.to_owned(), worker.to_owned());
        self.storage
            .change(move |change| {
                let record = own_qualification_type(change, who, &id)?;
                let Some(key) = change.worker(&worker)? else {
                    let hint = String::new();
                    return Err(Refusal::Parameter { parameter: "WorkerId", value: worker, hint }.into());
                };
                change.grant(key, record.key, value.unwrap_or(DEFAULT_VALUE))?;
                if notify {
                    tell(change, who, key, Notice::Granted { qualification: &id })?;
                }
                Ok(())
            })
            .await
    }

    /// Takes a qualification back from a worker, who sees the reason.
    pub async fn disassociate_qualification(
        &self,
        who: RequesterKey,
        id: &str,
        worker: &str,
        reason: Option<String>,
    ) -> Result<(), ServiceError> {
        let (id, worker) = (id.to_owned(), worker.to_owned());
        self.storage
            .change(move |change| {
                let record = known_qualification_type(change, who, &id)?;
                granted(change, &record, &worker)?;
                let key = change.worker(&worker)?.ok_or(Refusal::NoQualification)?;
                let reason = reason.as_deref();
                change.revoke(key, record.key, reason)?;
                tell(change, who, key, Notice::Revoked { qualification: &id, reason })
            })
            .await
    }

    /// A worker's qualification of a requester's type.
    pub async fn qualification_score(
        &self,
        who: RequesterKey,
        id: &str,
        worker: &str,
    ) -> Result<Qualification, ServiceError> {
        let (id, worker) = (id.to_owned(), worker.to_owned());
        self.read(move |view| {
            // Amazon does not say here whether it is the type or the qualification that does not exist.
            let record = match known_qualification_type(view, who, &id) {
                Err(ServiceError::Refused(_)) => return Err(Refusal::NoQualification.into()),
                found => found?,
            };
            granted(view, &record, &worker)
        })
        .await
    }
}

/// A qualification that a worker has and that was not revoked.
fn granted(view: &View<'_>, of: &QualificationTypeRecord, worker: &str) -> Result<Qualification, ServiceError> {
    let worker = view.worker(worker)?.ok_or(Refusal::NoQualification)?;
    let found = view.qualification(worker, of.key)?.ok_or(Refusal::NoQualification)?;
    match found.status {
        QualificationStatus::Granted => Ok(found),
        QualificationStatus::Revoked => Err(Refusal::QualificationState.into()),
    }
}

fn waiting_request(
    change: &Change<'_>,
    who: RequesterKey,
    id: &str,
) -> Result<QualificationRequestRecord, ServiceError> {
    let found = change.qualification_request(id)?.filter(|request| request.requester == who);
    let request = found.ok_or_else(|| Refusal::NoQualificationRequest(id.to_owned()))?;
    match request.state {
        RequestState::Pending => Ok(request),
        RequestState::Accepted | RequestState::Rejected => Err(Refusal::QualificationRequestState.into()),
    }
}

/// A qualification type of this requester that can be changed and granted. Another's is as unknown as none, and so is a deleted
/// one; those of the system are nobody's.
pub(in crate::market) fn own_qualification_type(
    view: &View<'_>,
    who: RequesterKey,
    id: &str,
) -> Result<QualificationTypeRecord, ServiceError> {
    let record = known_qualification_type(view, who, id)?;
    match record.status {
        TypeStatus::Active | TypeStatus::Inactive => Ok(record),
        TypeStatus::Disposing => Err(Refusal::NoQualificationType(id.to_owned()).into()),
    }
}

/// The same, also when it was deleted: qualifications that were granted and HITs that require it can still be looked at.
pub(in crate::market) fn known_qualification_type(
    view: &View<'_>,
    who: RequesterKey,
    id: &str,
) -> Result<QualificationTypeRecord, ServiceError> {
    if SystemType::of(id).is_some() {
        return Err(Refusal::NotAuthorized.into());
    }
    match view.qualification_type(id)? {
        Some(record) if record.requester == who => Ok(record),
        _ => Err(Refusal::NoQualificationType(id.to_owned()).into()),
    }
}
