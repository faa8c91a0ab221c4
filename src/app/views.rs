//! Saved views as tabs, and the filter that is in force.

use super::arrange::{Asking, Work};
use super::event::RequestId;
use super::model::Model;
use super::options::SavedView;
use crate::domain::query::{Found, Query, parse};
use crate::domain::time::Time;

/// One tab.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// Its title.
    pub name: String,
    /// Its query; empty for everything.
    pub query: String,
    /// How many assignments of the account fit it; none while that is not known.
    pub count: Option<u32>,
    /// Why its query cannot be read.
    pub error: Option<String>,
    pub(super) parsed: Option<Query>,
}

impl View {
    fn new(name: &str, query: &str) -> Self {
        let (parsed, error) = match parse(query) {
            Ok(parsed) => (Some(parsed), None),
            Err(error) => (None, Some(error.to_string())),
        };
        View { name: name.to_owned(), query: query.to_owned(), count: None, error, parsed }
    }
}

/// What a lookup of texts in the store is for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Purpose {
    /// The filter.
    Filter(Query),
    /// Marking.
    Mark(Query),
    /// Running the rule at this place.
    Rule(usize),
    /// Counting what fits each rule.
    Rules,
}

/// A query that waits for the store.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Waiting {
    pub(super) request: RequestId,
    pub(super) purpose: Purpose,
}

/// The list in the making.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Arranging {
    pub(super) work: Work,
    /// What is in force when the list is made, if it is another query than now.
    pub(super) query: Option<(Query, Found)>,
    /// Whether the cursor goes to the top when its row is not there any more.
    pub(super) top: bool,
}

/// The tabs whose rows are being counted.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Counting {
    pub(super) tab: usize,
    /// The next row.
    pub(super) at: usize,
    pub(super) count: u32,
}

/// The tabs and the filter.
#[derive(Debug, Clone, PartialEq)]
pub struct Views {
    /// The tabs: undecided, all, then the person's own.
    pub tabs: Vec<View>,
    /// The tab that is shown.
    pub current: usize,
    /// The filter, as text: the tab's query until the person types another.
    pub filter: String,
    pub(super) query: Query,
    pub(super) found: Found,
    pub(super) waiting: Option<Waiting>,
    pub(super) arranging: Option<Box<Arranging>>,
    pub(super) counting: Option<Counting>,
    /// The rows that the person's own tabs were last counted over.
    pub(super) counted: u64,
}

impl Views {
    /// The built-in tabs and the person's own.
    pub fn new(saved: &[SavedView]) -> Self {
        let built_in = [("undecided", "status:submitted"), ("all", "")].into_iter();
        let own = saved.iter().map(|view| (view.name.as_str(), view.query.as_str()));
        let tabs: Vec<View> = built_in.chain(own).map(|(name, query)| View::new(name, query)).collect();
        let query = tabs[0].parsed.clone().unwrap_or_else(Query::all);
        Views {
            filter: tabs[0].query.clone(),
            query,
            tabs,
            current: 0,
            found: Found::default(),
            waiting: None,
            arranging: None,
            counting: None,
            counted: 0,
        }
    }

    /// The filter, ready to be asked of rows.
    pub(super) fn asking<'a>(&'a self, model: &'a Model, now: Time, me: &'a str) -> Asking<'a> {
        Asking { model, query: &self.query, found: &self.found, now, me }
    }

    /// Whether the filter is not the tab's own.
    pub fn is_changed(&self) -> bool {
        self.tabs.get(self.current).is_none_or(|tab| tab.query != self.filter)
    }

    /// Whether the list still shows the previous result while texts or very many rows are looked at.
    pub fn is_waiting(&self) -> bool {
        self.waiting.is_some() || self.arranging.is_some()
    }

    /// How far the list is that is being made, for the person.
    pub fn progress(&self) -> Option<String> {
        let tenths = self.arranging.as_ref().map(|arranging| arranging.work.tenths())?;
        Some(format!("arranging {}0 %", tenths.min(9)))
    }
}
