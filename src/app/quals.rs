//! The Qualifications screen: the types, and beside them the type itself, who holds it, who asks for it, its test.

mod builder;
mod editor;
mod page;
pub mod scores;
mod shown;
pub mod span;
mod system;
mod test;
mod tryout;

pub use builder::{Builder, Column, Looked, Typing};
pub use editor::{Change, Field, TypeForm};
pub use shown::Shown;
pub use system::system_types;
pub use tryout::Tryout;

use super::event::RequestId;
use super::layout::{Area, Pane};
use super::outbox::{Badge, Stage};
use super::people::{Known, Spot};
use super::state::State;
use crate::domain::decision::Target;
use crate::domain::id::{QualificationTypeId, WorkerId};
use crate::domain::qualification::{KnownType, Qualification, QualificationRequest, QualificationType};
use crate::domain::requirement::Required;
use crate::question::answer_key::{self, AnswerKey, Score};
use crate::question::sheet::AnswerSheet;
use std::collections::HashSet;
use std::ops::RangeInclusive;

/// What stands beside the list of types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tab {
    /// Everything that is known of the type.
    #[default]
    Details,
    /// Who holds it, or held it.
    Holders,
    /// Who asks for it.
    Requests,
    /// Its test, as a worker sees it, and its key.
    Test,
}

impl Tab {
    /// All of them, from left to right.
    pub const ALL: [Tab; 4] = [Tab::Details, Tab::Holders, Tab::Requests, Tab::Test];

    /// The word for people.
    pub const fn title(self) -> &'static str {
        match self {
            Tab::Details => "type",
            Tab::Holders => "holders",
            Tab::Requests => "requests",
            Tab::Test => "test",
        }
    }

    /// Whether it has a list, whose lines can be marked and decided.
    pub const fn is_list(self) -> bool {
        matches!(self, Tab::Holders | Tab::Requests)
    }
}

/// Where the part beside the types stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Quals {
    /// What it shows.
    pub tab: Tab,
    /// Where its list stands.
    pub spot: Spot,
    /// The first visible line of its text.
    pub scroll: usize,
    /// Which holders and requests it shows.
    pub shown: Shown,
    /// The marked holders and requests.
    pub marks: HashSet<Target>,
    /// Where a range was begun.
    pub anchor: Option<Target>,
    /// Whether the types of the system stand among the others.
    pub system: bool,
    /// The score file that is being read, and for which type.
    pub reading: Option<(RequestId, QualificationTypeId)>,
    /// The list of workers that waits for a score for all of them, and for which type.
    pub list: Option<(QualificationTypeId, String)>,
    /// The requirements that were put together last: what a batch may be given.
    pub required: Vec<Required>,
    /// The file of workers that is being read because they are to be excluded.
    pub excluding: Option<(RequestId, String)>,
    /// The batch file that is being read because it is to require something as well: who asked, its path, what.
    pub requiring: Option<(RequestId, String, Vec<Required>)>,
}

/// A line of the list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Item<'a> {
    /// Who holds a qualification, or held it.
    Holder(&'a Qualification),
    /// Who asks for one.
    Request(&'a QualificationRequest),
}

impl<'a> Item<'a> {
    /// What a decision about it acts on.
    pub fn target(self) -> Target {
        match self {
            Item::Holder(held) => Target::Qualification(held.type_id.clone(), held.worker.clone()),
            Item::Request(asked) => Target::Request(asked.id.clone()),
        }
    }

    /// Whom it is about.
    pub const fn worker(self) -> &'a WorkerId {
        match self {
            Item::Holder(held) => &held.worker,
            Item::Request(asked) => &asked.worker,
        }
    }

    /// Its type, if it is known.
    pub fn kind(self, known: &Known) -> Option<&KnownType> {
        let id = match self {
            Item::Holder(held) => &held.type_id,
            Item::Request(asked) => &asked.type_id,
        };
        known.types.iter().find(|one| one.it.id == *id)
    }

    /// Whether its type is the account's own.
    pub fn is_own(self, state: &State) -> bool {
        state.people.known.as_ref().and_then(|known| self.kind(known)).is_some_and(|kind| kind.own)
    }
}

/// Where the list and where the text of a tab are, below its heading.
pub const fn split(body: Area, tab: Tab) -> (Area, Area) {
    let lines = match tab {
        Tab::Details | Tab::Test => 0,
        Tab::Holders => body.height,
        Tab::Requests => body.height / 3,
    };
    let list = Area { height: lines, ..body };
    (list, Area { y: body.y + lines, height: body.height - lines, ..body })
}

impl State {
    /// The type under the cursor; none on the line that stands for all of them.
    pub fn type_here(&self) -> Option<&KnownType> {
        self.people.known.as_ref()?.types.get(self.people.kind.cursor.checked_sub(1)?)
    }

