//! What can follow in a line that is being typed: the arguments of commands, the fields and values of queries.

use super::command::{CommandId, CommandSpec};
use super::layout::Pane;
use super::list::{Column, GroupBy, SortBy};
use super::overlay::CopyWhat;
use super::state::State;
use super::workers::WorkerSort;
use crate::domain::assignment::AssignmentStatus;
use crate::domain::hit::HitStatus;
use crate::domain::query::FIELDS;

/// More than these are not offered.
const MOST: usize = 100;

/// One way to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The whole text, as it would then stand in the line.
    pub text: String,
    /// What it is.
    pub what: String,
}

/// How the argument of a command is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arguments {
    /// One of these; a part of it is enough.
    OneOf(Vec<Candidate>),
    /// A query; these are ways to go on with it.
    Query(Vec<Candidate>),
    /// Anything.
    Free,
}

/// The arguments of a command that fit what is typed of them.
pub fn arguments(state: &State, spec: &CommandSpec, typed: &str) -> Arguments {
    let all: Vec<(String, String)> = match spec.id {
        CommandId::Sort if state.focus == Pane::Workers => {
            let now = |by| if by == state.people.workers.sort { "now; again: the other way round" } else { "" };
            WorkerSort::ALL.into_iter().map(|by| (by.title().to_owned(), now(by).to_owned())).collect()
        }
        CommandId::Filter if state.focus == Pane::Workers => return Arguments::Free,
        CommandId::View => state.views.tabs.iter().map(|tab| (tab.name.clone(), tab.query.clone())).collect(),
        CommandId::Rule => {
            let what = |rule: &super::rules::ReadRule| format!("{}: {}", rule.does(), rule.rule.query);
            state.rules.iter().map(|rule| (rule.rule.name.clone(), what(rule))).collect()
        }
        CommandId::Sort => {
            let now = |by: SortBy| if by == state.list.sort { "now; again: the other way round" } else { "" };
            SortBy::ALL.into_iter().map(|by| (by.title().to_owned(), now(by).to_owned())).collect()
        }
        CommandId::Group => {
            let now = |by: GroupBy| if by == state.list.group { "now" } else { "" };
            GroupBy::ALL.into_iter().map(|by| (by.title().to_owned(), now(by).to_owned())).collect()
        }
        CommandId::Columns => {
            let now = |column| if state.list.columns.contains(&column) { "shown: hides it" } else { "shows it" };
            Column::ALL.into_iter().map(|column| (column.title().to_owned(), now(column).to_owned())).collect()
        }
        CommandId::Copy => CopyWhat::ALL.into_iter().map(|what| (what.title().to_owned(), String::new())).collect(),
        CommandId::Filter | CommandId::MarkQuery => {
            let prefix = format!("{} ", spec.name);
            let whole = |candidate: Candidate| Candidate { text: prefix.clone() + &candidate.text, ..candidate };
            return Arguments::Query(query(state, typed).into_iter().map(whole).collect());
        }
        _ => return Arguments::Free,
    };
    let wanted = typed.trim().to_lowercase();
    let mut found: Vec<_> = all.into_iter().filter(|(name, _)| name.to_lowercase().contains(&wanted)).collect();
    // What begins as it was typed comes first.
    found.sort_by_key(|(name, _)| !name.to_lowercase().starts_with(&wanted));
    let candidate = |(name, what): (String, String)| Candidate { text: format!("{} {name}", spec.name), what };
    Arguments::OneOf(found.into_iter().map(candidate).take(MOST).collect())
}

/// Ways to go on with a query: the fields that begin as its last word does, or the values of the field in it.
pub fn query(state: &State, text: &str) -> Vec<Candidate> {
    let at = last_word(text);
    let (before, word) = text.split_at(at);
    let (minus, word) = word.strip_prefix('-').map_or(("", word), |rest| ("-", rest));
    let found: Vec<(String, String)> = match word.find([':', '=', '<', '>', '~']) {
        None => fields(state, word),
        Some(end) => {
            let (field, value) = word.split_at(end + 1);
            let name = field[..end].to_ascii_lowercase();
            let wanted = value.trim_start_matches('"').to_lowercase();
            let fits = |value: &String| value.to_lowercase().starts_with(&wanted) && value.to_lowercase() != wanted;
            let values = values(state, &name).into_iter().filter(fits);
            values.map(|value| (format!("{field}{}", quoted(&value)), String::new())).collect()
        }
    };
    let whole = |(word, what)| Candidate { text: format!("{before}{minus}{word}"), what };
    found.into_iter().map(whole).take(MOST).collect()
}

/// The part that all candidates begin with; no shorter than what is typed.
pub fn common(candidates: &[Candidate]) -> Option<String> {
    let mut all = candidates.iter().map(|candidate| candidate.text.as_str());
    let mut common = all.next()?;
    for text in all {
        let same = common.char_indices().zip(text.chars()).find(|((_, a), b)| a != b).map(|((at, _), _)| at);
        common = &common[..same.unwrap_or(common.len().min(text.len()))];
    }
    Some(common.to_owned())
}

/// Where the last word begins, blanks in quotes aside.
fn last_word(text: &str) -> usize {
    let (mut at, mut quoted) = (0, false);
    for (index, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ' ' | '(' if !quoted => at = index + 1,
            _ => {}
        }
    }
    at
}

/// The fields that begin so, each with its usual operator.
fn fields(state: &State, word: &str) -> Vec<(String, String)> {
    let lower = word.to_ascii_lowercase();
    if let Some(part) = lower.strip_prefix("answer.") {
        return answer_fields(state)
            .into_iter()
            .filter(|name| name.to_lowercase().starts_with(part))
            .map(|name| (format!("answer.{name}:"), "a field of this answer".to_owned()))
            .collect();
    }
    let fits = FIELDS.iter().filter(|(name, ..)| name.to_ascii_lowercase().starts_with(&lower));
    fits.map(|(name, example, what)| {
        let text = match *name {
            "answer.FIELD" => "answer.".to_owned(),
            name => format!("{name}{}", example[name.len()..].chars().next().unwrap_or(':')),
        };
        (text, format!("{what}, such as {example}"))
    })
    .collect()
}

/// The fields of the answer under the cursor.
fn answer_fields(state: &State) -> Vec<String> {
    let detail = state.list.cursor.and_then(|key| state.detail(key));
    detail.map_or(Vec::new(), |detail| detail.answer.fields.iter().map(|field| field.name.clone()).collect())
}

/// The values that a field can have, where they can be listed.
fn values(state: &State, field: &str) -> Vec<String> {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    match field {
        "status" => AssignmentStatus::ALL.into_iter().map(|status| status.name().to_ascii_lowercase()).collect(),
        "hit-status" => HitStatus::ALL.into_iter().map(|status| status.name().to_ascii_lowercase()).collect(),
        "batch" => state.model.batches().iter().map(|batch| batch.name.to_string()).collect(),
        "noted" | "blocked" => words(&["yes", "no"]),
        "by" => {
            let people = state.model.people().iter().cloned();
            ["me", "elsewhere", "clock"].map(str::to_owned).into_iter().chain(people).collect()
        }
        _ => Vec::new(),
    }
}

/// A value as it is written in a query.
fn quoted(value: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '@');
    if !value.is_empty() && value.chars().all(plain) { value.to_owned() } else { format!("\"{value}\"") }
}
