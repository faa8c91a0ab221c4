//! The page of a worker: what is known of them, then everything that happened, the newest first. The cursor is on what
//! happened; a decision key acts on the answer under it.

use super::money::Read;
use super::{KnownWorker, Workers};
use crate::app::document::Tone;
use crate::app::format;
use crate::app::layout::{Area, Pane};
use crate::app::list::Scope;
use crate::app::model::Model;
use crate::app::state::State;
use crate::domain::assignment::{AssignmentStatus, BonusPayment, work_time};
use crate::domain::decision::{Decision, OutboxEntry};
use crate::domain::fees::FeeSchedule;
use crate::domain::id::WorkerId;
use crate::domain::key::AssignmentKey;
use crate::domain::money::Usd;
use crate::domain::text::SafeText;
use crate::domain::time::{Millis, Time};
use crate::domain::worker::{Payment, PaymentState};
use crate::domain::worker_stats::Tally;
use std::borrow::Cow;

/// Cells of the names on the left.
pub const NAMES: u16 = 16;

/// What a worker was sent and paid from here, each oldest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct History {
    /// The messages.
    pub messages: Vec<OutboxEntry>,
    /// The bonuses that are known, whoever paid them.
    pub bonuses: Vec<BonusPayment>,
    /// Payments by a HIT of their own.
    pub payments: Vec<Payment>,
    /// How many of the worker's HITs have been asked for bonuses.
    pub read: Read,
}

/// Where Review stood before it showed a worker's answers.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::app) struct Before {
    /// The filter that shows the answers.
    pub(in crate::app) shows: String,
    pub(in crate::app) filter: String,
    pub(in crate::app) scope: Scope,
    pub(in crate::app) cursor: Option<AssignmentKey>,
}

/// Something that happened with a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// An assignment was handed in.
    Work(AssignmentKey),
    /// A bonus was paid: its place in [`History::bonuses`].
    Bonus(usize),
    /// A message was sent: its place in [`History::messages`].
    Message(usize),
    /// A payment without an assignment was begun: its place in [`History::payments`].
    Payment(usize),
}

/// The page of the worker under the cursor.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// What happened, the newest first.
    pub moments: Vec<Moment>,
    /// The one under the cursor.
    pub cursor: usize,
    /// The first visible line of the whole page.
    pub offset: usize,
    /// The fees for what the worker was paid, by Amazon's schedule.
    fees: Usd,
    /// What this was made of: whose page, by which version of the model, with how much history.
    of: Option<(WorkerId, u64, [usize; 3])>,
}

impl Page {
    /// It has to be made anew.
    pub(in crate::app) fn outdated(&mut self) {
        if let Some((.., sizes)) = &mut self.of {
            *sizes = [usize::MAX; 3];
        }
    }

    /// What is under the cursor.
    pub fn current(&self) -> Option<Moment> {
        self.moments.get(self.cursor).copied()
    }
}

/// Seconds of a wall clock.
const fn seconds(at: Millis) -> Time {
    Time(at.0.div_euclid(1_000))
}

impl Workers {
    /// What the worker of the page was sent and paid, once that has been read.
    pub fn history(&self) -> Option<&History> {
        let (of, history) = self.history.as_ref()?;
        self.current().filter(|one| one.id == *of).map(|_| history)
    }

