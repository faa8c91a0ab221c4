//! `hitdeck worker notify`: messages with merge fields, a hundred workers a request.

use super::super::context::Context;
use super::super::decide::{Item, Plan};
use super::super::exit::{Exit, Failure};
use super::super::people::{Fresh, People};
use super::super::selection::read;
use super::args::WorkerSelection;
use super::show::hits_of;
use crate::app::format::plural;
use crate::app::message::{Addressee, render};
use crate::app::template::is_template;
use crate::domain::decision::{Decision, Target};
use crate::domain::id::WorkerId;
use crate::domain::money::Usd;
use crate::domain::policy::{NOTIFY_LIMIT, check_message};
use crate::domain::worker::bonus_sums;
use crate::domain::worker_stats::WorkerStats;
use std::collections::HashMap;
use std::io::Write;
use std::path::Path;

/// Runs `hitdeck worker notify`.
pub async fn run(
    context: &Context,
    selection: &WorkerSelection,
    subject: &str,
    text: Option<String>,
    file: Option<&Path>,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    let text = match (text, file) {
        (Some(text), _) => text,
        (None, Some(path)) => read(path)
            .map_err(|reason| Failure::File { what: format!("reading {}", path.display()), reason })?
            .trim_end()
            .to_owned(),
        (None, None) => return Err(Failure::Usage("give the message with --text or --text-file".into())),
    };
    let merged = is_template(subject) || is_template(&text);
    if !merged {
        check_message(subject, &text).map_err(|refusal| Failure::Usage(refusal.to_string()))?;
    }
    let least = if merged { Fresh::Work } else { Fresh::People };
    let mut people = People::open(context, least.for_selection(selection)).await?;
    let workers = people.chosen(selection, false).await?;
    if merged && format!("{subject}{text}").contains("bonuses") {
        // What was paid elsewhere too: a worker reads the sum.
        let hits = hits_of(&people, &workers);
        people.read_bonuses(&hits).await?;
    }
    let mut plan = Plan { verb: "notify", by_query: selection.query.is_some(), ..Plan::default() };
    for (message, workers) in letters(&people, &workers, subject, &text)? {
        for some in workers.chunks(NOTIFY_LIMIT) {
            let id = match some {
                [one] => one.to_string(),
                _ => format!("{} and {} more", some[0], some.len() - 1),
            };
            let decision = Decision::Notify { subject: message.0.clone(), text: message.1.clone() };
            match crate::domain::policy::may_decide_other(&Target::Workers(some.into()), &decision) {
                Ok(()) => plan.items.push(Item { id, ..Item::free(Target::Workers(some.into()), decision) }),
                Err(refusal) => plan.refused.push((id, refusal.to_string())),
            }
        }
    }
    let requests = plan.items.len();
    plan.count = Some(format!("{} in {}", plural(workers.len(), "worker"), plural(requests, "request")));
    if let Some(Item { decision: Decision::Notify { subject, text }, .. }) = plan.items.first() {
        plan.notes.push(format!("the first reads: {subject}\n{text}"));
    }
    plan.carry_out(context, &people.session, out).await
}

type Letters = Vec<((String, String), Vec<WorkerId>)>;

/// The messages, each with those who are sent the very same, in the order of the first of them.
fn letters(people: &People, workers: &[WorkerId], subject: &str, text: &str) -> Result<Letters, Failure> {
    let bonuses = bonus_sums(&people.bonuses);
    let none = WorkerStats::default();
    let mut letters: Letters = Vec::new();
    let mut places: HashMap<(String, String), usize> = HashMap::new();
    for worker in workers {
        let stats = people.stats.get(worker).unwrap_or(&none);
        let to = Addressee { worker, stats, bonuses: bonuses.get(worker).map_or(Usd::ZERO, |paid| paid.sum) };
        let fill = |text: &str| render(text, to).map_err(Failure::Usage);
        let letter = (fill(subject)?, fill(text)?);
        match places.get(&letter) {
            Some(place) => letters[*place].1.push(worker.clone()),
            None => {
                places.insert(letter.clone(), letters.len());
                letters.push((letter, vec![worker.clone()]));
            }
        }
    }
    Ok(letters)
}
