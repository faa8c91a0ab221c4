//! `hitdeck assignment show`: everything of an assignment, decoded.

use super::super::args::Selection;
use super::super::context::Context;
use super::super::exit::{Exit, Failure};
use super::{Opened, texts};
use crate::domain::assignment::work_time;
use crate::domain::row::AssignmentRow;
use crate::exchange::output::{Cell, Format, Writer, record};
use crate::question::answer::{Answer, Value, decode};
use crate::question::item;
use crate::store::StoredDetail;
use serde_json::{Map, Value as Json, json};
use std::io::Write;

/// Prints each assignment with its item, its answer and the other workers' answers.
pub async fn run(
    context: &Context,
    selection: &Selection,
    offline: bool,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    if selection.is_empty() {
        return Err(Failure::Usage("which assignments? give IDs, --ids FILE or --where QUERY".into()));
    }
    let opened = Opened::new(context, selection, offline).await?;
    let format = context.global.output;
    if format == Format::Table {
        for (index, row) in opened.chosen.rows.iter().enumerate() {
            if index > 0 {
                writeln!(out)?;
            }
            if let Some(detail) = detail(&opened, row).await? {
                record(&mut *out, format, for_people(&opened, row, &detail))?;
            }
        }
    } else {
        let mut writer: Option<Writer<&mut _>> = None;
        let mut out = Some(out);
        for row in &opened.chosen.rows {
            let Some(detail) = detail(&opened, row).await? else { continue };
            let (names, cells): (Vec<&'static str>, Vec<Cell>) =
                for_programs(&opened, row, &detail).into_iter().unzip();
            if let Some(out) = out.take() {
                writer = Some(Writer::new(out, format, names, None));
            }
            if let Some(writer) = &mut writer {
                writer.row(cells)?;
            }
        }
        match (writer, out) {
            (Some(writer), _) => writer.finish()?,
            (None, Some(out)) => Writer::new(out, format, ["assignment_id"], None).finish()?,
            (None, None) => {}
        }
    }
    Ok(opened.say_missing(context))
}

async fn detail(opened: &Opened, row: &AssignmentRow) -> Result<Option<StoredDetail>, Failure> {
    let key = row.key;
    Ok(opened.session.engine.store().reading(move |reader| reader.detail(key)).await?)
}

fn facts(opened: &Opened, row: &AssignmentRow, detail: &StoredDetail) -> Vec<(&'static str, Cell)> {
    let hit = opened.hit(row);
    vec![
        ("assignment_id", detail.id.as_str().into()),
        ("hit_id", detail.hit_id.as_str().into()),
        ("worker_id", opened.worker(row).map(|worker| worker.as_str()).into()),
        ("status", row.status.name().into()),
        ("title", hit.map(|hit| &*hit.title).into()),
        ("batch", hit.map(|hit| &*hit.batch).into()),
        ("reward", hit.map(|hit| hit.reward).into()),
        ("accepted", row.accepted.get().into()),
        ("submitted", row.submitted.get().into()),
        ("work_time", work_time(row.accepted.get(), row.submitted.get()).into()),
        ("auto_approval", row.auto_approval.get().into()),
        ("decided", row.decided.get().into()),
        ("decided_by", opened.decider(row).into()),
        ("feedback", detail.feedback.as_deref().into()),
        ("note", detail.note.as_deref().into()),
    ]
}

/// Lines: what was asked, what was answered, what the others answered.
fn for_people(opened: &Opened, row: &AssignmentRow, detail: &StoredDetail) -> Vec<(&'static str, Cell)> {
    let mut cells: Vec<_> = facts(opened, row, detail).into_iter().filter(|(_, cell)| *cell != Cell::Missing).collect();
    let item = item::read(&detail.question);
    let mut asked: Vec<String> = item.pairs.iter().map(|(label, value)| format!("{label}: {value}")).collect();
    asked.extend(item.text);
    asked.extend(item.url);
    asked.extend(item.problem.map(|problem| format!("({problem})")));
    cells.push(("item", asked.join("\n").into()));
    cells.push(("answer", lines(&decode(&detail.answer)).into()));
    for other in &detail.others {
        let worker = opened.rows.workers.get(&other.worker).map_or("", |worker| worker.as_str());
        let answer = crate::question::answer::summary(&decode(&other.answer), 200);
        cells.push(("other", format!("{worker} ({}): {answer}", other.status.name()).into()));
    }
    cells
}

fn lines(answer: &Answer) -> String {
    let mut lines: Vec<String> =
        answer.fields.iter().map(|field| format!("{}: {}", field.name, field.value.text())).collect();
    lines.extend(answer.problem.as_ref().map(|problem| format!("({problem})")));
    lines.join("\n")
}

fn for_programs(opened: &Opened, row: &AssignmentRow, detail: &StoredDetail) -> Vec<(&'static str, Cell)> {
    let mut cells = facts(opened, row, detail);
    let item = item::read(&detail.question);
    let pairs: Vec<Json> = item.pairs.iter().map(|(label, value)| json!({ "label": label, "value": value })).collect();
    cells.push(("item", Cell::Json(json!({ "pairs": pairs, "text": item.text, "url": item.url }))));
    let answer = decode(&detail.answer);
    cells.push(("answer", Cell::Json(object(&answer))));
    cells.push(("answer_problem", answer.problem.as_deref().into()));
    let others = detail.others.iter().map(|other| {
        let worker = opened.rows.workers.get(&other.worker).map(|worker| worker.as_str());
        json!({ "worker_id": worker, "status": other.status.name(), "answer": object(&decode(&other.answer)) })
    });
    cells.push(("others", Cell::Json(others.collect())));
    cells.push(("problems", texts(item.problem.as_deref())));
    cells
}

/// An answer as one JSON object; a name that comes twice holds a list.
fn object(answer: &Answer) -> Json {
    let mut fields = Map::new();
    for field in &answer.fields {
        let value = match &field.value {
            Value::Empty => Json::Null,
            Value::Text(text) => json!(text),
            Value::Choice(chosen) => json!(chosen),
            Value::Flag(flag) => json!(flag),
            Value::Upload { key, bytes } => json!({ "key": key, "bytes": bytes }),
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
