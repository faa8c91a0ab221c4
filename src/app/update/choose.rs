//! Short lists to choose from: order, headings, columns, what to copy.

use super::motion::{Fallback, rebuild};
use super::overlay::{closes, step_of};
use super::{batches, copy, input, rules, workers};
use crate::app::effect::Effect;
use crate::app::key::{Code, Key};
use crate::app::list::{Column, GroupBy, SortBy};
use crate::app::overlay::{Choice, ChoiceItem, Chooser, CopyWhat, Overlay};
use crate::app::state::State;

/// Opens a chooser.
pub(super) fn open(state: &mut State, title: &'static str, items: Vec<ChoiceItem>, many: bool) {
    let cursor = items.iter().position(|item| item.checked && !many).unwrap_or(0);
    state.overlay = Some(Overlay::Chooser(Chooser { title, items, cursor, many }));
}

/// Letters for the lines: the first letter of the label that no line above has taken.
pub(super) fn with_letters(items: impl Iterator<Item = (String, bool, Choice)>) -> Vec<ChoiceItem> {
    let mut taken = vec!['j', 'k', 'g', 'q'];
    items
        .map(|(label, checked, choice)| {
            let letters = label.to_lowercase();
            let free = letters.chars().chain('a'..='z').find(|c| c.is_ascii_lowercase() && !taken.contains(c));
            let key = free.unwrap_or(' ');
            taken.push(key);
            ChoiceItem { key, label, checked, choice }
        })
        .collect()
}

/// Offers the orders.
pub(super) fn open_sort(state: &mut State) {
    let (sort, descending) = (state.list.sort, state.list.descending);
    let label = |by: SortBy| {
        let turned = if by == sort && descending { ", the last first" } else { "" };
        format!("{}{turned}", by.title())
    };
    let items = with_letters(SortBy::ALL.into_iter().map(|by| (label(by), by == sort, Choice::Sort(by))));
    open(state, "Sort by (the same again turns it round)", items, false);
}

/// Offers the headings.
pub(super) fn open_group(state: &mut State) {
    let group = state.list.group;
    let items = GroupBy::ALL.into_iter().map(|by| (by.title().to_owned(), by == group, Choice::Group(by)));
    open(state, "Group by", with_letters(items), false);
}

/// Offers the columns.
pub(super) fn open_columns(state: &mut State) {
    open(state, "Columns", columns(state), true);
}

fn columns(state: &State) -> Vec<ChoiceItem> {
    let shown = |column| state.list.columns.contains(&column);
    let items =
        Column::ALL.into_iter().map(|column| (column.title().to_owned(), shown(column), Choice::Column(column)));
    with_letters(items)
}

/// Offers what can be copied.
pub(super) fn open_copy(state: &mut State) {
    let items = CopyWhat::ALL.into_iter().map(|what| (what.title().to_owned(), false, Choice::Copy(what)));
    open(state, "Copy", with_letters(items), false);
    // The identifiers are part of the details, which a hidden viewer has not asked for.
    state.wants_detail = true;
}

/// One key.
pub(super) fn press(state: &mut State, key: Key, fx: &mut Vec<Effect>) {
    let Some(Overlay::Chooser(chooser)) = &mut state.overlay else { return };
    let last = chooser.items.len().saturating_sub(1);
    let letter = input::character(key).and_then(|c| chooser.items.iter().position(|item| item.key == c));
    if let Some(at) = letter {
        chooser.cursor = at;
        choose(state, fx);
    } else if let Some(step) = step_of(key, last) {
        chooser.cursor = chooser.cursor.saturating_add_signed(step).min(last);
    } else if key.code == Code::Enter || (chooser.many && input::character(key) == Some(' ')) {
        if chooser.many && key.code == Code::Enter {
            state.overlay = None;
        } else {
            choose(state, fx);
        }
    } else if closes(key) {
        state.overlay = None;
    }
}

fn choose(state: &mut State, fx: &mut Vec<Effect>) {
    let Some(Overlay::Chooser(chooser)) = &state.overlay else { return };
    let (many, cursor) = (chooser.many, chooser.cursor);
    let Some(choice) = chooser.items.get(cursor).map(|item| item.choice) else { return };
    if !many {
        state.overlay = None;
    }
    match choice {
        Choice::Sort(by) => sort_by(state, by),
        Choice::Group(by) => group_by(state, by),
        Choice::Column(column) => {
            toggle_column(state, column);
            put_items(state, columns(state));
        }
        Choice::Copy(what) => copy::copy(state, what, fx),
        Choice::SortWorkers(by) => workers::sort_by(state, by),
        Choice::SortBatches(by) => batches::sort_by(state, by),
        Choice::SortHits(by) => batches::sort_hits(state, by),
        Choice::ColumnOfWorkers(column) => {
            workers::toggle_column(state, column);
            put_items(state, workers::columns(state));
        }
        Choice::Rule(at) => rules::run(state, at, fx),
    }
}

/// The lines say what is in force now.
fn put_items(state: &mut State, items: Vec<ChoiceItem>) {
    if let Some(Overlay::Chooser(chooser)) = &mut state.overlay {
        chooser.items = items;
    }
}

/// Sorts the list; by the same again: the other way round.
pub(super) fn sort_by(state: &mut State, by: SortBy) {
    state.list.descending = by == state.list.sort && !state.list.descending;
    state.list.sort = by;
    rebuild(state, Fallback::Near);
}

/// Puts headings into the list.
pub(super) fn group_by(state: &mut State, by: GroupBy) {
    state.list.group = by;
    rebuild(state, Fallback::Near);
}

/// Shows a column, or hides it.
pub(super) fn toggle_column(state: &mut State, column: Column) {
    let shown = &state.list.columns;
    let columns = Column::ALL.into_iter().filter(|one| shown.contains(one) != (*one == column));
    let columns: Vec<_> = columns.collect();
    if !columns.is_empty() {
        state.list.columns = columns;
    }
}
