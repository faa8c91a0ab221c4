//! A batch file that is open: what the check found, what it costs and pays, one of its rows as workers will see it, and how
//! far its publishing is.

use super::page::{Facts, Piece, gauge, piece};
use super::watch::Watch;
use super::{Ended, Running};
use crate::app::document::{Document, Tone};
use crate::app::event::RequestId;
use crate::app::format;
use crate::app::state::State;
use crate::domain::batch::Cost;
use crate::domain::span;
use crate::domain::text::SafeText;
use crate::domain::time::Millis;
use crate::exchange::batch::Draft;
use crate::exchange::batch::check::{Level, Report};
use crate::question::form;
use crate::question::item::{self, Item};
use std::sync::Arc;

/// So many findings of one level are shown; more are counted.
const SHOWN: usize = 60;
/// So many refused rows are named.
const NAMED: usize = 20;

/// A batch file with its rows, looked at from all sides.
#[derive(Debug, Clone, PartialEq)]
pub struct Looked {
    /// What it says.
    pub draft: Arc<Draft>,
    /// What is to be known of it.
    pub report: Report,
    /// Rows that are to be published.
    pub missing: usize,
    /// Rows that are published.
    pub there: usize,
    /// Rows of the batch that the data no longer has.
    pub left_out: usize,
    /// What differs from what was published under this name.
    pub changes: Vec<String>,
}

impl Looked {
    /// Why it cannot be published, if it cannot.
    pub fn obstacle(&self) -> Option<String> {
        if !self.changes.is_empty() {
            return Some("it differs from what was published under this name: give it another one".to_owned());
        }
        match self.report.of(Level::Error).count() {
            0 if self.missing == 0 => Some("all of its rows are published".to_owned()),
            0 => None,
            errors => Some(format!("{} first", format::plural(errors, "error"))),
        }
    }
}

/// What is known of the file.
#[derive(Debug, Clone, PartialEq)]
pub enum Checked {
    /// It is being read.
    Waiting,
    /// It is no batch: why, line by line.
    Failed(String),
    /// It was read and looked at.
    Ready(Arc<Looked>),
}

/// A row as workers will see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// Which, from 0.
    pub row: usize,
    /// What is shown.
    pub item: Item,
    /// The names of the fields that come back.
    pub fields: Vec<String>,
}

/// A batch file that is open.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenFile {
    /// Where it is, as it was typed.
    pub path: String,
    /// What is known of it.
    pub checked: Checked,
    /// The row that is shown.
    pub preview: Option<Preview>,
    /// How publishing ended.
    pub ended: Option<Result<Ended, String>>,
    /// Who is to be answered.
    pub(in crate::app) request: RequestId,
    /// Of the rows only so many are looked at: a question about publishing these waits.
    pub(in crate::app) asking: Option<Option<usize>>,
    /// How its files stand on the disk.
    pub(in crate::app) watch: Watch,
}

impl OpenFile {
    /// A file that is about to be read.
    pub(in crate::app) fn new(path: &str, request: RequestId, now: Millis) -> OpenFile {
        OpenFile {
            path: path.to_owned(),
            checked: Checked::Waiting,
            preview: None,
            ended: None,
            request,
            asking: None,
            watch: Watch { read: now, looked: now, ..Watch::default() },
        }
    }

    /// The name of its batch; of a file that could not be read its own.
    pub fn name(&self) -> &str {
        let file = self.path.rsplit('/').next().unwrap_or(&self.path);
        self.looked().map_or(file, |looked| looked.draft.spec.name.as_str())
    }

    /// What was looked at, if it could be.
    pub fn looked(&self) -> Option<&Arc<Looked>> {
        match &self.checked {
            Checked::Ready(looked) => Some(looked),
            _ => None,
        }
    }

