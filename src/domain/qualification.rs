//! Qualification types, who holds one, and who asks for one, as the API reports them.

use super::id::{QualificationRequestId, QualificationTypeId, WorkerId};
use super::time::{Millis, Seconds, Time};
use serde::{Deserialize, Serialize};

/// `QualificationTypeStatus`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum TypeStatus {
    /// It can be requested, and new HITs can require it.
    Active,
    /// Neither; what was granted stays.
    Inactive,
    /// It is being deleted.
    Disposing,
}

impl TypeStatus {
    /// All of them.
    pub const ALL: [TypeStatus; 3] = [TypeStatus::Active, TypeStatus::Inactive, TypeStatus::Disposing];

    /// The API's name.
    pub const fn name(self) -> &'static str {
        match self {
            TypeStatus::Active => "Active",
            TypeStatus::Inactive => "Inactive",
            TypeStatus::Disposing => "Disposing",
        }
    }

    /// From the API's name, case-exact.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// A qualification type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QualificationType {
    /// `QualificationTypeId`.
    pub id: QualificationTypeId,
    /// `CreationTime`.
    pub created: Time,
    /// `Name`, unique among the requester's types.
    pub name: String,
    /// `Description`.
    pub description: String,
    /// `Keywords`.
    pub keywords: Option<String>,
    /// `QualificationTypeStatus`.
    pub status: TypeStatus,
    /// `Test`, a QuestionForm document.
    pub test: Option<String>,
    /// `TestDurationInSeconds`.
    pub test_duration: Option<Seconds>,
    /// `AnswerKey`, an AnswerKey document.
    pub answer_key: Option<String>,
    /// `RetryDelayInSeconds`; none: one request ever.
    pub retry_delay: Option<Seconds>,
    /// `IsRequestable`.
    pub requestable: bool,
    /// `AutoGrantedValue`, if it is granted to everybody who asks.
    pub auto_granted: Option<i32>,
}

/// A qualification type as this account's mirror knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownType {
    /// The type.
    pub it: QualificationType,
    /// Whether it is the account's own.
    pub own: bool,
    /// How many workers hold it.
    pub holders: u32,
    /// How many requests wait.
    pub requests: u32,
    /// When its holders were last read whole, on the person's clock.
    pub read_at: Option<Millis>,
}

/// What CreateQualificationType and UpdateQualificationType are given. What is none is left out of the request: it stays
/// as it is, or is as the API makes it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TypeDraft {
    /// `Name`; of a new type only, it can never be changed.
    pub name: Option<String>,
    /// `Keywords`; of a new type only.
    pub keywords: Option<String>,
    /// `Description`.
    pub description: Option<String>,
    /// `QualificationTypeStatus`.
    pub status: Option<TypeStatus>,
    /// `RetryDelayInSeconds`.
    pub retry_delay: Option<i64>,
    /// `Test`.
    pub test: Option<String>,
    /// `AnswerKey`.
    pub answer_key: Option<String>,
    /// `TestDurationInSeconds`.
    pub test_duration: Option<i64>,
    /// `AutoGranted`.
    pub auto_granted: Option<bool>,
    /// `AutoGrantedValue`.
    pub auto_granted_value: Option<i32>,
}

/// HITs of one title that require the same qualifications.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HitUse {
    /// Their title.
    pub title: String,
    /// How many there are.
    pub hits: u32,
    /// What they require, one line a requirement: type, comparator, values, what is guarded.
    pub requirements: Vec<String>,
}

impl HitUse {
    /// Whether one of the requirements is of this type.
    pub fn requires(&self, id: &QualificationTypeId) -> bool {
        self.requirements.iter().any(|line| line.split(' ').next() == Some(id.as_str()))
    }
}

/// `Qualification`: what a worker holds, or held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qualification {
    /// Of which type.
    pub type_id: QualificationTypeId,
    /// Who.
    pub worker: WorkerId,
    /// `GrantTime`.
    pub granted: Option<Time>,
    /// `IntegerValue`; none for Locale.
    pub score: Option<i32>,
    /// Whether it was taken away: `Revoked`.
    pub revoked: bool,
}

/// `QualificationRequest`: a worker asks for a qualification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QualificationRequest {
    /// Its identifier.
    pub id: QualificationRequestId,
    /// Of which type.
    pub type_id: QualificationTypeId,
    /// Who asks.
    pub worker: WorkerId,
    /// The test as it was when the worker took it.
    pub test: Option<String>,
    /// The answers: a QuestionFormAnswers document.
    pub answer: Option<String>,
    /// `SubmitTime`.
    pub submitted: Option<Time>,
}
