//! What can lie over the panes: help, palette, questions, prompts, choosers, the history of notices.

mod prompt;

pub use prompt::{Prompt, PromptError, PromptKind, QualPrompt};

use super::batches::{AnewAsk, BatchSort, HitSort, PublishAsk};
use super::command::{CommandId, Why};
use super::decide::Proposal;
use super::key::Key;
use super::layout::Area;
use super::list::{Column, GroupBy, SortBy};
use super::quals::{Builder, Field, Tryout, TypeForm};
use super::workers::column::WorkerColumn;
use super::workers::money::PayStep;
use super::workers::{Who, WorkerSort};
use crate::domain::id::{QualificationTypeId, WorkerId};
use crate::domain::text::SafeText;
use crate::domain::time::Millis;
use tui_input::Input;

/// What lies over the panes; there is at most one.
#[derive(Debug, Clone)]
pub enum Overlay {
    /// Every command that exists here, with its keys; Enter runs it.
    Help(Help),
    /// Commands and nouns by name.
    Palette(Palette),
    /// A question that is answered by one letter. Anything else leaves everything as it is.
    Ask(Ask),
    /// A line to type.
    Prompt(Prompt),
    /// A short list to choose from.
    Chooser(Chooser),
    /// The history of notices.
    Messages {
        /// The first visible one; 0 is the newest.
        offset: usize,
    },
    /// The form of a qualification type.
    TypeForm(Box<TypeForm>),
    /// A qualification test, to be answered by oneself.
    Tryout(Box<Tryout>),
    /// The requirements of a HIT being put together.
    Requirements(Box<Builder>),
    /// A text to read or to select by hand, e.g. what was copied.
    Text {
        /// The heading.
        title: String,
        /// The lines (may be untrusted text).
        lines: Vec<String>,
    },
}

/// One line of the help.
#[derive(Debug, Clone, PartialEq)]
pub struct HelpItem {
    /// The command.
    pub command: CommandId,
    /// Its keys, for people: `j, down`.
    pub keys: String,
    /// Why it does nothing now.
    pub disabled: Option<Why>,
}

/// The help.
#[derive(Debug, Clone, PartialEq)]
pub struct Help {
    /// The lines.
    pub items: Vec<HelpItem>,
    /// The line of the cursor.
    pub cursor: usize,
    /// The first visible line.
    pub offset: usize,
}

/// One line of the palette.
#[derive(Debug, Clone, PartialEq)]
pub struct PaletteItem {
    /// The command.
    pub command: CommandId,
    /// What Enter would run or Tab would put into the line, e.g. `worker` or `view speeders`.
    pub name: String,
    /// What it is, e.g. "show the work of one worker".
    pub title: String,
    /// Its keys, for people.
    pub keys: String,
    /// Why it does nothing now.
    pub disabled: Option<Why>,
}

/// What the lines of the palette are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaletteLines {
    /// Commands.
    Commands,
    /// What can follow the command: Enter runs the line under the cursor.
    Arguments,
    /// The query as it was typed, and ways to go on with it.
    Query,
}

/// The palette.
#[derive(Debug, Clone)]
pub struct Palette {
    /// What is typed: a name and, after a blank, its argument.
    pub input: Input,
    /// What its lines are.
    pub lines: PaletteLines,
    /// What fits, best first.
    pub items: Vec<PaletteItem>,
    /// The line of the cursor.
    pub cursor: usize,
    /// The first visible line.
    pub offset: usize,
    /// Why the typed text cannot be run.
    pub error: Option<String>,
}

/// What a question is about.
#[derive(Debug, Clone, PartialEq)]
pub enum AskKind {
    /// Decisions over the configured count or sum.
    Money(Proposal),
    /// Keys that look like a paste.
    Paste(Vec<Key>),
    /// Decisions that came too fast; the keys that have not been run.
    Burst(Vec<Key>),
    /// Blocks, and whom they are about: the gentler way is offered.
    Block(Proposal, Who),
    /// Payments to workers without an assignment to pay: what `y` does, and to whom of them payments are under way.
    Pay(Vec<(WorkerId, PayStep)>, Vec<WorkerId>),
    /// A qualification type that is created, changed or deleted.
    Type(Proposal),
    /// Workers who are kept out of what comes next, and what a batch file may be made to require of others.
    Exclude(Exclusion),
    /// A batch file that gets requirements.
    Require(Replacement),
    /// What a score file changes.
    Scores(Proposal),
    /// Publishing the batch file that is open.
    Publish(PublishAsk),
    /// Publishing HITs anew.
    Anew(AnewAsk),
    /// Leaving with staged decisions, or while something is published.
    Quit,
}

/// Workers who are put on a qualification, which the next HITs ask not to have.
#[derive(Debug, Clone, PartialEq)]
pub struct Exclusion {
    /// Who is put on it; nobody if all of them are already.
    pub proposal: Proposal,
    /// The qualification.
    pub of: QualificationTypeId,
    /// The score that they get.
    pub score: i32,
}

/// A file of the person's that is to have another text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// Its path, as typed.
    pub path: String,
    /// Its text as it was read.
    pub before: String,
    /// Its text as it is to be.
    pub after: String,
}

/// One possible answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// The letter.
    pub key: char,
    /// What it does, e.g. "approve them".
    pub label: &'static str,
}

