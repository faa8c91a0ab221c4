//! Everything the desk knows and shows. [`super::update::update`] is the only writer; views only read.

use super::activity::Activity;
use super::batches::Batches;
use super::bulk::Bulk;
use super::decide::Act;
use super::decide_many::DecideMany;
use super::detail::Detail;
use super::event::{RequestId, SyncState};
use super::guard::InputGuard;
use super::keymap::Keymap;
use super::layout::{Layout, Pane, Screen, layout};
use super::list::{Column, List};
use super::model::Model;
use super::notice::Notices;
use super::options::{Environment, Options};
use super::outbox::{Badge, Outbox};
use super::overlay::Overlay;
use super::people::People;
use super::quals::TypeForm;
use super::rules::ReadRule;
use super::tree::Tree;
use super::undo::UndoStack;
use super::views::Views;
use crate::domain::decision::{DecisionId, OutboxEntry};
use crate::domain::id::WorkerId;
use crate::domain::key::AssignmentKey;
use crate::domain::money::Usd;
use crate::domain::pseudonym::Pseudonyms;
use crate::domain::row::LightRow;
use crate::domain::time::{Millis, Now};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// How the rows of the store come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Loading {
    /// Nothing is there yet.
    #[default]
    Waiting,
    /// The first window is there, the rest is being read: so many assignments in all, so many of them undecided.
    Window {
        /// Assignments in the store.
        total: u32,
        /// Of these, submitted.
        undecided: u32,
    },
    /// All rows are there.
    Done,
}

/// What the desk knows of the endpoint's answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sync {
    /// The refresh that is under way, has ended or has failed.
    pub state: Option<SyncState>,
    /// When the data was last known to be whole.
    pub as_of: Option<Millis>,
    /// Since when reading fails.
    pub stale_since: Option<Millis>,
}

/// The viewer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Viewer {
    /// The first visible line of the document.
    pub scroll: usize,
    /// The answer as it came, instead of decoded.
    pub raw: bool,
}

/// A filter that was typed and waits for a pause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Typed {
    /// When it is applied.
    pub(super) at: Millis,
    /// The text.
    pub(super) text: String,
}

/// The length of a document, remembered so that a held key does not lay it out again each time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Measured {
    /// Which document: assignment, width, raw or not.
    pub(super) of: (AssignmentKey, u16, bool),
    /// How many lines it has.
    pub(super) lines: usize,
}

/// Everything the desk knows and shows.
#[derive(Debug, Clone)]
pub struct State {
    /// Where the desk is.
    pub env: Environment,
    /// What the person configured.
    pub options: Options,
    /// Keys to commands.
    pub keymap: Keymap,
    /// The time of the last event: what is drawn is true at this moment.
    pub now: Now,
    /// The window: columns and lines, never 0.
    pub size: (u16, u16),
    /// The screen that is shown.
    pub screen: Screen,
    /// The pane that keys go to.
    pub focus: Pane,
    /// Whether the focused pane has the window for itself.
    pub zoom: bool,
    /// The account in memory.
    pub model: Model,
    /// How the rows of the store come in.
    pub loading: Loading,
    /// The assignment list.
    pub list: List,
    /// The HIT list.
    pub tree: Tree,
    /// Saved views as tabs, and the filter.
    pub views: Views,
    /// The viewer.
    pub viewer: Viewer,
    /// Decisions on their way.
    pub outbox: Outbox,
    /// The Workers and Qualifications screens.
    pub people: People,
    /// The Batches screen.
    pub batches: Batches,
    /// The Activity screen.
    pub activity: Activity,
    /// What lies over the panes.
    pub overlay: Option<Overlay>,
    /// Makes the pseudonyms that are shown instead of workers' identifiers, while that is so.
    pub redaction: Option<Pseudonyms>,
    /// What there is to tell.
    pub notices: Notices,
    /// What the desk knows of the endpoint's answers.
    pub sync: Sync,
    /// The balance as last read.
    pub balance: Option<Usd>,
    /// Money on hold, where the endpoint says so.
    pub on_hold: Option<Usd>,
    /// Whether the mouse is on.
    pub mouse: bool,
    pub(super) details: HashMap<AssignmentKey, Arc<Detail>>,
    /// Loaded, but the endpoint has reported something else since.
    pub(super) outdated: HashSet<AssignmentKey>,
    /// Details that were asked for and have not come.
    pub(super) asked: Vec<AssignmentKey>,
    /// Details are wanted although no viewer is shown.
    pub(super) wants_detail: bool,
    pub(super) measured: Option<Measured>,
    pub(super) typed: Option<Typed>,
    /// Notes that are being edited outside.
    pub(super) editing: Option<(RequestId, AssignmentKey)>,
    /// Decisions that were taken back and whose fate the store has not confirmed.
    pub(super) undoing: HashSet<DecisionId>,
    pub(super) undo: UndoStack,
    pub(super) last_act: Option<Act>,
    pub(super) rules: Vec<ReadRule>,
    /// Very many decisions on the way to the store.
    pub(super) deciding: Option<DecideMany>,
    /// What waits for the whole of many assignments.
    pub(super) bulk: Option<Bulk>,
    /// A form that was left, or that waits for an answer.
    pub(super) form: Option<Box<TypeForm>>,
    pub(super) guard: InputGuard,
    /// The file that is being read.
    pub(super) reviewing: Option<RequestId>,
    pub(super) next_request: RequestId,
    pub(super) last_group: i64,
    pub(super) version: u64,
    pub(super) drawn: Now,
    /// Whether a key has been pressed: before that nothing on the screen has been chosen by anybody.
    pub(super) used: bool,
}

