//! Money for workers: bonuses on their latest work, and payments to who has no work to pay.

use super::decide::{ask, real_money};
use super::workers_act::{put, something, who};
use super::{people, prompt};
use crate::app::effect::Effect;
use crate::app::format;
use crate::app::overlay::{Answer, AskKind, Overlay, Prompt, PromptKind};
use crate::app::state::State;
use crate::app::workers::Who;
use crate::app::workers::act::{self, latest_work};
use crate::app::workers::line::Line;
use crate::app::workers::money::{PayStep, Read, Share, cost_of_bonuses};
use crate::domain::fees::FeeSchedule;
use crate::domain::id::{HitId, WorkerId};
use crate::domain::money::Usd;
use crate::domain::policy;
use crate::domain::worker::BonusSum;
use std::collections::HashSet;

/// What so many of these workers were paid before is told one by one.
const TOLD: usize = 3;

/// Begins a bonus: asks for the amount, or with both given for a yes.
pub(super) fn begin_bonus(state: &mut State, argument: &str, fx: &mut Vec<Effect>) -> Result<(), String> {
    let who = who(state);
    let hits = hits_of(state, &who.ids);
    if hits.is_empty() {
        return Err(format!("{}: no work to pay a bonus on; P pays without", act::names(state, &who.ids)));
    }
    state.people.money.read = Read { done: 0, all: hits.len() };
    people::ask_for_money(state, hits, fx);
    match argument.split_once(char::is_whitespace) {
        Some((amount, reason)) => ask_about_bonus(state, &who, Share::parse(amount)?, reason.trim()),
        None => {
            let label = format!("bonus for {}, dollars each, or total AMOUNT", act::whom(state, &who.ids));
            let hints = told_before(state, &who.ids);
            prompt::open(state, PromptKind::Workers(Line::Bonus(who)), label, argument, hints);
            Ok(())
        }
    }
}

/// The HITs that these workers have worked on, the latest work first.
fn hits_of(state: &State, ids: &[WorkerId]) -> Vec<HitId> {
    let keys: HashSet<_> = ids.iter().filter_map(|id| state.people.workers.named(id)?.key).collect();
    let mut rows: Vec<_> = state.model.rows().iter().filter(|row| keys.contains(&row.worker)).collect();
    rows.sort_by_key(|row| (std::cmp::Reverse(row.submitted), row.key));
    let mut seen = HashSet::new();
    let hits = rows.into_iter().filter(|row| seen.insert(row.hit)).filter_map(|row| state.model.hit(row.hit));
    hits.map(|hit| hit.id.clone()).collect()
}

/// What was paid before, and whether that is all of it.
fn told_before(state: &State, ids: &[WorkerId]) -> Vec<String> {
    paid_before(state, ids).into_iter().chain(state.people.money.read.words()).collect()
}

/// More is known of what was paid: the line that is being typed says so.
pub(super) fn told_again(state: &mut State) {
    let Some(Overlay::Prompt(Prompt { kind: PromptKind::Workers(line), .. })) = &state.overlay else { return };
    let hints = match line {
        Line::Bonus(who) => told_before(state, &who.ids),
        Line::BonusReason(who, share) => bonus_hints(state, who, *share),
        _ => return,
    };
    if let Some(Overlay::Prompt(prompt)) = &mut state.overlay {
        prompt.hints = hints;
    }
}

/// What these workers were paid in bonuses before, as far as is known.
fn paid_before(state: &State, ids: &[WorkerId]) -> Vec<String> {
    let paid: Vec<(&WorkerId, &BonusSum)> =
        ids.iter().filter_map(|id| Some((id, state.people.money.bonuses.get(id)?))).collect();
    if paid.is_empty() {
        return vec!["no bonus before, as far as is known here".to_owned()];
    }
    if paid.len() > TOLD {
        let sum: Usd = paid.iter().map(|(_, paid)| paid.sum).sum();
        let workers = format::plural(paid.len(), "worker");
        return vec![format!("{workers} of these were paid bonuses before, {} in all", sum.display())];
    }
    let told = |(id, paid): &(&WorkerId, &BonusSum)| {
        let last = paid.last.as_ref().map_or(String::new(), |last| format!(", the last: \"{}\"", last.reason));
        format!("{} had {} in bonuses before ({}){last}", state.name_of(id), paid.sum.display(), paid.count)
    };
    paid.iter().map(told).collect()
}

