//! The clerk: writes decisions and notes down, and says what became of them.

use super::details::Details;
use super::office::{Open, failed};
use crate::app::effect::{Effect, NewDecision};
use crate::app::event::{Event, Level, RequestId, Rows};
use crate::domain::decision::OutboxEntry;
use crate::domain::key::AssignmentKey;
use crate::domain::pseudonym::Pseudonyms;
use crate::domain::time::Millis;
use crate::runtime::engine::{Engine, EngineError};
use tokio::sync::mpsc;

/// Decisions that the desk is told about at once: more would keep it from taking a key.
const PART: usize = 1_000;

/// One change of the journal after the other, in the order of asking.
pub(super) async fn write_down(
    engine: Engine,
    mut changes: mpsc::Receiver<(Effect, Open)>,
    outcomes: mpsc::Sender<Event>,
    data: mpsc::Sender<Event>,
) {
    while let Some((change, open)) = changes.recv().await {
        let events = match change {
            Effect::Persist { request, group, due, decisions } => {
                persist(&engine, request, group, due, decisions).await
            }
            Effect::Undo(ids) => told("taking back", engine.undo(ids).await),
            Effect::SendNow(ids) => told("sending", engine.send_now(ids).await),
            Effect::Retry(ids) => told("trying again", engine.retry(ids).await),
            Effect::Note(key, text) => vec![note(&engine, key, text, &data).await],
            Effect::LoadPseudonyms => match engine.store().pseudonym_key() {
                Ok(key) => vec![Event::Pseudonyms(Pseudonyms::new(key))],
                Err(error) => vec![failed("reading the key of the pseudonyms", &error)],
            },
            Effect::NoteWorker(worker, text) => {
                let kept = engine.store().note_worker(worker, text, engine.clock().now().wall).await;
                kept.err().map(|error| failed("keeping the note", &error)).into_iter().collect()
            }
            other => {
                tracing::error!(?other, "an effect that nobody carries out");
                Vec::new()
            }
        };
        for event in events {
            // A desk that is gone needs no news; what was decided is written down all the same.
            let _ = outcomes.send(event).await;
        }
        drop(open);
    }
}

async fn persist(
    engine: &Engine,
    request: RequestId,
    group: i64,
    due: Millis,
    decisions: Vec<NewDecision>,
) -> Vec<Event> {
    let written = match engine.decide(decisions, group, due).await {
        Ok(written) => written,
        Err(error) => return vec![Event::NotPersisted { request, reason: error.to_string() }],
    };
    let mut left_out: Vec<String> = written.refused.into_iter().chain(written.already).map(|(_, why)| why).collect();
    let count = left_out.len();
    left_out.sort_unstable();
    left_out.dedup();
    left_out.truncate(3);
    let reason = left_out.join("; ");
    if written.staged.is_empty() && count > 0 {
        return vec![Event::NotPersisted { request, reason }];
    }
    let mut events = Vec::new();
    let mut rest = written.staged;
    while rest.len() > PART {
        let later = rest.split_off(PART);
        events.push(Event::Written { request, entries: rest });
        rest = later;
    }
    events.push(Event::Outbox(rest));
    if count > 0 {
        let text = format!("{count} of the decisions were not taken: {reason}");
        events.push(Event::Notice { level: Level::Warning, text });
    }
    events
}

fn told(doing: &str, result: Result<Vec<OutboxEntry>, EngineError>) -> Vec<Event> {
    match result {
        Ok(entries) => entries.chunks(PART).map(|part| Event::Outbox(part.to_vec())).collect(),
        Err(error) => vec![failed(doing, &error)],
    }
}

async fn note(engine: &Engine, key: AssignmentKey, text: String, data: &mpsc::Sender<Event>) -> Event {
    match engine.store().note(key, text, engine.clock().now().wall).await {
        Ok(row) => {
            // The viewer shows the note too.
            let (details, data) = (Details::new(engine.store().clone()), data.clone());
            let request = details.request();
            let _ = tokio::task::spawn_blocking(move || details.load(request, &[key], &data)).await;
            let rows = Rows { assignments: row.into_iter().collect(), ..Rows::default() };
            Event::Refreshed { rows }
        }
        Err(error) => failed("keeping the note", &error),
    }
}
