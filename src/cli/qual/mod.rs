//! `hitdeck qual`: qualification types, who holds them, and who asks for them.

pub mod args;
mod draft;
mod holders;
pub(in crate::cli) mod import;
mod list;
mod requests;

use super::context::Context;
use super::decide::Plan;
use super::exit::{Exit, Failure};
use super::people::{Fresh, People};
use super::worker::args::WorkerSelection;
use crate::domain::decision::{Decision, Target};
use crate::domain::id::WorkerId;
use crate::domain::policy::{Refusal, check_feedback};
use crate::domain::qualification::Qualification;
use args::{QualCommand, RequestsCommand, ScoresCommand};
use std::collections::HashMap;
use std::io::Write;

/// Runs `hitdeck qual …`.
pub async fn run(context: &Context, command: QualCommand, out: &mut impl Write) -> Result<Exit, Failure> {
    match command {
        QualCommand::List { find, offline } => list::list(context, find.as_deref(), offline, out).await,
        QualCommand::Show { quals, offline } => list::show(context, &quals, offline, out).await,
        QualCommand::Create { name, description, keywords, options } => {
            draft::create(context, (name, description, keywords), &options, out).await
        }
        QualCommand::Update { qual, name, keywords, description, no_auto_grant, options } => {
            draft::refuse_fixed(name.as_deref(), keywords.as_deref())?;
            draft::update(context, &qual, description, no_auto_grant, &options, out).await
        }
        QualCommand::Delete { quals } => draft::delete(context, &quals, out).await,
        QualCommand::Grant { qual, selection, score, add, tell } => {
            let change = add.map_or(Change::Score { score: score.unwrap_or(1), tell }, |add| Change::Add { add, tell });
            give(context, &qual, &selection, &change, out).await
        }
        QualCommand::Restore { qual, selection, tell } => {
            give(context, &qual, &selection, &Change::Restore { tell }, out).await
        }
        QualCommand::Revoke { qual, selection, reason } => {
            if reason.trim().is_empty() {
                return Err(Failure::Usage("--reason: the workers read it; say why".into()));
            }
            check_feedback(&reason).map_err(|refusal: Refusal| Failure::Usage(format!("--reason: {refusal}")))?;
            give(context, &qual, &selection, &Change::Revoke { reason }, out).await
        }
        QualCommand::Scores(ScoresCommand::Import { file, qual, score, skip_broken, tell }) => {
            import::run(context, &file, &qual, import::Options { score, skip_broken, tell }, out).await
        }
        QualCommand::Scores(ScoresCommand::Export { qual, layout }) => {
            holders::export(context, &qual, layout, out).await
        }
        QualCommand::Holders { qual, min, max, revoked, offline } => {
            holders::list(context, &qual, holders::Range { min, max, revoked }, offline, out).await
        }
        QualCommand::Requests(RequestsCommand::List { qual, answer_key, offline }) => {
            requests::list(context, qual.as_deref(), answer_key.as_deref(), offline, out).await
        }
        QualCommand::Requests(RequestsCommand::Grant { requests, qual, score, answer_key }) => {
            let how = score.map_or(requests::How::Key(answer_key), requests::How::Score);
            requests::decide(context, &requests, qual.as_deref(), how, out).await
        }
        QualCommand::Requests(RequestsCommand::Import { file }) => requests::import(context, &file, out).await,
        QualCommand::Requests(RequestsCommand::Reject { requests, qual, reason }) => {
            if reason.trim().is_empty() {
                return Err(Failure::Usage("--reason: the workers read it; say why".into()));
            }
            check_feedback(&reason).map_err(|refusal: Refusal| Failure::Usage(format!("--reason: {refusal}")))?;
            requests::decide(context, &requests, qual.as_deref(), requests::How::Reject(reason), out).await
        }
    }
}

/// What is done to the qualification of each of some workers.
enum Change {
    /// The same score for everybody.
    Score { score: i32, tell: bool },
    /// So much more than each has.
    Add { add: i32, tell: bool },
    /// Back with the score that it had.
    Restore { tell: bool },
    /// Taken away.
    Revoke { reason: String },
}

impl Change {
    const fn verb(&self) -> &'static str {
        match self {
            Change::Score { .. } | Change::Add { .. } => "grant",
            Change::Restore { .. } => "restore",
            Change::Revoke { .. } => "revoke",
        }
    }

    /// What is decided about a worker with this standing, and what it changes; or why nothing is.
    fn of(&self, standing: Option<&Qualification>) -> Result<(Decision, String), String> {
        let held = standing.filter(|it| !it.revoked);
        let was = held.and_then(|it| it.score).map_or("new".to_owned(), |score| format!("was {score}"));
        let grant = |score: i32, tell: bool| match held.and_then(|it| it.score) {
            Some(now) if now == score => Err(format!("the score is {score} already")),
            _ => Ok((Decision::Grant { score, tell }, was.clone())),
        };
        match self {
            Change::Score { score, tell } => grant(*score, *tell),
            Change::Add { add, tell } => {
                let score = held.and_then(|it| it.score).unwrap_or(0).saturating_add(*add);
                grant(score, *tell).map(|(decision, was)| (decision, format!("{was}, now {score}")))
            }
            Change::Restore { tell } => match standing {
                None => Err("never held".to_owned()),
                Some(it) if !it.revoked => Err("not taken away".to_owned()),
                Some(Qualification { score: None, .. }) => Err("the score that it had is not known".to_owned()),
                Some(Qualification { score: Some(score), .. }) => {
                    let tell = *tell;
                    Ok((Decision::Grant { score: *score, tell }, format!("was revoked, {score} again")))
                }
            },
            Change::Revoke { .. } if held.is_none() => Err("not held".to_owned()),
            Change::Revoke { reason } => Ok((Decision::Revoke { reason: Some(reason.clone()) }, was)),
        }
    }
}

/// Grants a qualification to workers, gives it back, or takes it away.
async fn give(
    context: &Context,
    qual: &str,
    selection: &WorkerSelection,
    change: &Change,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    let people = People::open(context, Fresh::People.for_selection(selection)).await?;
    let of = people.find_own_type(qual)?.it.clone();
    let holders = people.read_holders(&of.id).await?;
    let everybody = matches!(change, Change::Restore { .. }) && selection.is_empty();
    let chosen = if everybody {
        holders.iter().filter(|it| it.revoked).map(|it| it.worker.clone()).collect()
    } else {
        people.chosen(selection, false).await?
    };
    let standing: HashMap<&WorkerId, &Qualification> = holders.iter().map(|it| (&it.worker, it)).collect();
    let by_query = selection.query.is_some() || everybody;
    let mut plan = Plan { verb: change.verb(), by_query, ..Plan::default() };
    plan.notes.push(format!("of the qualification \"{}\" ({})", of.name, of.id));
    for worker in chosen {
        match change.of(standing.get(&worker).copied()) {
            Ok((decision, words)) => plan.add(Target::Qualification(of.id.clone(), worker), decision, Some(words)),
            Err(why) => plan.already.push((worker.to_string(), why)),
        }
    }
    plan.carry_out(context, &people.session, out).await
}

/// The score of everybody who holds it now.
fn holding(holders: &[Qualification]) -> HashMap<WorkerId, Option<i32>> {
    holders.iter().filter(|it| !it.revoked).map(|it| (it.worker.clone(), it.score)).collect()
}