/// The amount is typed.
pub(super) fn bonus_amount(state: &mut State, who: Who, text: &str) -> Result<(), String> {
    let share = Share::parse(text)?;
    let payable = latest_work(state, &who.ids).len();
    let amounts = share.amounts(payable);
    for amount in &amounts {
        policy::may_bonus(*amount, state.options.bonus_limit).map_err(|refusal| refusal.to_string())?;
    }
    let hints = bonus_hints(state, &who, share);
    let label = format!("bonus of {}, reason", share.words(&act::whom(state, &who.ids)));
    prompt::open(state, PromptKind::Workers(Line::BonusReason(who, share)), label, "", hints);
    Ok(())
}

/// What was paid before, who is left out, and what the bonus comes to.
fn bonus_hints(state: &State, who: &Who, share: Share) -> Vec<String> {
    let payable = latest_work(state, &who.ids).len();
    let mut hints = told_before(state, &who.ids);
    let left_out = who.ids.len() - payable;
    if left_out > 0 {
        hints.push(format!("{} without work to pay a bonus on left out", format::plural(left_out, "worker")));
    }
    hints.push(cost_of_bonuses(&share.amounts(payable)));
    hints
}

/// Amount and reason are there: says what it comes to, and asks.
pub(super) fn ask_about_bonus(state: &mut State, who: &Who, share: Share, reason: &str) -> Result<(), String> {
    let proposal = act::propose_bonus(state, who, share, reason)?;
    something(&proposal)?;
    let mut lines = act::meant(state, &proposal);
    lines.extend(proposal.decisions.first().and_then(|new| new.decision.text()).map(|text| format!("\"{text}\"")));
    lines.push(proposal.cost_words());
    lines.extend(told_before(state, &who.ids));
    lines.extend(proposal.refusals().map(|refusals| format!("left out: {refusals}")));
    lines.push("Each is sent with a token of its own, so that it is paid only once.".to_owned());
    put(state, proposal, lines);
    Ok(())
}

/// Begins payments without an assignment; where some are under way, asks what becomes of those.
pub(super) fn begin_payment(state: &mut State, argument: &str, fx: &mut Vec<Effect>) -> Result<(), String> {
    let who = who(state);
    people::ask_for_money(state, Vec::new(), fx);
    let open: Vec<WorkerId> = who.ids.iter().filter(|id| state.people.money.open.contains_key(id)).cloned().collect();
    if !open.is_empty() {
        return ask_about_open(state, open);
    }
    match argument.split_once(char::is_whitespace) {
        Some((amount, reason)) => ask_to_pay(state, &who, amount_of(amount)?, reason.trim()),
        None => {
            let label = format!("pay {} by a HIT of their own, dollars each", act::whom(state, &who.ids));
            let hint = "for who has no work that can be paid: a HIT that only they see, and a message with its link";
            prompt::open(state, PromptKind::Workers(Line::Pay(who)), label, argument, vec![hint.to_owned()]);
            Ok(())
        }
    }
}

fn amount_of(text: &str) -> Result<Usd, String> {
    let amount = Usd::parse(text.trim().trim_start_matches('$')).map_err(|error| error.to_string())?;
    if amount < Usd::cents(1) { Err("a payment is at least $0.01".to_owned()) } else { Ok(amount) }
}

/// The amount is typed.
pub(super) fn payment_amount(state: &mut State, who: Who, text: &str) -> Result<(), String> {
    let amount = amount_of(text)?;
    policy::may_bonus(amount, state.options.bonus_limit).map_err(|refusal| refusal.to_string())?;
    let label = format!("pay {} to {}, reason", amount.display(), act::whom(state, &who.ids));
    let hints = vec![cost_of_payments(amount, who.ids.len())];
    prompt::open(state, PromptKind::Workers(Line::PayReason(who, amount)), label, "", hints);
    Ok(())
}

