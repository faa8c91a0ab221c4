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
