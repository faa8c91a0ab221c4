//! Cells of delimited files: every one in quotes.

use super::{Layout, Manner};
use crate::domain::time::Time;
use crate::exchange::{formula, output, pacific::Pacific};
use crate::question::entity;
use std::borrow::Cow;

/// Writes cells into a row.
pub(super) struct Cells {
    delimiter: char,
    /// The website's files have HTML references in their cells, so that a text that looks like one must not stay.
    references: bool,
    pub(super) manner: Manner,
    pub(super) defused: u64,
    pub(super) pacific: Pacific,
}

impl Cells {
    pub(super) fn new(layout: Layout, manner: Manner) -> Self {
        Cells {
            delimiter: if layout == Layout::Tools { '\t' } else { ',' },
            references: layout == Layout::Website,
            manner,
            defused: 0,
            pacific: Pacific::default(),
        }
    }

    /// A cell that holds nothing that anybody wrote.
    pub(super) fn plain(&self, row: &mut String, text: &str) {
        if !row.is_empty() {
            row.push(self.delimiter);
        }
        row.push('"');
        row.push_str(text);
        row.push('"');
    }

    pub(super) fn number(&self, row: &mut String, number: Option<i64>) {
        self.plain(row, &number.map_or(String::new(), |number| number.to_string()));
    }

    /// A time as the website writes it.
    pub(super) fn pacific(&self, row: &mut String, time: Option<Time>) {
        self.plain(row, "");
        if let Some(time) = time {
            row.pop();
            self.pacific.push(row, time);
            row.push('"');
        }
    }

    /// A time in UTC.
    pub(super) fn utc(&self, row: &mut String, time: Option<Time>) {
        self.plain(row, &time.map_or(String::new(), output::iso));
    }

    /// A cell that may hold anything.
    pub(super) fn text(&mut self, row: &mut String, text: &str) {
        if self.references {
            return self.given(row, &unmistakable(text));
        }
        self.given(row, text);
    }

    /// A cell as a file had it, or as it would have it.
    pub(super) fn given(&mut self, row: &mut String, text: &str) {
        if text.is_empty() {
            return self.plain(row, "");
        }
        let text = self.manner.clean(text);
        let text = match self.manner.keep_formulas {
            true => text,
            false => match formula::defuse(&text) {
                Cow::Borrowed(_) => text,
                Cow::Owned(safe) => {
                    self.defused += 1;
                    safe.into()
                }
            },
        };
        if text.contains('"') { self.plain(row, &text.replace('"', "\"\"")) } else { self.plain(row, &text) }
    }

    /// The pseudonym of a worker, or the identifier.
    pub(super) fn worker(&mut self, row: &mut String, id: &str) {
        match &self.manner.redactor {
            Some(redactor) => self.plain(row, &redactor.worker(id)),
            None => self.text(row, id),
        }
    }
}

impl Manner {
    /// A text as it may leave the house.
    pub(super) fn clean<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let text = match &self.redactor {
            Some(redactor) => redactor.text(text),
            None => Cow::Borrowed(text),
        };
        let acts = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        if self.for_terminal && text.contains(acts) { text.replace(acts, "\u{fffd}").into() } else { text }
    }
}

/// A text in which no reader of such files finds a reference that was none.
pub(super) fn unmistakable(text: &str) -> Cow<'_, str> {
    match entity::decode(text) {
        decoded if decoded == text => text.into(),
        _ => text.replace('&', "&amp;").into(),
    }
}
