//! The Batches screen: what every batch amounts to, a page for the one under the cursor, and what may be done to its HITs.
//! What is added up is remembered: for a frame nothing is computed.

pub mod act;
pub mod anew;
mod file;
mod known;
pub mod line;
mod page;
mod picks;
mod publish;
mod sort;
mod watch;
mod work;

pub use anew::AnewAsk;
pub(in crate::app) use file::cost_rows;
pub use file::{Checked, Looked, OpenFile, Preview};
pub use known::{Bonuses, KnownBatches, Published};
pub use page::percent;
pub use picks::Picks;
pub use publish::{Ended, PublishAsk, Running};
pub use sort::{BatchSort, HitSort};

use super::format;
use super::layout::Pane;
use super::list::Scope;
use super::model::Model;
use super::people::Spot;
use super::state::State;
use crate::domain::batch_stats::{BatchStats, Gather};
use crate::domain::fees::FeeSchedule;
use crate::domain::hit::HitStatus;
use crate::domain::key::HitKey;
use crate::domain::money::Usd;
use crate::domain::query::{BatchFacts, BatchQuery};
use crate::domain::time::{Now, Time};
use std::collections::HashMap;
use std::sync::Arc;
use work::Work;

/// Rows in memory up to which everything is added up at once.
const AT_ONCE: usize = 20_000;
/// What depends on the time is added up again when so many seconds have passed.
const MINUTE: i64 = 60;

/// A batch as the screen shows one.
#[derive(Debug, Clone, PartialEq)]
pub struct OneBatch {
    /// Its name.
    pub name: Arc<str>,
    /// What it amounts to.
    pub stats: BatchStats,
}

/// What stands below the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tab {
    /// How far it is, what it costs, what it pays.
    #[default]
    Progress,
    /// Its HITs, a line each.
    Hits,
    /// The batch file that is open: what the check says, how far its publishing is.
    File,
    /// A row of it as workers will see it.
    Preview,
}

impl Tab {
    /// All of them, from left to right.
    pub const ALL: [Tab; 4] = [Tab::Progress, Tab::Hits, Tab::File, Tab::Preview];

    /// The word for people.
    pub const fn title(self) -> &'static str {
        match self {
            Tab::Progress => "progress",
            Tab::Hits => "HITs",
            Tab::File => "file",
            Tab::Preview => "preview",
        }
    }

    /// Whether it is about the open batch file, and not about the batch under the cursor.
    pub const fn is_of_file(self) -> bool {
        matches!(self, Tab::File | Tab::Preview)
    }
}

/// The HITs of the batch under the cursor.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HitList {
    /// Those that are shown, in order.
    pub lines: Vec<HitKey>,
    /// How many there are.
    pub known: usize,
    /// Where the list stands.
    pub spot: Spot,
    /// What is marked.
    pub picks: Picks<HitKey>,
    /// The order.
    pub sort: HitSort,
    /// The other way round.
    pub turned: bool,
    /// The filter, as it was typed.
    pub filter: String,
    pub(super) query: BatchQuery,
    /// Of which batch, by which version of the model.
    made_of: Option<(Arc<str>, u64)>,
}

/// The Batches screen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Batches {
    all: Vec<OneBatch>,
    /// The places in `all` of those that are shown, in order.
    lines: Vec<u32>,
    /// The names of these.
    names: Vec<Arc<str>>,
    /// Where the list stands.
    pub spot: Spot,
    /// What is marked.
    pub picks: Picks<Arc<str>>,
    /// The order.
    pub sort: BatchSort,
    /// The other way round.
    pub turned: bool,
    /// The filter, as it was typed.
    pub filter: String,
    /// What stands below the list.
    pub tab: Tab,
    /// The first visible line of its text.
    pub scroll: usize,
    /// The HITs of the batch under the cursor.
    pub hits: HitList,
    /// The batch file that is open.
    pub file: Option<OpenFile>,
    /// What is being published now.
    pub running: Option<Running>,
    /// What the store knows beside the rows; none before it was read.
    pub known: Option<KnownBatches>,
    /// What an hour is to pay, where no batch file says so.
    pub target: Option<Usd>,
    pub(super) query: BatchQuery,
    work: Option<Box<Work>>,
    /// The model's version that this was made of, and when; none when it has to be made anew.
    made_of: Option<(u64, Time)>,
    /// Whether the order may be made anew: not while somebody looks at the list.
    pub(super) in_motion: bool,
    /// The part of the account that was opened in Review from here: Esc there comes back.
    pub(super) opened: Option<Scope>,
    /// HITs that are to be deleted as soon as it is known what of them was exported.
    pub(super) deleting: Option<act::On>,
}

impl Batches {
    /// How many are known.
    pub const fn known_count(&self) -> usize {
        self.all.len()
    }

