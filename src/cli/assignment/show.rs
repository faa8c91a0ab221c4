//! `hitdeck assignment show`: everything of an assignment, decoded.

use super::super::args::Selection;
use super::super::context::Context;
use super::super::exit::{Exit, Failure};
use super::super::shape::Shape;
use super::Opened;
use super::fields::{self, Whole};
use crate::exchange::output::{Cell, Column, records};
use crate::exchange::results::object;
use crate::question::answer::{Answer, decode, summary};
use crate::question::item::{self, Item};
use crate::store::StoredDetail;
use serde_json::{Value as Json, json};
use std::io::Write;

/// How much of another worker's answer people see.
const OTHER: usize = 200;

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
    let (format, rows) = (context.global.output, &opened.chosen.rows);
    let mut columns = fields::columns(Shape::Record, fields::names(&opened, rows, format).await?);
    columns.extend([
        Column::shown("item"),
        Column::shown("answer"),
        Column::shown("others"),
        Column::data("Item"),
        Column::data("Others"),
    ]);
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let whole = Whole::read(&opened, std::slice::from_ref(row)).await?;
        let key = row.key;
        let detail = opened.session.engine.store().reading(move |reader| reader.detail(key)).await?;
        if let Some(detail) = detail {
            let mut cells = whole.cells(&opened, row);
            cells.extend(more(&opened, &detail));
            found.push(cells);
        }
    }
    records(out, format, columns, found)?;
    Ok(opened.say_missing(context))
}

/// What was asked, what was answered, what the others answered: three times for people, twice for programs.
fn more(opened: &Opened, detail: &StoredDetail) -> [Cell; 5] {
    let item = item::read(&detail.question);
    let worker = |key| opened.rows.workers.get(key).map(|worker| worker.as_str());
    let (mut lines, mut others) = (Vec::new(), Vec::new());
    for other in &detail.others {
        let (worker, status, answer) = (worker(&other.worker), other.status.name(), decode(&other.answer));
        lines.push(format!("{} ({status}): {}", worker.unwrap_or_default(), summary(&answer, OTHER)));
        others.push(json!({ "WorkerId": worker, "AssignmentStatus": status, "Answer": object(&answer) }));
    }
    let pairs: Vec<Json> = item.pairs.iter().map(|(label, value)| json!({ "Label": label, "Value": value })).collect();
    let asked = json!({ "Pairs": pairs, "Text": item.text, "URL": item.url, "Problem": item.problem });
    [
        asked_lines(item).into(),
        answer_lines(&decode(&detail.answer)).into(),
        lines.join("\n").into(),
        Cell::Json(asked),
        Cell::Json(others.into()),
    ]
}

fn asked_lines(item: Item) -> String {
    let mut lines: Vec<String> = item.pairs.iter().map(|(label, value)| format!("{label}: {value}")).collect();
    lines.extend(item.text);
    lines.extend(item.url);
    lines.extend(item.problem.map(|problem| format!("({problem})")));
    lines.join("\n")
}

fn answer_lines(answer: &Answer) -> String {
    let mut lines: Vec<String> =
        answer.fields.iter().map(|field| format!("{}: {}", field.name, field.value.text())).collect();
    lines.extend(answer.problem.as_ref().map(|problem| format!("({problem})")));
    lines.join("\n")
}
