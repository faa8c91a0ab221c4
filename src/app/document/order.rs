//! Which fields of an item and of an answer are shown first, and which not at all: what the person configured for a batch.

use super::super::options::Layout;

/// The fields to show, in their order, and how many are left out.
pub(super) fn arrange<'t, T: ?Sized>(
    layout: Option<&Layout>,
    fields: impl Iterator<Item = &'t T>,
    name: impl Fn(&T) -> &str,
) -> (Vec<&'t T>, usize) {
    let mut shown: Vec<&T> = fields.collect();
    let Some(layout) = layout else { return (shown, 0) };
    let all = shown.len();
    shown.retain(|field| !layout.hide.iter().any(|hidden| hidden == name(field)));
    let hidden = all - shown.len();
    // Fields that are not named keep their order behind those that are.
    shown.sort_by_key(|field| layout.first.iter().position(|first| first == name(field)).unwrap_or(usize::MAX));
    (shown, hidden)
}
