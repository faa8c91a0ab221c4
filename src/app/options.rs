//! What the person configured, as plain data: read from the file by `config`, handed in by `runtime`.

use super::format::Zone;
use crate::domain::money::Usd;

/// How dangerous an environment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Danger {
    /// Decisions move real money and real wages.
    #[default]
    RealMoney,
    /// A sandbox, a demo, a test.
    Play,
}

/// Where the desk is: shown in the title bar.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Environment {
    /// The environment's name in the configuration, e.g. `production`.
    pub name: String,
    /// How dangerous it is.
    pub danger: Danger,
    /// The real host (and port) of the endpoint.
    pub host: String,
    /// The AWS profile, if one was named.
    pub profile: Option<String>,
    /// The person at this desk, as the store knows them (`user@host`).
    pub user: String,
    /// The address of the worker site, without the path: previews are opened there.
    pub worker_site: Option<String>,
}

impl Environment {
    /// Whether it was read from files: there is no endpoint, and nothing is ever sent.
    pub fn is_offline(&self) -> bool {
        self.name.starts_with("offline:")
    }
}

/// Where the cursor goes after a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AfterDecision {
    /// To the next undecided assignment below, else above.
    #[default]
    NextUndecided,
    /// One row down.
    Next,
    /// Nowhere.
    Stay,
}

/// A ready-made reason: minijinja over the assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// The digit that picks it on an empty reason line.
    pub key: char,
    /// Its short name.
    pub name: String,
    /// The template text.
    pub text: String,
}

/// A saved query, shown as a tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// The tab's title.
    pub name: String,
    /// The query; empty for everything.
    pub query: String,
}

/// What a rule does with what it finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleAction {
    /// Marks it.
    Flag,
    /// Stages approvals.
    Approve,
    /// Stages rejections.
    Reject,
}

/// A rule: a query, and what is staged for what fits it. Rules stage, people send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its name.
    pub name: String,
    /// What it finds.
    pub query: String,
    /// What it does.
    pub action: RuleAction,
    /// What the worker reads; may be a template. A rejection needs it.
    pub feedback: Option<String>,
}

/// How the fields of a batch are shown in the viewer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layout {
    /// The batch's name; with a `*` at its end, every batch whose name begins so.
    pub batch: String,
    /// Fields of item and answer that come first, in this order.
    pub first: Vec<String>,
    /// Fields that are not shown.
    pub hide: Vec<String>,
}

impl Layout {
    /// Whether it is the layout of the batch with this name.
    pub fn fits(&self, batch: &str) -> bool {
        match self.batch.strip_suffix('*') {
            Some(start) => batch.starts_with(start),
            None => self.batch == batch,
        }
    }
}

/// What the person configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// No deciding command exists.
    pub read_only: bool,
    /// Milliseconds from staging to sending.
    pub grace: i64,
    /// Where the cursor goes after a decision.
    pub after_decision: AfterDecision,
    /// More decisions than this at once are confirmed.
    pub confirm_count: usize,
    /// More money than this at once is confirmed.
    pub confirm_sum: Usd,
    /// The reject brake: more than this share (basis points) ...
    pub brake_share: u32,
    /// ... and more than this count, of a batch's or of one worker's decided work.
    pub brake_count: u32,
    /// More decisions than this in one read or within [`Options::burst_window`] stop and ask; 0 turns the brake off.
    pub burst_count: usize,
    /// Milliseconds.
    pub burst_window: i64,
    /// A single bonus above this is refused.
    pub bonus_limit: Usd,
    /// Reasons on digits.
    pub templates: Vec<Template>,
    /// Tabs after the built-in ones.
    pub views: Vec<SavedView>,
    /// Rules that the person runs by name.
    pub rules: Vec<Rule>,
    /// How batches' fields are shown; the first that fits.
    pub layouts: Vec<Layout>,
    /// Whether the mouse is on.
    pub mouse: bool,
    /// The person's time zone, for every time that is shown.
    pub zone: Zone,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            read_only: false,
            grace: 5_000,
            after_decision: AfterDecision::NextUndecided,
            confirm_count: 25,
            confirm_sum: Usd::cents(1_000),
            brake_share: 2_000,
            brake_count: 10,
            burst_count: 5,
            burst_window: 300,
            bonus_limit: Usd::cents(10_000),
            templates: Vec::new(),
            views: Vec::new(),
            rules: Vec::new(),
            layouts: Vec::new(),
            mouse: false,
            zone: Zone::default(),
        }
    }
}
