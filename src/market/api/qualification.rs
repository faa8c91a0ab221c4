//! Qualification types, requests and qualifications as they go over the wire. What is not there is left out, never `null`.

use crate::domain::system_type::SystemType;
use crate::domain::time::Time;
use crate::market::json::Json;
use crate::market::rules::qualification::TypeStatus;
use crate::market::storage::{Qualification, QualificationRequestView, QualificationTypeView};

/// When the types of the system began to be: the day on which Mechanical Turk opened.
const BEGINNING: Time = Time(1_130_889_600);

/// The members of a qualification type, in an object that is open already. Its owner sees test and answer key.
pub fn qualification_type(json: &mut Json, shown: &QualificationTypeView<'_>) {
    let record = &shown.record;
    json.text("QualificationTypeId", &record.id)
        .time("CreationTime", shown.created)
        .text("Name", shown.name)
        .text("Description", shown.description)
        .optional("Keywords", shown.keywords)
        .text("QualificationTypeStatus", record.status.name())
        .optional("Test", shown.test);
    if let Some((_, duration)) = record.test {
        json.number("TestDurationInSeconds", duration.0);
    }
    json.optional("AnswerKey", shown.answer_key);
    if let Some(delay) = record.retry {
        json.number("RetryDelayInSeconds", delay.0);
    }
    json.boolean("IsRequestable", record.status == TypeStatus::Active)
        .boolean("AutoGranted", record.auto_value.is_some());
    if let Some(value) = record.auto_value {
        json.number("AutoGrantedValue", value.into());
    }
}

/// The members of a type of the system, in an object that is open already.
pub fn system_type(json: &mut Json, system: SystemType, id: &str) {
    json.text("QualificationTypeId", id)
        .time("CreationTime", BEGINNING)
        .text("Name", system.name())
        .text("Description", system.description())
        .text("QualificationTypeStatus", TypeStatus::Active.name())
        .boolean("IsRequestable", false)
        .boolean("AutoGranted", false);
}

/// The members of a request, in an object that is open already.
pub fn request(json: &mut Json, shown: &QualificationRequestView<'_>) {
    json.text("QualificationRequestId", shown.id)
        .text("QualificationTypeId", shown.type_id)
        .text("WorkerId", shown.worker)
        .optional("Test", shown.test)
        .optional("Answer", shown.answer)
        .time("SubmitTime", shown.submitted);
}

/// The members of a qualification, in an object that is open already.
pub fn qualification(json: &mut Json, shown: &Qualification) {
    json.text("QualificationTypeId", &shown.type_id)
        .text("WorkerId", &shown.worker)
        .time("GrantTime", shown.granted)
        .number("IntegerValue", shown.value.into())
        .text("Status", shown.status.name());
}
