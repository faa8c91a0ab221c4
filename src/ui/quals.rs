//! The Qualifications screen.

use super::paint::Painter;
use super::theme::Role;
use super::viewer;
use crate::app::format;
use crate::app::layout::{Area, Pane};
use crate::app::outbox::{Badge, Stage};
use crate::app::quals::{Item, Tab};
use crate::app::state::State;
use crate::domain::decision::Target;
use crate::domain::qualification::{KnownType, Qualification, QualificationRequest, TypeStatus};
use crate::domain::system_type::SystemType;
use crate::domain::text::SafeText;

/// Draws the list of qualification types; its first line stands for all of them.
pub fn types(p: &mut Painter<'_>, state: &State, area: Area) {
    let known = state.people.known.as_ref();
    let all: &[KnownType] = known.map_or(&[], |known| &known.types);
    let title = if state.focus == Pane::Types { Role::Title } else { Role::Strong };
    p.text(area.x + 1, area.y, area.width, &format!("Qualification types {}", format::count(all.len())), title);
    // holders, requests, how it is given, status
    const REST: u16 = 8 + 6 + 2 + 8 + 2 + 8;
    let name = area.width.saturating_sub(REST + 3);
    let names = area.body().head();
    p.text(names.x + 2, names.y, name, "name", Role::Quiet);
    p.text(names.x + 2 + name, names.y, REST, " holders asking  given     status", Role::Quiet);
    let body = area.body().body();
    let spot = state.people.kind;
    let lines = [None].into_iter().chain(all.iter().map(Some)).skip(spot.offset);
    for (y, one) in (body.y..body.y + body.height).zip(lines) {
        match one {
            None => {
                let held = known.map_or(0, |known| known.qualifications.iter().filter(|it| !it.revoked).count());
                let asking = known.map_or(0, |known| known.requests.len());
                p.text(body.x + 2, y, name, "all of them", Role::Text);
                counts(p, body.x + 2 + name, y, held, asking);
            }
            Some(one) => {
                let role = if one.own { Role::Text } else { Role::Quiet };
                p.safe(body.x + 2, y, name, &SafeText::line(&one.it.name), role);
                let x = body.x + 2 + name;
                if SystemType::of(one.it.id.as_str()).is_none() {
                    counts(p, x, y, one.holders as usize, one.requests as usize);
                }
                p.text(x + 16, y, 8, given(one), Role::Quiet);
                standing(p, state, x + 26, y, one);
            }
        }
    }
    cursor(p, state, Pane::Types, body, spot.cursor.saturating_sub(spot.offset));
}

fn counts(p: &mut Painter<'_>, x: u16, y: u16, holders: usize, asking: usize) {
    p.right(x, y, 8, &format::count(holders), Role::Text);
    let role = if asking > 0 { Role::Warn } else { Role::Quiet };
    p.right(x + 8, y, 7, &format::count(asking), role);
}

const fn given(one: &KnownType) -> &'static str {
    match (&one.it.auto_granted, &one.it.test, &one.it.answer_key) {
        (Some(_), ..) => "auto",
        (None, Some(_), Some(_)) => "test+key",
        (None, Some(_), None) => "test",
        (None, None, _) if one.own => "by you",
        (None, None, _) => "",
    }
}

fn standing(p: &mut Painter<'_>, state: &State, x: u16, y: u16, one: &KnownType) {
    let badge = state.outbox.badge_of(&Target::Type(one.it.id.clone())).filter(|badge| badge.stage != Stage::Sent);
    match badge {
        Some(badge) => drop(p.text(x, y, 8, badge.stage.title(), badge_role(badge))),
        None => {
            let role = if one.it.status == TypeStatus::Active { Role::Good } else { Role::Quiet };
            p.text(x, y, 9, one.it.status.name(), role);
        }
    }
}

const fn badge_role(badge: Badge) -> Role {
    match badge.stage {
        Stage::Failed => Role::Bad,
        Stage::Sent => Role::Good,
        _ => Role::Warn,
    }
}

fn cursor(p: &mut Painter<'_>, state: &State, pane: Pane, body: Area, at: usize) {
    if at < usize::from(body.height) {
        let y = body.y + at as u16;
        let role = if state.focus == pane { Role::Cursor } else { Role::Idle };
        p.text(body.x, y, 1, ">", Role::Text);
        p.over(body.x, y, body.width.min(18), role);
    }
}

