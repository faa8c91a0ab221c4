//! Keys while something lies over the panes. Esc always leaves without deciding anything.

use super::{
    batches_anew, batches_file, choose, command, decide, input, palette, prompt, quals_edit, quals_exclude,
    quals_require, quals_scores, quals_try, workers_pay,
};
use crate::app::effect::Effect;
use crate::app::key::{Code, Key};
use crate::app::overlay::{Ask, AskKind, Help, HelpItem, Overlay, PromptKind, QualPrompt};
use crate::app::state::State;

/// Whether the overlay has a line to type into.
pub(super) const fn takes_text(overlay: &Overlay) -> bool {
    match overlay {
        Overlay::Prompt(_) | Overlay::Palette(_) => true,
        Overlay::TypeForm(form) => form.typing.is_some(),
        Overlay::Tryout(test) => test.typing.is_some(),
        Overlay::Requirements(builder) => builder.typing.is_some(),
        _ => false,
    }
}

/// Whether a key would make a decision here at once.
pub(super) fn would_decide(overlay: &Overlay, key: Key) -> bool {
    let decides = |kind: &PromptKind| match kind {
        PromptKind::Reason(_) | PromptKind::Feedback(_) | PromptKind::BonusReason(..) => true,
        PromptKind::Qualification(kind) => {
            use QualPrompt as Q;
            !matches!(kind, Q::Range | Q::Mark | Q::Import | Q::ListScore | Q::Export)
        }
        _ => false,
    };
    key.code == Code::Enter && matches!(overlay, Overlay::Prompt(prompt) if decides(&prompt.kind))
}

/// Puts text where the cursor of the text field is.
pub(super) fn insert(state: &mut State, text: &str, fx: &mut Vec<Effect>) {
    match &mut state.overlay {
        Some(Overlay::Prompt(_)) => prompt::insert(state, text, fx),
        Some(Overlay::Palette(_)) => palette::insert(state, text),
        Some(Overlay::TypeForm(_)) => quals_edit::insert(state, text),
        Some(Overlay::Tryout(_)) => quals_try::insert(state, text),
        Some(Overlay::Requirements(_)) => quals_require::insert(state, text),
        _ => {}
    }
}

/// Applies a filter that was typed a moment ago.
pub(super) fn apply_typed(state: &mut State, fx: &mut Vec<Effect>) {
    if state.typed.as_ref().is_some_and(|typed| typed.at <= state.now.wall) {
        prompt::apply_typed(state, fx);
    }
}

/// One key.
pub(super) fn press(state: &mut State, key: Key, fx: &mut Vec<Effect>) {
    if key == Key::ctrl('l') {
        fx.push(Effect::Repaint);
        return;
    }
    match &mut state.overlay {
        Some(Overlay::Prompt(_)) => prompt::press(state, key, fx),
        Some(Overlay::Palette(_)) => palette::press(state, key, fx),
        Some(Overlay::TypeForm(_)) => quals_edit::press(state, key, fx),
        Some(Overlay::Tryout(_)) => quals_try::press(state, key),
        Some(Overlay::Requirements(_)) => quals_require::press(state, key, fx),
        Some(Overlay::Chooser(_)) => choose::press(state, key, fx),
        Some(Overlay::Ask(_)) => answer(state, key, fx),
        Some(Overlay::Help(_)) => help(state, key, fx),
        Some(Overlay::Messages { .. }) => messages(state, key),
        Some(Overlay::Text { .. }) if closes(key) || key.code == Code::Enter => state.overlay = None,
        Some(Overlay::Text { .. }) | None => {}
    }
}

/// Whether a key closes an overlay that takes no text.
pub(super) fn closes(key: Key) -> bool {
    key.code == Code::Esc || input::character(key) == Some('q')
}

/// How many lines of content the overlay shows at once.
pub(super) fn page(state: &State, without: usize) -> usize {
    let messages = state.notices.history().len();
    let height = state.overlay.as_ref().map_or(0, |over| over.area(state.size.0, state.size.1, messages).height);
    usize::from(height).saturating_sub(2 + without).max(1)
}

/// What a key does to the cursor of a short list: lines down, or up.
pub(super) fn step_of(key: Key, page: usize) -> Option<isize> {
    let page = page as isize;
    Some(match key {
        Key { code: Code::Down, .. } | Key { code: Code::Char('j'), ctrl: false, .. } => 1,
        Key { code: Code::Up, .. } | Key { code: Code::Char('k'), ctrl: false, .. } => -1,
        Key { code: Code::PageDown, .. } | Key { code: Code::Char('d'), ctrl: true, .. } => page,
        Key { code: Code::PageUp, .. } | Key { code: Code::Char('u'), ctrl: true, .. } => -page,
        Key { code: Code::Home, .. } | Key { code: Code::Char('g'), ctrl: false, .. } => isize::MIN,
        Key { code: Code::End, .. } | Key { code: Code::Char('G'), ctrl: false, .. } => isize::MAX,
        _ => return None,
    })
}

