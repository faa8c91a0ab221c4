//! `hitdeck batch anew`: new HITs of the same rows for answers that HITs lack and do not get any more.

use super::super::context::Context;
use super::super::decide::PATIENCE;
use super::super::exit::{Exit, Failure};
use super::super::progress::Progress;
use super::super::session::Session;
use super::super::sync;
use super::publish::{cells, confirm, ended, show, stop_at_interrupt};
use super::status::Work;
use super::stored;
use crate::app::format::plural;
use crate::config::Span;
use crate::domain::batch::{BatchName, StoredBatch};
use crate::domain::fees::FeeSchedule;
use crate::domain::money::Usd;
use crate::domain::policy::{Refusal, may_open};
use crate::domain::time::{Seconds, Time};
use crate::domain::top_up::{AnewWanted, Wanted, anew};
use crate::exchange::output::record;
use crate::runtime::publish::{AnewOrder, Until};
use std::io::Write;
use std::sync::Mutex;

/// Runs `hitdeck batch anew`.
pub async fn run(
    context: &Context,
    name: &BatchName,
    only_rejected: bool,
    lifetime: Span,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    let lifetime = Seconds(lifetime.millis / 1_000);
    may_open(lifetime).map_err(|refusal| Failure::Failed(refusal.to_string()))?;
    let session = Session::open(context).await?;
    let batch = stored(&session, name).await?;
    sync::refresh(&session).await?;
    let work = Work::of(&session).await?;
    let Lacks { hits, answers, cost: (rewards, fees) } =
        lacks(&work, &batch, only_rejected, session.engine.clock().now().time);
    if hits.is_empty() {
        context.say(format_args!("{name}: no answers are missing that the HITs there are would not get"));
        return Ok(Exit::Done);
    }
    let what = format!("{} for {} of {name} anew", plural(hits.len(), "HIT"), plural(answers as usize, "answer"));
    let sum = (rewards + fees).display();
    context.say(format_args!(
        "{what}: up to {} and {} in Amazon's fees, {sum} in all",
        rewards.display(),
        fees.display()
    ));
    context.say("note: a new HIT does not know who did the old one: they can answer that row again");
    if context.global.dry_run {
        context.say("dry run: nothing was written down or sent");
        return Ok(Exit::Done);
    }
    if session.settings.read_only {
        return Err(Failure::Failed(Refusal::ReadOnly.to_string()));
    }
    confirm(context, &session, &what)?;
    let until = Until { patience: PATIENCE, stop: stop_at_interrupt(context) };
    let progress = Mutex::new(Progress::begin("publishing", "HITs"));
    let published = session.engine.publish_anew(AnewOrder { hits, lifetime, until }, &|at| show(&progress, at)).await?;
    drop(progress);
    sync::refresh(&session).await?;
    record(out, context.global.output, cells(name, &published, &session.settings.environment.worker_site))?;
    for (row, why) in &published.refused {
        context.say(format_args!("row {}: refused: {why}", row + 1));
    }
    Ok(ended(context, &published))
}

/// What HITs lack and do not get any more.
struct Lacks {
    hits: Vec<AnewWanted>,
    answers: u32,
    /// Rewards and fees.
    cost: (Usd, Usd),
}

fn lacks(work: &Work, batch: &StoredBatch, only_rejected: bool, now: Time) -> Lacks {
    let mut lacks = Lacks { hits: Vec::new(), answers: 0, cost: (Usd::ZERO, Usd::ZERO) };
    for hit in work.hits(batch.name.as_str()) {
        let known = work.asked.anew(hit.key);
        let wanted = Wanted { answers: work.asked.answers(hit), only_rejected };
        let add = anew(hit, work.in_hit(hit.key), wanted, None, now).unwrap_or(0);
        let count = add + known.unmade;
        if count == 0 {
            continue;
        }
        lacks.hits.push(AnewWanted { hit: hit.id.clone(), add, before: known.assignments });
        lacks.answers += count;
        let fee = FeeSchedule::AMAZON.of_assignment(hit.reward, add.max(known.unmade), hit.masters);
        lacks.cost.0 += hit.reward.times(u64::from(count));
        lacks.cost.1 += fee.times(u64::from(count));
    }
    lacks
}
