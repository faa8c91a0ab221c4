//! JSON lines: one object an assignment, with the input, the decoded answer, the decision and the times in UTC.

use super::website::worked;
use super::{Mark, ResultsWriter, Work};
use crate::domain::time::Time;
use crate::exchange::output::{harmless, iso};
use crate::question::answer::{Answer, Value, decode};
use serde_json::{Map, Value as Json, json};
use std::io::Write;

impl<W: Write> ResultsWriter<W> {
    pub(super) fn jsonl_row(&mut self, work: &Work<'_>) {
        let (hit, manner) = (&self.hit, &self.cells.manner);
        let text = |text: &str| Json::String(manner.clean(text).into_owned());
        let some = |value: &str| if value.is_empty() { Json::Null } else { text(value) };
        let time = |time: Option<Time>| time.map_or(Json::Null, |time| Json::String(iso(time)));
        let (id, worker) = work.identifiers();
        let worker = manner.redactor.as_ref().map_or_else(|| worker.to_owned(), |redactor| redactor.worker(worker));
        let answer = decode(work.answer);
        let inputs: Map<String, Json> =
            hit.inputs.iter().map(|(name, value)| (manner.clean(name).into_owned(), text(value))).collect();
        let staged = work.mark.map(|mark| match mark {
            Mark::Approve => json!({ "Decision": "approve" }),
            Mark::Reject(reason) => json!({ "Decision": "reject", "Reason": text(reason) }),
        });
        let type_id = hit.given.get("HITTypeId").or(hit.type_id.as_ref()).map_or("", String::as_str);
        let object = json!({
            "AssignmentId": id,
            "WorkerId": worker,
            "AssignmentStatus": work.status.name(),
            "AcceptTime": time(work.accepted),
            "SubmitTime": time(work.submitted),
            "WorkTimeInSeconds": worked(work.accepted, work.submitted),
            "AutoApprovalTime": time(work.auto_approval),
            "ApprovalTime": time(work.approved()),
            "RejectionTime": time(work.rejected()),
            "RequesterFeedback": some(work.feedback),
            "DecidedBy": work.by,
            "Staged": staged,
            "Note": work.note.map(text),
            "Batch": text(&hit.batch),
            "HITId": hit.given.get("HITId").unwrap_or(&hit.id),
            "HITTypeId": some(type_id),
            "HITGroupId": hit.group,
            "Title": text(&hit.title),
            "Reward": hit.reward.to_string(),
            "RequesterAnnotation": some(&hit.annotation),
            "CreationTime": time(hit.created),
            "Expiration": time(hit.expires),
            "Input": inputs,
            "Answer": clean(object(&answer), &text),
            "AnswerProblem": answer.problem,
        });
        self.row.push_str(&harmless(object.to_string()));
        self.row.push('\n');
    }
}

/// The same JSON with every text cleaned, names too.
fn clean(json: Json, text: &impl Fn(&str) -> Json) -> Json {
    match json {
        Json::String(value) => text(&value),
        Json::Array(items) => items.into_iter().map(|item| clean(item, text)).collect(),
        Json::Object(fields) => {
            let name = |name: String| match text(&name) {
                Json::String(name) => name,
                _ => name,
            };
            Json::Object(fields.into_iter().map(|(field, value)| (name(field), clean(value, text))).collect())
        }
        other => other,
    }
}

/// An answer as one JSON object; a name that comes twice holds a list.
pub fn object(answer: &Answer) -> Json {
    let mut fields = Map::new();
    for field in &answer.fields {
        let value = match &field.value {
            Value::Empty => Json::Null,
            Value::Text(text) => json!(text),
            Value::Choice(chosen) => json!(chosen),
            Value::Flag(flag) => json!(flag),
            Value::Upload { key, bytes } => json!({ "UploadedFileKey": key, "UploadedFileSizeInBytes": bytes }),
        };
        match fields.get_mut(&field.name) {
            None => {
                fields.insert(field.name.clone(), value);
            }
            Some(Json::Array(all)) if !matches!(field.value, Value::Choice(_)) => all.push(value),
            Some(first) => *first = Json::Array(vec![first.take(), value]),
        }
    }
    Json::Object(fields)
}
