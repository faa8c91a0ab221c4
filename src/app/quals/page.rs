//! The text beside the list of types: a type, a request, a test.

use super::{Item, Tab, test};
use crate::app::document::{Document, Page, Tone};
use crate::app::format::{self, Zone};
use crate::app::people::Known;
use crate::app::state::State;
use crate::domain::decision::OutboxState;
use crate::domain::qualification::{HitUse, KnownType, Qualification, QualificationRequest};
use crate::domain::requirement::{Source, comparators};
use crate::domain::system_type::SystemType;
use crate::question::answer_key;
use crate::question::question_form;
use crate::question::sheet::AnswerSheet;
use std::collections::BTreeMap;

/// So many different scores are shown one by one; more are put together.
const BARS: usize = 12;
/// The longest bar, in cells.
const BAR: usize = 40;
/// So many kinds of tasks that require a type are named.
const USES: usize = 20;

impl Page {
    /// An empty page for a pane of this width.
    pub(super) fn plain(width: u16) -> Page {
        let width = width.max(24);
        let beside = width >= 60;
        let (label, label_width) = if beside { (10, 12) } else { (1, 12) };
        Page { lines: Vec::new(), beside, label, label_width, value: label + label_width + 2, width }
    }
}

impl State {
    /// The text of the tab that is shown, at its present width.
    pub fn quals_text(&self) -> Option<Document> {
        let known = self.people.known.as_ref()?;
        let mut page = Page::plain(self.quals_areas().1.width.saturating_sub(2));
        match (self.people.quals.tab, self.type_here()) {
            (Tab::Holders, _) => return None,
            (Tab::Requests, _) => {
                let Item::Request(asked) = self.quals_item()? else { return None };
                request(&mut page, self, known, asked);
            }
            (Tab::Details, Some(kind)) => details(&mut page, known, kind, self.options.zone),
            (Tab::Test, Some(kind)) => test_of(&mut page, kind),
            (Tab::Details, None) => all(&mut page, known),
            (Tab::Test, None) => page.paragraph("Put the cursor on a type to see its test.", Tone::Quiet),
        }
        Some(Document { lines: page.lines, answer: None })
    }
}

fn all(page: &mut Page, known: &Known) {
    page.section("Types");
    let own = known.types.iter().filter(|kind| kind.own).count();
    page.pair("your own", &format::count(own), Tone::Text);
    page.pair("others", &format::count(known.types.len() - own), Tone::Text);
    let held = known.qualifications.iter().filter(|held| !held.revoked).count();
    page.pair("held", &format::plural(held, "qualification"), Tone::Text);
    let tone = if known.requests.is_empty() { Tone::Text } else { Tone::Warn };
    page.pair("waiting", &format::plural(known.requests.len(), "request"), tone);
}

/// How workers come by a qualification.
fn given(kind: &KnownType) -> &'static str {
    let it = &kind.it;
    match (kind.own, it.auto_granted, &it.test, &it.answer_key) {
        (false, ..) => "by its owner",
        (true, Some(_), ..) => "to everybody who asks, at once",
        (true, None, Some(_), Some(_)) => "at once, with the value that the key gives the test",
        (true, None, Some(_), None) => "by you, when the test has been taken",
        (true, None, None, _) => "by you, to those who ask or whom you pick",
    }
}

/// The comparators that fit a type of the system.
fn compared(system: SystemType) -> String {
    comparators(system.id()).iter().map(|one| one.sign()).collect::<Vec<_>>().join(", ")
}

