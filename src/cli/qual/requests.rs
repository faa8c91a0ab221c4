//! `hitdeck qual requests`: the queue, with what each answered and what the answer key makes of it.

use super::super::context::Context;
use super::super::decide::Plan;
use super::super::exit::{Exit, Failure};
use super::super::people::{Fresh, People};
use crate::domain::decision::{Decision, Target};
use crate::domain::id::{QualificationRequestId, QualificationTypeId};
use crate::domain::qualification::QualificationRequest;
use crate::exchange::output::{Cell, Column, Writer};
use crate::question::answer::{decode, summary};
use crate::question::answer_key::{self, Score};
use crate::question::sheet::AnswerSheet;
use serde_json::{Map, Value as Json, json};
use std::io::Write;

/// How much of the answers people see in a list.
const SHOWN: usize = 80;

/// Runs `hitdeck qual requests list`.
pub async fn list(context: &Context, qual: Option<&str>, offline: bool, out: &mut impl Write) -> Result<Exit, Failure> {
    let people = People::open(context, if offline { Fresh::Nothing } else { Fresh::People }).await?;
    let only = qual.map(|qual| people.find_type(qual).map(|of| of.it.id.clone())).transpose()?;
    let columns = [
        Column::new("QualificationRequestId", "request"),
        Column::data("QualificationTypeId"),
        Column::new("Name", "qualification"),
        Column::new("WorkerId", "worker"),
        Column::new("SubmitTime", "submitted"),
        Column::new("KeyValue", "key's value"),
        Column::shown("points"),
        Column::data("KeyMarks"),
        Column::long("", "answer"),
        Column::data("Answer"),
    ];
    let mut writer = Writer::new(out, context.global.output, columns, super::super::width());
    for request in people.requests.iter().filter(|request| only.as_ref().is_none_or(|of| *of == request.type_id)) {
        writer.row(cells(&people, request))?;
    }
    writer.finish()?;
    Ok(Exit::Done)
}

fn cells(people: &People, request: &QualificationRequest) -> Vec<Cell> {
    let of = people.types.iter().find(|of| of.it.id == request.type_id);
    let scored = of.and_then(|of| score(of.it.answer_key.as_deref()?, request.answer.as_deref()?));
    let answer = request.answer.as_deref().map(decode);
    let fields: Map<String, Json> = answer
        .iter()
        .flat_map(|answer| &answer.fields)
        .map(|field| (field.name.clone(), json!(field.value.text())))
        .collect();
    let marks: Map<String, Json> =
        scored.iter().flat_map(|score| &score.marks).map(|mark| (mark.question.clone(), json!(mark.points))).collect();
    let points = scored.as_ref().map(|score| {
        let each: Vec<String> = score.marks.iter().map(|mark| format!("{} {}", mark.question, mark.points)).collect();
        each.join(", ")
    });
    vec![
        request.id.as_str().into(),
        request.type_id.as_str().into(),
        of.map(|of| of.it.name.as_str()).into(),
        request.worker.as_str().into(),
        request.submitted.into(),
        scored.map(|score| i64::from(score.value)).into(),
        points.into(),
        Cell::Json(marks.into()),
        answer.as_ref().map(|answer| summary(answer, SHOWN)).into(),
        Cell::Json(fields.into()),
    ]
}

/// What the key makes of an answer; nothing of a key that cannot be read.
fn score(key: &str, answer: &str) -> Option<Score> {
    let key = answer_key::read(key).ok()?.value;
    Some(answer_key::score(&key, &AnswerSheet::read(answer)))
}

/// Grants or rejects requests.
pub async fn decide(
    context: &Context,
    requests: &[QualificationRequestId],
    qual: Option<&str>,
    decision: &Decision,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    let people = People::open(context, Fresh::People).await?;
    let only: Option<QualificationTypeId> =
        qual.map(|qual| people.find_own_type(qual).map(|of| of.it.id.clone())).transpose()?;
    let verb = if matches!(decision, Decision::AcceptRequest { .. }) { "grant requests" } else { "reject requests" };
    let mut plan = Plan { verb, by_query: only.is_some(), ..Plan::default() };
    let who = |request: &QualificationRequest| {
        let of = people.types.iter().find(|of| of.it.id == request.type_id);
        format!("{} asks for {}", request.worker, of.map_or(request.type_id.as_str(), |of| of.it.name.as_str()))
    };
    for request in people.requests.iter().filter(|request| Some(&request.type_id) == only.as_ref()) {
        plan.add(Target::Request(request.id.clone()), decision.clone(), Some(who(request)));
    }
    for id in requests {
        match people.requests.iter().find(|request| request.id == *id) {
            Some(request) => plan.add(Target::Request(id.clone()), decision.clone(), Some(who(request))),
            None => plan.refused.push((id.to_string(), "no such request waits: it may have been answered".to_owned())),
        }
    }
    plan.carry_out(context, &people.session, out).await
}