impl State {
    /// A desk before its first event.
    pub fn new(env: Environment, options: Options, keymap: Keymap) -> Self {
        State {
            views: Views::new(&options.views),
            mouse: options.mouse,
            env,
            keymap,
            now: Now::default(),
            size: (80, 24),
            screen: Screen::Review,
            focus: Pane::List,
            zoom: false,
            model: Model::default(),
            loading: Loading::Waiting,
            list: List { columns: Column::DEFAULT.to_vec(), ..List::default() },
            tree: Tree::default(),
            viewer: Viewer::default(),
            outbox: Outbox::default(),
            people: People::default(),
            batches: Batches::default(),
            activity: Activity::default(),
            overlay: None,
            redaction: None,
            notices: Notices::default(),
            sync: Sync::default(),
            balance: None,
            on_hold: None,
            details: HashMap::new(),
            outdated: HashSet::new(),
            asked: Vec::new(),
            wants_detail: false,
            measured: None,
            typed: None,
            editing: None,
            undoing: HashSet::new(),
            undo: UndoStack::default(),
            last_act: None,
            rules: options.rules.iter().map(ReadRule::new).collect(),
            deciding: None,
            bulk: None,
            form: None,
            guard: InputGuard::default(),
            reviewing: None,
            next_request: RequestId(0),
            last_group: 0,
            version: 0,
            drawn: Now::default(),
            used: false,
            options,
        }
    }

    /// Grows whenever something visible has changed: draw when it differs from what was drawn last.
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// Where everything is.
    pub fn layout(&self) -> Layout {
        layout(self.size.0, self.size.1, self.screen, self.focus, self.zoom)
    }

    /// The row under the cursor.
    pub fn current(&self) -> Option<&LightRow> {
        self.model.row(self.list.cursor?)
    }

    /// The whole of an assignment, if it has been loaded.
    pub fn detail(&self, key: AssignmentKey) -> Option<&Arc<Detail>> {
        self.details.get(&key)
    }

    /// The badge of a row.
    pub fn badge(&self, row: &LightRow) -> Option<Badge> {
        self.outbox.badge(row.key, row.status)
    }

    /// A worker's name for the person.
    pub fn name_of<'a>(&self, worker: &'a WorkerId) -> Cow<'a, str> {
        match &self.redaction {
            Some(names) => Cow::Owned(names.of(worker.as_str())),
            None => Cow::Borrowed(worker.as_str()),
        }
    }

    /// A text without identifiers of workers, while pseudonyms stand for them.
    pub fn scrub(&self, text: &str) -> String {
        self.redaction.as_ref().map_or(text.to_owned(), |names| names.scrub(text).into_owned())
    }

    /// Refuses to put a text into a line to type that tells who a worker is, while pseudonyms stand for them.
    pub(super) fn may_show(&self, text: &str) -> Result<(), String> {
        match &self.redaction {
            Some(names) if names.scrub(text) != text => {
                Err("this text names workers, and pseudonyms are shown; :redact shows the IDs again".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// The decision under the cursor of the Activity screen.
    pub fn selected_entry(&self) -> Option<&OutboxEntry> {
        if self.screen != Screen::Activity {
            return None;
        }
        self.outbox.at(self.activity.tab.stage()?).nth(self.activity.cursor)
    }

    /// The newest group of decisions of this run that can still be taken back.
    pub(super) fn undo_group(&self) -> Option<i64> {
        self.undo.groups.iter().rev().map(|undo| undo.group).find(|group| self.outbox.can_undo(*group))
    }

    /// How far the work is that is done in steps, for the person; none while there is none that is worth a word.
    pub fn progress(&self) -> Option<String> {
        self.deciding.as_ref().map(DecideMany::words).or_else(|| self.views.progress())
    }

    pub(super) fn touch(&mut self) {
        self.version += 1;
        self.drawn = self.now;
    }

    pub(super) fn request(&mut self) -> RequestId {
        self.next_request.0 += 1;
        self.next_request
    }
}
