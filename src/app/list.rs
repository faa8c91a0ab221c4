//! The visible assignment list: which rows, in which order, under which headings; cursor and page by key.

use super::arrange::Order;
use super::marks::Marks;
use crate::domain::bits::Bits;
use crate::domain::key::{AssignmentKey, HitKey, WorkerKey};
use std::sync::Arc;

/// One line of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// An assignment.
    Row(AssignmentKey),
    /// A heading, by its place in [`List::groups`].
    Group(u32),
}

/// What a group of rows has in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GroupOf {
    /// The HIT.
    Hit(HitKey),
    /// The worker.
    Worker(WorkerKey),
    /// The answer: that of this assignment, in one line.
    Answer(AssignmentKey),
    /// The time until auto-approval.
    Deadline(Due),
}

/// How soon the clock approves, in steps that people plan by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Due {
    /// The moment has passed.
    Past,
    /// Within the hour.
    Hour,
    /// Within six hours.
    SixHours,
    /// Within a day.
    Day,
    /// Within three days.
    ThreeDays,
    /// Later.
    Later,
    /// There is no such moment.
    Never,
}

impl Due {
    /// The heading.
    pub const fn title(self) -> &'static str {
        match self {
            Due::Past => "auto-approval is due",
            Due::Hour => "within the hour",
            Due::SixHours => "within 6 hours",
            Due::Day => "within a day",
            Due::ThreeDays => "within 3 days",
            Due::Later => "later than 3 days",
            Due::Never => "no auto-approval",
        }
    }
}

/// A heading of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What its rows share.
    pub of: GroupOf,
    /// How many rows it has.
    pub count: u32,
    /// Its line in the list.
    pub line: usize,
}

/// What the list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SortBy {
    /// The most urgent first.
    #[default]
    AutoApproval,
    /// Submission.
    Submitted,
    /// From accepting to submitting.
    WorkTime,
    /// Worker ID.
    Worker,
    /// Reward.
    Reward,
    /// Status: submitted, approved, rejected.
    Status,
    /// HIT list order.
    Hit,
}

impl SortBy {
    /// All of them, as the chooser shows them.
    pub const ALL: [SortBy; 7] = [
        SortBy::AutoApproval,
        SortBy::Submitted,
        SortBy::WorkTime,
        SortBy::Worker,
        SortBy::Reward,
        SortBy::Status,
        SortBy::Hit,
    ];

    /// The word for people.
    pub const fn title(self) -> &'static str {
        match self {
            SortBy::AutoApproval => "auto-approval",
            SortBy::Submitted => "submitted",
            SortBy::WorkTime => "work time",
            SortBy::Worker => "worker",
            SortBy::Reward => "reward",
            SortBy::Status => "status",
            SortBy::Hit => "HIT",
        }
    }
}

/// What the list is grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum GroupBy {
    /// No headings.
    #[default]
    Nothing,
    /// By HIT.
    Hit,
    /// By worker.
    Worker,
    /// By answer, the most frequent first.
    Answer,
    /// By the time until auto-approval.
    Deadline,
}

impl GroupBy {
    /// All of them, as the chooser shows them.
    pub const ALL: [GroupBy; 5] = [GroupBy::Nothing, GroupBy::Hit, GroupBy::Worker, GroupBy::Answer, GroupBy::Deadline];

    /// The word for people.
    pub const fn title(self) -> &'static str {
        match self {
            GroupBy::Nothing => "nothing",
            GroupBy::Hit => "HIT",
            GroupBy::Worker => "worker",
            GroupBy::Answer => "answer",
            GroupBy::Deadline => "deadline",
        }
    }
}

/// A column of the list, beside cursor, mark and badge, which are always there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// Worker ID, shortened in the middle.
    Worker,
    /// The answer in one line; takes the width that is left.
    Answer,
    /// Work time.
    WorkTime,
    /// When it was submitted.
    Submitted,
    /// Time until auto-approval.
    AutoApproval,
    /// Reward.
    Reward,
    /// HIT ID.
    Hit,
    /// Status at the endpoint.
    Status,
    /// Who decided.
    By,
}