/// A question that is answered by one letter.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// What it is about.
    pub kind: AskKind,
    /// The heading.
    pub title: String,
    /// What is at stake, line by line.
    pub lines: Vec<String>,
    /// The possible answers; the last one is the default and what Esc means.
    pub answers: Vec<Answer>,
    /// The first visible line.
    pub offset: usize,
    /// Keys before this moment are ignored.
    pub armed_at: Millis,
}

/// What is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// The order of the list.
    Sort(SortBy),
    /// The headings of the list.
    Group(GroupBy),
    /// A column, shown or not.
    Column(Column),
    /// What to copy.
    Copy(CopyWhat),
    /// A rule, by its place in the configuration.
    Rule(usize),
    /// The order of the Workers screen.
    SortWorkers(WorkerSort),
    /// The order of the Batches screen.
    SortBatches(BatchSort),
    /// The order of the HITs of a batch.
    SortHits(HitSort),
    /// A column of the Workers screen, shown or not.
    ColumnOfWorkers(WorkerColumn),
}

/// What can be copied of an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyWhat {
    /// The assignment ID.
    Assignment,
    /// The worker ID.
    Worker,
    /// The HIT ID.
    Hit,
    /// The address of its preview.
    Url,
    /// The answer as text.
    Answer,
}

impl CopyWhat {
    /// All of them, as the chooser shows them.
    pub const ALL: [CopyWhat; 5] =
        [CopyWhat::Worker, CopyWhat::Assignment, CopyWhat::Hit, CopyWhat::Url, CopyWhat::Answer];

    /// The words for people.
    pub const fn title(self) -> &'static str {
        match self {
            CopyWhat::Worker => "worker ID",
            CopyWhat::Assignment => "assignment ID",
            CopyWhat::Hit => "HIT ID",
            CopyWhat::Url => "URL of the preview",
            CopyWhat::Answer => "text of the answer",
        }
    }
}

/// One line of a chooser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoiceItem {
    /// The letter that picks it at once.
    pub key: char,
    /// What it is.
    pub label: String,
    /// Whether it is in force now.
    pub checked: bool,
    /// What it does.
    pub choice: Choice,
}

/// A short list to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chooser {
    /// The heading.
    pub title: &'static str,
    /// The lines.
    pub items: Vec<ChoiceItem>,
    /// The line of the cursor.
    pub cursor: usize,
    /// Whether it stays open after a choice (columns).
    pub many: bool,
}

impl Overlay {
    /// How many lines of content it has, without its frame.
    pub fn content_lines(&self, messages: usize) -> usize {
        match self {
            Overlay::Help(help) => help.items.len(),
            Overlay::Palette(palette) => palette.items.len() + 1 + usize::from(palette.error.is_some()),
            Overlay::Ask(ask) => ask.lines.len() + 1 + ask.answers.len(),
            Overlay::Prompt(_) => 1,
            Overlay::Chooser(chooser) => chooser.items.len(),
            // Room for what is wrong, also while nothing is: the form keeps its height.
            Overlay::TypeForm(_) => Field::ALL.len() + 6,
            // As much as there is room for: they scroll by themselves.
            Overlay::Tryout(_) => usize::from(u16::MAX),
            Overlay::Requirements(builder) => builder.content_lines(),
            // With room for long ones, which are wrapped.
            Overlay::Messages { .. } => messages.max(1) + 3,
            Overlay::Text { lines, .. } => lines.len().max(1),
        }
    }

    /// How many lines of a question are in view at once, in an overlay of this height: its answers and the line above them
    /// stay.
    pub fn question_lines(height: u16, ask: &Ask) -> usize {
        usize::from(height).saturating_sub(3 + ask.answers.len()).max(1)
    }

    /// How many cells it takes with its frame, if there is room: as many as its text needs, so that what it asks about
    /// stays in view beside it.
    fn width(&self) -> u16 {
        const WIDEST: u16 = 96;
        let cells = |text: &str| SafeText::line(text).width();
        let widest = match self {
            Overlay::Chooser(chooser) => {
                let labels = chooser.items.iter().map(|item| cells(&item.label) + 9);
                labels.chain([cells(chooser.title)]).max()
            }
            // The label has its key before it and may have "(also Esc)" behind it; the title may get words before it.
            Overlay::Ask(ask) => {
                let answers = ask.answers.iter().map(|answer| cells(answer.label) + 15);
                let lines = ask.lines.iter().map(|line| cells(line));
                lines.chain(answers).chain([cells(&ask.title) + 14]).max()
            }
            _ => return WIDEST,
        };
        u16::try_from(widest.unwrap_or(0) + 6).unwrap_or(u16::MAX).clamp(40, WIDEST)
    }

    /// Where it lies in a window: a prompt at the bottom without a frame, anything else in the middle with a frame of
    /// one cell and its heading in the frame.
    pub fn area(&self, columns: u16, lines: u16, messages: usize) -> Area {
        if let Overlay::Prompt(prompt) = self {
            let height = prompt.height(columns, lines);
            return Area { x: 0, y: lines.saturating_sub(height), width: columns, height };
        }
        let content = u16::try_from(self.content_lines(messages)).unwrap_or(u16::MAX);
        let width = self.width().min(columns.saturating_sub(4));
        let mut height = content.saturating_add(2).min(lines.saturating_sub(2));
        if let Overlay::Requirements(_) = self {
            height = height.max(20.min(lines.saturating_sub(2)));
        }
        if let Overlay::Palette(_) = self {
            // The palette keeps its height while its contents change with every letter.
            height = 16.min(lines.saturating_sub(2));
        }
        Area { x: (columns - width) / 2, y: (lines - height) / 3, width, height }
    }
}
