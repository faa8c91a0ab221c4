//! `hitdeck qual requests`: the queue, with what each answered and what the answer key makes of it.

use super::super::context::Context;
use super::super::decide::Plan;
use super::super::exit::{Exit, Failure};
use super::super::people::{Fresh, People};
use super::super::selection::read;
use crate::app::format::plural;
use crate::app::quals::{key_score, score_by};
use crate::domain::decision::{Decision, Target};
use crate::domain::id::{QualificationRequestId, QualificationTypeId};
use crate::domain::qualification::{KnownType, QualificationRequest};
use crate::exchange::output::{Cell, Column, Writer};
use crate::exchange::request_answers::{self, Answer};
use crate::question::answer::{decode, summary};
use crate::question::answer_key::{AnswerKey, Score};
use serde_json::{Map, Value as Json, json};
use std::io::Write;
use std::path::{Path, PathBuf};

/// How much of the answers people see in a list.
const SHOWN: usize = 80;

/// Runs `hitdeck qual requests list`.
pub async fn list(
    context: &Context,
    qual: Option<&str>,
    answer_key: Option<&Path>,
    offline: bool,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    let key = answer_key.map(|path| super::draft::read_key(context, path)).transpose()?;
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
        // To be filled in, for `requests import`.
        Column::data("Score"),
        Column::data("Reason"),
    ];
    let mut writer = Writer::new(out, context.global.output, columns, super::super::width());
    for request in people.requests.iter().filter(|request| only.as_ref().is_none_or(|of| *of == request.type_id)) {
        writer.row(cells(&people, key.as_ref(), request))?;
    }
    writer.finish()?;
    Ok(Exit::Done)
}

fn cells(people: &People, key: Option<&AnswerKey>, request: &QualificationRequest) -> Vec<Cell> {
    let of = kind(people, request);
    let scored = score(people, key, request);
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
        Cell::from(None::<&str>),
        Cell::from(None::<&str>),
    ]
}

/// How requests are answered.
pub enum How {
    /// All granted with this.
    Score(i32),
    /// Each granted with what a key makes of its test: the one of this file, else the type's own.
    Key(Option<PathBuf>),
    /// All rejected for this reason.
    Reject(String),
}

/// What a key makes of the answers to a test; `other` in place of the type's own.
fn score(people: &People, other: Option<&AnswerKey>, request: &QualificationRequest) -> Option<Score> {
    match other {
        Some(key) => score_by(key, request),
        None => key_score(&kind(people, request)?.it, request).map(|(_, score)| score),
    }
}

fn kind<'a>(people: &'a People, request: &QualificationRequest) -> Option<&'a KnownType> {
    people.types.iter().find(|of| of.it.id == request.type_id)
}

/// Grants or rejects requests.
pub async fn decide(
    context: &Context,
    requests: &[QualificationRequestId],
    qual: Option<&str>,
    how: How,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    let key = match &how {
        How::Key(Some(path)) => Some(super::draft::read_key(context, path)?),
        _ => None,
    };
    let people = People::open(context, Fresh::People).await?;
    let only: Option<QualificationTypeId> =
        qual.map(|qual| people.find_own_type(qual).map(|of| of.it.id.clone())).transpose()?;
    let verb = if matches!(how, How::Reject(_)) { "reject requests" } else { "grant requests" };
    let mut plan = Plan { verb, by_query: only.is_some(), ..Plan::default() };
    let decision = |request: &QualificationRequest| match &how {
        How::Score(score) => Ok(Decision::AcceptRequest { score: *score }),
        How::Reject(reason) => Ok(Decision::RejectRequest { reason: Some(reason.clone()) }),
        // Where nothing is tested the value is the API's own.
        How::Key(_) if request.test.is_none() => Ok(Decision::AcceptRequest { score: 1 }),
        How::Key(_) => score(&people, key.as_ref(), request)
            .map(|score| Decision::AcceptRequest { score: score.value })
            .ok_or_else(|| "no answer key scores this test: give --score or --answer-key".to_owned()),
    };
    for request in people.requests.iter().filter(|request| Some(&request.type_id) == only.as_ref()) {
        add(&mut plan, &people, request, decision(request));
    }
    for id in requests {
        match people.requests.iter().find(|request| request.id == *id) {
            Some(request) => add(&mut plan, &people, request, decision(request)),
            None => plan.refused.push((id.to_string(), GONE.to_owned())),
        }
    }
    plan.carry_out(context, &people.session, out).await
}

/// Why a request cannot be answered that is not there.
const GONE: &str = "no such request waits: it may have been answered";

/// Puts the answer to a request into a plan, or why there is none.
fn add(plan: &mut Plan, people: &People, request: &QualificationRequest, decision: Result<Decision, String>) {
    match decision {
        Ok(decision) => {
            let of = kind(people, request).map_or(request.type_id.as_str(), |of| of.it.name.as_str());
            let value = match &decision {
                Decision::AcceptRequest { score } => format!(", granted with {score}"),
                _ => String::new(),
            };
            let change = format!("{} asks for {of}{value}", request.worker);
            plan.add(Target::Request(request.id.clone()), decision, Some(change));
        }
        Err(why) => plan.refused.push((request.id.to_string(), why)),
    }
}

/// Runs `hitdeck qual requests import`.
pub async fn import(context: &Context, path: &Path, out: &mut impl Write) -> Result<Exit, Failure> {
    let name = path.display();
    let text = read(path).map_err(|reason| Failure::File { what: format!("reading {name}"), reason })?;
    let file = request_answers::read(&text).map_err(|why| Failure::Failed(format!("{name}: {why}")))?;
    for (line, why) in &file.broken {
        context.say(format_args!("{name}:{line}: {why}"));
    }
    if !file.broken.is_empty() {
        let broken = plural(file.broken.len(), "line");
        return Err(Failure::Failed(format!("{name}: {broken} broken, each named above; nothing was answered")));
    }
    let people = People::open(context, Fresh::People).await?;
    // A file may answer any number of them: it is asked for like what a query finds.
    let mut plan = Plan { verb: "answer requests", by_query: true, ..Plan::default() };
    if file.untouched > 0 {
        plan.notes.push(format!("{} without a score: left waiting", plural(file.untouched, "line")));
    }
    for line in file.lines {
        let decision = match line.answer {
            Answer::Grant(score) => Decision::AcceptRequest { score },
            Answer::Reject(reason) => Decision::RejectRequest { reason: Some(reason) },
        };
        match people.requests.iter().find(|request| request.id == line.request) {
            Some(request) => add(&mut plan, &people, request, Ok(decision)),
            None => plan.refused.push((line.request.to_string(), GONE.to_owned())),
        }
    }
    plan.carry_out(context, &people.session, out).await
}
