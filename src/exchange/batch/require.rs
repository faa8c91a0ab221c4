//! Requirements put into a batch file as it stands. Text is only put in, never changed: what people wrote, with its comments
//! and its order, stays byte for byte.

use super::spec::{SpecFault, SpecFaults, read};
use crate::domain::qualification::KnownType;
use crate::domain::requirement::{Comparator, MAX_REQUIREMENTS, Required, Written, toml as tables};
use crate::domain::toml_fault::place;
use serde::Deserialize;
use std::ops::Range;
use toml::Spanned;

/// A batch file with what it is to require as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addition {
    /// All of the file, as it is to be.
    pub text: String,
    /// The lines that are new, or that change: their numbers in the new file.
    pub lines: Vec<(usize, String)>,
    /// What the file gets, in words.
    pub added: Vec<String>,
    /// What it requires already, in words: nothing is added for these.
    pub there: Vec<String>,
}

/// Why nothing can be added.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequireError {
    /// It is no batch file, or a broken one.
    #[error("{0}")]
    Broken(SpecFaults),
    /// Nobody could meet both.
    #[error(
        "{file}:{line}: the batch requires {there} already: nobody could meet {wanted} as well; take one of them out"
    )]
    Contradiction {
        /// The file.
        file: String,
        /// Where the other one begins.
        line: usize,
        /// What is required there.
        there: String,
        /// What was to be added.
        wanted: String,
    },
    /// The API takes no more.
    #[error("{file}: a HIT takes at most {MAX_REQUIREMENTS} requirements, and the batch would have {count}")]
    TooMany {
        /// The file.
        file: String,
        /// How many it would have.
        count: usize,
    },
}

/// Where the requirements stand.
#[derive(Deserialize)]
struct Places {
    #[serde(default)]
    requirement: Option<Spanned<Vec<Spanned<Written>>>>,
}

/// The batch file `text`, which is called `file`, with these requirements behind its own. What it requires already is not
/// added again.
pub fn require(
    file: &str,
    text: &str,
    wanted: &[Required],
    types: &[KnownType],
    sandbox: bool,
) -> Result<Addition, RequireError> {
    let before = read(file, text).map_err(RequireError::Broken)?;
    let bom = text.len() - text.trim_start_matches('\u{feff}').len();
    let broken = |error: toml::de::Error| {
        let (line, column) = place(text, bom + error.span().map_or(0, |span| span.start));
        let words = error.message().to_owned();
        RequireError::Broken(SpecFaults(vec![SpecFault { file: file.to_owned(), line, column, words }]))
    };
    let places: Places = toml::from_str(&text[bom..]).map_err(broken)?;
    let spans: Vec<Range<usize>> = places.requirement.iter().flat_map(|all| all.get_ref()).map(Spanned::span).collect();
    // What cannot be held against this account says so when the batch is checked; here it is only in nobody's way.
    let mut present: Vec<(Option<usize>, Required)> = Vec::new();
    for (at, one) in before.requirements.iter().enumerate() {
        present.extend(one.required(types, sandbox).ok().map(|one| (Some(at), one)));
    }
    let (mut new, mut added, mut there) = (Vec::new(), Vec::new(), Vec::new());
    for one in wanted {
        let same = |other: &Required| {
            (&one.qualification, one.comparator, &one.integers, &one.locales)
                == (&other.qualification, other.comparator, &other.integers, &other.locales)
        };
        let excludes = |other: &Required| {
            let absent = |it: &Required| it.comparator == Comparator::DoesNotExist;
            one.qualification == other.qualification && absent(one) != absent(other)
        };
        if let Some((_, other)) = present.iter().find(|(_, other)| same(other)) {
            let guard = if other.guard == one.guard { "" } else { ", with another action" };
            there.push(format!("{}{guard}", words(other, types)));
        } else if let Some((at, other)) = present.iter().find(|(_, other)| excludes(other)) {
            let start = at.and_then(|at| spans.get(at)).map_or(0, |span| bom + span.start);
            let (there, wanted) = (words(other, types), words(one, types));
            return Err(RequireError::Contradiction {
                file: file.to_owned(),
                line: place(text, start).0,
                there,
                wanted,
            });
        } else {
            added.push(words(one, types));
            present.push((None, one.clone()));
            new.push(one.clone());
        }
    }
    let count = before.requirements.len() + new.len();
    if count > MAX_REQUIREMENTS && !new.is_empty() {
        return Err(RequireError::TooMany { file: file.to_owned(), count });
    }
    let put_in = places.requirement.as_ref().and_then(|all| inline(&text[bom..], all)).map(|at| bom + at);
    let (at, piece) = match (new.is_empty(), put_in) {
        (true, _) => (text.len(), String::new()),
        (false, Some(at)) => (at, listed(&new, types, sandbox, spans.is_empty())),
        (false, None) => (text.len(), appended(text, &tables(&new, types, sandbox))),
    };
    let whole = format!("{}{piece}{}", &text[..at], &text[at..]);
    let after = read(file, &whole).map_err(RequireError::Broken)?;
    debug_assert_eq!(after.requirements.len(), count);
    Ok(Addition { lines: changed(&whole, at, &piece), text: whole, added, there })
}

/// A requirement for people, by the names of this account.
fn words(one: &Required, types: &[KnownType]) -> String {
    let text = format!("{} {} {}", one.type_name(types), one.comparator.sign(), one.values_words());
    text.trim_end().to_owned()
}

/// Where a list in brackets goes on, if the requirements are written as one: behind its last element, or its bracket.
fn inline(text: &str, all: &Spanned<Vec<Spanned<Written>>>) -> Option<usize> {
    match all.get_ref().last() {
        Some(last) => text[last.span()].starts_with('{').then_some(last.span().end),
        None => Some(all.span().start + 1),
    }
}

/// Requirements as elements of a list in brackets; the first one has none before it.
fn listed(new: &[Required], types: &[KnownType], sandbox: bool, first: bool) -> String {
    let tables = tables(new, types, sandbox);
    let table = |text: &str| {
        let keys: Vec<&str> = text.lines().filter(|line| line.contains(" = ")).map(without_comment).collect();
        format!("{{ {} }}", keys.join(", "))
    };
    let all: Vec<String> = tables.split("[[requirement]]\n").skip(1).map(table).collect();
    format!("{}{}", if first { "" } else { ", " }, all.join(", "))
}

/// A line of a table without the names of places, which stand behind values only.
fn without_comment(line: &str) -> &str {
    if line.starts_with("value") { line.split("  # ").next().unwrap_or(line) } else { line }
}

/// Tables that are put at the end, with the file's own ends of lines.
fn appended(text: &str, tables: &str) -> String {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let before = match () {
        () if text.is_empty() || text.ends_with("\n\n") || text.ends_with("\n\r\n") => String::new(),
        () if text.ends_with('\n') => end.to_owned(),
        () => end.repeat(2),
    };
    let lines = tables.trim_end().lines().map(|line| format!("{line}{end}"));
    before + &lines.collect::<String>()
}

/// The lines of the new text that the piece has a part in.
fn changed(whole: &str, at: usize, piece: &str) -> Vec<(usize, String)> {
    if piece.is_empty() {
        return Vec::new();
    }
    let skipped = piece.len() - piece.trim_start_matches(['\r', '\n']).len();
    let from = place(whole, at + skipped).0;
    let to = place(whole, at + piece.trim_end().len()).0;
    (1..).zip(whole.lines()).skip(from - 1).take(to + 1 - from).map(|(line, text)| (line, text.to_owned())).collect()
}

#[cfg(test)]
mod tests;
