//! Records as the program's own types: what an import takes over.

use super::record::Record;
use crate::domain::assignment::{Assignment, AssignmentStatus, BonusPayment};
use crate::domain::hit::{Hit, HitReviewStatus, HitStatus, Requirement};
use crate::domain::id::{
    AssignmentId, HitGroupId, HitId, HitTypeId, IdError, QualificationRequestId, QualificationTypeId, WorkerId,
};
use crate::domain::money::Usd;
use crate::domain::qualification::{Qualification, QualificationRequest, QualificationType, TypeStatus};
use crate::domain::time::{Seconds, Time};
use crate::domain::worker::WorkerBlock;
use serde_json::{Map, Value};

/// A member that is not as it has to be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{member}: {why}")]
pub struct RecordError {
    /// Which.
    pub member: &'static str,
    /// What is wrong with it.
    pub why: String,
}

type Read<T> = Result<T, RecordError>;

/// The members of an object, by name.
#[derive(Clone, Copy)]
struct Members<'r>(&'r Map<String, Value>);

impl<'r> Members<'r> {
    fn get(self, member: &str) -> Option<&'r Value> {
        self.0.get(member).filter(|value| !value.is_null())
    }

    fn optional<T>(
        self,
        member: &'static str,
        expected: &str,
        read: impl Fn(&'r Value) -> Option<T>,
    ) -> Read<Option<T>> {
        let Some(value) = self.get(member) else { return Ok(None) };
        let wrong = || {
            let came: String = value.to_string().chars().take(80).collect();
            RecordError { member, why: format!("expected {expected}, found {came}") }
        };
        read(value).map(Some).ok_or_else(wrong)
    }

    fn needed<T>(self, member: &'static str, value: Option<T>) -> Read<T> {
        value.ok_or_else(|| RecordError { member, why: "it is not there".to_owned() })
    }

    fn text(self, member: &'static str) -> Read<Option<String>> {
        self.optional(member, "a text", |value| value.as_str().map(str::to_owned))
    }

    fn plain(self, member: &'static str) -> Read<String> {
        Ok(self.text(member)?.unwrap_or_default())
    }

    fn id<T>(self, member: &'static str, parse: fn(&str) -> Result<T, IdError>) -> Read<T> {
        let text = self.needed(member, self.text(member)?)?;
        parse(&text).map_err(|error| RecordError { member, why: error.to_string() })
    }

    fn money(self, member: &'static str) -> Read<Usd> {
        let text = self.needed(member, self.text(member)?)?;
        Usd::parse(&text).map_err(|error| RecordError { member, why: error.to_string() })
    }

    fn number<T: TryFrom<i64>>(self, member: &'static str) -> Read<Option<T>> {
        self.optional(member, "a whole number", |value| T::try_from(value.as_i64()?).ok())
    }

    fn count(self, member: &'static str) -> Read<u32> {
        Ok(self.number(member)?.unwrap_or(0))
    }

    fn span(self, member: &'static str) -> Read<Option<Seconds>> {
        Ok(self.number(member)?.map(Seconds))
    }

    fn flag(self, member: &'static str) -> Read<bool> {
        Ok(self.optional(member, "true or false", Value::as_bool)?.unwrap_or_default())
    }

    fn time(self, member: &'static str) -> Read<Option<Time>> {
        self.optional(member, "a time in UTC", |value| match value {
            Value::Number(number) => Some(Time(number.as_f64()? as i64)),
            Value::String(text) => text.parse::<jiff::Timestamp>().ok().map(|moment| Time(moment.as_second())),
            _ => None,
        })
    }

    fn named<T>(self, member: &'static str, known: fn(&str) -> Option<T>) -> Read<Option<T>> {
        self.optional(member, "one of the API's names", |value| known(value.as_str()?))
    }

    fn objects(self, member: &'static str) -> Read<Vec<Members<'r>>> {
        let items = self.optional(member, "a list", Value::as_array)?;
        let object = |value: &'r Value| value.as_object().map(Members);
        let items = items.map(|items| items.iter().map(object).collect::<Option<Vec<_>>>());
        match items {
            None => Ok(Vec::new()),
            Some(items) => self.needed(member, items),
        }
    }
}

impl Record {
    fn at(&self) -> Members<'_> {
        Members(&self.members)
    }

    /// As a HIT.
    pub fn hit(&self) -> Read<Hit> {
        let at = self.at();
        let group = match at.get("HITGroupId") {
            Some(_) => Some(at.id("HITGroupId", HitGroupId::parse)?),
            None => None,
        };
        let review =
            at.named("HITReviewStatus", |name| HitReviewStatus::ALL.into_iter().find(|status| status.name() == name))?;
        Ok(Hit {
            id: at.id("HITId", HitId::parse)?,
            type_id: at.id("HITTypeId", HitTypeId::parse)?,
            group,
            title: at.plain("Title")?,
            description: at.plain("Description")?,
            keywords: at.plain("Keywords")?,
            question: at.plain("Question")?,
            status: at.needed("HITStatus", at.named("HITStatus", HitStatus::from_name)?)?,
            review_status: review.unwrap_or_default(),
            reward: at.money("Reward")?,
            created: at.needed("CreationTime", at.time("CreationTime")?)?,
            expires: at.needed("Expiration", at.time("Expiration")?)?,
            duration: at.span("AssignmentDurationInSeconds")?.unwrap_or_default(),
            auto_approval_delay: at.span("AutoApprovalDelayInSeconds")?.unwrap_or(Seconds(30 * 86_400)),
            max_assignments: at.needed("MaxAssignments", at.number("MaxAssignments")?)?,
            pending: at.count("NumberOfAssignmentsPending")?,
            available: at.count("NumberOfAssignmentsAvailable")?,
            completed: at.count("NumberOfAssignmentsCompleted")?,
            annotation: at.text("RequesterAnnotation")?,
            requirements: at.objects("QualificationRequirements")?.into_iter().map(requirement).collect::<Read<_>>()?,
        })
    }

    /// As an assignment.
    pub fn assignment(&self) -> Read<Assignment> {
        let at = self.at();
        Ok(Assignment {
            id: at.id("AssignmentId", AssignmentId::parse)?,
            hit: at.id("HITId", HitId::parse)?,
            worker: at.id("WorkerId", WorkerId::parse)?,
            status: at.needed("AssignmentStatus", at.named("AssignmentStatus", AssignmentStatus::from_name)?)?,
            accepted: at.time("AcceptTime")?,
            submitted: at.time("SubmitTime")?,
            auto_approval: at.time("AutoApprovalTime")?,
            approved: at.time("ApprovalTime")?,
            rejected: at.time("RejectionTime")?,
            feedback: at.text("RequesterFeedback")?,
            answer: at.plain("Answer")?,
        })
    }

    /// As a bonus.
    pub fn bonus(&self) -> Read<BonusPayment> {
        let at = self.at();
        Ok(BonusPayment {
            worker: at.id("WorkerId", WorkerId::parse)?,
            assignment: at.id("AssignmentId", AssignmentId::parse)?,
            amount: at.money("BonusAmount")?,
            reason: at.plain("Reason")?,
            granted: at.time("GrantTime")?,
        })
    }

    /// As a qualification type.
    pub fn qualification_type(&self) -> Read<QualificationType> {
        let at = self.at();
        let auto_value = at.number("AutoGrantedValue")?.unwrap_or(1);
        Ok(QualificationType {
            id: at.id("QualificationTypeId", QualificationTypeId::parse)?,
            created: at.time("CreationTime")?.unwrap_or_default(),
            name: at.plain("Name")?,
            description: at.plain("Description")?,
            keywords: at.text("Keywords")?,
            status: at
                .needed("QualificationTypeStatus", at.named("QualificationTypeStatus", TypeStatus::from_name)?)?,
            test: at.text("Test")?,
            test_duration: at.span("TestDurationInSeconds")?,
            answer_key: at.text("AnswerKey")?,
            retry_delay: at.span("RetryDelayInSeconds")?,
            requestable: at.flag("IsRequestable")?,
            auto_granted: at.flag("AutoGranted")?.then_some(auto_value),
        })
    }

    /// As a qualification that a worker holds or held.
    pub fn qualification(&self) -> Read<Qualification> {
        let at = self.at();
        Ok(Qualification {
            type_id: at.id("QualificationTypeId", QualificationTypeId::parse)?,
            worker: at.id("WorkerId", WorkerId::parse)?,
            granted: at.time("GrantTime")?,
            score: at.number("IntegerValue")?,
            revoked: at.text("Status")?.as_deref() == Some("Revoked"),
        })
    }

    /// As a request for a qualification.
    pub fn request(&self) -> Read<QualificationRequest> {
        let at = self.at();
        Ok(QualificationRequest {
            id: at.id("QualificationRequestId", QualificationRequestId::parse)?,
            type_id: at.id("QualificationTypeId", QualificationTypeId::parse)?,
            worker: at.id("WorkerId", WorkerId::parse)?,
            test: at.text("Test")?,
            answer: at.text("Answer")?,
            submitted: at.time("SubmitTime")?,
        })
    }

    /// As a block.
    pub fn block(&self) -> Read<WorkerBlock> {
        let at = self.at();
        Ok(WorkerBlock { worker: at.id("WorkerId", WorkerId::parse)?, reason: at.plain("Reason")? })
    }
}

fn requirement(at: Members<'_>) -> Read<Requirement> {
    let integers = at.optional("IntegerValues", "a list of whole numbers", |value| {
        let numbers = value.as_array()?.iter().map(|number| i32::try_from(number.as_i64()?).ok());
        numbers.collect::<Option<Vec<i32>>>()
    })?;
    let locales = at.objects("LocaleValues")?.into_iter().map(|locale| {
        let country = locale.plain("Country")?;
        Ok(match locale.text("Subdivision")? {
            Some(part) => format!("{country}-{part}"),
            None => country,
        })
    });
    Ok(Requirement {
        qualification: at.id("QualificationTypeId", QualificationTypeId::parse)?,
        comparator: at.plain("Comparator")?,
        integers: integers.unwrap_or_default(),
        locales: locales.collect::<Read<_>>()?,
        guards: at.text("ActionsGuarded")?.unwrap_or_else(|| "Accept".to_owned()),
    })
}