    /// Brings the page in line with its worker, unless it is. The cursor stays on what it is on.
    pub(in crate::app) fn make_page(&mut self, model: &Model) {
        let Some(one) = self.current() else {
            self.sheet = Page::default();
            return;
        };
        let none = History::default();
        let history = self.history().unwrap_or(&none);
        let sizes = [history.messages.len(), history.bonuses.len(), history.payments.len()];
        let of = (one.id.clone(), model.version(), sizes);
        if self.sheet.of.as_ref() == Some(&of) {
            return;
        }
        let mut fees: Usd = history.bonuses.iter().map(|bonus| FeeSchedule::AMAZON.of_bonus(bonus.amount)).sum();
        fees += one.gone_fees;
        let mut found: Vec<(Option<Time>, Moment)> = Vec::new();
        for row in model.rows().iter().filter(|row| Some(row.worker) == one.key) {
            if row.status == AssignmentStatus::Approved {
                fees += model.hit(row.hit).map_or(Usd::ZERO, |hit| FeeSchedule::AMAZON.of_hit(hit));
            }
            found.push((row.submitted.get().or(row.accepted.get()), Moment::Work(row.key)));
        }
        let bonuses = history.bonuses.iter().enumerate();
        found.extend(bonuses.map(|(at, bonus)| (bonus.granted, Moment::Bonus(at))));
        let messages = history.messages.iter().enumerate();
        found.extend(messages.map(|(at, entry)| (Some(seconds(entry.decided)), Moment::Message(at))));
        let payments = history.payments.iter().enumerate();
        found.extend(payments.map(|(at, payment)| (Some(seconds(payment.begun)), Moment::Payment(at))));
        found.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        let moments: Vec<Moment> = found.into_iter().map(|(_, moment)| moment).collect();
        let same = self.sheet.of.as_ref().is_some_and(|(before, ..)| *before == of.0);
        let on = self.sheet.current().filter(|_| same);
        let (before, offset) = if same { (self.sheet.cursor, self.sheet.offset) } else { (0, 0) };
        let kept = on.and_then(|on| moments.iter().position(|moment| *moment == on));
        let cursor = kept.unwrap_or(before).min(moments.len().saturating_sub(1));
        // What is new comes above: the lines in view stay where they are, unless the page shows its beginning.
        let offset = if offset == 0 { 0 } else { offset + cursor.saturating_sub(before) };
        self.sheet = Page { moments, cursor, offset, fees, of: Some(of) };
    }
}

impl State {
    /// Whether the page of a worker has the screen for itself and takes the keys.
    pub fn on_page(&self) -> bool {
        self.focus == Pane::Workers && self.people.workers.page
    }

    /// Where the page of a worker is: its first line is its heading.
    pub fn page_area(&self) -> Area {
        let layout = self.layout();
        let area = layout.workers.unwrap_or_default();
        Area { height: area.height + layout.people_detail.map_or(0, |below| below.height), ..area }
    }

    /// The line of the page on which the cursor is.
    pub fn page_line(&self) -> usize {
        let head = self.people.workers.current().map_or(0, |one| head(self, one, self.page_area().width).len());
        head + self.people.workers.sheet.cursor
    }

    /// The answer under the cursor of a worker's page, if it is in view.
    pub fn work_on_page(&self) -> Option<AssignmentKey> {
        if !self.on_page() {
            return None;
        }
        let (line, from) = (self.page_line(), self.people.workers.sheet.offset);
        let in_view = line >= from && line < from + usize::from(self.page_area().body().height);
        match self.people.workers.sheet.current() {
            Some(Moment::Work(key)) if in_view => Some(key),
            _ => None,
        }
    }
}

/// A line of what is known of a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadLine {
    /// The name on the left; empty where the line above goes on.
    pub label: &'static str,
    /// What it says.
    pub text: SafeText,
    /// What it is.
    pub tone: Tone,
}

/// A share in basis points, cut: `98.7 %`; `100 %` is without a rejection.
pub fn rate(share: Option<u32>) -> String {
    match share {
        None => "-".to_owned(),
        Some(10_000) => "100 %".to_owned(),
        Some(share) => format!("{}.{} %", share / 100, share / 10 % 10),
    }
}

fn tally(of: Tally) -> String {
    let (approved, rejected) = (format::count(of.approved as usize), format::count(of.rejected as usize));
    format!("{} ({approved} approved, {rejected} rejected)", rate(of.rate()))
}