fn answer(state: &mut State, key: Key, fx: &mut Vec<Effect>) {
    let Some(Overlay::Ask(ask)) = &state.overlay else { return };
    if state.now.wall < ask.armed_at {
        return;
    }
    if scroll(state, key) {
        return;
    }
    let Some(Overlay::Ask(ask)) = &state.overlay else { return };
    let default = ask.answers.last().map(|answer| answer.key);
    let chosen = match key.code {
        Code::Esc | Code::Enter => default,
        _ => input::character(key).filter(|c| ask.answers.iter().any(|answer| answer.key == *c)),
    };
    let Some(chosen) = chosen else { return };
    let Some(Overlay::Ask(Ask { kind, .. })) = state.overlay.take() else { return };
    match (kind, chosen) {
        (AskKind::Money(proposal), 'y') => decide::stage(state, proposal, fx),
        (AskKind::Block(proposal, _), 'y') => decide::stage(state, proposal, fx),
        (AskKind::Block(_, who), 'e') => quals_exclude::exclude(state, who),
        (AskKind::Pay(steps, open), chosen) => workers_pay::answer(state, chosen, steps, open, fx),
        (AskKind::Type(proposal), chosen) => quals_edit::answer(state, chosen == 'y', proposal, fx),
        (AskKind::Exclude(of), chosen) => quals_exclude::answer(state, chosen, of, fx),
        (AskKind::Require(file), 'y') => fx.push(Effect::ReplaceText(file)),
        (AskKind::Scores(proposal), 'y') => quals_scores::stage(state, proposal, fx),
        (AskKind::Paste(keys), 'y') => input::run(state, keys, fx),
        (AskKind::Burst(keys), 'y') => {
            state.guard.forgive();
            input::run(state, keys, fx);
        }
        (AskKind::Publish(agreed), 'y') => batches_file::publish(state, agreed, fx),
        (AskKind::Anew(agreed), 'y') => batches_anew::publish(state, agreed, fx),
        (AskKind::Quit, 's') => fx.push(Effect::Quit { send: true }),
        (AskKind::Quit, 'k' | 'l') => fx.push(Effect::Quit { send: false }),
        _ => {}
    }
}

/// Scrolls a question that has more lines than there is room for. Says whether the key did that.
fn scroll(state: &mut State, key: Key) -> bool {
    let (columns, lines) = state.size;
    let Some(over @ Overlay::Ask(ask)) = &state.overlay else { return false };
    let page = Overlay::question_lines(over.area(columns, lines, 0).height, ask);
    let last = ask.lines.len().saturating_sub(page);
    let is_answer = input::character(key).is_some_and(|c| ask.answers.iter().any(|answer| answer.key == c));
    let Some(step) = step_of(key, page).filter(|_| last > 0 && !is_answer) else { return false };
    if let Some(Overlay::Ask(ask)) = &mut state.overlay {
        ask.offset = ask.offset.saturating_add_signed(step).min(last);
    }
    true
}

/// Every command that exists here: what the footer names first, what does nothing now last.
pub(super) fn open_help(state: &mut State) {
    let here = crate::app::command::COMMANDS
        .iter()
        .filter(|spec| spec.contexts.has(state.focus) && !(state.options.read_only && spec.is_deciding()));
    let mut items: Vec<HelpItem> = here
        .map(|spec| HelpItem {
            command: spec.id,
            keys: state.keymap.words(spec.id),
            disabled: crate::app::command::enabled(state, spec.id).err(),
        })
        .collect();
    items.sort_by_key(|item| {
        let spec = item.command.spec();
        (item.disabled.is_some(), std::cmp::Reverse(spec.footer > 0), spec.is_repeatable())
    });
    state.overlay = Some(Overlay::Help(Help { items, cursor: 0, offset: 0 }));
}

fn help(state: &mut State, key: Key, fx: &mut Vec<Effect>) {
    let page = page(state, 0);
    let Some(Overlay::Help(help)) = &mut state.overlay else { return };
    if let Some(step) = step_of(key, page) {
        help.cursor = help.cursor.saturating_add_signed(step).min(help.items.len().saturating_sub(1));
        super::motion::turn(&mut help.offset, help.cursor, page);
    } else if key.code == Code::Enter {
        let id = help.items.get(help.cursor).map(|item| item.command);
        state.overlay = None;
        if let Some(id) = id {
            command::dispatch(state, id, "", fx);
        }
    } else if closes(key) || input::character(key) == Some('?') {
        state.overlay = None;
    }
}

fn messages(state: &mut State, key: Key) {
    let page = page(state, 0);
    let last = state.notices.history().len().saturating_sub(1);
    let Some(Overlay::Messages { offset }) = &mut state.overlay else { return };
    if let Some(step) = step_of(key, page) {
        *offset = offset.saturating_add_signed(step).min(last);
    } else if closes(key) || key.code == Code::Enter {
        state.overlay = None;
    }
}