impl Column {
    /// All of them, in the order in which they stand.
    pub const ALL: [Column; 9] = [
        Column::Worker,
        Column::Hit,
        Column::Answer,
        Column::WorkTime,
        Column::Submitted,
        Column::AutoApproval,
        Column::Reward,
        Column::Status,
        Column::By,
    ];

    /// Those shown until the person chooses others.
    pub const DEFAULT: [Column; 6] =
        [Column::Worker, Column::Answer, Column::WorkTime, Column::AutoApproval, Column::Reward, Column::By];

    /// The heading.
    pub const fn title(self) -> &'static str {
        match self {
            Column::Worker => "worker",
            Column::Answer => "answer",
            Column::WorkTime => "time",
            Column::Submitted => "submitted",
            Column::AutoApproval => "auto-approves",
            Column::Reward => "reward",
            Column::Hit => "HIT",
            Column::Status => "status",
            Column::By => "by",
        }
    }
}

/// What part of the account the list shows.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Scope {
    /// Everything.
    #[default]
    All,
    /// One batch, by name.
    Batch(Arc<str>),
    /// One HIT.
    Hit(HitKey),
}

/// The visible assignment list.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct List {
    /// What part of the account it shows.
    pub scope: Scope,
    /// Its order.
    pub sort: SortBy,
    /// Whether the order is turned round.
    pub descending: bool,
    /// Its headings.
    pub group: GroupBy,
    /// Its columns, in the order of [`Column::ALL`].
    pub columns: Vec<Column>,
    /// The lines; draw `lines[offset..]` as far as the pane goes.
    pub lines: Vec<Line>,
    /// The headings, by [`Line::Group`].
    pub groups: Vec<Group>,
    /// How many of the lines are rows.
    pub rows: usize,
    /// The first visible line.
    pub offset: usize,
    /// The row under the cursor; none only when there are no rows.
    pub cursor: Option<AssignmentKey>,
    /// The line of the cursor.
    pub cursor_line: usize,
    /// The other end of a range that is being marked.
    pub anchor: Option<AssignmentKey>,
    /// The marked assignments, shown or not.
    pub marks: Marks,
    /// How many of the marked assignments the list shows.
    pub marks_shown: usize,
    /// Assignments that arrived since the list was made, and that it would show.
    pub news: Vec<AssignmentKey>,
    /// All rows in this order, while it holds.
    pub(super) order: Order,
    /// From slots to lines; `u32::MAX` for rows that are not shown.
    pub(super) line_of: Vec<u32>,
    /// The lines whose row nobody has decided.
    pub(super) open: Bits,
}

impl List {
    /// Marked, but hidden by filter or scope: never acted on.
    pub fn marks_hidden(&self) -> usize {
        self.marks.len() - self.marks_shown
    }

    /// The row on a line, if it is a row.
    pub fn row_at(&self, line: usize) -> Option<AssignmentKey> {
        match self.lines.get(line) {
            Some(Line::Row(key)) => Some(*key),
            _ => None,
        }
    }

    /// The line of an assignment by its slot in the model, if the list shows it.
    pub fn line_of(&self, slot: usize) -> Option<usize> {
        self.line_of.get(slot).filter(|line| **line != u32::MAX).map(|line| *line as usize)
    }

    /// How many of the shown rows nobody has decided.
    pub const fn open_rows(&self) -> usize {
        self.open.count()
    }

    /// Which row of all rows the cursor is on, from 1; 0 without rows.
    pub fn position(&self) -> usize {
        match self.cursor {
            None => 0,
            // Headings above the cursor are not rows.
            Some(_) => self.cursor_line + 1 - self.groups.partition_point(|group| group.line <= self.cursor_line),
        }
    }
}