/// What is known of a worker, in a page of so many cells; the last line is the heading of what happened.
pub fn head(state: &State, one: &KnownWorker, width: u16) -> Vec<HeadLine> {
    let cells = usize::from(width.saturating_sub(NAMES + 3));
    let mut lines = Vec::new();
    for (name, text, tone) in facts(state, one) {
        let mut label = name;
        for text in SafeText::line(&state.scrub(&text)).wrap(cells) {
            lines.push(HeadLine { label: std::mem::take(&mut label), text, tone });
        }
    }
    let moments = state.people.workers.sheet.moments.len();
    let text = match (moments, state.people.workers.page) {
        (0, _) => "nothing yet".to_owned(),
        (count, true) => format!("{}, the newest first", format::count(count)),
        (count, false) => format!("{}, the newest first; Enter opens the page", format::count(count)),
    };
    lines.push(HeadLine { label: "What happened", text: SafeText::line(&text), tone: Tone::Heading });
    lines
}

/// Name, text and tone, in the order of the page.
fn facts(state: &State, one: &KnownWorker) -> Vec<(&'static str, String, Tone)> {
    let (stats, zone) = (&one.stats, state.options.zone);
    let known = state.people.known.as_ref();
    let mut facts = Vec::new();
    if let Some(reason) = known.and_then(|known| known.blocks.get(&one.id)) {
        facts.push(("Blocked", format!("yes: \"{reason}\""), Tone::Bad));
    }
    if let Some(note) = &one.note {
        facts.push(("Note", note.to_string(), Tone::Text));
    }
    if stats.submitted == 0 {
        facts.push(("Work", "none for this account".to_owned(), Tone::Quiet));
    } else {
        let undecided = match stats.undecided() {
            0 => String::new(),
            count => format!(", {} undecided", format::count(count as usize)),
        };
        let median = stats.median.map_or(String::new(), |time| format!("; median time {}", format::work_time(time)));
        let sent = format::count(stats.submitted as usize);
        facts.push(("Work", format!("{sent} sent{undecided}{median}"), Tone::Text));
        facts.push(("Approval rate", tally(stats.lifetime), Tone::Text));
        facts.push(("", format!("30 days {}, 7 days {}", tally(stats.month), tally(stats.week)), Tone::Text));
        if let (Some(first), Some(last)) = (stats.first.get(), stats.last.get()) {
            let (first, last) = (format::day_clock(first, zone), format::day_clock(last, zone));
            facts.push(("Seen", format!("first {first}, last {last}"), Tone::Text));
        }
    }
    facts.extend(paid(state, one).map(|text| ("Paid", text, Tone::Text)));
    if let Some(open) = state.people.money.open.get(&one.id) {
        let begun = format::day_clock(seconds(open.begun), zone);
        let text = format!("a payment of {} since {begun}: :pay goes on with it", open.amount.display());
        facts.push(("Under way", text, Tone::Warn));
    }
    let mut name = "Qualifications";
    for (of, score, revoked) in known.into_iter().flat_map(|known| known.of_worker(&one.id)) {
        let score = score.map_or(String::new(), |score| format!(": {score}"));
        let (words, tone) = if revoked { (" (revoked)", Tone::Quiet) } else { ("", Tone::Text) };
        facts.push((name, format!("{of}{score}{words}"), tone));
        name = "";
    }
    if let Some(badge) = state.outbox.worker_badge(&one.id) {
        facts.push(("On its way", format!("{} {}", badge.verb, badge.stage.title()), Tone::Warn));
    }
    facts
}

/// What a worker was paid: rewards, bonuses, payments, and the fees on top.
fn paid(state: &State, one: &KnownWorker) -> Option<String> {
    let mut parts = Vec::new();
    if one.stats.earned > Usd::ZERO {
        parts.push(format!("{} in rewards", one.stats.earned.display()));
    }
    if let Some(bonuses) = state.people.money.bonuses.get(&one.id) {
        let count = if bonuses.count == 1 { "1 bonus".to_owned() } else { format!("{} bonuses", bonuses.count) };
        parts.push(format!("{} in {count}", bonuses.sum.display()));
    }
    let by_hit = paid_unseen(state);
    if by_hit > Usd::ZERO {
        parts.push(format!("{} by HITs of their own", by_hit.display()));
    }
    let fees = state.people.workers.sheet.fees;
    let fees =
        if fees > Usd::ZERO { format!("; fees of {} (Amazon's schedule)", fees.display()) } else { String::new() };
    let read = state.people.workers.history().and_then(|history| history.read.words());
    let read = read.map_or(String::new(), |words| format!("; {words}"));
    (!parts.is_empty()).then(|| format!("{}{fees}{read}", parts.join(", ")))
}