    /// Shows a row, or the last one.
    pub(in crate::app) fn show(&mut self, row: usize) {
        let Some(looked) = self.looked().cloned() else { return };
        let table = &looked.draft.table;
        if table.rows.is_empty() {
            self.preview = None;
            return;
        }
        let row = row.min(table.rows.len() - 1);
        let filling = looked.draft.task.filling(&table.columns);
        let (item, fields) = match filling.question(&table.rows[row]) {
            Ok(question) => {
                let names = form::read(&question).fields.into_iter().map(|field| field.name).collect();
                (item::read(&question), names)
            }
            Err(missing) => (Item { problem: Some(missing.to_string()), ..Item::default() }, Vec::new()),
        };
        self.preview = Some(Preview { row, item, fields });
    }
}

impl State {
    /// The text about the batch file that is open, for this width.
    pub fn file_text(&self, width: u16) -> Document {
        let mut facts = Facts::new(width);
        match &self.batches.file {
            None => none(&mut facts, self),
            Some(file) => of_file(&mut facts, file, self.batches.running.as_ref()),
        }
        facts.document()
    }

    /// The row of the open batch file that is shown, as workers will see it, for this width.
    pub fn preview_text(&self, width: u16) -> Document {
        let mut facts = Facts::new(width);
        let file = self.batches.file.as_ref();
        match file.and_then(|file| file.preview.as_ref().zip(file.looked())) {
            None => facts.row("", [piece("Open a batch file to see its rows: o", Tone::Quiet)]),
            Some((preview, looked)) => of_row(&mut facts, preview, looked),
        }
        facts.document()
    }
}

fn none(facts: &mut Facts, state: &State) {
    facts.row("", [piece("No batch file is open: o opens one, hitdeck batch new writes one.", Tone::Quiet)]);
    let files = state.batches.known.iter().flat_map(|known| &known.files);
    for (at, path) in files.enumerate() {
        facts.row(if at == 0 { "opened before" } else { "" }, [piece(path, Tone::Text)]);
    }
}

fn of_file(facts: &mut Facts, file: &OpenFile, running: Option<&Running>) {
    let path = piece(&file.path, Tone::Quiet);
    match &file.checked {
        Checked::Waiting => facts.row("file", [path, piece("reading ...", Tone::Text)]),
        Checked::Failed(why) => {
            facts.row("file", [path]);
            for (at, line) in why.lines().enumerate() {
                facts.row(if at == 0 { "error" } else { "" }, [piece(line, Tone::Bad)]);
            }
        }
        Checked::Ready(looked) => {
            let name = piece(looked.draft.spec.name.as_str(), Tone::Strong);
            facts.row("file", [name, piece(&looked.draft.spec.title, Tone::Text), path]);
            if let Some(running) = running.filter(|running| running.request == file.request) {
                publishing(facts, running);
            } else {
                published(facts, file, looked);
            }
            rows(facts, looked);
            findings(facts, looked, Level::Error);
            money(facts, looked);
            wage(facts, looked);
            workers(facts, looked);
            findings(facts, looked, Level::Warning);
            findings(facts, looked, Level::Notice);
        }
    }
}

/// How far publishing is.
pub(super) fn publishing(facts: &mut Facts, running: &Running) {
    let Running { done, all, stopping, .. } = running;
    let words = format!("{} of {} HITs", format::count(*done), format::count(*all));
    let next = if *stopping { "finishing what has begun" } else { "X stops it" };
    let pieces = [(words, Tone::Strong), (bar(*done, *all), Tone::Good), (next.to_owned(), Tone::Quiet)];
    facts.row("publishing", pieces);
}

