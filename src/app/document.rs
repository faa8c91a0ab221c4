//! Everything the viewer shows of one assignment, as lines of spans at a given width. The meaning of a span is its
//! tone; how a tone looks is the theme's business. All text has passed through [`SafeText`].

mod order;
mod others;
mod record;
mod value;

use super::detail::Detail;
use super::format::{self, Zone};
use super::layout::Pane;
use super::model::Record;
use super::options::Layout;
use super::state::{Loading, State};
use crate::domain::assignment::{AssignmentStatus, work_time};
use crate::domain::decision::{Decision, OutboxEntry, OutboxState};
use crate::domain::key::WorkerKey;
use crate::domain::row::{HitRow, LightRow};
use crate::domain::text::SafeText;
use crate::domain::worker_answer;
use crate::question::answer::{Answer, Value};
use order::arrange;
use std::borrow::Cow;
use value::{cut, hidden_in, value_text};

/// What a span is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// The name of a section.
    Heading,
    /// The name of a field.
    Label,
    /// Ordinary text.
    Text,
    /// What the eye should find first: the answer.
    Strong,
    /// Secondary.
    Quiet,
    /// Approved, done.
    Good,
    /// Rejected, failed.
    Bad,
    /// Needs a look.
    Warn,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Columns from the left edge of the document.
    pub at: u16,
    /// What it is.
    pub tone: Tone,
    /// What it says.
    pub text: SafeText,
}

/// One line: spans from left to right.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// The spans.
    pub spans: Vec<Span>,
}

/// A document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// Its lines, from the top.
    pub lines: Vec<Line>,
    /// The line on which the answer begins; none in the raw view.
    pub answer: Option<usize>,
}

/// What the document says about an assignment besides its [`Detail`].
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// Its row.
    pub row: &'a LightRow,
    /// Its HIT, when it is known.
    pub hit: Option<&'a HitRow>,
    /// A worker's name for the person.
    pub worker: &'a dyn Fn(WorkerKey) -> Option<Cow<'a, str>>,
    /// Who decided it, in words.
    pub decided_by: Option<&'a str>,
    /// The worker's record with this requester, once all of it is known.
    pub record: Option<Record>,
    /// The decision that is on its way, or failed.
    pub entry: Option<&'a OutboxEntry>,
    /// How this batch's fields are shown.
    pub layout: Option<&'a Layout>,
    /// The person's time zone.
    pub zone: Zone,
}

/// Lines longer than this are hard to read.
const WIDEST_TEXT: usize = 100;
/// From this width on, headings stand beside the text.
const BESIDE: u16 = 60;

/// Lays out an assignment as a person reads it: the item, the answer, the other workers' answers, what was decided, and
/// the facts about the work.
pub fn compose(detail: &Detail, facts: &Facts<'_>, width: u16) -> Document {
    let mut page = Page::new(detail, width);
    page.item(detail, facts);
    // A blank line lies between the sections.
    let answer = Some(page.lines.len() + 1);
    page.answer(&detail.answer, facts);
    others::write(&mut page, detail, facts);
    record::write(&mut page, facts, detail.others.is_empty());
    page.decision(facts);
    page.remarks(detail);
    page.work(detail, facts);
    Document { lines: page.lines, answer }
}

/// Lays out the answer and the question as they came, with everything that is not plain text escaped.
pub fn compose_raw(detail: &Detail, width: u16) -> Document {
    let mut page = Page { lines: Vec::new(), beside: false, label: 0, width: width.max(24), label_width: 0, value: 0 };
    for (heading, source) in [("Answer as it came", detail.raw.as_str()), ("Question as published", &detail.question)] {
        page.section(heading);
        let (shown, rest) = cut(source);
        for line in shown.split('\n') {
            for piece in SafeText::escaped(line).wrap(width.max(24).into()) {
                page.lines.push(Line { spans: vec![Span { at: 0, tone: Tone::Text, text: piece }] });
            }
        }
        page.rest_of(rest);
    }
    Document { lines: page.lines, answer: None }
}

impl State {
    /// What the viewer shows, at its present width: the assignment under the cursor, once it has been loaded.
    pub fn document(&self) -> Option<Document> {
        let row = self.current()?;
        let detail = self.detail(row.key)?;
        // One blank cell on either side.
        let width = self.layout().area(Pane::Viewer)?.width.saturating_sub(2);
        if self.viewer.raw {
            return Some(compose_raw(detail, width));
        }
        let hit = self.model.hit(row.hit);
        let facts = Facts {
            row,
            hit,
            worker: &|key| self.model.worker(key).map(|id| self.name_of(id)),
            decided_by: Some(self.model.decider(row)).filter(|who| !who.is_empty()),
            record: (self.loading == Loading::Done).then(|| self.model.record(row.worker)),
            entry: self.outbox.settling(row.key),
            layout: hit.and_then(|hit| self.options.layouts.iter().find(|layout| layout.fits(&hit.batch))),
            zone: self.options.zone,
        };
        Some(compose(detail, &facts, width))
    }
}