/// What the worker of the page was paid by HITs of their own that are gone before they were read: no reward tells of these.
fn paid_unseen(state: &State) -> Usd {
    let workers = &state.people.workers;
    let hit_of = |moment: &Moment| match moment {
        Moment::Work(key) => state.model.hit(state.model.row(*key)?.hit).map(|hit| &hit.id),
        _ => None,
    };
    let is_known =
        |payment: &Payment| workers.sheet.moments.iter().filter_map(hit_of).any(|id| payment.hit.as_ref() == Some(id));
    let payments = workers.history().into_iter().flat_map(|history| &history.payments);
    let unseen = payments.filter(|it| it.state == PaymentState::Paid && !is_known(it));
    unseen.map(|it| it.amount).sum()
}

/// What a moment says: when, what it is, its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The day and the time of day.
    pub when: String,
    /// What it is: a status, "bonus", "message", "payment".
    pub what: &'static str,
    /// How that looks.
    pub tone: Tone,
    /// The rest.
    pub text: String,
}

/// Says what happened.
pub fn tell(state: &State, moment: Moment) -> Option<Told> {
    let zone = state.options.zone;
    let when = |at: Option<Time>| at.map_or("-".to_owned(), |at| format::day_clock(at, zone));
    let history = || state.people.workers.history();
    Some(match moment {
        Moment::Work(key) => {
            let row = state.model.row(key)?;
            let title = state.model.hit(row.hit).map_or(String::new(), |hit| format!("  ({})", hit.title));
            let took = work_time(row.accepted.get(), row.submitted.get()).map_or("-".to_owned(), format::work_time);
            let reward = state.model.reward(row).display();
            let tone = match row.status {
                AssignmentStatus::Submitted => Tone::Text,
                AssignmentStatus::Approved => Tone::Good,
                AssignmentStatus::Rejected => Tone::Bad,
            };
            let text = format!("{reward:>6} {took:>6}  {}{title}", state.model.summary(row));
            Told { when: when(row.submitted.get()), what: row.status.name(), tone, text }
        }
        Moment::Bonus(at) => {
            let bonus = history()?.bonuses.get(at)?;
            let text = format!("{:>6}         {}", bonus.amount.display(), bonus.reason);
            Told { when: when(bonus.granted), what: "bonus", tone: Tone::Good, text }
        }
        Moment::Message(at) => {
            let entry = history()?.messages.get(at)?;
            let Decision::Notify { subject, text } = &entry.decision else { return None };
            let failed = entry.note.as_deref().map_or(Cow::Borrowed(""), |note| format!(" ({note})").into());
            let tone = if failed.is_empty() { Tone::Text } else { Tone::Warn };
            let text = format!("{}: {subject}: {text}{failed}", entry.state.name());
            Told { when: when(Some(seconds(entry.decided))), what: "message", tone, text }
        }
        Moment::Payment(at) => {
            let payment = history()?.payments.get(at)?;
            let tone = if payment.state == PaymentState::Paid { Tone::Good } else { Tone::Warn };
            let text = format!("{:>6}  {}: {}", payment.amount.display(), payment.state.name(), payment.reason);
            Told { when: when(Some(seconds(payment.begun))), what: "payment", tone, text }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::rate;

    #[test]
    fn rates_are_cut_and_not_rounded() {
        assert_eq!(
            [None, Some(10_000), Some(9_999), Some(6_666), Some(0)].map(rate),
            ["-", "100 %", "99.9 %", "66.6 %", "0.0 %"]
        );
    }
}
