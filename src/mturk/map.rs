//! The SDK's all-optional types into ours. A member that has to be there and is not becomes an error that names it.

use super::error::Error;
use crate::domain::assignment::{Assignment, AssignmentStatus, BonusPayment};
use crate::domain::hit::{Hit, HitReviewStatus, HitStatus, Requirement};
use crate::domain::id::{IdError, QualificationRequestId, QualificationTypeId, WorkerId};
use crate::domain::money::Usd;
use crate::domain::qualification::{Qualification, QualificationRequest, QualificationType, TypeStatus};
use crate::domain::time::{Seconds, Time};
use crate::domain::worker::{NotifyFailure, WorkerBlock};
use aws_sdk_mturk::primitives::DateTime;
use aws_sdk_mturk::types;

type Found<T> = Result<T, Error>;

/// Names the operation in every complaint about its answer.
#[derive(Clone, Copy)]
pub(super) struct Reading(pub &'static str);

impl Reading {
    pub(super) fn missing(self, member: &'static str) -> Error {
        Error::Malformed { operation: self.0, member, came: "it is not there".into() }
    }

    fn bad(self, member: &'static str, came: impl ToString) -> Error {
        Error::Malformed { operation: self.0, member, came: came.to_string() }
    }

    fn have<T>(self, value: Option<T>, member: &'static str) -> Found<T> {
        value.ok_or_else(|| self.missing(member))
    }

    pub(super) fn id<T>(
        self,
        text: Option<String>,
        member: &'static str,
        parse: fn(&str) -> Result<T, IdError>,
    ) -> Found<T> {
        parse(&self.have(text, member)?).map_err(|error| self.bad(member, error))
    }

    pub(super) fn money(self, text: Option<String>, member: &'static str) -> Found<Usd> {
        Usd::parse(&self.have(text, member)?).map_err(|error| self.bad(member, error))
    }

    fn count(self, number: Option<i32>, member: &'static str) -> Found<u32> {
        let number = self.have(number, member)?;
        u32::try_from(number).map_err(|_| self.bad(member, number))
    }

    pub(super) fn hit(self, hit: types::Hit) -> Found<Hit> {
        let status = self.have(hit.hit_status, "HITStatus")?;
        let status = HitStatus::from_name(status.as_str()).ok_or_else(|| self.bad("HITStatus", status.as_str()))?;
        let group = hit.hit_group_id.map(|id| self.id(Some(id), "HITGroupId", crate::domain::id::HitGroupId::parse));
        let requirements = hit.qualification_requirements.unwrap_or_default();
        Ok(Hit {
            id: self.id(hit.hit_id, "HITId", crate::domain::id::HitId::parse)?,
            type_id: self.id(hit.hit_type_id, "HITTypeId", crate::domain::id::HitTypeId::parse)?,
            group: group.transpose()?,
            title: hit.title.unwrap_or_default(),
            description: hit.description.unwrap_or_default(),
            keywords: hit.keywords.unwrap_or_default(),
            question: hit.question.unwrap_or_default(),
            status,
            review_status: review_status(hit.hit_review_status),
            reward: self.money(hit.reward, "Reward")?,
            created: time(self.have(hit.creation_time, "CreationTime")?),
            expires: time(self.have(hit.expiration, "Expiration")?),
            duration: Seconds(hit.assignment_duration_in_seconds.unwrap_or_default()),
            auto_approval_delay: Seconds(hit.auto_approval_delay_in_seconds.unwrap_or(30 * 86_400)),
            max_assignments: self.count(hit.max_assignments, "MaxAssignments")?,
            pending: self.count(hit.number_of_assignments_pending, "NumberOfAssignmentsPending")?,
            available: self.count(hit.number_of_assignments_available, "NumberOfAssignmentsAvailable")?,
            completed: self.count(hit.number_of_assignments_completed, "NumberOfAssignmentsCompleted")?,
            annotation: hit.requester_annotation,
            requirements: requirements.into_iter().map(|r| self.requirement(r)).collect::<Found<_>>()?,
        })
    }

    fn requirement(self, requirement: types::QualificationRequirement) -> Found<Requirement> {
        let locales =
            requirement.locale_values.unwrap_or_default().into_iter().map(|locale| match locale.subdivision {
                Some(part) => format!("{}-{part}", locale.country),
                None => locale.country,
            });
        Ok(Requirement {
            qualification: QualificationTypeId::parse(&requirement.qualification_type_id)
                .map_err(|error| self.bad("QualificationTypeId", error))?,
            comparator: requirement.comparator.as_str().to_owned(),
            integers: requirement.integer_values.unwrap_or_default(),
            locales: locales.collect(),
            guards: requirement.actions_guarded.map_or("Accept".into(), |guards| guards.as_str().to_owned()),
        })
    }

    pub(super) fn assignment(self, it: types::Assignment) -> Found<Assignment> {
        let status = self.have(it.assignment_status, "AssignmentStatus")?;
        let status = AssignmentStatus::from_name(status.as_str())
            .ok_or_else(|| self.bad("AssignmentStatus", status.as_str()))?;
        Ok(Assignment {
            id: self.id(it.assignment_id, "AssignmentId", crate::domain::id::AssignmentId::parse)?,
            hit: self.id(it.hit_id, "HITId", crate::domain::id::HitId::parse)?,
            worker: self.id(it.worker_id, "WorkerId", crate::domain::id::WorkerId::parse)?,
            status,
            accepted: it.accept_time.map(time),
            submitted: it.submit_time.map(time),
            auto_approval: it.auto_approval_time.map(time),
            approved: it.approval_time.map(time),
            rejected: it.rejection_time.map(time),
            feedback: it.requester_feedback,
            answer: it.answer.unwrap_or_default(),
        })
    }

    pub(super) fn bonus(self, bonus: types::BonusPayment) -> Found<BonusPayment> {
        Ok(BonusPayment {
            worker: self.id(bonus.worker_id, "WorkerId", crate::domain::id::WorkerId::parse)?,
            assignment: self.id(bonus.assignment_id, "AssignmentId", crate::domain::id::AssignmentId::parse)?,
            amount: self.money(bonus.bonus_amount, "BonusAmount")?,
            reason: bonus.reason.unwrap_or_default(),
            granted: bonus.grant_time.map(time),
        })
    }

    pub(super) fn block(self, block: types::WorkerBlock) -> Found<WorkerBlock> {
        let worker = self.id(block.worker_id, "WorkerId", WorkerId::parse)?;
        Ok(WorkerBlock { worker, reason: block.reason.unwrap_or_default() })
    }

    pub(super) fn failure(self, failure: types::NotifyWorkersFailureStatus) -> Found<NotifyFailure> {
        Ok(NotifyFailure {
            worker: self.id(failure.worker_id, "WorkerId", WorkerId::parse)?,
            soft: failure.notify_workers_failure_code == Some(types::NotifyWorkersFailureCode::SoftFailure),
            reason: failure.notify_workers_failure_message.unwrap_or_default(),
        })
    }

    pub(super) fn qualification_type(self, it: types::QualificationType) -> Found<QualificationType> {
        let status = self.have(it.qualification_type_status, "QualificationTypeStatus")?;
        Ok(QualificationType {
            id: self.id(it.qualification_type_id, "QualificationTypeId", QualificationTypeId::parse)?,
            created: it.creation_time.map_or(Time(0), time),
            name: it.name.unwrap_or_default(),
            description: it.description.unwrap_or_default(),
            keywords: it.keywords,
            status: TypeStatus::from_name(status.as_str())
                .ok_or_else(|| self.bad("QualificationTypeStatus", status.as_str()))?,
            test: it.test,
            test_duration: it.test_duration_in_seconds.map(Seconds),
            answer_key: it.answer_key,
            retry_delay: it.retry_delay_in_seconds.map(Seconds),
            requestable: it.is_requestable.unwrap_or_default(),
            auto_granted: it.auto_granted.unwrap_or_default().then(|| it.auto_granted_value.unwrap_or(1)),
        })
    }

    pub(super) fn qualification(self, it: types::Qualification) -> Found<Qualification> {
        Ok(Qualification {
            type_id: self.id(it.qualification_type_id, "QualificationTypeId", QualificationTypeId::parse)?,
            worker: self.id(it.worker_id, "WorkerId", WorkerId::parse)?,
            granted: it.grant_time.map(time),
            score: it.integer_value,
            revoked: it.status == Some(types::QualificationStatus::Revoked),
        })
    }

    pub(super) fn request(self, it: types::QualificationRequest) -> Found<QualificationRequest> {
        Ok(QualificationRequest {
            id: self.id(it.qualification_request_id, "QualificationRequestId", QualificationRequestId::parse)?,
            type_id: self.id(it.qualification_type_id, "QualificationTypeId", QualificationTypeId::parse)?,
            worker: self.id(it.worker_id, "WorkerId", WorkerId::parse)?,
            test: it.test,
            answer: it.answer,
            submitted: it.submit_time.map(time),
        })
    }
}

fn time(time: DateTime) -> Time {
    Time(time.secs())
}

fn review_status(status: Option<types::HitReviewStatus>) -> HitReviewStatus {
    match status {
        Some(types::HitReviewStatus::MarkedForReview) => HitReviewStatus::MarkedForReview,
        Some(types::HitReviewStatus::ReviewedAppropriate) => HitReviewStatus::ReviewedAppropriate,
        Some(types::HitReviewStatus::ReviewedInappropriate) => HitReviewStatus::ReviewedInappropriate,
        _ => HitReviewStatus::NotReviewed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_member_is_named() {
        let hit = types::Hit::builder().hit_status(types::HitStatus::Reviewable).hit_id("3A").build();
        assert_eq!(Reading("GetHIT").hit(hit).unwrap_err(), Reading("GetHIT").missing("HITTypeId"));
        let assignment = types::Assignment::builder().assignment_id("3A").build();
        let error = Reading("GetAssignment").assignment(assignment).unwrap_err().to_string();
        assert_eq!(error, "the answer to GetAssignment has no usable AssignmentStatus: it is not there");
    }

    #[test]
    fn an_odd_value_is_shown() {
        let bonus = types::BonusPayment::builder().worker_id("a b").build();
        let error = Reading("ListBonusPayments").bonus(bonus).unwrap_err().to_string();
        assert!(error.contains("WorkerId") && error.contains("\"a b\""), "{error}");
    }
}
