//! `hitdeck outbox`: decisions that are not settled yet.

use super::args::OutboxCommand;
use super::context::Context;
use super::decide::{identifiers, say_outcomes, trouble_of};
use super::exit::{Exit, Failure};
use super::progress;
use super::session::Session;
use crate::app::format::plural;
use crate::domain::decision::{Decision, DecisionId, OutboxEntry, OutboxState, Target};
use crate::domain::id::WorkerId;
use crate::domain::time::Time;
use crate::exchange::output::{Cell, Column, Format, Writer};
use std::io::Write;

/// How many settled decisions `--all` goes back.
const RECENT: u32 = 10_000;

/// Runs `hitdeck outbox …`.
pub async fn run(context: &Context, command: OutboxCommand, out: &mut impl Write) -> Result<Exit, Failure> {
    let session = Session::open(context).await?;
    match command {
        OutboxCommand::List { all } => list(context, &session, all, out).await,
        OutboxCommand::Send => send(context, &session, out).await,
        OutboxCommand::Discard { decisions, all } => discard(context, &session, &decisions, all, out).await,
    }
}

async fn list(context: &Context, session: &Session, all: bool, out: &mut impl Write) -> Result<Exit, Failure> {
    let read = move |reader: &crate::store::Reader| {
        if !all {
            return reader.open_entries();
        }
        let mut entries = reader.recent_entries(RECENT)?;
        entries.reverse();
        Ok(entries)
    };
    let entries = session.engine.store().reading(read).await?;
    print(context.global.output, &entries, out)?;
    Ok(Exit::Done)
}

fn print(format: Format, entries: &[OutboxEntry], out: &mut impl Write) -> Result<(), Failure> {
    let columns = [
        Column::new("Number", "number"),
        Column::new("Decision", "decision"),
        Column::new("State", "state"),
        Column::shown("id"),
        Column::data("AssignmentId"),
        Column::data("HITId"),
        Column::new("WorkerId", "worker"),
        Column::new("BonusAmount", "amount"),
        Column::long("", "text"),
        Column::data("RequesterFeedback"),
        Column::data("Reason"),
        Column::new("Attempts", "sent"),
        Column::new("DecidedBy", "by"),
        Column::new("DecisionTime", "decided"),
        Column::new("ChangeTime", "changed"),
        Column::long("Note", "note"),
        Column::data("UniqueRequestToken"),
    ];
    let mut writer = Writer::new(out, format, columns, super::width());
    for entry in entries {
        let text = entry.decision.text();
        let (feedback, reason) = match &entry.decision {
            Decision::Approve { .. } | Decision::Reject { .. } => (text, None),
            _ => (None, text),
        };
        let (worker, amount) = match (&entry.decision, &entry.target) {
            (Decision::Bonus { worker, amount, .. }, _) => (Some(worker), Some(*amount)),
            (_, Target::Worker(worker) | Target::Qualification(_, worker)) => (Some(worker), None),
            _ => (None, None),
        };
        let (assignment, hit) = identifiers(&entry.target);
        writer.row(vec![
            Cell::Number(entry.id.0),
            entry.decision.verb().into(),
            entry.state.name().into(),
            entry.target.to_string().into(),
            assignment.into(),
            hit.into(),
            worker.map(WorkerId::as_str).into(),
            amount.into(),
            text.into(),
            feedback.into(),
            reason.into(),
            entry.attempts.into(),
            entry.who.as_str().into(),
            Time(entry.decided.0.div_euclid(1_000)).into(),
            Time(entry.changed.0.div_euclid(1_000)).into(),
            trouble_of(entry).into(),
            entry.token.as_deref().into(),
        ])?;
    }
    Ok(writer.finish()?)
}

/// Sends everything that is staged at once, and waits until nothing is left or nothing goes through.
async fn send(context: &Context, session: &Session, out: &mut impl Write) -> Result<Exit, Failure> {
    let before = unsettled(session).await?;
    if context.global.dry_run {
        print(context.global.output, &before, out)?;
        context.say(format_args!("dry run: {} would be sent or settled", before.len()));
        return Ok(Exit::Done);
    }
    session.engine.send_now(Vec::new()).await?;
    let left = progress::send(session, before.len()).await?;
    let ids: Vec<DecisionId> = before.iter().map(|entry| entry.id).collect();
    let entries = session
        .engine
        .store()
        .reading(move |reader| ids.into_iter().map(|id| reader.entry(id)).collect::<Result<Vec<_>, _>>())
        .await?;
    let entries: Vec<OutboxEntry> = entries.into_iter().flatten().collect();
    print(context.global.output, &entries, out)?;
    let exit = say_outcomes(context, entries.iter());
    if let Some(trouble) = left.trouble {
        context.say(format_args!("{trouble}"));
    }
    if left.unsettled > 0 {
        context.say(format_args!("not settled: {}", plural(left.unsettled as usize, "decision")));
        return Ok(Exit::Unsent);
    }
    Ok(exit)
}

async fn unsettled(session: &Session) -> Result<Vec<OutboxEntry>, Failure> {
    let mut entries = session.engine.store().reading(|reader| reader.open_entries()).await?;
    entries.retain(|entry| !entry.state.is_settled());
    Ok(entries)
}

async fn discard(
    context: &Context,
    session: &Session,
    numbers: &[i64],
    all: bool,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    let open = unsettled(session).await?;
    let staged = |entry: &&OutboxEntry| matches!(entry.state, OutboxState::Staged { .. });
    let chosen: Vec<DecisionId> = if all {
        open.iter().filter(staged).map(|entry| entry.id).collect()
    } else {
        numbers.iter().map(|number| DecisionId(*number)).collect()
    };
    if context.global.dry_run {
        let entries: Vec<OutboxEntry> = open.into_iter().filter(|entry| chosen.contains(&entry.id)).collect();
        print(context.global.output, &entries, out)?;
        context.say(format_args!("dry run: {} would be discarded", entries.len()));
        return Ok(Exit::Done);
    }
    if session.settings.read_only {
        return Err(Failure::Failed(crate::domain::policy::Refusal::ReadOnly.to_string()));
    }
    let wanted = chosen.clone();
    let entries = session.engine.discard(chosen).await?;
    print(context.global.output, &entries, out)?;
    let mut exit = Exit::Done;
    for id in wanted {
        match entries.iter().find(|entry| entry.id == id) {
            Some(entry) if entry.state == OutboxState::Undone => {}
            Some(entry) => {
                context.say(format_args!("{}: {} by now, too late to discard", id.0, entry.state.name()));
                exit = Exit::Partial;
            }
            None => {
                context.say(format_args!("{}: there is no such decision", id.0));
                exit = Exit::Partial;
            }
        }
    }
    Ok(exit)
}
