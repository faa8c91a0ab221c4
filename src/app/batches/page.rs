//! The text about a batch: how far it is, how fast, what it costs, what it pays, when it is over.

use super::file::publishing;
use super::{OneBatch, Tab};
use crate::app::document::{Document, Line, Span, Tone};
use crate::app::format;
use crate::app::state::State;
use crate::domain::batch::Wage;
use crate::domain::batch_stats::{BatchStats, Standing};
use crate::domain::hit::HitStatus;
use crate::domain::money::Usd;
use crate::domain::text::SafeText;
use crate::domain::time::{Seconds, Time};

/// Cells of the gauge of the wage.
const GAUGE: u16 = 20;

/// A piece of a line.
pub(super) type Piece = (String, Tone);

/// Lines of a label and pieces behind it, which go on below where there is no room.
pub(super) struct Facts {
    lines: Vec<Line>,
    width: u16,
    value: u16,
}

impl Facts {
    pub(super) fn new(width: u16) -> Facts {
        Facts { lines: Vec::new(), width, value: if width >= 60 { 12 } else { 10 } }
    }

    pub(super) fn document(self) -> Document {
        Document { lines: self.lines, answer: None }
    }

    pub(super) fn row(&mut self, label: &str, pieces: impl IntoIterator<Item = Piece>) {
        let label = SafeText::line(label).clip(usize::from(self.value - 1));
        let mut line = Line { spans: vec![Span { at: 0, tone: Tone::Label, text: label }] };
        let mut at = self.value;
        for (words, tone) in pieces.into_iter().filter(|(words, _)| !words.is_empty()) {
            let room = usize::from(self.width.saturating_sub(self.value)).max(8);
            for text in SafeText::line(&words).wrap(room) {
                let cells = text.width() as u16;
                if at > self.value && at + cells > self.width {
                    self.lines.push(std::mem::take(&mut line));
                    at = self.value;
                }
                line.spans.push(Span { at, tone, text });
                at += cells + 2;
            }
        }
        self.lines.push(line);
    }
}

pub(super) fn piece(words: impl Into<String>, tone: Tone) -> Piece {
    (words.into(), tone)
}

/// `open 120`; quiet when there is none.
fn counted(name: &str, count: u32, tone: Tone) -> Piece {
    let tone = if count == 0 { Tone::Quiet } else { tone };
    piece(format!("{name} {}", format::count(count as usize)), tone)
}

impl State {
    /// The text about the batch under the cursor, for this width; none without a batch.
    pub fn batch_text(&self, width: u16) -> Option<Document> {
        let one = self.batches.current()?;
        let mut facts = Facts::new(width);
        if let Some(running) = &self.batches.running {
            facts.row("", [piece(running.what.as_str(), Tone::Strong)]);
            publishing(&mut facts, running);
        }
        work(&mut facts, &one.stats);
        pace(&mut facts, self, &one.stats);
        money(&mut facts, self, one);
        pay(&mut facts, self, one);
        end(&mut facts, self, one);
        Some(facts.document())
    }

    /// The text of the tab that is shown, for this width; none on the tab of the HITs, and without a batch.
    pub fn tab_text(&self, width: u16) -> Option<Document> {
        match self.batches.tab {
            Tab::Progress => self.batch_text(width),
            Tab::Hits => None,
            Tab::File => Some(self.file_text(width)),
            Tab::Preview => Some(self.preview_text(width)),
        }
    }

    /// The address under which workers find a batch.
    pub fn batch_address(&self, name: &str) -> Option<String> {
        let site = self.env.worker_site.as_deref()?.trim_end_matches('/');
        let group = self.batches.known.as_ref()?.groups.get(name)?;
        Some(format!("{site}/mturk/preview?groupId={group}"))
    }
}

/// Whole percent, cut: 100 % is all of it.
pub fn percent(part: u32, whole: u32) -> u32 {
    (u64::from(part) * 100).checked_div(u64::from(whole)).unwrap_or(0) as u32
}

