//! The one command table: dispatch, footer, help, palette, `hitdeck keys` and the manual are projections of it.

pub use super::command_table::COMMANDS;
use super::enabled::always;
use super::layout::Pane;
use super::state::State;
use std::borrow::Cow;

/// Why a command does nothing now, in words for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why(pub Cow<'static, str>);

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

/// The panes in which a command exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contexts(u16);

impl Contexts {
    pub(super) const HITS: Contexts = Contexts(1);
    pub(super) const LIST: Contexts = Contexts(2);
    pub(super) const VIEWER: Contexts = Contexts(4);
    pub(super) const ACTIVITY: Contexts = Contexts(8);
    pub(super) const REVIEW: Contexts = Contexts(2 | 4);
    pub(super) const REVIEW_ALL: Contexts = Contexts(1 | 2 | 4);
    pub(super) const WORKERS: Contexts = Contexts(16);
    pub(super) const TYPES: Contexts = Contexts(32);
    pub(super) const RANGES: Contexts = Contexts(2 | 16 | 64 | 128 | 256);
    pub(super) const QUERIED: Contexts = Contexts(2 | 4 | 128);
    pub(super) const TYPE_TAB: Contexts = Contexts(128);
    pub(super) const BATCHES: Contexts = Contexts(64);
    pub(super) const BATCH_PAGE: Contexts = Contexts(256);
    pub(super) const BATCHES_ALL: Contexts = Contexts(64 | 256);
    pub(super) const HIT_ACTS: Contexts = Contexts(1 | 64 | 256);
    pub(super) const VIEWED: Contexts = Contexts(2 | 64 | 128);
    pub(super) const MARKED: Contexts = Contexts(2 | 4 | 16 | 64 | 128 | 256);
    pub(super) const QUALS: Contexts = Contexts(32 | 128);
    pub(super) const WORK: Contexts = Contexts(2 | 4 | 8);
    pub(super) const ROWS: Contexts = Contexts(2 | 4 | 16);
    pub(super) const TABLES: Contexts = Contexts(2 | 4 | 16 | 64 | 256);
    pub(super) const TASKS: Contexts = Contexts(2 | 4 | 64 | 256);
    pub(super) const TAKEN_PART: Contexts = Contexts(1 | 2 | 4 | 16);
    pub(super) const LISTS: Contexts = Contexts(1 | 2 | 8 | 16 | 32 | 64 | 128 | 256);
    pub(super) const ANY: Contexts = Contexts(511);

    /// Whether a command with these contexts exists in a pane.
    pub const fn has(self, pane: Pane) -> bool {
        let bit = match pane {
            Pane::Hits => Self::HITS,
            Pane::List => Self::LIST,
            Pane::Viewer => Self::VIEWER,
            Pane::Activity => Self::ACTIVITY,
            Pane::Workers => Self::WORKERS,
            Pane::Types => Self::TYPES,
            Pane::TypeTab => Self::TYPE_TAB,
            Pane::Batches => Self::BATCHES,
            Pane::BatchPage => Self::BATCH_PAGE,
        };
        self.0 & bit.0 != 0
    }

    /// Whether two commands can meet in one pane.
    pub const fn meet(self, other: Contexts) -> bool {
        self.0 & other.0 != 0
    }

    /// The panes, for people: `everywhere`, `list, viewer`.
    pub fn words(self) -> String {
        if self == Self::ANY {
            return "everywhere".to_owned();
        }
        let names = [
            (Self::HITS, "HIT list"),
            (Self::LIST, "list"),
            (Self::VIEWER, "viewer"),
            (Self::WORKERS, "workers"),
            (Self::TYPES, "qualifications"),
            (Self::TYPE_TAB, "holders and requests"),
            (Self::BATCHES, "batches"),
            (Self::BATCH_PAGE, "batch"),
            (Self::ACTIVITY, "activity"),
        ];
        let names: Vec<&str> = names.iter().filter(|(pane, _)| self.meet(*pane)).map(|(_, name)| *name).collect();
        names.join(", ")
    }
}

/// How dangerous a command is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Danger {
    /// It moves the cursor or the page: a held key of it is no paste.
    Motion,
    /// It decides nothing.
    Plain,
    /// It asks for something and then decides.
    Prompts,
    /// It stages a decision at once.
    Decides,
    /// It lets decisions leave.
    Send,
}

