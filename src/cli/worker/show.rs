//! `hitdeck worker show`: a worker's page as text.

use super::super::context::Context;
use super::super::exit::{Exit, Failure};
use super::super::people::{Fresh, People};
use super::list::{Table, columns};
use crate::domain::decision::{Decision, OutboxEntry};
use crate::domain::id::{AssignmentId, HitId, WorkerId};
use crate::domain::row::AssignmentRow;
use crate::domain::time::Time;
use crate::domain::worker::{Payment, not_reached};
use crate::exchange::output::{Cell, Column, iso, records};
use serde_json::{Value as Json, json};
use std::collections::HashSet;
use std::io::Write;

/// How many of a worker's assignments people see; programs see all.
const SHOWN: usize = 20;

/// Runs `hitdeck worker show`.
pub async fn run(
    context: &Context,
    workers: &[WorkerId],
    offline: bool,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    let mut people = People::open(context, if offline { Fresh::Nothing } else { Fresh::Holders }).await?;
    if !offline {
        let hits = hits_of(&people, workers);
        people.read_bonuses(&hits).await?;
    }
    let table = Table::new(&people).await?;
    let mut all = columns();
    all.extend([
        Column::shown("work"),
        Column::data("Assignments"),
        Column::shown("bonuses paid"),
        Column::data("BonusPayments"),
        Column::shown("messages"),
        Column::data("Messages"),
        Column::shown("payments"),
        Column::data("Payments"),
    ]);
    let (mut found, mut missing) = (Vec::new(), Exit::Done);
    for worker in workers {
        let mut cells = table.cells(worker);
        cells.extend(page(&people, worker).await?);
        if !people.is_known(worker) {
            context.say(format_args!("{worker}: has never worked for this account"));
            missing = Exit::Partial;
        }
        found.push(cells);
    }
    records(out, context.global.output, all, found)?;
    Ok(missing)
}

/// The HITs that any of these workers worked on.
pub(super) fn hits_of(people: &People, workers: &[WorkerId]) -> Vec<HitId> {
    let workers: HashSet<&WorkerId> = workers.iter().collect();
    let is_theirs = |row: &&AssignmentRow| people.rows.workers.get(&row.worker).is_some_and(|it| workers.contains(it));
    let keys: HashSet<_> = people.rows.assignments.iter().filter(is_theirs).map(|row| row.hit).collect();
    let mut hits: Vec<HitId> =
        keys.iter().filter_map(|key| people.rows.hits.get(key)).map(|hit| hit.id.clone()).collect();
    hits.sort();
    hits
}

/// Work, bonuses, messages and payments: each for people, then for programs.
async fn page(people: &People, worker: &WorkerId) -> Result<Vec<Cell>, Failure> {
    let is_theirs = |row: &&AssignmentRow| people.rows.workers.get(&row.worker) == Some(worker);
    let mut rows: Vec<AssignmentRow> = people.rows.assignments.iter().filter(is_theirs).cloned().collect();
    rows.sort_by_key(|row| std::cmp::Reverse((row.submitted, row.key)));
    let (keys, who) = (rows.iter().map(|row| row.key).collect::<Vec<_>>(), worker.clone());
    let read = move |reader: &crate::store::Reader| {
        let ids = keys.into_iter().map(|key| reader.assignment_id(key)).collect::<Result<Vec<_>, _>>()?;
        Ok((ids, reader.messages(&who)?, reader.payments(&who)?))
    };
    let (ids, messages, payments) = people.session.engine.store().reading(read).await?;
    let work: Vec<(String, Json)> =
        rows.iter().zip(&ids).map(|(row, id)| assignment(people, row, id.as_ref())).collect();
    let bonuses: Vec<(String, Json)> = people
        .bonuses
        .iter()
        .filter(|bonus| bonus.worker == *worker)
        .map(|bonus| {
            let when = bonus.granted.map(iso);
            let words = format!(
                "{}  {}  for {}: {}",
                when.as_deref().unwrap_or("-"),
                bonus.amount.display(),
                bonus.assignment,
                bonus.reason
            );
            let data = json!({
                "AssignmentId": bonus.assignment.as_str(),
                "BonusAmount": bonus.amount.to_string(),
                "Reason": bonus.reason,
                "GrantTime": when,
            });
            (words, data)
        })
        .collect();
    let messages = messages.iter().map(|entry| message(worker, entry)).collect();
    let payments = payments.iter().map(payment).collect();
    Ok([(work, SHOWN), (bonuses, usize::MAX), (messages, usize::MAX), (payments, usize::MAX)]
        .into_iter()
        .flat_map(|(lines, shown)| both(lines, shown))
        .collect())
}

/// Lines for people, at most so many, and an array for programs.
fn both(lines: Vec<(String, Json)>, shown: usize) -> [Cell; 2] {
    let (mut words, data): (Vec<String>, Vec<Json>) = lines.into_iter().unzip();
    let hidden = words.len().saturating_sub(shown);
    words.truncate(shown);
    if hidden > 0 {
        words.push(format!("and {hidden} more"));
    }
    let words = Some(words.join("\n")).filter(|words| !words.is_empty());
    [words.into(), Cell::Json(data.into())]
}

fn assignment(people: &People, row: &AssignmentRow, id: Option<&AssignmentId>) -> (String, Json) {
    let hit = people.rows.hits.get(&row.hit);
    let (id, status) = (id.map_or("-", AssignmentId::as_str), row.status.name());
    let submitted = row.submitted.get().map(iso);
    let when = submitted.as_deref().unwrap_or("-");
    let batch = hit.map(|hit| &*hit.batch);
    let words = format!("{when}  {id}  {status}  {}  {}", batch.unwrap_or("-"), row.summary);
    let data = json!({
        "AssignmentId": id,
        "HITId": hit.map(|hit| hit.id.as_str()),
        "Batch": batch,
        "AssignmentStatus": status,
        "SubmitTime": submitted,
        "Reward": hit.map(|hit| hit.reward.to_string()),
    });
    (words, data)
}

fn message(worker: &WorkerId, entry: &OutboxEntry) -> (String, Json) {
    let subject = match &entry.decision {
        Decision::Notify { subject, .. } => subject.as_str(),
        _ => "",
    };
    let when = iso(Time(entry.decided.0.div_euclid(1_000)));
    let trouble = super::super::decide::trouble_of(entry).unwrap_or_default();
    let missed = not_reached(&trouble).into_iter().find(|(who, _)| who == worker).map(|(_, reason)| reason.to_owned());
    let state = if missed.is_some() { "not reached" } else { entry.state.name() };
    let words = format!("{when}  {state}  {subject}");
    let text = entry.decision.text();
    (words, json!({ "Time": when, "State": state, "Subject": subject, "MessageText": text, "Note": missed }))
}

fn payment(payment: &Payment) -> (String, Json) {
    let state = payment.state.name();
    let when = iso(Time(payment.begun.0.div_euclid(1_000)));
    let words = format!("{when}  {}  {state}: {}", payment.amount.display(), payment.reason);
    let hit = payment.hit.as_ref().map(HitId::as_str);
    let amount = payment.amount.to_string();
    (words, json!({ "Time": when, "State": state, "Amount": amount, "Reason": payment.reason, "HITId": hit }))
}
