//! A line to type: what it is for, what stands above it, and how much room that takes.

use crate::app::batches::line::Line as BatchLine;
use crate::app::decide::{Proposal, Targets};
use crate::app::workers::line::Line;
use crate::domain::key::AssignmentKey;
use crate::domain::money::Usd;
use crate::domain::text::SafeText;
use tui_input::Input;

/// What a prompt is for.
#[derive(Debug, Clone, PartialEq)]
pub enum PromptKind {
    /// The reason of a rejection.
    Reason(Targets),
    /// Feedback that goes with an approval.
    Feedback(Targets),
    /// The filter; the one before is restored by Esc.
    Filter {
        /// The filter before.
        before: String,
        /// Where the cursor was.
        cursor: Option<AssignmentKey>,
    },
    /// Mark what fits a query.
    Mark,
    /// Something about workers.
    Workers(Line),
    /// Something about batches or their HITs.
    Batches(BatchLine),
    /// The amount of a bonus.
    BonusAmount(Targets),
    /// The reason of a bonus.
    BonusReason(Targets, Usd),
    /// The reviewer's note.
    Note(AssignmentKey),
    /// Something about qualifications or the requests for them.
    Qualification(QualPrompt),
    /// The command to pipe to.
    Pipe(Targets),
    /// The reject brake: the words that have to be typed, and what they let go.
    Brake {
        /// The words.
        words: String,
        /// The rejections.
        proposal: Proposal,
    },
}

/// What is asked for about holders and requests: of the marked lines, else of the one under the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QualPrompt {
    /// The value that requests are granted with.
    Value,
    /// Why requests are rejected.
    Reason,
    /// The score of holders.
    Score,
    /// Why the qualification is taken away.
    Revoke,
    /// Which holders and requests are shown.
    Range,
    /// Which are marked.
    Mark,
    /// The file of scores to read.
    Import,
    /// The score for all of a file that has none.
    ListScore,
    /// The file of scores to write.
    Export,
}

/// What is wrong with the text of a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromptError {
    /// The column in the text, from 0, if it has a place.
    pub column: Option<usize>,
    /// What is wrong, and what was expected.
    pub message: String,
}

/// A line to type.
#[derive(Debug, Clone)]
pub struct Prompt {
    /// What it is for.
    pub kind: PromptKind,
    /// The label, e.g. "reject 3 marked, reason".
    pub label: String,
    /// The text and its cursor.
    pub input: Input,
    /// Lines above the prompt: templates on digits, what is at stake.
    pub hints: Vec<String>,
    /// What is wrong with the text.
    pub error: Option<PromptError>,
}

impl Prompt {
    /// How many lines it takes in a window of this size: those above the line itself, and that.
    pub(super) fn height(&self, columns: u16, lines: u16) -> u16 {
        let (hints, error) = self.above(columns, lines);
        let wanted = u16::try_from(hints.len() + error.len() + 1).unwrap_or(u16::MAX);
        wanted.min(lines.saturating_sub(2)).max(1)
    }

    /// The lines above it, wrapped: a label that is too long to stand before the text, the hints; what is wrong. Where they
    /// would hide half of what is decided about, hints are cut off at the edge instead.
    pub fn above(&self, columns: u16, lines: u16) -> (Vec<SafeText>, Vec<SafeText>) {
        let cells = usize::from(columns.saturating_sub(2)).max(8);
        let wrapped = |text: &str| SafeText::line(text).wrap(cells);
        let label = if self.has_label_before(columns) { Vec::new() } else { wrapped(&self.label) };
        let error = self.error.iter().flat_map(|error| wrapped(&format!("! {}", error.message))).collect::<Vec<_>>();
        let mut hints: Vec<SafeText> = self.hints.iter().flat_map(|hint| wrapped(hint)).collect();
        if hints.len() > self.hints.len() && hints.len() + error.len() > usize::from(lines / 2) {
            hints = self.hints.iter().map(|hint| SafeText::line(hint)).collect();
        }
        (label.into_iter().chain(hints).collect(), error)
    }

    /// How many cells a label may take of a line: it leaves at least a third to the text.
    pub const fn label_room(columns: u16) -> u16 {
        columns * 2 / 3
    }

    /// What stands before the text: the label, or nothing where it stands above.
    pub fn label_before(&self, columns: u16) -> SafeText {
        SafeText::line(if self.has_label_before(columns) { &self.label } else { "" })
    }

    fn has_label_before(&self, columns: u16) -> bool {
        SafeText::line(&self.label).width() <= usize::from(Self::label_room(columns))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prompt(label: &str, hints: &[&str], error: Option<&str>) -> Prompt {
        Prompt {
            kind: PromptKind::Mark,
            label: label.to_owned(),
            input: Input::default(),
            hints: hints.iter().map(|hint| (*hint).to_owned()).collect(),
            error: error.map(|message| PromptError { column: None, message: message.to_owned() }),
        }
    }

    fn text(lines: &[SafeText]) -> String {
        lines.iter().map(SafeText::as_str).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_is_long_is_wrapped_and_read_whole() {
        let long = "a long sentence that says what is wrong and what was expected in its place, ".repeat(3);
        let prompt = prompt("note", &[long.trim()], Some(long.trim()));
        for columns in [40, 80, 120, 200] {
            let (hints, error) = prompt.above(columns, 40);
            assert!(hints.iter().chain(&error).all(|line| line.width() <= usize::from(columns) - 2));
            assert_eq!((text(&hints), text(&error)), (long.trim().to_owned(), format!("! {}", long.trim())));
            assert_eq!(usize::from(prompt.height(columns, 40)), hints.len() + error.len() + 1);
        }
    }

    #[test]
    fn a_label_leaves_a_third_of_the_line_or_stands_above() {
        let short = prompt("reason", &[], None);
        assert_eq!((short.label_before(80).as_str(), short.above(80, 24).0.len()), ("reason", 0));
        let label = "take \"Took part\" from A1EXAMPLE, A2EXAMPLE and 12 more, reason (may be empty)";
        let long = prompt(label, &["a hint"], None);
        assert_eq!(long.label_before(80).as_str(), "");
        assert_eq!(text(&long.above(80, 24).0), format!("{label} a hint"));
        assert_eq!(long.label_before(200).as_str(), label);
    }

    #[test]
    fn many_hints_do_not_hide_what_is_decided_about() {
        let hint = "5  other: a template of a reason that goes on and on and that nobody could read whole here";
        let many = prompt("reason", &[hint; 9], None);
        assert_eq!(many.above(40, 24).0.len(), 9, "a line each");
        assert!(many.above(40, 60).0.len() > 9, "whole where there is room");
        assert_eq!(many.height(40, 8), 6, "the line itself is always there");
    }
}