    /// The lines of the tab that is shown.
    pub fn quals_items(&self) -> Vec<Item<'_>> {
        let Some(known) = &self.people.known else { return Vec::new() };
        let here = self.type_here().map(|kind| &kind.it.id);
        let is_here = |id: &QualificationTypeId| here.is_none_or(|here| here == id);
        let shown = |item: &Item<'_>| self.quals_fits(&self.people.quals.shown, *item);
        match self.people.quals.tab {
            Tab::Details | Tab::Test => Vec::new(),
            Tab::Holders => {
                let some = known.qualifications.iter().filter(|held| is_here(&held.type_id));
                some.map(Item::Holder).filter(shown).collect()
            }
            Tab::Requests => {
                let some = known.requests.iter().filter(|asked| is_here(&asked.type_id));
                some.map(Item::Request).filter(shown).collect()
            }
        }
    }

    /// Whether a line is one of those that are shown, or to be marked. Of a request the score is what would be granted.
    pub(super) fn quals_fits(&self, shown: &Shown, item: Item<'_>) -> bool {
        let taken = match item {
            Item::Holder(held) => shown.takes(|| held.score, Some(held.revoked)),
            Item::Request(asked) => shown.takes(|| self.proposed_value(asked), None),
        };
        let facts = || self.people.workers.named(item.worker()).map(|one| one.facts(self.now.time));
        taken && (!shown.asks() || shown.asks_for(facts()))
    }

    /// The lines of a range that was begun, up to the cursor.
    pub fn quals_range(&self, items: &[Item<'_>]) -> Option<RangeInclusive<usize>> {
        let anchor = self.people.quals.anchor.as_ref()?;
        let (from, to) = (items.iter().position(|item| item.target() == *anchor)?, self.people.quals.spot.cursor);
        Some(from.min(to)..=from.max(to))
    }

    /// The line under the cursor of the tab.
    pub fn quals_item(&self) -> Option<Item<'_>> {
        self.quals_items().get(self.people.quals.spot.cursor).copied()
    }

    /// What a decision acts on: the marked lines that are shown and the range that was begun, else the one under the cursor.
    pub fn quals_targets(&self) -> Vec<Item<'_>> {
        let (items, marks) = (self.quals_items(), &self.people.quals.marks);
        let range = self.quals_range(&items);
        let in_range = |line: usize| range.as_ref().is_some_and(|range| range.contains(&line));
        let wanted = |(line, item): &(usize, &Item<'_>)| in_range(*line) || marks.contains(&item.target());
        let marked = || items.iter().enumerate().filter(wanted).map(|(_, item)| *item).collect::<Vec<_>>();
        let marked = if marks.is_empty() && range.is_none() { Vec::new() } else { marked() };
        if marked.is_empty() { items.get(self.people.quals.spot.cursor).copied().into_iter().collect() } else { marked }
    }

    /// How many of the marked lines are shown.
    pub fn quals_marked(&self) -> usize {
        let marks = &self.people.quals.marks;
        if marks.is_empty() {
            0
        } else {
            self.quals_items().iter().filter(|item| marks.contains(&item.target())).count()
        }
    }

    /// What the key of its type makes of the answers to a test.
    pub fn score_of(&self, asked: &QualificationRequest) -> Option<(AnswerKey, Score)> {
        let kind = Item::Request(asked).kind(self.people.known.as_ref()?)?;
        key_score(&kind.it, asked)
    }

    /// The value that a request would be granted with: what the key says, or 1, as the API does, where nothing is tested.
    pub fn proposed_value(&self, asked: &QualificationRequest) -> Option<i32> {
        match asked.test {
            None => Some(1),
            Some(_) => self.score_of(asked).map(|(_, score)| score.value),
        }
    }

    /// What is on its way for a line. A request that was answered stays answered, also before it is read again.
    pub fn quals_live(&self, item: Item<'_>) -> Option<Badge> {
        let badge = self.outbox.badge_of(&item.target())?;
        let over = badge.stage == Stage::Failed || (badge.stage == Stage::Sent && matches!(item, Item::Holder(_)));
        (!over).then_some(badge)
    }

    /// Where the list and the text of the tab are on the screen.
    pub fn quals_areas(&self) -> (Area, Area) {
        split(self.layout().content(Pane::TypeTab), self.people.quals.tab)
    }
}

/// What the key of a type makes of the answers to its test; none where there is no key, no answer, or the key cannot be
/// read.
pub fn key_score(it: &QualificationType, asked: &QualificationRequest) -> Option<(AnswerKey, Score)> {
    let key = answer_key::read(it.answer_key.as_deref()?).ok()?.value;
    let score = score_by(&key, asked)?;
    Some((key, score))
}

/// What a key makes of the answers to a test; none where there are none.
pub fn score_by(key: &AnswerKey, asked: &QualificationRequest) -> Option<Score> {
    Some(answer_key::score(key, &AnswerSheet::read(asked.answer.as_deref()?)))
}
