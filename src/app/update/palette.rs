//! The command palette: any command by a few letters of its name, with what may follow it.

use super::overlay::{page, step_of};
use super::{command, prompt};
use crate::app::command::{COMMANDS, CommandId, CommandSpec, enabled};
use crate::app::effect::Effect;
use crate::app::key::{Code, Key};
use crate::app::overlay::{Overlay, Palette, PaletteItem};
use crate::app::state::State;
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use tui_input::{Input, InputRequest};

/// Opens the palette.
pub(super) fn open(state: &mut State) {
    let palette = Palette { input: Input::default(), items: items(state, ""), cursor: 0, offset: 0, error: None };
    state.overlay = Some(Overlay::Palette(palette));
}

/// The commands that fit what is typed, best first: by name, then by title.
fn items(state: &State, typed: &str) -> Vec<PaletteItem> {
    let wanted = typed.split_whitespace().next().unwrap_or("");
    let allowed = COMMANDS.iter().filter(|spec| !(state.options.read_only && spec.is_deciding()));
    let mut matcher = Matcher::new(Config::DEFAULT);
    let pattern = Pattern::parse(wanted, CaseMatching::Ignore, Normalization::Smart);
    let mut buffer = Vec::new();
    let mut score = |text: &str| pattern.score(Utf32Str::new(text, &mut buffer), &mut matcher);
    let mut found: Vec<(u32, &CommandSpec)> = allowed
        .filter_map(|spec| {
            // A name counts for more than the words that explain it.
            let named = score(spec.name).map(|score| score * 2 + u32::from(spec.name == wanted) * 1_000);
            named.max(score(spec.title)).map(|score| (score, spec))
        })
        .collect();
    if wanted.is_empty() {
        found.retain(|(_, spec)| !spec.is_repeatable());
    }
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    let mut items: Vec<PaletteItem> = found
        .into_iter()
        .map(|(_, spec)| PaletteItem {
            command: spec.id,
            name: spec.name,
            title: spec.title,
            keys: state.keymap.words(spec.id),
            disabled: enabled(state, spec.id).err(),
        })
        .collect();
    // What does nothing now comes last, unless it was asked for by its whole name: then it says why.
    items.sort_by_key(|item| item.disabled.is_some() && item.name != wanted);
    items
}

fn refresh(state: &mut State) {
    let Some(Overlay::Palette(palette)) = &state.overlay else { return };
    let items = items(state, palette.input.value());
    if let Some(Overlay::Palette(palette)) = &mut state.overlay {
        palette.items = items;
        (palette.cursor, palette.offset, palette.error) = (0, 0, None);
    }
}

/// Puts text in at the cursor.
pub(super) fn insert(state: &mut State, text: &str) {
    if let Some(Overlay::Palette(palette)) = &mut state.overlay {
        for c in text.chars() {
            palette.input.handle(InputRequest::InsertChar(c));
        }
    }
    refresh(state);
}

/// One key.
pub(super) fn press(state: &mut State, key: Key, fx: &mut Vec<Effect>) {
    let Some(Overlay::Palette(palette)) = &state.overlay else { return };
    let page = page(state, 1 + usize::from(palette.error.is_some()));
    let moves = match key {
        Key { code: Code::Char('n'), ctrl: true, .. } => Some(1),
        Key { code: Code::Char('p'), ctrl: true, .. } => Some(-1),
        // Letters are typed here.
        Key { code: Code::Char(_) | Code::Home | Code::End, .. } => None,
        key => step_of(key, page),
    };
    let Some(Overlay::Palette(palette)) = &mut state.overlay else { return };
    match (key.code, moves) {
        (Code::Esc, _) => state.overlay = None,
        (Code::Enter, _) => run(state, fx),
        (Code::Tab, _) => {
            if let Some(item) = palette.items.get(palette.cursor) {
                palette.input = Input::new(format!("{} ", item.name));
                refresh(state);
            }
        }
        (_, Some(step)) => {
            palette.cursor = palette.cursor.saturating_add_signed(step).min(palette.items.len().saturating_sub(1));
            super::motion::turn(&mut palette.offset, palette.cursor, page);
        }
        _ => {
            if prompt::request(key).and_then(|request| palette.input.handle(request)).is_some_and(|c| c.value) {
                refresh(state);
            }
        }
    }
}

/// Runs what was typed: a whole name with its argument, else the line under the cursor.
fn run(state: &mut State, fx: &mut Vec<Effect>) {
    let Some(Overlay::Palette(palette)) = &mut state.overlay else { return };
    let typed = palette.input.value().trim().to_owned();
    let (name, argument) = typed.split_once(char::is_whitespace).unwrap_or((&typed, ""));
    let whole = CommandId::named(name).filter(|_| palette.cursor == 0);
    let id = whole.or_else(|| palette.items.get(palette.cursor).map(|item| item.command));
    let Some(id) = id else {
        palette.error = Some(format!("there is no command \"{name}\""));
        return;
    };
    if id.spec().argument.is_none() && !argument.is_empty() {
        palette.error = Some(format!("\"{}\" takes nothing after its name", id.spec().name));
        return;
    }
    if let Err(why) = enabled(state, id) {
        if let Some(Overlay::Palette(palette)) = &mut state.overlay {
            palette.error = Some(format!("{}: {why}", id.spec().name));
        }
        return;
    }
    state.overlay = None;
    command::dispatch(state, id, argument.trim(), fx);
}