fn work(facts: &mut Facts, stats: &BatchStats) {
    let places = stats.places;
    let (come, wanted) = (places.handed_in(), places.wanted());
    facts.row(
        "in",
        [
            piece(format!("{} of {}", format::count(come as usize), format::count(wanted as usize)), Tone::Strong),
            piece(format!("{} %", percent(come, wanted)), Tone::Text),
            piece(standing_words(stats), standing_tone(stats.standing())),
        ],
    );
    facts.row(
        "assignments",
        [
            counted("open", places.open, Tone::Text),
            counted("pending", places.pending, Tone::Text),
            counted("submitted", places.submitted, Tone::Warn),
            counted("approved", places.approved, Tone::Good),
            counted("rejected", places.rejected, Tone::Bad),
            counted("missing", places.missing, Tone::Warn),
        ],
    );
    let complete = format!(
        "{} of {} complete",
        format::count(stats.complete as usize),
        format::count(stats.hits_there() as usize)
    );
    let with = |status: HitStatus| {
        let count = stats.with_status(status) as usize;
        let name = if status == HitStatus::Disposed { "Deleted" } else { status.name() };
        piece(if count == 0 { String::new() } else { format!("{name} {}", format::count(count)) }, Tone::Text)
    };
    facts.row("HITs", std::iter::once(piece(complete, Tone::Text)).chain(HitStatus::ALL.map(with)));
}

/// A standing in a few words.
fn standing_words(stats: &BatchStats) -> &'static str {
    match stats.standing() {
        Standing::Running => "running",
        Standing::Idle => "open, and nothing has come in for a day",
        Standing::Review => "all in: waiting for your decisions",
        Standing::Short => "over, with work missing: t tops it up",
        Standing::Done => "done",
        Standing::Deleted => "deleted",
    }
}

/// How a standing looks.
pub const fn standing_tone(standing: Standing) -> Tone {
    match standing {
        Standing::Running => Tone::Strong,
        Standing::Idle | Standing::Review | Standing::Short => Tone::Warn,
        Standing::Done => Tone::Good,
        Standing::Deleted => Tone::Quiet,
    }
}

fn pace(facts: &mut Facts, state: &State, stats: &BatchStats) {
    let now = state.now.time;
    let moment = |at: Time| format::day_clock(at, state.options.zone);
    if !stats.is_running() {
        if let Some(last) = stats.last {
            facts.row("last work", [piece(moment(last), Tone::Text)]);
        }
        return;
    }
    let mut pieces = vec![match stats.pace {
        Some(pace) => piece(
            format!(
                "{} an hour ({} in {})",
                hourly(pace.hourly()),
                format::count(pace.count as usize),
                span(pace.span)
            ),
            Tone::Text,
        ),
        None => piece("nothing came in", Tone::Warn),
    }];
    if let Some(left) = stats.left() {
        pieces.push(piece(format!("ready in {}", format::coarse(left)), Tone::Strong));
        pieces.push(piece(format!("at {}", moment(now + left)), Tone::Text));
    }
    facts.row("pace", pieces);
    let Some(ends) = stats.ends else { return };
    let missing = stats.will_miss(now);
    let words = format!("in {}, at {}", format::until(ends, now), moment(ends));
    let warning = match missing {
        0 => String::new(),
        count => format!("{} will be missing then: e extends", format::plural(count as usize, "assignment")),
    };
    facts.row("last ends", [piece(words, Tone::Text), piece(warning, Tone::Warn)]);
}

/// Fewer than one an hour is not none.
fn hourly(count: u32) -> String {
    if count == 0 { "under 1".to_owned() } else { format::count(count as usize) }
}

fn span(span: Seconds) -> String {
    format::coarse(span).trim_end_matches(" 0 m").to_owned()
}

fn money(facts: &mut Facts, state: &State, one: &OneBatch) {
    let BatchStats { spent, reserved, places, .. } = one.stats;
    let bonuses = state.batches.bonuses(&one.name).unwrap_or_default();
    let more = bonuses.sum + bonuses.fees;
    let mut pieces = vec![
        piece((spent.total() + more).display(), Tone::Strong),
        piece(format!("rewards {}", spent.rewards), Tone::Quiet),
        piece(format!("fees {}", spent.fees), Tone::Quiet),
    ];
    if bonuses.count > 0 {
        let count = bonuses.count;
        let words =
            if count == 1 { "1 bonus".to_owned() } else { format!("{} bonuses", format::count(count as usize)) };
        pieces.push(piece(format!("{words} {} and fees {}", bonuses.sum, bonuses.fees), Tone::Quiet));
    }
    facts.row("spent", pieces);
    let waiting = format::plural((places.to_come() + places.submitted) as usize, "assignment");
    let mut pieces = vec![piece(reserved.total().display(), Tone::Strong)];
    if reserved.total() > Usd::ZERO {
        pieces.push(piece(format!("for {waiting} that may still be paid"), Tone::Quiet));
        let all = spent.total() + more + reserved.total();
        pieces.push(piece(format!("in all {}", all.display()), Tone::Text));
    }
    facts.row("reserved", pieces);
}

