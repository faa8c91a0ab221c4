//! The command palette: any command by a few letters of its name, with what may follow it.

use super::overlay::{page, step_of};
use super::{command, prompt};
use crate::app::command::{COMMANDS, CommandId, CommandSpec, enabled};
use crate::app::complete::{self, Arguments, Candidate};
use crate::app::effect::Effect;
use crate::app::key::{Code, Key};
use crate::app::overlay::{Overlay, Palette, PaletteItem, PaletteLines};
use crate::app::state::State;
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use tui_input::{Input, InputRequest};

/// Opens the palette.
pub(super) fn open(state: &mut State) {
    let (lines, items) = offered(state, "");
    let palette = Palette { input: Input::default(), lines, items, cursor: 0, offset: 0, error: None };
    state.overlay = Some(Overlay::Palette(palette));
}

/// What is offered for what is typed: commands, or what can follow one.
fn offered(state: &State, typed: &str) -> (PaletteLines, Vec<PaletteItem>) {
    if let Some((name, argument)) = typed.trim_start().split_once(char::is_whitespace)
        && let Some(spec) = CommandId::named(name).map(CommandId::spec).filter(|spec| spec.argument.is_some())
    {
        let item = |candidate: Candidate| PaletteItem {
            command: spec.id,
            name: candidate.text,
            title: candidate.what,
            keys: String::new(),
            disabled: None,
        };
        match complete::arguments(state, spec, argument.trim_start()) {
            Arguments::OneOf(candidates) => {
                return (PaletteLines::Arguments, candidates.into_iter().map(item).collect());
            }
            Arguments::Query(candidates) => {
                let typed = Candidate { text: typed.to_owned(), what: "as it stands".to_owned() };
                return (PaletteLines::Query, std::iter::once(typed).chain(candidates).map(item).collect());
            }
            Arguments::Free => {}
        }
    }
    (PaletteLines::Commands, commands(state, typed))
}

/// The commands that fit what is typed, best first: by name, then by title.
fn commands(state: &State, typed: &str) -> Vec<PaletteItem> {
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
    // Of equals the shortest: it is the nearest to what is typed. Without anything typed the table's order stands.
    found.sort_by_key(|(score, spec)| (std::cmp::Reverse(*score), if wanted.is_empty() { 0 } else { spec.name.len() }));
    let mut items: Vec<PaletteItem> = found
        .into_iter()
        .map(|(_, spec)| PaletteItem {
            command: spec.id,
            name: spec.name.to_owned(),
            title: spec.argument.map_or(spec.title.to_owned(), |argument| format!("{} ({argument})", spec.title)),
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
    let (lines, items) = offered(state, palette.input.value());
    if let Some(Overlay::Palette(palette)) = &mut state.overlay {
        (palette.lines, palette.items) = (lines, items);
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
        (Code::Tab, _) => complete_line(state),
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

/// Puts the line under the cursor into the text; of a query, what all the ways to go on have in common.
fn complete_line(state: &mut State) {
    let Some(Overlay::Palette(palette)) = &mut state.overlay else { return };
    let text = match (palette.lines, palette.cursor) {
        (PaletteLines::Query, 0) => {
            let candidates = palette.items.iter().skip(1);
            let texts = candidates.map(|item| Candidate { text: item.name.clone(), what: String::new() });
            complete::common(&texts.collect::<Vec<_>>())
        }
        (_, at) => palette.items.get(at).map(|item| match palette.lines {
            PaletteLines::Commands if item.command.spec().argument.is_some() => format!("{} ", item.name),
            _ => item.name.clone(),
        }),
    };
    let Some(text) = text else { return };
    // Never back: what is typed may be in other capitals, or longer than what is common.
    if text.len() >= palette.input.value().len() {
        palette.input = Input::new(text);
        refresh(state);
    }
}

/// Runs what was typed: a whole name with its argument, else the line under the cursor.
fn run(state: &mut State, fx: &mut Vec<Effect>) {
    let Some(Overlay::Palette(palette)) = &mut state.overlay else { return };
    let line = match (palette.lines, palette.items.get(palette.cursor)) {
        (PaletteLines::Query, Some(_)) if palette.cursor > 0 => return complete_line(state),
        (PaletteLines::Arguments, Some(item)) => item.name.clone(),
        // Where nothing fits, the command says what would.
        _ => palette.input.value().to_owned(),
    };
    let typed = line.trim();
    let (name, argument) = typed.split_once(char::is_whitespace).unwrap_or((typed, ""));
    let whole = CommandId::named(name).filter(|_| palette.lines != PaletteLines::Commands || palette.cursor == 0);
    let id = whole.or_else(|| palette.items.get(palette.cursor).map(|item| item.command));
    let Some(id) = id else {
        palette.error = Some(format!("there is no command \"{name}\""));
        return;
    };
    if id == CommandId::View && argument.is_empty() {
        // It needs one: here they are.
        palette.input = Input::new(format!("{} ", id.spec().name));
        return refresh(state);
    }
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
    let argument = argument.trim().to_owned();
    state.overlay = None;
    command::dispatch(state, id, &argument, fx);
}
