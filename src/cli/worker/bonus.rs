//! `hitdeck worker bonus`: a bonus for each worker, on their latest assignment.

use super::super::context::Context;
use super::super::decide::{Item, Plan};
use super::super::exit::{Exit, Failure};
use super::super::people::{Fresh, People};
use super::super::selection::{ids_in, read};
use super::args::WorkerSelection;
use super::bonus_file::{self, Options};
use super::show::hits_of;
use crate::app::effect::Subject;
use crate::app::format::plural;
use crate::domain::decision::Decision;
use crate::domain::fees::FeeSchedule;
use crate::domain::id::{AssignmentId, HitId, WorkerId};
use crate::domain::key::AssignmentKey;
use crate::domain::money::Usd;
use crate::domain::policy;
use crate::domain::worker::{bonus_sums, share_out};
use crate::exchange::bonus_file::{Defaults, is_bonus_file};
use std::collections::{HashMap, HashSet};
use std::io::Write;

/// For so many HITs the bonuses paid are read whole; beyond that those of the assignments that are paid for now.
const READ_WHOLE: usize = 200;
/// So many workers' earlier bonuses are written out.
const SHOWN: usize = 50;

/// What `hitdeck worker bonus` is asked to do.
#[derive(Debug)]
pub struct Bonus {
    /// Whom.
    pub selection: WorkerSelection,
    /// How much for each.
    pub amount: Option<Usd>,
    /// How much in all.
    pub total: Option<Usd>,
    /// What the workers read.
    pub reason: Option<String>,
    /// How a file of amounts is taken.
    pub options: Options,
}

/// Runs `hitdeck worker bonus`.
pub async fn run(context: &Context, bonus: Bonus, out: &mut impl Write) -> Result<Exit, Failure> {
    let Bonus { mut selection, amount, total, reason, options } = bonus;
    let limit = context.settings()?.review.bonus_limit.0;
    if let Some(reason) = &reason {
        policy::check_bonus_reason(reason).map_err(|refusal| Failure::Usage(format!("--reason: {refusal}")))?;
    }
    if let Some(amount) = amount {
        policy::may_bonus(amount, limit).map_err(|refusal| Failure::Usage(format!("--amount: {refusal}")))?;
    }
    if let Some(path) = selection.file.take() {
        let what = || format!("reading {}", path.display());
        let text = read(&path).map_err(|reason| Failure::File { what: what(), reason })?;
        if is_bonus_file(&text) {
            if total.is_some() || !selection.is_empty() {
                let why = "the file says how much each gets: no --total, --where or other workers beside it";
                return Err(Failure::Usage(format!("{}: {why}", path.display())));
            }
            let defaults = Defaults { amount, reason: reason.as_deref() };
            return bonus_file::run(context, &path, &text, defaults, options, out).await;
        }
        selection.workers.extend(ids_in(&text, WorkerId::parse, &path)?);
    }
    let Some(reason) = reason else { return Err(Failure::Usage("what for? give --reason".into())) };
    let selection = &selection;
    let mut people = People::open(context, Fresh::Work.for_selection(selection)).await?;
    let workers = people.chosen(selection, false).await?;
    let latest = latest(&people).await?;
    let mut plan = Plan { verb: "pay a bonus to", by_query: selection.query.is_some(), ..Plan::default() };
    let (mut payable, mut hits) = (Vec::new(), HashSet::new());
    for worker in &workers {
        match latest.get(worker) {
            Some((key, id, hit)) => {
                hits.insert(hit.clone());
                payable.push((worker, *key, id));
            }
            None => plan.refused.push((
                worker.to_string(),
                format!("no assignment to pay a bonus on; `hitdeck worker pay {worker} --amount X` pays without one"),
            )),
        }
    }
    let shares = match (amount, total) {
        (Some(amount), _) => vec![amount; payable.len()],
        (None, Some(total)) => share_out(total, payable.len()),
        (None, None) => return Err(Failure::Usage("how much? give --amount or --total".into())),
    };
    for ((worker, key, id), amount) in payable.into_iter().zip(shares) {
        match policy::may_bonus(amount, limit) {
            Ok(()) => plan.items.push(Item {
                subject: Subject::Assignment(key),
                id: id.to_string(),
                decision: Decision::Bonus { worker: worker.clone(), amount, reason: reason.to_owned() },
                cost: (amount, FeeSchedule::AMAZON.of_bonus(amount)),
                change: None,
            }),
            Err(refusal) => plan.refused.push((worker.to_string(), refusal.to_string())),
        }
    }
    let theirs = hits_of(&people, &workers);
    if theirs.len() <= READ_WHOLE {
        people.read_bonuses(&theirs).await?;
    } else {
        let hits: Vec<HitId> = hits.into_iter().collect();
        people.read_bonuses(&hits).await?;
        plan.notes.push(format!("bonuses paid before are known for {} only", plural(hits.len(), "HIT")));
    }
    plan.notes.extend(paid_before(&people, &workers));
    plan.carry_out(context, &people.session, out).await
}

/// Each worker's latest assignment.
pub(super) type Latest = HashMap<WorkerId, (AssignmentKey, AssignmentId, HitId)>;

/// Each worker's latest assignment: the endpoint pays bonuses for any work that was handed in.
pub(super) async fn latest(people: &People) -> Result<Latest, Failure> {
    let mut newest: HashMap<_, &crate::domain::row::AssignmentRow> = HashMap::new();
    for row in people.rows.assignments.iter().filter(|row| people.rows.hits.contains_key(&row.hit)) {
        let best = newest.entry(row.worker).or_insert(row);
        if (row.submitted, row.key) > (best.submitted, best.key) {
            *best = row;
        }
    }
    let keys: Vec<AssignmentKey> = newest.values().map(|row| row.key).collect();
    let read = move |reader: &crate::store::Reader| {
        let mut ids = HashMap::with_capacity(keys.len());
        for key in keys {
            ids.extend(reader.assignment_id(key)?.map(|id| (key, id)));
        }
        Ok(ids)
    };
    let ids: HashMap<AssignmentKey, AssignmentId> = people.session.engine.store().reading(read).await?;
    let named = |(worker, row): (_, &crate::domain::row::AssignmentRow)| {
        let hit = people.rows.hits.get(&row.hit)?.id.clone();
        Some((people.rows.workers.get(&worker)?.clone(), (row.key, ids.get(&row.key)?.clone(), hit)))
    };
    Ok(newest.into_iter().filter_map(named).collect())
}

/// What these workers were paid in bonuses before.
fn paid_before(people: &People, workers: &[WorkerId]) -> Vec<String> {
    let sums = bonus_sums(&people.bonuses);
    let paid = workers.iter().filter_map(|worker| Some((worker, sums.get(worker)?)));
    let mut lines: Vec<String> = paid
        .map(|(worker, paid)| {
            let last = paid.last.as_ref().map_or(String::new(), |last| {
                format!(", the last {} for {}: {}", last.amount.display(), last.assignment, last.reason)
            });
            let payments = plural(paid.count, "bonus payment");
            format!("{worker} was paid {} in {payments} before{last}", paid.sum.display())
        })
        .collect();
    let hidden = lines.len().saturating_sub(SHOWN);
    lines.truncate(SHOWN);
    if hidden > 0 {
        lines.push(format!("and {} more were paid bonuses before", plural(hidden, "worker")));
    }
    lines
}
