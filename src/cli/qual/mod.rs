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
use crate::domain::policy::{Refusal, check_feedback};
use args::{QualCommand, RequestsCommand, ScoresCommand};
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
        QualCommand::Grant { qual, selection, score, tell } => {
            let decision = Decision::Grant { score, tell };
            give(context, &qual, &selection, &decision, out).await
        }
        QualCommand::Revoke { qual, selection, reason } => {
            if reason.trim().is_empty() {
                return Err(Failure::Usage("--reason: the workers read it; say why".into()));
            }
            check_feedback(&reason).map_err(|refusal: Refusal| Failure::Usage(format!("--reason: {refusal}")))?;
            let decision = Decision::Revoke { reason: Some(reason) };
            give(context, &qual, &selection, &decision, out).await
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
        QualCommand::Requests(RequestsCommand::List { qual, offline }) => {
            requests::list(context, qual.as_deref(), offline, out).await
        }
        QualCommand::Requests(RequestsCommand::Grant { requests, qual, score }) => {
            let decision = Decision::AcceptRequest { score };
            requests::decide(context, &requests, qual.as_deref(), &decision, out).await
        }
        QualCommand::Requests(RequestsCommand::Reject { requests, qual, reason }) => {
            if reason.trim().is_empty() {
                return Err(Failure::Usage("--reason: the workers read it; say why".into()));
            }
            let decision = Decision::RejectRequest { reason: Some(reason) };
            requests::decide(context, &requests, qual.as_deref(), &decision, out).await
        }
    }
}

/// Grants a qualification to workers, or takes it away.
async fn give(
    context: &Context,
    qual: &str,
    selection: &WorkerSelection,
    decision: &Decision,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    let people = People::open(context, Fresh::People.for_selection(selection)).await?;
    let of = people.find_own_type(qual)?.it.clone();
    let holders = people.read_holders(&of.id).await?;
    let held = holding(&holders);
    let verb = if matches!(decision, Decision::Revoke { .. }) { "revoke" } else { "grant" };
    let mut plan = Plan { verb, by_query: selection.query.is_some(), ..Plan::default() };
    plan.notes.push(format!("of the qualification \"{}\" ({})", of.name, of.id));
    for worker in people.chosen(selection, false).await? {
        let before = held.get(&worker).copied();
        match (decision, before) {
            (Decision::Grant { score, .. }, Some(Some(now))) if now == *score => {
                plan.already.push((worker.to_string(), format!("the score is {score} already")));
            }
            (Decision::Revoke { .. }, None) => {
                plan.already.push((worker.to_string(), "not held".to_owned()));
            }
            _ => {
                let change = before.flatten().map_or("new".to_owned(), |score| format!("was {score}"));
                plan.add(Target::Qualification(of.id.clone(), worker), decision.clone(), Some(change));
            }
        }
    }
    plan.carry_out(context, &people.session, out).await
}

/// The score of everybody who holds it now.
fn holding(
    holders: &[crate::domain::qualification::Qualification],
) -> std::collections::HashMap<crate::domain::id::WorkerId, Option<i32>> {
    holders.iter().filter(|it| !it.revoked).map(|it| (it.worker.clone(), it.score)).collect()
}