fn details(page: &mut Page, known: &Known, kind: &KnownType, zone: Zone) {
    let it = &kind.it;
    page.section("Type");
    page.pair("name", &it.name, Tone::Strong);
    page.pair("description", &it.description, Tone::Text);
    if let Some(keywords) = &it.keywords {
        page.pair("keywords", keywords, Tone::Text);
    }
    let system = SystemType::of(it.id.as_str());
    if let Some(system) = system {
        page.pair("compared", &compared(system), Tone::Text);
        page.pair("judged here", Source::of(it.id.as_str()).words(), Tone::Text);
        page.pair("id", it.id.as_str(), Tone::Text);
        let uses: Vec<_> = known.uses.iter().filter(|of| of.requires(&it.id)).collect();
        return tasks(page, kind, &uses);
    }
    page.pair("status", it.status.name(), Tone::Text);
    page.pair("granted", given(kind), Tone::Text);
    if let Some(value) = it.auto_granted {
        page.pair("value", &value.to_string(), Tone::Text);
    }
    if let Some(duration) = it.test_duration {
        page.pair("time to take", &format::coarse(duration), Tone::Text);
    }
    let retry = it.retry_delay.map_or("never: one request ever".to_owned(), |delay| match delay.0 {
        0 => "at once".to_owned(),
        _ => format!("after {}", format::coarse(delay)),
    });
    page.pair("ask again", &retry, Tone::Text);
    if !it.requestable {
        page.pair("requests", "workers cannot ask for it", Tone::Text);
    }
    page.pair("owner", if kind.own { "you" } else { "somebody else" }, Tone::Text);
    page.pair("created", &format::day_clock(it.created, zone), Tone::Text);
    page.pair("id", it.id.as_str(), Tone::Text);
    if kind.requests > 0 {
        page.pair("waiting", &format::plural(kind.requests as usize, "request"), Tone::Warn);
    }
    let all: Vec<_> = known.qualifications.iter().filter(|held| held.type_id == it.id).collect();
    scores(page, kind, &all);
    let uses: Vec<_> = known.uses.iter().filter(|of| of.requires(&it.id)).collect();
    tasks(page, kind, &uses);
}

fn scores(page: &mut Page, kind: &KnownType, all: &[&Qualification]) {
    page.section("Scores");
    let held: Vec<_> = all.iter().filter(|held| !held.revoked).collect();
    let revoked = all.len() - held.len();
    let more = if revoked == 0 { String::new() } else { format!(", {} revoked", format::count(revoked)) };
    let unread = if kind.own && kind.read_at.is_none() { ", not read whole yet" } else { "" };
    page.paragraph(&format!("{}{more}{unread}", format::plural(held.len(), "holder")), Tone::Text);
    let bars = histogram(held.iter().filter_map(|held| held.score));
    let most = bars.iter().map(|(_, count)| *count).max().unwrap_or(1);
    for (name, count) in bars {
        let bar = "#".repeat((count * BAR).div_ceil(most));
        page.pair(&name, &format!("{bar} {}", format::count(count)), Tone::Text);
    }
}

/// How many holders have which score: each by itself, or in ten equal ranges when there are many.
fn histogram(scores: impl Iterator<Item = i32>) -> Vec<(String, usize)> {
    let mut each: BTreeMap<i32, usize> = BTreeMap::new();
    scores.for_each(|score| *each.entry(score).or_default() += 1);
    let ends = each.first_key_value().zip(each.last_key_value()).map(|(first, last)| (*first.0, *last.0));
    let Some((least, most)) = ends.filter(|_| each.len() > BARS) else {
        return each.into_iter().map(|(score, count)| (score.to_string(), count)).collect();
    };
    let (least, most) = (i64::from(least), i64::from(most));
    let step = (most - least + 1 + 9) / 10;
    let range = |at: i64| {
        let (from, to) = (least + at * step, (least + (at + 1) * step - 1).min(most));
        let of = |score: i64| i32::try_from(score).unwrap_or(i32::MAX);
        let count = if from <= to { each.range(of(from)..=of(to)).map(|(_, count)| count).sum() } else { 0 };
        (from <= to).then(|| (format!("{from} to {to}"), count))
    };
    (0..10).filter_map(range).collect()
}

