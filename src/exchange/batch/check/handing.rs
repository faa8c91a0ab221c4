//! Whether a row's page can still be handed in with the answers it asks for: markup in a value may swallow or close what
//! stands around it.

use super::Level;
use crate::exchange::batch::task::Filling;
use crate::question::page::{Part, parts};

/// What a row's values do to the form of a page; looked at for very many rows.
pub(super) struct Handing<'f, 't> {
    filling: &'f Filling<'t>,
    used: &'f [usize],
    /// With values that do nothing.
    plain: Vec<Part>,
}

impl<'f, 't> Handing<'f, 't> {
    pub(super) fn new(filling: &'f Filling<'t>, used: &'f [usize], columns: usize) -> Handing<'f, 't> {
        let plain = filling.content(&vec!["1".to_owned(); columns]);
        Handing { filling, used, plain: plain.map(|page| parts(&page)).unwrap_or_default() }
    }

    /// What is missing in a row's page or too much, and the column that does it.
    pub(super) fn fault(&self, row: &[String]) -> Option<(Level, Option<usize>, String)> {
        let with = |keep: &dyn Fn(usize) -> bool| {
            let cell = |(at, cell): (usize, &String)| if keep(at) { cell.clone() } else { escaped(cell) };
            let row: Vec<String> = row.iter().enumerate().map(cell).collect();
            self.filling.content(&row).map(|page| parts(&page)).unwrap_or_default()
        };
        let real = with(&|_| true);
        if real == self.plain {
            return None;
        }
        // Fields may be named by values.
        let meant = with(&|_| false);
        let (level, words) = difference(&meant, &real)?;
        let brings = |at: &&usize| difference(&meant, &with(&|other| other == **at)).is_some();
        Some((level, self.used.iter().find(brings).copied(), words))
    }
}

fn difference(meant: &[Part], real: &[Part]) -> Option<(Level, String)> {
    let missing = |from: &[Part], of: &[Part]| {
        let count = |all: &[Part], part: &Part| all.iter().filter(|it| *it == part).count();
        of.iter().find(|part| count(from, part) < count(of, part)).cloned()
    };
    if let Some(part) = missing(real, meant) {
        let outside = real.iter().any(|it| it.words == part.words && !it.inside);
        let what = if outside { "is outside its form" } else { "is not in the page any more" };
        return Some((
            Level::Error,
            format!("with its value in place {} {what}: its markup breaks the form", part.words),
        ));
    }
    missing(meant, real).map(|part| (Level::Warning, format!("its markup adds to the form: {}", part.words)))
}

/// A value that is text wherever it stands.
fn escaped(value: &str) -> String {
    let mut text = value.to_owned();
    for (mark, reference) in [("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;"), ("'", "&#39;")] {
        if text.contains(mark) {
            text = text.replace(mark, reference);
        }
    }
    text
}