fn pay(facts: &mut Facts, state: &State, one: &OneBatch) {
    let published = state.batches.published(&one.name);
    let (Some(median), Some(hourly)) = (one.stats.median, one.stats.hourly) else { return };
    let mut pieces = vec![piece(format!("{} median", format::work_time(median)), Tone::Text)];
    if let Some(expected) = published.and_then(|file| file.expected) {
        pieces.push(piece(format!("expected {}", format::work_time(expected)), Tone::Quiet));
    }
    facts.row("work time", pieces);
    let Some(target) = published.and_then(|file| file.target).or(state.batches.target) else {
        facts.row(
            "an hour",
            [
                piece(format!("pays {}", hourly.display()), Tone::Strong),
                piece("(:target-wage 15.00 holds it against a target)", Tone::Quiet),
            ],
        );
        return;
    };
    let fair = hourly >= target;
    let tone = if fair { Tone::Good } else { Tone::Bad };
    let mut pieces = vec![
        piece(format!("pays {}", hourly.display()), tone),
        piece(gauge(hourly, target), tone),
        piece(format!("target {}", target.display()), Tone::Text),
    ];
    if let Some(wage) = Wage::of(Usd::ZERO, median, target).filter(|_| !fair) {
        pieces.push(piece(format!("{} an assignment would reach it", wage.needed.display()), Tone::Warn));
    }
    facts.row("an hour", pieces);
}

/// `[#######   |   ]`: how far a wage reaches, and where the target is.
pub(super) fn gauge(wage: Usd, target: Usd) -> String {
    let (wage, target) = (wage.as_cents().max(0), target.as_cents().max(1));
    let scale = wage.max(target) * 5 / 4;
    let cells = |amount: i64| (amount * i64::from(GAUGE) / scale) as u16;
    let (filled, line) = (cells(wage), cells(target).min(GAUGE - 1));
    let cell = |at: u16| match at {
        at if at == line => '|',
        at if at < filled => '#',
        _ => ' ',
    };
    format!("[{}]", (0..GAUGE).map(cell).collect::<String>())
}

fn end(facts: &mut Facts, state: &State, one: &OneBatch) {
    let now = state.now.time;
    if let Some(at) = one.stats.purge {
        let soon = at - now < Seconds(14 * 86_400);
        let words = format!("{} (in {})", format::day_clock(at, state.options.zone), format::until(at, now));
        let tone = if soon { Tone::Warn } else { Tone::Text };
        let why = "the endpoint may throw its first HIT away then";
        facts.row("purge", [piece(words, tone), piece(why, Tone::Quiet)]);
    }
    if let Some(file) = state.batches.published(&one.name).filter(|file| file.waiting > 0) {
        let words = format!("{} of its file are not published", format::plural(file.waiting as usize, "HIT"));
        facts.row("file", [piece(words, Tone::Warn), piece("open it (o) and publish the rest (p)", Tone::Quiet)]);
    }
    if let Some(address) = state.batch_address(&one.name) {
        facts.row("link", [piece(address, Tone::Quiet)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gauge_shows_wage_and_target() {
        let dollars = |dollars: i64| Usd::cents(dollars * 100);
        assert_eq!(gauge(dollars(15), dollars(15)), "[################|   ]");
        assert_eq!(gauge(dollars(3), dollars(15)), "[###             |   ]");
        assert_eq!(gauge(dollars(30), dollars(15)), "[########|#######    ]");
    }

    #[test]
    fn pieces_go_on_below_where_there_is_no_room() {
        let mut facts = Facts::new(40);
        facts.row("in", (0..6).map(|n| piece(format!("piece {n}"), Tone::Text)));
        assert_eq!(facts.lines.len(), 2);
        for line in &facts.lines {
            let end = line.spans.last().map_or(0, |span| usize::from(span.at) + span.text.width());
            assert!(end <= 40, "{line:?}");
        }
    }
}