fn cost_of_payments(amount: Usd, count: usize) -> String {
    let count = count as u64;
    let (sum, fees) = (amount.times(count), FeeSchedule::AMAZON.of_assignment(amount, 1, false).times(count));
    format!("{} and {} in Amazon's fees, {} in all", sum.display(), fees.display(), (sum + fees).display())
}

/// Amount and reason are there: says what happens, and asks.
pub(super) fn ask_to_pay(state: &mut State, who: &Who, amount: Usd, reason: &str) -> Result<(), String> {
    policy::check_bonus_reason(reason).map_err(|refusal| refusal.to_string())?;
    policy::may_bonus(amount, state.options.bonus_limit).map_err(|refusal| refusal.to_string())?;
    let mut lines = vec![
        act::names(state, &who.ids),
        format!("\"{reason}\""),
        cost_of_payments(amount, who.ids.len()),
        "Each: a qualification only they hold, a HIT that requires it, a message.".to_owned(),
        "When they have submitted, the same key approves it and clears it away.".to_owned(),
    ];
    lines.extend(act::hidden(state));
    lines.extend(real_money(state));
    let step = PayStep::Begin { amount, reason: reason.to_owned() };
    let steps = who.ids.iter().map(|id| (id.clone(), step.clone())).collect();
    let title = match who.ids.as_slice() {
        [one] => format!("pay {} to {}?", amount.display(), state.name_of(one)),
        many => format!("pay {} to each of {}?", amount.display(), format::plural(many.len(), "worker")),
    };
    let answers = vec![Answer { key: 'y', label: "do it" }, Answer { key: 'n', label: "do nothing" }];
    ask(state, AskKind::Pay(steps, Vec::new()), title, lines, answers);
    Ok(())
}

fn ask_about_open(state: &mut State, open: Vec<WorkerId>) -> Result<(), String> {
    let told = |id: &WorkerId| {
        let payment = state.people.money.open.get(id)?;
        Some(format!("{}: {}, \"{}\"", state.name_of(id), payment.amount.display(), payment.reason))
    };
    let mut lines: Vec<String> = open.iter().take(TOLD).filter_map(told).collect();
    if open.len() > TOLD {
        lines.push(format!("and {} more", format::count(open.len() - TOLD)));
    }
    lines.push(
        "Going on approves what they have handed in and clears away; who has not taken it yet is waited for.".into(),
    );
    lines.extend(real_money(state));
    let title = format!("{} under way", format::plural(open.len(), "payment"));
    let answers = vec![
        Answer { key: 'y', label: "go on" },
        Answer { key: 't', label: "take it back, where nobody has taken the HIT" },
        Answer { key: 'n', label: "leave it as it is" },
    ];
    let steps = open.iter().map(|id| (id.clone(), PayStep::GoOn)).collect();
    ask(state, AskKind::Pay(steps, open), title, lines, answers);
    Ok(())
}

/// The question about payments is answered.
pub(super) fn answer(
    state: &mut State,
    chosen: char,
    steps: Vec<(WorkerId, PayStep)>,
    open: Vec<WorkerId>,
    fx: &mut Vec<Effect>,
) {
    let steps = match chosen {
        'y' => steps,
        't' => open.into_iter().map(|id| (id, PayStep::TakeBack)).collect(),
        _ => return,
    };
    if state.options.read_only {
        return super::say(state, crate::app::event::Level::Warning, policy::Refusal::ReadOnly.to_string());
    }
    let Some(site) = state.env.worker_site.clone() else {
        let text = "the configuration does not say where workers find HITs: worker_site of the environment";
        return super::say(state, crate::app::event::Level::Error, text);
    };
    super::workers::unmark_acted(state, true);
    super::say(state, crate::app::event::Level::Info, "paying: what is done is said here and in Activity");
    fx.push(Effect::Pay { site, steps });
}