    /// How many are shown.
    pub const fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether none is shown.
    pub const fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The batches that are shown, in order.
    pub fn shown(&self) -> impl Iterator<Item = &OneBatch> {
        self.lines.iter().filter_map(|place| self.all.get(*place as usize))
    }

    /// The names of those that are shown, in order.
    pub fn names(&self) -> &[Arc<str>] {
        &self.names
    }

    /// The batch under the cursor.
    pub fn current(&self) -> Option<&OneBatch> {
        self.all.get(*self.lines.get(self.spot.cursor)? as usize)
    }

    /// A batch by its name, shown or not.
    pub fn named(&self, name: &str) -> Option<&OneBatch> {
        self.all.iter().find(|one| *one.name == *name)
    }

    /// What a batch file said of the batch, if it was published from here.
    pub fn published(&self, name: &str) -> Option<&Published> {
        self.known.as_ref()?.published.get(name)
    }

    /// The bonuses of a batch; none before they are known.
    pub fn bonuses(&self, name: &str) -> Option<Bonuses> {
        Some(self.known.as_ref()?.bonuses.get(name).copied().unwrap_or_default())
    }

    /// Whether batches are being added up.
    pub const fn is_working(&self) -> bool {
        self.work.is_some()
    }

    /// Whether what is shown is older than the rows or than a minute.
    fn is_stale(&self, model: &Model, now: Time) -> bool {
        let fresh = |(version, at): (u64, Time)| version == model.version() && (now - at).0 < MINUTE;
        !self.made_of.is_some_and(fresh)
    }

    /// When what is shown has to be added up again because time has passed.
    pub(super) fn next_minute(&self, now: Now) -> Option<crate::domain::time::Millis> {
        let running = self.all.iter().any(|one| one.stats.is_running());
        let at = self.made_of.filter(|_| running)?.1;
        // The endpoint's clock may run faster than the person's: never more often than once a minute of theirs.
        (now.time > at).then(|| now.wall.plus(MINUTE * 1_000))
    }

    /// Brings everything in line with the rows, in steps when there are many of them. Says whether something has changed.
    pub(super) fn settle(&mut self, model: &Model, now: Time) -> bool {
        let mut changed = false;
        if self.work.is_none() && self.is_stale(model, now) {
            self.work = Some(Box::new(Work::new(model, now)));
            changed = model.rows().len() <= AT_ONCE && self.finish(model);
        }
        changed | self.list_hits(model, now)
    }

    fn finish(&mut self, model: &Model) -> bool {
        while self.work.is_some() {
            self.go_on(model);
        }
        true
    }

    /// The next step of adding up; says whether it was the last.
    pub(super) fn go_on(&mut self, model: &Model) -> bool {
        let Some(mut work) = self.work.take() else { return false };
        if !work.go_on(model, self.known.as_ref().map(|known| &known.asked)) {
            self.work = Some(work);
            return false;
        }
        self.made_of = Some((work.version, work.now));
        let depth = self.spot.cursor.saturating_sub(self.spot.offset);
        let under = self.current().map(|one| one.name.clone());
        let settled = !std::mem::take(&mut self.in_motion);
        let places = self.names.drain(..).enumerate().filter(|_| settled).map(|(place, name)| (name, place));
        let places: HashMap<Arc<str>, usize> = places.collect();
        self.all = work.done;
        self.arrange_on(under, &places, work.now, depth);
        true
    }

    /// Shows those that answer the query, in the order; the cursor stays on its batch.
    pub(super) fn arrange(&mut self, now: Time) {
        let depth = self.spot.cursor.saturating_sub(self.spot.offset);
        let under = self.current().map(|one| one.name.clone());
        self.arrange_on(under, &HashMap::new(), now, depth);
    }

    fn arrange_on(&mut self, under: Option<Arc<str>>, places: &HashMap<Arc<str>, usize>, now: Time, depth: usize) {
        let fits = |one: &OneBatch| {
            let facts = BatchFacts { names: [&one.name, ""], stats: &one.stats, now };
            self.query.is_all() || self.query.matches(&facts)
        };
        let fitting = (0u32..).zip(&self.all).filter(|(_, one)| fits(one)).map(|(place, _)| place);
        let mut lines: Vec<u32> = fitting.collect();
        let (all, sort) = (&self.all, self.sort);
        lines.sort_by(|a, b| sort.compare(&all[*a as usize], &all[*b as usize]));
        if self.turned {
            lines.reverse();
        }
        // Those who are shown keep their places and new ones come last: what arrives moves nothing under the cursor.
        lines.sort_by_key(|line| places.get(&all[*line as usize].name).copied().unwrap_or(usize::MAX));
        self.names = lines.iter().map(|line| all[*line as usize].name.clone()).collect();
        self.lines = lines;
        let kept = under.and_then(|name| self.names.iter().position(|one| *one == name));
        self.spot.cursor = kept.unwrap_or(self.spot.cursor).min(self.lines.len().saturating_sub(1));
        if kept.is_some() {
            self.spot.offset = self.spot.cursor.saturating_sub(depth);
        }
        if self.picks.anchor.as_ref().is_some_and(|anchor| !self.names.contains(anchor)) {
            self.picks.anchor = None;
        }
    }

