//! `hitdeck worker bonus --file FILE`, where the file says how much each gets: compared with what was paid before, so that the same
//! file twice pays once.

use super::super::context::Context;
use super::super::decide::{Item, Plan};
use super::super::exit::{Exit, Failure};
use super::super::people::{Fresh, People};
use super::bonus::{Latest, latest};
use crate::app::effect::Subject;
use crate::app::format::{count, plural};
use crate::domain::decision::{Decision, OutboxEntry};
use crate::domain::fees::FeeSchedule;
use crate::domain::id::{AssignmentId, HitId};
use crate::domain::key::AssignmentKey;
use crate::domain::money::Usd;
use crate::domain::policy;
use crate::exchange::bonus_file::{self, BonusLine, Defaults};
use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::path::Path;

/// How the file is taken.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Whether broken lines are left out rather than stop the file.
    pub skip_broken: bool,
    /// Whether what was paid before in the same way is paid once more.
    pub again: bool,
}

/// Pays what a file says.
pub async fn run(
    context: &Context,
    path: &Path,
    text: &str,
    defaults: Defaults<'_>,
    options: Options,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    let name = path.display();
    let file = bonus_file::read(text, defaults).map_err(|error| Failure::Failed(format!("{name}: {error}")))?;
    let limit = context.settings()?.review.bonus_limit.0;
    let mut people = People::open(context, Fresh::Work).await?;
    let (known, latest) = (known(&people).await?, latest(&people).await?);
    let mut broken: Vec<(u32, String)> = file.broken.iter().map(|it| (it.line, it.why.clone())).collect();
    let mut found = Vec::new();
    for line in &file.lines {
        match find(&people, &known, &latest, line, limit) {
            Ok(work) => found.push((line, work)),
            Err(why) => broken.push((line.line, why)),
        }
    }
    broken.sort_unstable();
    for (line, why) in &broken {
        context.say(format_args!("{name}:{line}: {why}"));
    }
    if !broken.is_empty() && !options.skip_broken {
        return Err(Failure::Failed(format!(
            "{name}: {} of {} broken, each named above; nothing was paid. Mend them, or take the others with --skip-broken",
            count(broken.len()),
            plural(file.broken.len() + file.lines.len(), "line")
        )));
    }
    let hits: HashSet<HitId> = found.iter().map(|(_, work)| work.hit.clone()).collect();
    people.read_bonuses(&hits.into_iter().collect::<Vec<_>>()).await?;
    let before = Before::read(&people).await?;
    let mut plan = Plan { verb: "pay bonuses from a file", by_query: true, ..Plan::default() };
    for (line, work) in found {
        match before.same(line, &work).filter(|_| !options.again) {
            Some(why) => plan.already.push((work.id.to_string(), why.to_owned())),
            None => plan.items.push(Item {
                subject: Subject::Assignment(work.key),
                id: work.id.to_string(),
                decision: Decision::Bonus {
                    worker: work.worker.clone(),
                    amount: line.amount,
                    reason: line.reason.clone(),
                },
                cost: (line.amount, FeeSchedule::AMAZON.of_bonus(line.amount)),
                change: None,
            }),
        }
    }
    if file.untouched > 0 {
        plan.notes.push(format!("{} without an amount left out", plural(file.untouched as usize, "line")));
    }
    let exit = plan.carry_out(context, &people.session, out).await?;
    Ok(match exit {
        Exit::Done if !broken.is_empty() => Exit::Partial,
        other => other,
    })
}

/// The work that a bonus is paid on.
struct Work {
    key: AssignmentKey,
    id: AssignmentId,
    hit: HitId,
    worker: crate::domain::id::WorkerId,
}

/// Every assignment of the account, by its identifier.
async fn known(people: &People) -> Result<HashMap<AssignmentId, usize>, Failure> {
    let keys: Vec<(usize, AssignmentKey)> =
        people.rows.assignments.iter().enumerate().map(|(at, row)| (at, row.key)).collect();
    let read = move |reader: &crate::store::Reader| {
        let mut ids = HashMap::with_capacity(keys.len());
        for (at, key) in keys {
            ids.extend(reader.assignment_id(key)?.map(|id| (id, at)));
        }
        Ok(ids)
    };
    Ok(people.session.engine.store().reading(read).await?)
}

fn find(
    people: &People,
    known: &HashMap<AssignmentId, usize>,
    latest: &Latest,
    line: &BonusLine,
    limit: Usd,
) -> Result<Work, String> {
    policy::may_bonus(line.amount, limit).map_err(|refusal| refusal.to_string())?;
    policy::check_bonus_reason(&line.reason).map_err(|refusal| refusal.to_string())?;
    let Some(id) = &line.assignment else {
        let worker = line.worker.clone().ok_or("neither a worker nor an assignment")?;
        let (key, id, hit) = latest.get(&worker).cloned().ok_or_else(|| {
            format!("{worker} has no assignment to pay a bonus on; `hitdeck worker pay {worker} --amount X` pays without one")
        })?;
        return Ok(Work { key, id, hit, worker });
    };
    let row =
        known.get(id).map(|at| &people.rows.assignments[*at]).ok_or_else(|| format!("there is no assignment {id}"))?;
    let worker = people.rows.workers.get(&row.worker).cloned().ok_or_else(|| format!("nobody knows who did {id}"))?;
    if let Some(wanted) = line.worker.as_ref().filter(|wanted| **wanted != worker) {
        return Err(format!("{id} is the work of {worker}, not of {wanted}"));
    }
    let hit =
        people.rows.hits.get(&row.hit).map(|hit| hit.id.clone()).ok_or_else(|| format!("the HIT of {id} is gone"))?;
    Ok(Work { key: row.key, id: id.clone(), hit, worker })
}

/// The bonuses that were paid, and those that are on their way.
struct Before {
    paid: HashSet<(AssignmentId, Usd, String)>,
    live: Vec<OutboxEntry>,
}

impl Before {
    async fn read(people: &People) -> Result<Self, Failure> {
        let paid = people.bonuses.iter();
        let paid = paid.map(|bonus| (bonus.assignment.clone(), bonus.amount, bonus.reason.clone())).collect();
        let live = people.session.engine.store().reading(|reader| reader.open_entries()).await?;
        Ok(Before { paid, live: live.into_iter().filter(|entry| !entry.state.is_settled()).collect() })
    }

    /// Why the same bonus need not be paid, if it was paid or is on its way.
    fn same(&self, line: &BonusLine, work: &Work) -> Option<&'static str> {
        let wanted = (work.id.clone(), line.amount, line.reason.clone());
        if self.paid.contains(&wanted) {
            return Some("paid before, the same amount for the same reason; --again pays it once more");
        }
        let is_same = |entry: &&OutboxEntry| {
            let Decision::Bonus { amount, reason, .. } = &entry.decision else { return false };
            entry.assignment == Some(work.key) && *amount == line.amount && *reason == line.reason
        };
        self.live.iter().find(is_same).map(|_| "on its way already; `hitdeck outbox send` goes on")
    }
}
