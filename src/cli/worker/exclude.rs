//! `hitdeck worker exclude`: everybody who took part, put on a qualification that the next HITs ask not to have.

use super::super::batch::require::Additions;
use super::super::context::Context;
use super::super::decide::Item;
use super::super::decide::Plan;
use super::super::exit::{Exit, Failure};
use super::super::people::{Fresh, People};
use super::super::selection::read;
use super::args::{ExcludeArgs, Way as WayName};
use crate::domain::decision::{Decision, Target};
use crate::domain::id::WorkerId;
use crate::domain::qualification::{QualificationType, TypeDraft};
use crate::domain::requirement::{Way, exclusion, grant_needed};
use crate::exchange::workers_csv::workers;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::Write;

/// Runs `hitdeck worker exclude`.
pub async fn run(context: &Context, args: &ExcludeArgs, out: &mut impl Write) -> Result<Exit, Failure> {
    let people = People::open(context, Fresh::Work.for_selection(&args.selection)).await?;
    let of = people.find_own_type(&args.qual)?.it.clone();
    let excluded = excluded(&people, args).await?;
    let holders = people.read_holders(&of.id).await?;
    let mut held: HashMap<WorkerId, Option<i32>> =
        holders.into_iter().filter(|it| !it.revoked).map(|it| (it.worker, it.score)).collect();
    let mut plan = Plan { verb: "exclude", by_query: true, ..Plan::default() };
    for worker in excluded {
        match held.get(&worker).copied().flatten() {
            Some(score) if score == args.score => {
                plan.already.push((worker.to_string(), format!("on \"{}\" at {score} already", of.name)));
            }
            before => {
                let change = before.map_or("new".to_owned(), |score| format!("was {score}"));
                let decision = Decision::Grant { score: args.score, tell: false };
                plan.add(Target::Qualification(of.id.clone(), worker.clone()), decision, Some(change));
                held.insert(worker, Some(args.score));
            }
        }
    }
    let additions = Additions::look(&args.require_in, &[Way::from(args.way).required(&of.id, args.score)], &people)?;
    plan.items.extend(granted(&of, args)?);
    plan.notes.extend(advice(&people, &of, &held, args));
    plan.notes.extend(additions.notes());
    let exit = plan.carry_out(context, &people.session, out).await?;
    if !context.global.dry_run {
        additions.write(context)?;
    }
    Ok(exit)
}

/// How new workers come to a score above the one that keeps people out; refuses a way on which nobody new would qualify.
fn granted(of: &QualificationType, args: &ExcludeArgs) -> Result<Option<Item>, Failure> {
    let name = &of.name;
    let needed = if args.way == WayName::Above { grant_needed(of, args.score) } else { None };
    let value = match (args.auto_grant, needed) {
        (None, None) => return Ok(None),
        (None, Some(value)) => {
            return Err(Failure::Usage(format!(
                "--way above: nobody new could get more than {} on \"{name}\": give --auto-grant {value} (or more) as well, \
                 and it is granted to everybody who asks",
                args.score
            )));
        }
        (Some(_), _) if of.test.is_some() => {
            return Err(Failure::Usage(format!(
                "--auto-grant: \"{name}\" has a test, and what is tested is never granted to everybody who asks"
            )));
        }
        (Some(value), _) if value <= args.score => {
            return Err(Failure::Usage(format!(
                "--auto-grant {value}: new workers need more than the score {}",
                args.score
            )));
        }
        (Some(value), _) if of.auto_granted == Some(value) => return Ok(None),
        (Some(value), _) => value,
    };
    let draft = TypeDraft { auto_granted: Some(true), auto_granted_value: Some(value), ..TypeDraft::default() };
    let change = Some(format!("granted with {value} to everybody who asks"));
    let item = Item::free(Target::Type(of.id.clone()), Decision::UpdateType(Box::new(draft)));
    Ok(Some(Item { id: name.clone(), change, ..item }))
}

/// Everybody who is named, once; those who have done enough, where that is asked for.
async fn excluded(people: &People, args: &ExcludeArgs) -> Result<BTreeSet<WorkerId>, Failure> {
    let nobody = args.selection.is_empty() && args.results.is_empty() && args.holders_of.is_empty();
    if nobody && args.batch.is_empty() && args.after.is_none() {
        return Err(Failure::Usage(
            "who took part? give workers, --batch NAME, --where QUERY, --file FILE, --results FILE, --holders-of QUAL or \
             --after N"
                .into(),
        ));
    }
    let mut all = BTreeSet::new();
    if !args.selection.is_empty() {
        all.extend(people.chosen(&args.selection, false).await?);
    }
    let batches = of_batches(people, &args.batch)?;
    all.extend(batches.keys().cloned());
    for path in &args.results {
        let name = path.display();
        let text = read(path).map_err(|reason| Failure::File { what: format!("reading {name}"), reason })?;
        all.extend(workers(&text).map_err(|error| Failure::Failed(format!("{name}: {error}")))?);
    }
    for qual in &args.holders_of {
        let id = people.find_own_type(qual)?.it.id.clone();
        let holders = people.read_holders(&id).await?;
        all.extend(holders.into_iter().filter(|it| !it.revoked).map(|it| it.worker));
    }
    if let Some(most) = args.after {
        if nobody && args.batch.is_empty() {
            all.extend(people.stats.keys().cloned());
        }
        let sent = |worker: &WorkerId| match args.batch.as_slice() {
            [] => people.stats.get(worker).map_or(0, |stats| stats.submitted),
            _ => batches.get(worker).copied().unwrap_or(0),
        };
        all.retain(|worker| sent(worker) >= most);
    }
    Ok(all)
}

/// Who took part in these batches, and how many assignments each handed in.
fn of_batches(people: &People, names: &[String]) -> Result<BTreeMap<WorkerId, u32>, Failure> {
    let mut sent = BTreeMap::new();
    for name in names {
        let hits: HashSet<_> =
            people.rows.hits.values().filter(|hit| *hit.batch == **name).map(|hit| hit.key).collect();
        if hits.is_empty() {
            return Err(Failure::Failed(format!("there is no batch \"{name}\"; `hitdeck batch list` shows them")));
        }
        for row in people.rows.assignments.iter().filter(|row| hits.contains(&row.hit)) {
            if let Some(worker) = people.rows.workers.get(&row.worker) {
                *sent.entry(worker.clone()).or_insert(0) += 1;
            }
        }
    }
    Ok(sent)
}

/// The two ways to make use of it, and how many of those who ever worked here each would leave.
fn advice(
    people: &People,
    of: &QualificationType,
    held: &HashMap<WorkerId, Option<i32>>,
    args: &ExcludeArgs,
) -> Vec<String> {
    let grant = |value: i32| format!("`hitdeck qual update {} --auto-grant {value}` changes that", of.id);
    let mut lines = exclusion(of, args.score, people.stats.keys(), held, grant);
    if args.require_in.is_empty() {
        lines.push(
            "--require-in SPEC.toml writes the first one into a batch file; --way above the second one".to_owned(),
        );
    }
    lines
}
