//! `hitdeck worker exclude`: everybody who took part, put on a qualification that the next HITs ask not to have.

use super::super::context::Context;
use super::super::decide::Plan;
use super::super::exit::{Exit, Failure};
use super::super::people::{Fresh, People};
use super::super::selection::read;
use super::args::ExcludeArgs;
use crate::domain::decision::{Decision, Target};
use crate::domain::id::WorkerId;
use crate::domain::qualification::QualificationType;
use crate::domain::requirement::exclusion;
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
    plan.notes.extend(advice(&people, &of, &held, args.score));
    plan.carry_out(context, &people.session, out).await
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
            return Err(Failure::Failed(format!("there is no batch \"{name}\"; `hitdeck hit list` shows their names")));
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
fn advice(people: &People, of: &QualificationType, held: &HashMap<WorkerId, Option<i32>>, score: i32) -> Vec<String> {
    let grant = |value: i32| format!("`hitdeck qual update {} --auto-grant {value}`", of.id);
    let mut lines = exclusion(of, score, people.stats.keys(), held, grant);
    lines.push(format!(
        "in a batch file, the first way: [[requirement]] qualification = \"{}\", comparator = \"DoesNotExist\", action = \
         \"discover\"",
        of.id
    ));
    lines
}