fn tasks(page: &mut Page, kind: &KnownType, uses: &[&HitUse]) {
    page.section("Tasks");
    if uses.is_empty() {
        page.paragraph("No HIT that is known here requires it.", Tone::Quiet);
    }
    for of in uses.iter().take(USES) {
        page.paragraph(&format!("{} ({})", of.title, format::plural(of.hits as usize, "HIT")), Tone::Text);
        for line in of.requirements.iter().filter_map(|line| line.strip_prefix(kind.it.id.as_str())) {
            page.paragraph(&format!("  requires{line}"), Tone::Quiet);
        }
    }
    if uses.len() > USES {
        page.paragraph(&format!("and {} more", uses.len() - USES), Tone::Quiet);
    }
}

fn test_of(page: &mut Page, kind: &KnownType) {
    let Some(source) = &kind.it.test else {
        let words = if kind.own { "It has no test." } else { "Only its owner sees the test." };
        return page.paragraph(words, Tone::Quiet);
    };
    let form = match question_form::read_test(source, false) {
        Ok(read) => read.value,
        Err(faults) => return page.paragraph(&format!("! The test cannot be read. {faults}"), Tone::Bad),
    };
    let _ = test::write(page, &form, None);
    page.section("Key");
    let Some(source) = &kind.it.answer_key else {
        return page.paragraph("None: you decide what each test is worth.", Tone::Quiet);
    };
    match answer_key::read(source) {
        Ok(read) => test::key(page, &form, &read.value),
        Err(faults) => page.paragraph(&format!("! The key cannot be read. {faults}"), Tone::Bad),
    }
}

fn request(page: &mut Page, state: &State, known: &Known, asked: &QualificationRequest) {
    let zone = state.options.zone;
    page.section("Request");
    page.pair("worker", asked.worker.as_str(), Tone::Strong);
    let kind = Item::Request(asked).kind(known);
    page.pair("for", kind.map_or(asked.type_id.as_str(), |kind| &kind.it.name), Tone::Text);
    if let Some(time) = asked.submitted {
        page.pair("asked", &format::day_clock(time, zone), Tone::Text);
    }
    if let Some(entry) = state.outbox.newest_of(&Item::Request(asked).target()) {
        let (tone, words) = match &entry.state {
            OutboxState::Failed { reason } => (Tone::Bad, format!("failed: {reason}")),
            other => (Tone::Warn, other.name().to_owned()),
        };
        page.pair(entry.decision.verb(), &words, tone);
    }
    let scored = state.score_of(asked);
    match (state.proposed_value(asked), &scored) {
        (Some(value), Some((_, score))) => {
            page.pair("proposed", &format!("{value}, for {} points", score.sum), Tone::Strong);
        }
        (Some(value), None) => page.pair("proposed", &format!("{value}; nothing is tested"), Tone::Strong),
        (None, _) => page.pair("proposed", "nothing: no key scores this test", Tone::Warn),
    }
    let Some(source) = &asked.test else { return };
    match question_form::read_test(source, false) {
        Ok(read) => {
            let sheet = AnswerSheet::read(asked.answer.as_deref().unwrap_or(""));
            let answers = test::Answers { sheet: &sheet, scored: scored.as_ref(), wanted: None };
            let _ = test::write(page, &read.value, Some(&answers));
        }
        Err(faults) => page.paragraph(&format!("! The test cannot be read. {faults}"), Tone::Bad),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_scores_are_shown_one_by_one() {
        let bars = histogram([1, 3, 1].into_iter());
        assert_eq!(bars, [("1".to_owned(), 2), ("3".to_owned(), 1)]);
        assert!(histogram(std::iter::empty()).is_empty());
    }

    #[test]
    fn many_scores_are_put_into_ranges_that_hold_each_of_them_once() {
        let bars = histogram(0..=100);
        assert_eq!(bars.iter().map(|(_, count)| count).sum::<usize>(), 101);
        assert_eq!(bars.first().map(|(name, _)| name.as_str()), Some("0 to 10"));
        assert_eq!(bars.last(), Some(&("99 to 100".to_owned(), 2)));
        let bars = histogram((0..13).map(|n| if n == 0 { i32::MIN } else { i32::MAX - n }));
        assert_eq!(bars.iter().map(|(_, count)| count).sum::<usize>(), 13);
    }
}
