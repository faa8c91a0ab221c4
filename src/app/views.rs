//! Saved views as tabs, and the filter that is in force.

use super::options::SavedView;

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
}

/// The tabs and the filter.
#[derive(Debug, Clone, PartialEq)]
pub struct Views {
    /// The tabs: undecided, all, then the person's own.
    pub tabs: Vec<View>,
    /// The tab that is shown.
    pub current: usize,
    /// The filter in force, as text: the tab's query until the person types another.
    pub filter: String,
}

impl Views {
    /// The built-in tabs and the person's own.
    pub fn new(saved: &[SavedView]) -> Self {
        let built_in = [("undecided", "status:submitted"), ("all", "")].map(|(name, query)| (name, query));
        let own = saved.iter().map(|view| (view.name.as_str(), view.query.as_str()));
        let tab = |(name, query): (&str, &str)| View {
            name: name.to_owned(),
            query: query.to_owned(),
            count: None,
            error: None,
        };
        let tabs: Vec<View> = built_in.into_iter().chain(own).map(tab).collect();
        Views { filter: tabs[0].query.clone(), tabs, current: 0 }
    }

    /// Whether the filter is not the tab's own.
    pub fn is_changed(&self) -> bool {
        self.tabs.get(self.current).is_none_or(|tab| tab.query != self.filter)
    }
}