/// One command.
#[derive(Debug, Clone, Copy)]
pub struct CommandSpec {
    /// Which.
    pub id: CommandId,
    /// Its name in key files and in the palette.
    pub name: &'static str,
    /// Its label in the footer; empty if it never stands there.
    pub short: &'static str,
    /// What it does, in a few words.
    pub title: &'static str,
    /// What it does, in a sentence or two.
    pub help: &'static str,
    /// Where it exists.
    pub contexts: Contexts,
    /// How dangerous it is.
    pub danger: Danger,
    /// Its importance in the footer; 0 keeps it out.
    pub footer: u8,
    /// What may follow its name in the palette.
    pub argument: Option<&'static str>,
    /// Whether it would do something now, and why not.
    pub enabled: fn(&State) -> Result<(), Why>,
}

impl CommandSpec {
    pub(super) const fn new(id: CommandId, name: &'static str, contexts: Contexts, danger: Danger) -> Self {
        CommandSpec {
            id,
            name,
            contexts,
            danger,
            title: "",
            help: "",
            short: "",
            footer: 0,
            argument: None,
            enabled: always,
        }
    }

    pub(super) const fn says(self, title: &'static str, help: &'static str) -> Self {
        CommandSpec { title, help, ..self }
    }

    pub(super) const fn footer(self, short: &'static str, footer: u8) -> Self {
        CommandSpec { short, footer, ..self }
    }

    pub(super) const fn takes(self, argument: &'static str) -> Self {
        CommandSpec { argument: Some(argument), ..self }
    }

    pub(super) const fn when(self, enabled: fn(&State) -> Result<(), Why>) -> Self {
        CommandSpec { enabled, ..self }
    }

    /// Whether it leads to a decision: such commands do not exist in a read-only desk.
    pub const fn is_deciding(&self) -> bool {
        matches!(self.danger, Danger::Prompts | Danger::Decides | Danger::Send)
    }

    /// Whether holding its key down is harmless.
    pub const fn is_repeatable(&self) -> bool {
        matches!(self.danger, Danger::Motion)
    }
}

impl CommandId {
    /// The command's row in the table.
    pub fn spec(self) -> &'static CommandSpec {
        &COMMANDS[self as usize]
    }

    /// The command of a name.
    pub fn named(name: &str) -> Option<CommandId> {
        COMMANDS.iter().find(|spec| spec.name == name).map(|spec| spec.id)
    }
}

/// Whether a command would do something now, and why not.
pub fn enabled(state: &State, id: CommandId) -> Result<(), Why> {
    let spec = id.spec();
    if state.options.read_only && spec.is_deciding() {
        return Err(Why("the desk is read-only (--read-only)".into()));
    }
    if !spec.contexts.has(state.focus) {
        return Err(Why(format!("works in: {}", spec.contexts.words()).into()));
    }
    (spec.enabled)(state)
}

/// The name of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the table below says what each one is")]
pub enum CommandId {
    Down,
    Up,
    Top,
    Bottom,
    HalfDown,
    HalfUp,
    PageDown,
    PageUp,
    ScrollDown,
    ScrollUp,
    ScrollHalfDown,
    ScrollHalfUp,
    ScrollPageDown,
    ScrollPageUp,
    ScrollTop,
    ScrollBottom,
    NextRow,
    PreviousRow,
    ViewDown,
    ViewUp,
    NextOpen,
    PreviousOpen,
    Open,
    Back,
    NextPane,
    PreviousPane,
    Fold,
    Review,
    Workers,
    Qualifications,
    Batches,
    Activity,
    Hits,
    Zoom,
    Mark,
    Range,
    MarkShown,
    MarkQuery,
    Unmark,
    Approve,
    ApproveFeedback,
    Reject,
    Override,
    Bonus,
    Worker,
    Message,
    Block,
    Unblock,
    Qualify,
    Disqualify,
    Pay,
    Redact,
    Grant,
    GrantWith,
    Refuse,
    Score,
    Revoke,
    Restore,
    Scores,
    NewType,
    EditType,
    DeleteType,
    TryTest,
    Require,
    SystemTypes,
    ImportScores,
    ExportScores,
    Exclude,
    Undo,
    Send,
    Repeat,
    Retry,
    Rule,
    Rules,
    ReviewImport,
    Filter,
    Sort,
    Columns,
    Group,
    NextView,
    PreviousView,
    View,
    Copy,
    Url,
    Raw,
    Note,
    Edit,
    Pipe,
    Extend,
    AddAssignments,
    TopUp,
    Republish,
    Anew,
    Retype,
    Reviewing,
    Expire,
    Delete,
    TargetWage,
    OpenBatch,
    Publish,
    StopPublishing,
    NextItem,
    PreviousItem,
    Refresh,
    Palette,
    Help,
    Messages,
    Mouse,
    Redraw,
    Suspend,
    Close,
    Quit,
}