/// A document being written: three columns (heading, label, value), or heading lines above two columns when narrow.
pub(super) struct Page {
    pub(super) lines: Vec<Line>,
    pub(super) beside: bool,
    pub(super) label: u16,
    pub(super) label_width: u16,
    pub(super) value: u16,
    pub(super) width: u16,
}

impl Page {
    fn new(detail: &Detail, width: u16) -> Page {
        let width = width.max(24);
        let beside = width >= BESIDE;
        let label = if beside { 10 } else { 1 };
        let most = if beside { usize::from(width / 4).min(24) } else { 12 };
        let fields = detail.answer.fields.iter().filter(|field| field.value != Value::Empty).map(|field| &field.name);
        let names = detail.item.pairs.iter().map(|(label, _)| label).chain(fields);
        let longest = names.take(200).map(|name| SafeText::line(name).width()).filter(|&cells| cells <= most).max();
        // "assignment" is the longest of our own labels.
        let label_width = longest.unwrap_or(0).max(10) as u16;
        Page { lines: Vec::new(), beside, label, label_width, value: label + label_width + 2, width }
    }

    fn span(&mut self, at: u16, tone: Tone, text: SafeText) {
        if let Some(line) = self.lines.last_mut() {
            line.spans.push(Span { at, tone, text });
        }
    }

    /// Begins a section; its first content shares the line when headings stand beside the text.
    pub(super) fn section(&mut self, heading: &'static str) {
        if !self.lines.is_empty() {
            self.lines.push(Line::default());
        }
        self.lines.push(Line::default());
        self.span(0, Tone::Heading, SafeText::line(heading));
    }

    /// Moves to a new line, unless the present one holds nothing but a heading beside which there is room.
    pub(super) fn fresh(&mut self) {
        let shared = self.beside
            && self
                .lines
                .last()
                .is_some_and(|line| line.spans.len() == 1 && line.spans[0].tone == Tone::Heading && self.label > 0);
        if !shared {
            self.lines.push(Line::default());
        }
    }

    /// A label and its value. A label that is too long for its column gets a line of its own.
    pub(super) fn pair(&mut self, label: &str, value: &str, tone: Tone) {
        self.fresh();
        let label = SafeText::line(label);
        let long = label.width() > usize::from(self.label_width);
        let room = usize::from(self.width.saturating_sub(self.label));
        self.span(self.label, Tone::Label, label.clip(room));
        if long {
            self.lines.push(Line::default());
        }
        self.flow(self.value, value, tone);
    }

    /// A paragraph over the whole width of the section.
    pub(super) fn paragraph(&mut self, text: &str, tone: Tone) {
        self.fresh();
        self.flow(self.label, text, tone);
    }

    /// Text from a column on, wrapped; begins on the present line.
    pub(super) fn flow(&mut self, at: u16, text: &str, tone: Tone) {
        let cells = usize::from(self.width.saturating_sub(at)).clamp(8, WIDEST_TEXT);
        let (shown, rest) = cut(text);
        let mut first = true;
        for line in SafeText::lines(shown) {
            for piece in line.wrap(cells) {
                if !std::mem::take(&mut first) {
                    self.lines.push(Line::default());
                }
                self.span(at, tone, piece);
            }
        }
        self.rest_of(rest);
    }

    fn rest_of(&mut self, rest: usize) {
        if rest > 0 {
            let words = format!("{} more, not shown here; y copies the whole answer", format::bytes(rest as u64));
            self.lines.push(Line::default());
            self.span(self.label, Tone::Warn, SafeText::line(&words));
        }
    }

    fn item(&mut self, detail: &Detail, facts: &Facts<'_>) {
        let item = &detail.item;
        self.section("Item");
        let (pairs, hidden) = arrange(facts.layout, item.pairs.iter(), |(label, _)| label);
        for (label, value) in pairs {
            self.pair(label, value, Tone::Text);
        }
        self.left_out(hidden);
        for text in &item.text {
            self.paragraph(text, Tone::Text);
        }
        if let Some(url) = &item.url {
            self.pair("shown from", url, Tone::Text);
        }
        if let Some(problem) = &item.problem {
            self.paragraph(&format!("! {problem}"), Tone::Warn);
        }
        if item.pairs.is_empty() && item.text.is_empty() && item.url.is_none() && item.problem.is_none() {
            self.paragraph("The question has no text.", Tone::Quiet);
        }
    }