fn published(facts: &mut Facts, file: &OpenFile, looked: &Looked) {
    let count = |number: usize| format::count(number);
    match &file.ended {
        None => {}
        Some(Err(why)) => facts.row("published", [piece("nothing:", Tone::Bad), piece(why, Tone::Bad)]),
        Some(Ok(ended)) => {
            let mut pieces = vec![piece(format!("{} made", format::plural(ended.made, "HIT")), Tone::Good)];
            if ended.left > 0 {
                let why = ended.trouble.as_ref().map_or(String::new(), |why| format!(": {why}"));
                let words = format!("{} are not{why}; p goes on", count(ended.left));
                pieces.push(piece(words, Tone::Warn));
            }
            if !ended.refused.is_empty() {
                let path = ended.failed.as_deref().unwrap_or("");
                let words = format!("{} refused, written to {path}", format::plural(ended.refused.len(), "row"));
                pieces.push(piece(words, Tone::Bad));
            }
            facts.row("published", pieces);
            for (row, why) in ended.refused.iter().take(NAMED) {
                let line = looked.draft.table.lines.get(*row).copied().unwrap_or_default();
                facts.row("", [piece(format!("row {} (line {line}): {why}", row + 1), Tone::Bad)]);
            }
        }
    }
}

/// `[#####               ]`.
fn bar(done: usize, all: usize) -> String {
    let filled = (done * 20).checked_div(all).unwrap_or(0).min(20);
    format!("[{}{}]", "#".repeat(filled), " ".repeat(20 - filled))
}

fn rows(facts: &mut Facts, looked: &Looked) {
    let mut pieces = vec![piece(format!("{} to publish", format::plural(looked.missing, "row")), Tone::Strong)];
    if looked.there > 0 {
        pieces.push(piece(format!("{} published before", format::count(looked.there)), Tone::Text));
    }
    if looked.left_out > 0 {
        let words = format!("{} of the batch not in the data any more", format::plural(looked.left_out, "row"));
        pieces.push(piece(words, Tone::Warn));
    }
    pieces.push(piece(&looked.draft.files.data, Tone::Quiet));
    facts.row("rows", pieces);
    if let Some(cost) = &looked.report.cost {
        let hits = format::plural(cost.hits as usize, "HIT");
        let assignments = format::plural(cost.assignments as usize, "assignment");
        facts.row("makes", [piece(format!("{hits}, {assignments}"), Tone::Text)]);
    }
    for (at, change) in looked.changes.iter().enumerate() {
        facts.row(if at == 0 { "changed" } else { "" }, [piece(change, Tone::Bad)]);
    }
}

fn findings(facts: &mut Facts, looked: &Looked, level: Level) {
    let tone = match level {
        Level::Error => Tone::Bad,
        Level::Warning => Tone::Warn,
        Level::Notice => Tone::Quiet,
    };
    let all = looked.report.of(level).count();
    for finding in looked.report.of(level).take(SHOWN) {
        facts.row(level.name(), [piece(finding.to_string(), tone)]);
    }
    if all > SHOWN {
        facts.row("", [piece(format!("and {} more", format::count(all - SHOWN)), tone)]);
    }
}

/// What publishing costs, term by term, and the balance before and after.
pub(in crate::app) fn cost_rows(looked: &Looked) -> Vec<(&'static str, Vec<Piece>)> {
    let Some(cost) = &looked.report.cost else { return Vec::new() };
    let reward = looked.draft.spec.reward;
    let mut rows = vec![
        ("reward", vec![piece(format!("{} each, {}", reward.display(), cost.rewards.display()), Tone::Text)]),
        ("fee", fee(cost)),
        ("total", vec![piece(cost.total().display(), Tone::Strong)]),
    ];
    if let Some(before) = looked.report.balance {
        let after = before - cost.total();
        let tone = if after.as_cents() < 0 { Tone::Bad } else { Tone::Text };
        let words = format!("{} before, {} after", before.display(), after.display());
        rows.push(("balance", vec![piece(words, tone)]));
    }
    rows
}

