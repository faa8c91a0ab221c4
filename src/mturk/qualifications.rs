//! The operations about qualification types, requests and scores.

use super::client::{Client, PAGE, Page};
use super::error::{Error, classify};
use super::map::Reading;
use crate::domain::hit::Hit;
use crate::domain::id::{QualificationRequestId, QualificationTypeId, WorkerId};
use crate::domain::qualification::{Qualification, QualificationRequest, QualificationType, TypeDraft, TypeStatus};
use aws_sdk_mturk::types::QualificationTypeStatus;

impl Client {
    /// One page of `ListQualificationTypes`: the account's own, or all that a text finds (names, keywords).
    pub async fn list_types(
        &self,
        own: bool,
        query: Option<&str>,
        next: Option<String>,
    ) -> Result<Page<QualificationType>, Error> {
        // With MustBeRequestable=false nothing is left out: own types that are switched off are wanted too.
        let call = self.sdk.list_qualification_types().must_be_requestable(false).must_be_owned_by_caller(own);
        let call = call.set_query(query.map(str::to_owned)).max_results(PAGE).set_next_token(next);
        let answer = call.send().await.map_err(classify)?;
        let found = answer.qualification_types.unwrap_or_default();
        let reading = Reading("ListQualificationTypes");
        let items = found.into_iter().map(|it| reading.qualification_type(it)).collect::<Result<_, _>>()?;
        Ok(Page { items, next: answer.next_token })
    }

    /// `GetQualificationType`.
    pub async fn get_type(&self, id: &QualificationTypeId) -> Result<QualificationType, Error> {
        let call = self.sdk.get_qualification_type().qualification_type_id(id.as_str());
        let answer = call.send().await.map_err(classify)?;
        let reading = Reading("GetQualificationType");
        reading.qualification_type(answer.qualification_type.ok_or_else(|| reading.missing("QualificationType"))?)
    }

    /// `CreateQualificationType`.
    pub async fn create_type(&self, draft: &TypeDraft) -> Result<QualificationType, Error> {
        let draft = draft.clone();
        let call = self.sdk.create_qualification_type().set_name(draft.name).set_keywords(draft.keywords);
        let call = call
            .set_description(draft.description)
            .set_qualification_type_status(draft.status.map(status))
            .set_retry_delay_in_seconds(draft.retry_delay)
            .set_test(draft.test)
            .set_answer_key(draft.answer_key)
            .set_test_duration_in_seconds(draft.test_duration)
            .set_auto_granted(draft.auto_granted)
            .set_auto_granted_value(draft.auto_granted_value);
        let answer = call.send().await.map_err(classify)?;
        let reading = Reading("CreateQualificationType");
        reading.qualification_type(answer.qualification_type.ok_or_else(|| reading.missing("QualificationType"))?)
    }

    /// `UpdateQualificationType`: what the draft leaves out stays. Name and keywords cannot be changed.
    pub async fn update_type(&self, id: &QualificationTypeId, draft: &TypeDraft) -> Result<QualificationType, Error> {
        let draft = draft.clone();
        let call = self.sdk.update_qualification_type().qualification_type_id(id.as_str());
        let call = call
            .set_description(draft.description)
            .set_qualification_type_status(draft.status.map(status))
            .set_retry_delay_in_seconds(draft.retry_delay)
            .set_test(draft.test)
            .set_answer_key(draft.answer_key)
            .set_test_duration_in_seconds(draft.test_duration)
            .set_auto_granted(draft.auto_granted)
            .set_auto_granted_value(draft.auto_granted_value);
        let answer = call.send().await.map_err(classify)?;
        let reading = Reading("UpdateQualificationType");
        reading.qualification_type(answer.qualification_type.ok_or_else(|| reading.missing("QualificationType"))?)
    }

    /// `DeleteQualificationType`.
    pub async fn delete_type(&self, id: &QualificationTypeId) -> Result<(), Error> {
        let call = self.sdk.delete_qualification_type().qualification_type_id(id.as_str());
        call.send().await.map_err(classify)?;
        Ok(())
    }