    fn answer(&mut self, answer: &Answer, facts: &Facts<'_>) {
        self.section("Answer");
        let filled = || answer.fields.iter().filter(|field| field.value != Value::Empty);
        let hidden: usize = filled().map(hidden_in).sum();
        if hidden > 0 {
            let words = format!(
                "! {} in this answer: shown as \u{b7}; V shows them",
                format::plural(hidden, "hidden character")
            );
            self.paragraph(&words, Tone::Warn);
        }
        if let Some(problem) = &answer.problem {
            self.paragraph(&format!("! {problem}"), Tone::Warn);
        }
        let few = filled().count() <= 12;
        let (fields, left_out) = arrange(facts.layout, filled(), |field| &field.name);
        for field in fields {
            let text = value_text(&field.value);
            let tone = if few && text.len() <= 400 { Tone::Strong } else { Tone::Text };
            self.pair(&field.name, &text, tone);
        }
        self.left_out(left_out);
        let empty: Vec<&str> =
            answer.fields.iter().filter(|field| field.value == Value::Empty).map(|field| field.name.as_str()).collect();
        match empty.len() {
            0 if answer.fields.is_empty() && answer.problem.is_none() => {
                self.paragraph("Nothing was answered.", Tone::Warn);
            }
            0 => {}
            1..=3 => self.paragraph(&format!("empty: {}", empty.join(", ")), Tone::Quiet),
            many => self.paragraph(&format!("{many} empty fields"), Tone::Quiet),
        }
    }

    fn left_out(&mut self, fields: usize) {
        if fields > 0 {
            let words =
                format!("{} left out by the layout of this batch; V shows all", format::plural(fields, "field"));
            self.paragraph(&words, Tone::Quiet);
        }
    }

    fn decision(&mut self, facts: &Facts<'_>) {
        let Some(entry) = facts.entry else { return };
        let (tone, state) = match &entry.state {
            OutboxState::Failed { reason } => (Tone::Bad, Cow::Owned(format!("failed: {reason}"))),
            OutboxState::Unknown => (Tone::Warn, Cow::Borrowed("outcome unknown: it is being read back")),
            OutboxState::MaybeSent => (Tone::Warn, Cow::Borrowed("cut off: it may have been carried out")),
            OutboxState::Done => (Tone::Good, Cow::Borrowed("done")),
            other => (Tone::Warn, Cow::Borrowed(other.name())),
        };
        self.section("Decision");
        self.pair(entry.decision.verb(), &state, tone);
        let words = match &entry.decision {
            Decision::Bonus { amount, reason, .. } => Some(format!("{}: {reason}", amount.display())),
            decision => decision.text().map(str::to_owned),
        };
        if let Some(words) = words {
            self.pair("says", &words, Tone::Text);
        }
        if let Some(note) = &entry.note {
            self.pair("last try", note, Tone::Quiet);
        }
    }

    fn remarks(&mut self, detail: &Detail) {
        let (feedback, answer) = worker_answer::split(detail.feedback.as_deref().unwrap_or_default());
        if !feedback.is_empty() || answer.is_some() {
            self.section("Feedback");
        }
        if !feedback.is_empty() {
            self.paragraph(feedback, Tone::Text);
        }
        if let Some(answer) = answer {
            self.pair("Worker's answer", answer, Tone::Strong);
        }
        if let Some(note) = detail.note.as_deref().filter(|text| !text.is_empty()) {
            self.section("Note");
            self.paragraph(note, Tone::Text);
        }
    }

    fn work(&mut self, detail: &Detail, facts: &Facts<'_>) {
        let row = facts.row;
        let when = |stamp: crate::domain::time::Stamp| stamp.get().map(|time| format::day_clock(time, facts.zone));
        self.section("Work");
        let by = facts.decided_by.map_or(String::new(), |who| format!(" by {who}"));
        let decided = when(row.decided).map_or(String::new(), |time| format!(", {time}"));
        let clock = when(row.auto_approval).map_or(String::new(), |time| format!(", auto-approves {time}"));
        let (tone, then) = match row.status {
            AssignmentStatus::Submitted => (Tone::Text, clock),
            AssignmentStatus::Approved => (Tone::Good, decided),
            AssignmentStatus::Rejected => (Tone::Bad, decided),
        };
        self.pair("status", &format!("{}{by}{then}", row.status.name()), tone);
        if let Some(time) = when(row.submitted) {
            let took = work_time(row.accepted.get(), row.submitted.get())
                .map_or(String::new(), |span| format!(", took {}", format::work_time(span)));
            self.pair("submitted", &format!("{time}{took}"), Tone::Text);
        }
        if let Some(hit) = facts.hit {
            self.pair("reward", &hit.reward.display(), Tone::Text);
            self.pair("title", &hit.title, Tone::Text);
            self.pair("batch", &hit.batch, Tone::Text);
        }
        if let Some(worker) = (facts.worker)(row.worker) {
            self.pair("worker", &worker, Tone::Text);
        }
        self.pair("assignment", detail.id.as_str(), Tone::Text);
        if let Some(hit) = facts.hit {
            self.pair("HIT", hit.id.as_str(), Tone::Text);
        }
        if let Some(group) = &detail.group {
            self.pair("group", group.as_str(), Tone::Text);
        }
    }
}

#[cfg(test)]
mod tests;