/// The fee of all assignments, and the terms of one.
fn fee(cost: &Cost) -> Vec<Piece> {
    let percent = |points: u32| format!("{}.{:02}", points / 100, points % 100);
    let percent = |points: u32| format!("{} %", percent(points).trim_end_matches('0').trim_end_matches('.'));
    let sum = piece(format!("{} each, {}", cost.fee.display(), cost.fees.display()), Tone::Text);
    let terms = cost.terms.iter().map(|term| format!("{} {}", percent(term.basis_points), term.why));
    let least = cost.at_minimum.then(|| "at least one cent".to_owned());
    std::iter::once(sum).chain(terms.chain(least).map(|words| piece(words, Tone::Quiet))).collect()
}

fn money(facts: &mut Facts, looked: &Looked) {
    for (label, pieces) in cost_rows(looked) {
        facts.row(label, pieces);
    }
    if let Some(split) = &looked.report.split {
        let hits = format::plural(split.hits as usize, "HIT");
        let words = format!("{} as {hits} of at most 9 (split = true)", split.total().display());
        facts.row("cheaper", [piece(words, Tone::Warn)]);
    }
}

fn wage(facts: &mut Facts, looked: &Looked) {
    let (Some(wage), spec) = (looked.report.wage, &looked.draft.spec) else { return };
    let expected = spec.expected.map_or_else(String::new, |time| span::words(time.0 * 1_000));
    let tone = if wage.is_fair() { Tone::Good } else { Tone::Bad };
    let mut pieces = vec![piece(format!("{} at {expected} each", wage.hourly.display()), tone)];
    if let Some(target) = spec.target_wage {
        pieces.push(piece(gauge(wage.hourly, target), tone));
        pieces.push(piece(format!("target {}", target.display()), Tone::Text));
        if !wage.is_fair() {
            pieces.push(piece(format!("a reward of {} reaches it", wage.needed.display()), Tone::Warn));
        }
    }
    facts.row("an hour", pieces);
}

fn workers(facts: &mut Facts, looked: &Looked) {
    let report = &looked.report;
    for (at, words) in report.required_words.iter().enumerate() {
        facts.row(if at == 0 { "requires" } else { "" }, [piece(words, Tone::Text)]);
    }
    if let Some(pool) = &report.pool {
        let words = format!("{} of {} known here meet all of it", pool.satisfy, format::plural(pool.of, "worker"));
        facts.row("workers", [piece(words, Tone::Text)]);
    }
    let fields: Vec<Piece> = report.fields.iter().map(|field| piece(&field.name, Tone::Text)).collect();
    if !fields.is_empty() {
        facts.row("answers", fields);
    }
    for (at, address) in report.addresses.iter().enumerate() {
        facts.row(if at == 0 { "loads" } else { "" }, [piece(address, Tone::Quiet)]);
    }
}

fn of_row(facts: &mut Facts, preview: &Preview, looked: &Looked) {
    let (spec, all) = (&looked.draft.spec, looked.draft.table.rows.len());
    let at = format!("row {} of {}", format::count(preview.row + 1), format::count(all));
    let offer = format!("{} for {}", spec.reward.display(), span::words(spec.time_limit.0 * 1_000));
    facts
        .row("shown", [piece(at, Tone::Strong), piece(offer, Tone::Text), piece("n and N turn the rows", Tone::Quiet)]);
    facts.row("title", [piece(&spec.title, Tone::Text)]);
    let item = &preview.item;
    for (label, value) in &item.pairs {
        facts.row(label, SafeText::lines(value).iter().map(|line| piece(line.as_str(), Tone::Text)));
    }
    for text in &item.text {
        facts.row("", [piece(text, Tone::Text)]);
    }
    facts.row("", []);
    if let Some(url) = &item.url {
        facts.row("page", [piece(url, Tone::Text)]);
    }
    if let Some(problem) = &item.problem {
        facts.row("problem", [piece(problem, Tone::Bad)]);
    }
    if !preview.fields.is_empty() {
        facts.row("answers", preview.fields.iter().map(|name| piece(name, Tone::Strong)));
    }
}