/// Draws what stands beside the types.
pub fn tab(p: &mut Painter<'_>, state: &State, area: Area) {
    p.horizontal(area.x, area.y, area.width);
    heading(p, state, area.head());
    let (list, text) = state.quals_areas();
    let quals = &state.people.quals;
    if quals.tab.is_list() {
        let items = state.quals_items();
        let range = state.quals_range(&items);
        let shown = items.iter().enumerate().skip(quals.spot.offset);
        for (y, (at, item)) in (list.y..list.y + list.height).zip(shown) {
            let in_range = range.as_ref().is_some_and(|range| range.contains(&at));
            line(p, state, Area { y, height: 1, ..list }, *item, in_range);
        }
        if items.is_empty() {
            let words = if quals.tab == Tab::Requests { "Nobody waits." } else { "Nobody." };
            p.text(list.x + 2, list.y, list.width, words, Role::Quiet);
        } else {
            cursor(p, state, Pane::TypeTab, list, quals.spot.cursor.saturating_sub(quals.spot.offset));
        }
    }
    let Some(document) = state.quals_text() else { return };
    for (y, line) in (text.y..text.y + text.height).zip(document.lines.iter().skip(quals.scroll)) {
        viewer::line(p, Area { x: text.x + 1, y, width: text.width.saturating_sub(1), height: 1 }, line);
    }
}

fn heading(p: &mut Painter<'_>, state: &State, area: Area) {
    let end = area.x + area.width;
    let mut x = area.x + 1;
    for tab in Tab::ALL {
        let active = tab == state.people.quals.tab;
        let role = if active { Role::Title } else { Role::Quiet };
        let words = if active { format!("[{}]", tab.title()) } else { format!(" {} ", tab.title()) };
        x += p.text(x, area.y, end.saturating_sub(x), &words, role);
    }
    let quals = &state.people.quals;
    let mut more = if quals.tab.is_list() { quals.shown.words() } else { String::new() };
    if quals.anchor.is_some() {
        more = format!("{more} {} in range", format::count(state.quals_targets().len()));
    } else if !quals.marks.is_empty() {
        let shown = if quals.tab.is_list() { state.quals_marked() } else { 0 };
        let hidden = match quals.marks.len() - shown {
            0 => String::new(),
            hidden => format!(", {} hidden", format::count(hidden)),
        };
        more = format!("{more} {} marked{hidden}", format::count(shown));
    }
    if !more.trim().is_empty() {
        p.text(x + 1, area.y, end.saturating_sub(x + 1), &format!(" {} ", more.trim()), Role::Mark);
    }
}

fn line(p: &mut Painter<'_>, state: &State, area: Area, item: Item<'_>, in_range: bool) {
    let target = item.target();
    if in_range || state.people.quals.marks.contains(&target) {
        p.text(area.x + 1, area.y, 1, "*", Role::Mark);
    }
    p.safe(area.x + 2, area.y, 16, &SafeText::line(&state.name_of(item.worker())).shorten(16), Role::Text);
    let x = area.x + 20;
    match item {
        Item::Holder(held) => holder(p, state, x, area.y, held),
        Item::Request(asked) => request(p, state, x, area.y, asked),
    }
    let (x, end) = (x + 30, area.x + area.width);
    let mut at = x;
    if let Some(badge) = state.outbox.badge_of(&target).filter(|badge| shows(*badge, item)) {
        let words = format!("{} {}", badge.verb, badge.stage.title());
        at += p.text(at, area.y, end.saturating_sub(at), &words, badge_role(badge)) + 2;
    }
    if state.type_here().is_none()
        && let Some(kind) = state.people.known.as_ref().and_then(|known| item.kind(known))
    {
        p.safe(at, area.y, end.saturating_sub(at + 1), &SafeText::line(&kind.it.name), Role::Quiet);
    }
}

/// What was sent stays on a request until it is gone; a holder's line says it by itself.
fn shows(badge: Badge, item: Item<'_>) -> bool {
    badge.stage != Stage::Sent || matches!(item, Item::Request(_))
}

fn holder(p: &mut Painter<'_>, state: &State, x: u16, y: u16, held: &Qualification) {
    let score = held.score.map_or("-".to_owned(), |score| score.to_string());
    p.right(x, y, 11, &score, Role::Strong);
    match held.granted {
        _ if held.revoked => drop(p.text(x + 13, y, 16, "revoked", Role::Bad)),
        Some(time) => drop(p.text(x + 13, y, 16, &format::day_clock(time, state.options.zone), Role::Quiet)),
        None => {}
    }
}

fn request(p: &mut Painter<'_>, state: &State, x: u16, y: u16, asked: &QualificationRequest) {
    if let Some(time) = asked.submitted {
        p.text(x, y, 16, &format::day_clock(time, state.options.zone), Role::Quiet);
    }
    let (value, role) = match state.proposed_value(asked) {
        Some(value) => (value.to_string(), Role::Strong),
        None => ("?".to_owned(), Role::Warn),
    };
    p.right(x + 17, y, 11, &value, role);
}