    /// Lists the HITs of the batch under the cursor, unless that is done.
    fn list_hits(&mut self, model: &Model, now: Time) -> bool {
        let of = self.current().map(|one| (one.name.clone(), model.version()));
        if self.hits.made_of == of {
            return false;
        }
        let batch = of.as_ref().and_then(|(name, _)| model.batch_named(name)).map(|at| &model.batches()[at]);
        let same = self.hits.made_of.as_ref().map(|(name, _)| name) == of.as_ref().map(|(name, _)| name);
        let asked = self.known.as_ref().map(|known| &known.asked);
        let anew = |key| asked.map_or(0, |asked| asked.anew(key).assignments);
        let list = &mut self.hits;
        if !same {
            list.spot = Spot::default();
            list.picks.clear();
        }
        list.made_of = of;
        let under = list.lines.get(list.spot.cursor).copied();
        let mut lines = batch.map_or(Vec::new(), |batch| batch.hits.clone());
        list.known = lines.len();
        if !list.query.is_all() {
            lines.retain(|key| fits(model, &list.query, (*key, anew(*key)), now));
        }
        list.sort.arrange(model, &mut lines);
        if list.turned {
            lines.reverse();
        }
        let kept = under.and_then(|key| lines.iter().position(|one| *one == key));
        list.spot.cursor = kept.unwrap_or(list.spot.cursor).min(lines.len().saturating_sub(1));
        list.lines = lines;
        true
    }

    /// What is known of what HITs were to bring has changed: all is added up again.
    pub(super) fn add_up_again(&mut self) {
        self.made_of = None;
        self.list_again();
    }

    /// Takes the marks away that something acted on.
    pub(super) fn unmark(&mut self) {
        self.picks.clear();
        self.hits.picks.clear();
    }

    /// Has the HITs listed anew.
    pub(super) fn list_again(&mut self) {
        self.hits.made_of = None;
    }
}

/// Whether a HIT answers a query.
fn fits(model: &Model, query: &BatchQuery, (key, anew): (HitKey, u32), now: Time) -> bool {
    let Some(hit) = model.hit(key) else { return false };
    let mut gather = Gather::new(now, &FeeSchedule::AMAZON);
    gather.hit(hit, anew, model.slots_of_hit(key).map(|slot| &model.rows()[slot]));
    let stats = gather.done();
    query.matches(&BatchFacts { names: [hit.id.as_str(), &hit.title], stats: &stats, now })
}

impl State {
    /// What the page below the list is about: on the tabs of the open file its batch, else the batch under the cursor.
    pub fn page_title(&self) -> Option<&str> {
        match &self.batches.file {
            Some(file) if self.batches.tab.is_of_file() => Some(file.name()),
            _ => Some(&*self.batches.current()?.name),
        }
    }

    /// Why nothing can be done to a batch of the list from where the keys go: there is a file of another one.
    pub(super) fn other_file(&self) -> Option<String> {
        let file = self.batches.file.as_ref()?;
        if self.focus != Pane::BatchPage || !self.batches.tab.is_of_file() {
            return None;
        }
        let here = self.batches.current().map(|one| &*one.name);
        let same = here.is_some_and(|name| file.looked().is_some_and(|looked| looked.draft.spec.name.as_str() == name));
        let name = file.name();
        (!same)
            .then(|| format!("this page is about the file of {name}; Esc, then the cursor on the batch that is meant"))
    }

    /// The HITs that an action is for, and what they are called.
    pub(super) fn hits_here(&self) -> act::On {
        let batches = &self.batches;
        if self.focus == Pane::BatchPage && batches.tab == Tab::Hits {
            let list = &batches.hits;
            let (keys, marked) = list.picks.targets(&list.lines, list.spot.cursor);
            return act::On { keys, marked, name: None };
        }
        let (names, marked) = match self.focus {
            Pane::Batches => batches.picks.targets(&batches.names, batches.spot.cursor),
            _ => (batches.current().map(|one| one.name.clone()).into_iter().collect(), false),
        };
        let of = |name: &Arc<str>| self.model.batch_named(name).map(|at| &self.model.batches()[at].hits);
        let there = |key: &&HitKey| self.model.hit(**key).is_some_and(|hit| hit.status != HitStatus::Disposed);
        let keys = names.iter().filter_map(of).flatten().filter(there).copied().collect();
        let name = match names.as_slice() {
            [one] => act::called(one),
            many => format!("{} marked batches", format::count(many.len())),
        };
        act::On { keys, marked, name: Some(name) }
    }
}