    /// One page of `ListHITsForQualificationType`.
    pub async fn list_hits_of_type(&self, id: &QualificationTypeId, next: Option<String>) -> Result<Page<Hit>, Error> {
        let call = self.sdk.list_hits_for_qualification_type().qualification_type_id(id.as_str());
        let answer = call.max_results(PAGE).set_next_token(next).send().await.map_err(classify)?;
        let reading = Reading("ListHITsForQualificationType");
        let found = answer.hits.unwrap_or_default();
        let items = found.into_iter().map(|hit| reading.hit(hit)).collect::<Result<_, _>>()?;
        Ok(Page { items, next: answer.next_token })
    }

    /// One page of `ListQualificationRequests`: those that wait, of one type or of all.
    pub async fn list_requests(
        &self,
        of: Option<&QualificationTypeId>,
        next: Option<String>,
    ) -> Result<Page<QualificationRequest>, Error> {
        let of = of.map(|id| id.as_str().to_owned());
        let call = self.sdk.list_qualification_requests().set_qualification_type_id(of);
        let answer = call.max_results(PAGE).set_next_token(next).send().await.map_err(classify)?;
        let reading = Reading("ListQualificationRequests");
        let found = answer.qualification_requests.unwrap_or_default();
        let items = found.into_iter().map(|it| reading.request(it)).collect::<Result<_, _>>()?;
        Ok(Page { items, next: answer.next_token })
    }

    /// `AcceptQualificationRequest`.
    pub async fn accept_request(&self, id: &QualificationRequestId, score: i32) -> Result<(), Error> {
        let call = self.sdk.accept_qualification_request().qualification_request_id(id.as_str());
        call.integer_value(score).send().await.map_err(classify)?;
        Ok(())
    }

    /// `RejectQualificationRequest`.
    pub async fn reject_request(&self, id: &QualificationRequestId, reason: Option<&str>) -> Result<(), Error> {
        let call = self.sdk.reject_qualification_request().qualification_request_id(id.as_str());
        call.set_reason(reason.map(str::to_owned)).send().await.map_err(classify)?;
        Ok(())
    }

    /// One page of `ListWorkersWithQualificationType`: who holds it, or whom it was taken from.
    pub async fn list_holders(
        &self,
        of: &QualificationTypeId,
        revoked: bool,
        next: Option<String>,
    ) -> Result<Page<Qualification>, Error> {
        use aws_sdk_mturk::types::QualificationStatus::{Granted, Revoked};
        let call = self.sdk.list_workers_with_qualification_type().qualification_type_id(of.as_str());
        let call = call.status(if revoked { Revoked } else { Granted }).max_results(PAGE).set_next_token(next);
        let answer = call.send().await.map_err(classify)?;
        let reading = Reading("ListWorkersWithQualificationType");
        let found = answer.qualifications.unwrap_or_default();
        let items = found.into_iter().map(|it| reading.qualification(it)).collect::<Result<_, _>>()?;
        Ok(Page { items, next: answer.next_token })
    }

    /// `GetQualificationScore`.
    pub async fn get_score(&self, of: &QualificationTypeId, worker: &WorkerId) -> Result<Qualification, Error> {
        let call = self.sdk.get_qualification_score().qualification_type_id(of.as_str()).worker_id(worker.as_str());
        let answer = call.send().await.map_err(classify)?;
        let reading = Reading("GetQualificationScore");
        reading.qualification(answer.qualification.ok_or_else(|| reading.missing("Qualification"))?)
    }

    /// `AssociateQualificationWithWorker`: grants, or changes the score.
    pub async fn grant(
        &self,
        of: &QualificationTypeId,
        worker: &WorkerId,
        score: i32,
        tell: bool,
    ) -> Result<(), Error> {
        let call = self.sdk.associate_qualification_with_worker().qualification_type_id(of.as_str());
        let call = call.worker_id(worker.as_str()).integer_value(score).send_notification(tell);
        call.send().await.map_err(classify)?;
        Ok(())
    }

    /// `DisassociateQualificationFromWorker`.
    pub async fn revoke(&self, of: &QualificationTypeId, worker: &WorkerId, reason: Option<&str>) -> Result<(), Error> {
        let call = self.sdk.disassociate_qualification_from_worker().qualification_type_id(of.as_str());
        let call = call.worker_id(worker.as_str()).set_reason(reason.map(str::to_owned));
        call.send().await.map_err(classify)?;
        Ok(())
    }
}

fn status(status: TypeStatus) -> QualificationTypeStatus {
    QualificationTypeStatus::from(status.name())
}
