//! The other workers' answers to the same HIT: equal answers together, with counts.

use super::super::detail::{Detail, Other};
use super::super::format;
use super::order::arrange;
use super::value::value_text;
use super::{Facts, Line, Page, SafeText, Tone};
use crate::domain::key::WorkerKey;
use crate::question::answer::{Answer, Value};
use std::borrow::Cow;
use std::collections::HashSet;

/// Fields that are compared; more are counted.
const MOST_FIELDS: usize = 12;
/// Different answers of one field that are shown; more are counted.
const MOST_GROUPS: usize = 6;
/// Longer answers get a line each instead of standing side by side.
const SHORT: usize = 28;

/// Equal answers to one field.
struct Group<'a> {
    text: Cow<'a, str>,
    workers: Vec<WorkerKey>,
}

pub(super) fn write(page: &mut Page, detail: &Detail, facts: &Facts<'_>) {
    if detail.others.is_empty() {
        return;
    }
    page.section("Others");
    let all = field_names(detail);
    let (names, _) = arrange(facts.layout, all.iter(), |(_, name)| name);
    for &&(place, name) in names.iter().take(MOST_FIELDS) {
        let label = if names.len() == 1 { "" } else { name };
        let own = text_of(&detail.answer, place, name);
        field(page, label, own, &groups(&detail.others, place, name), facts);
    }
    if names.len() > MOST_FIELDS {
        page.paragraph(&format!("{} more", format::plural(names.len() - MOST_FIELDS, "field")), Tone::Quiet);
    }
}

/// The fields that anybody filled, this answer's first, each with its place in the answer where it was first seen.
fn field_names(detail: &Detail) -> Vec<(usize, &str)> {
    let answers = std::iter::once(&detail.answer).chain(detail.others.iter().map(|other| &other.answer));
    let mut seen = HashSet::new();
    answers
        .flat_map(|answer| answer.fields.iter().enumerate())
        .filter(|(_, field)| field.value != Value::Empty)
        .map(|(place, field)| (place, field.name.as_str()))
        .filter(|(_, name)| seen.insert(*name))
        .collect()
}

/// What an answer says in a field. Answers to one form have their fields at the same places, which saves a search.
fn text_of<'a>(answer: &'a Answer, place: usize, name: &str) -> Cow<'a, str> {
    let expected = answer.fields.get(place).filter(|field| field.name == name);
    let field = expected.or_else(|| answer.fields.iter().find(|field| field.name == name));
    field.map_or(Cow::Borrowed(""), |field| value_text(&field.value))
}

/// The most frequent first, then in order of submission.
fn groups<'a>(others: &'a [Other], place: usize, name: &str) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for other in others {
        let text = text_of(&other.answer, place, name);
        match groups.iter_mut().find(|group| group.text == text) {
            Some(group) => group.workers.push(other.worker),
            None => groups.push(Group { text, workers: vec![other.worker] }),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.workers.len()));
    groups
}

fn field(page: &mut Page, label: &str, own: Cow<'_, str>, groups: &[Group<'_>], facts: &Facts<'_>) {
    let shown = &groups[..groups.len().min(MOST_GROUPS)];
    let side_by_side = shown.iter().all(|group| group.text.len() <= SHORT && !group.text.contains('\n'));
    page.fresh();
    let mut column = page.label;
    if !label.is_empty() {
        let label = SafeText::line(label).clip(page.label_width.into());
        page.span(page.label, Tone::Label, label);
        column = page.value;
    }
    let mut at = column;
    for (index, group) in shown.iter().enumerate() {
        let spans = describe(group, &own, usize::from(page.width - column), facts);
        let cells: usize = spans.iter().map(|(_, text)| text.width() + 1).sum();
        if index > 0 && (!side_by_side || usize::from(at) + cells > usize::from(page.width)) {
            page.lines.push(Line::default());
            at = column;
        }
        for (tone, text) in spans {
            let text = text.clip(page.width.saturating_sub(at).into());
            if text.is_empty() {
                break;
            }
            let cells = text.width() as u16;
            page.span(at, tone, text);
            at += cells + 1;
        }
        at += 2;
    }
    if groups.len() > MOST_GROUPS {
        page.lines.push(Line::default());
        let words = format!("{} more different answers", groups.len() - MOST_GROUPS);
        page.span(column, Tone::Quiet, SafeText::line(&words));
    }
}

/// `yes 8` or `no 1 (A3EX..WRKR)`: one alone is named, many are counted. The count has priority over a long text.
fn describe(group: &Group<'_>, own: &str, room: usize, facts: &Facts<'_>) -> Vec<(Tone, SafeText)> {
    let tone = if group.text == own { Tone::Strong } else { Tone::Text };
    let text = match &*group.text {
        "" => SafeText::line("(empty)"),
        text => SafeText::line(text),
    };
    let mut spans = vec![
        (tone, text.clip(room.saturating_sub(18).max(4))),
        (tone, SafeText::line(&group.workers.len().to_string())),
    ];
    if let [only] = group.workers[..]
        && let Some(id) = (facts.worker)(only)
    {
        let id = SafeText::line(&id).shorten(10);
        spans.push((Tone::Quiet, SafeText::line(&format!("({id})"))));
    }
    spans
}
