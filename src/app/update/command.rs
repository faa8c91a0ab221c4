//! From a command to what it does.

use super::decide as decisions;
use super::motion::{self, Moved, Step, step};
use super::{
    activity, batches, batches_act, choose, copy, data, filter, leaving, marks, overlay, palette, people, prompt,
    quals, quals_edit, quals_exclude, quals_marks, quals_require, quals_scores, quals_try, review_file, rules, say,
    viewer, worker_page, workers, workers_act, workers_pay,
};
use crate::app::command::{CommandId, enabled};
use crate::app::decide::{Act, targets};
use crate::app::effect::Effect;
use crate::app::event::Level;
use crate::app::format;
use crate::app::layout::{Pane, Screen, THREE_PANES};
use crate::app::list::{Column, GroupBy, Scope, SortBy};
use crate::app::overlay::{CopyWhat, Overlay, PromptKind};
use crate::app::state::State;
use crate::app::tree::Node;
use crate::domain::money::Usd;

/// Runs a command if it would do something now; else says why not. `argument` comes from the palette.
pub(super) fn dispatch(state: &mut State, id: CommandId, argument: &str, fx: &mut Vec<Effect>) {
    // `:worker A1...` needs no row.
    let needs_nothing = id == CommandId::Worker && !argument.is_empty();
    match enabled(state, id) {
        Err(why) if !needs_nothing => {
            say(state, Level::Warning, format!("{}: {why}", id.spec().title));
        }
        _ => {
            if let Err(problem) = run(state, id, argument, fx) {
                say(state, Level::Warning, problem);
            }
            state.touch();
        }
    }
}

fn run(state: &mut State, id: CommandId, argument: &str, fx: &mut Vec<Effect>) -> Result<(), String> {
    use CommandId as C;
    if state.focus == Pane::Workers && workers::run(state, id, argument, fx)? {
        return Ok(());
    }
    if matches!(state.focus, Pane::Batches | Pane::BatchPage) && batches::run(state, id, argument, fx)? {
        return Ok(());
    }
    match id {
        C::Down => step(state, Step::Lines(1)),
        C::Up => step(state, Step::Lines(-1)),
        C::Top => step(state, Step::Top),
        C::Bottom => step(state, Step::Bottom),
        C::HalfDown => step(state, Step::Half(true)),
        C::HalfUp => step(state, Step::Half(false)),
        C::PageDown => step(state, Step::Page(true)),
        C::PageUp => step(state, Step::Page(false)),
        C::NextRow => step(state, Step::Lines(1)),
        C::PreviousRow => step(state, Step::Lines(-1)),
        C::ScrollDown => end_of_list(viewer::scroll(state, 1, true))?,
        C::ScrollUp => end_of_list(viewer::scroll(state, -1, true))?,
        C::ScrollHalfDown => end_of_list(viewer::scroll_page(state, true, true))?,
        C::ScrollHalfUp => end_of_list(viewer::scroll_page(state, false, true))?,
        C::ScrollPageDown => end_of_list(viewer::scroll_page(state, true, false))?,
        C::ScrollPageUp => end_of_list(viewer::scroll_page(state, false, false))?,
        C::ScrollTop => viewer::scroll_to(state, false),
        C::ScrollBottom => viewer::scroll_to(state, true),
        C::ViewDown if state.focus == Pane::TypeTab => quals::scroll(state, Step::Lines(1)),
        C::ViewUp if state.focus == Pane::TypeTab => quals::scroll(state, Step::Lines(-1)),
        C::ViewDown => {
            viewer::scroll(state, 1, false);
        }
        C::ViewUp => {
            viewer::scroll(state, -1, false);
        }
        C::NextOpen => say_where(motion::next_open(state), "the top")?,
        C::PreviousOpen => say_where(motion::previous_open(state), "the end")?,
        C::Open => open(state, fx),
        C::Back => back(state, fx),
        C::NextPane => turn_pane(state, 1, fx),
        C::PreviousPane => turn_pane(state, -1, fx),
        C::Fold => fold(state),
        C::Review => go_to_review(state),
        C::Workers => people::open_workers(state, fx),
        C::Qualifications => people::open_qualifications(state, fx),
        C::Activity => activity::open(state, fx),
        C::Hits => {
            state.screen = Screen::Review;
            state.focus = Pane::Hits;
        }
        C::Zoom => {
            state.zoom = !state.zoom;
        }
        C::Mark | C::MarkShown | C::Unmark | C::Range | C::MarkQuery if state.focus == Pane::TypeTab => {
            quals_marks::run(state, id, argument)?;
        }
        C::Mark => marks::toggle(state),
        C::Range => marks::range(state),
        C::MarkShown => marks::all_shown(state),
        C::MarkQuery if argument.is_empty() => {
            prompt::open(state, PromptKind::Mark, "mark what fits".to_owned(), "", Vec::new());
        }
        C::MarkQuery => filter::mark(state, argument, fx).map_err(|error| error.to_string())?,
        C::Unmark => marks::none(state),
        C::Approve | C::ApproveFeedback | C::Reject | C::Override | C::Bonus | C::Repeat => {
            decide(state, id, argument, fx)?;
        }
        C::Rule if !argument.is_empty() => {
            let at = rules::named(state, argument)?;
            rules::run(state, at, fx);
        }
        C::ReviewImport => review_file::load(state, argument, fx),
        C::Rule | C::Rules => rules::open(state, fx),
        C::Grant | C::GrantWith | C::Refuse | C::Score | C::Revoke | C::Restore | C::Scores => {
            quals::run(state, id, argument, fx)?;
        }
        C::NewType => quals_edit::open(state, true),
        C::EditType => quals_edit::open(state, false),
        C::DeleteType => quals_edit::delete(state),
        C::TryTest => quals_try::open(state)?,
        C::Require => quals_require::open(state),
        C::Exclude => quals_exclude::begin(state, argument, fx)?,
        C::SystemTypes => quals::show_system(state),
        C::ImportScores | C::ExportScores => quals_scores::begin(state, id, argument, fx)?,
        C::Undo => decisions::undo(state, fx),
        C::Send => decisions::send(state, fx),
        C::Retry => decisions::retry(state, fx),
        C::Expire => batches_act::expire(state)?,
        C::Delete => batches_act::delete(state, fx)?,
        C::Worker => workers::this_one(state, argument, fx)?,
        C::Filter if argument.is_empty() => {
            let before = state.views.filter.clone();
            let kind = PromptKind::Filter { before: before.clone(), cursor: state.list.cursor };
            let hints = match before.as_str() {
                "" => Vec::new(),
                before => vec![format!("now: {before} (the up arrow brings it back)")],
            };
            prompt::open(state, kind, "filter".to_owned(), "", hints);
        }
        C::Filter => filter::set(state, argument, fx).map_err(|error| error.to_string())?,
        C::Sort if argument.is_empty() => choose::open_sort(state),
        C::Sort => {
            let by = named(&SortBy::ALL, SortBy::title, argument)?;
            choose::sort_by(state, by);
        }
        C::Group if argument.is_empty() => choose::open_group(state),
        C::Group => {
            let by = named(&GroupBy::ALL, GroupBy::title, argument)?;
            choose::group_by(state, by);
        }
        C::Columns if argument.is_empty() => choose::open_columns(state),
        C::Columns => choose::toggle_column(state, named(&Column::ALL, Column::title, argument)?),
        C::NextView => turn_view(state, 1, fx),
        C::PreviousView => turn_view(state, -1, fx),
        C::View => {
            let wanted = argument.to_lowercase();
            let at = state.views.tabs.iter().position(|tab| tab.name.to_lowercase() == wanted);
            let names = || state.views.tabs.iter().map(|tab| tab.name.as_str()).collect::<Vec<_>>().join(", ");
            let at = at.ok_or_else(|| format!("there is no view \"{argument}\"; there are: {}", names()))?;
            go_to_review(state);
            filter::show_view(state, at, fx);
        }
        C::Copy if argument.is_empty() => choose::open_copy(state),
        C::Copy => copy::copy(state, named(&CopyWhat::ALL, CopyWhat::title, argument)?, fx),
        C::Url => copy::open_url(state, fx),
        C::Raw => {
            state.viewer.raw = !state.viewer.raw;
            state.viewer.scroll = 0;
            if state.layout().viewer.is_none() {
                state.focus = Pane::Viewer;
            }
        }
        C::Note => {
            if let Some(key) = state.list.cursor {
                let text = copy::note_of(state, key);
                state.may_show(&text)?;
                prompt::open(state, PromptKind::Note(key), "note".to_owned(), &text, Vec::new());
            }
        }
        C::Edit => copy::edit(state, fx),
        C::Pipe => {
            marks::end_range(state);
            let targets = targets(state);
            if argument.is_empty() {
                let label = format!("pipe {} to", prompt::of_words(&targets));
                prompt::open(state, PromptKind::Pipe(targets), label, "", Vec::new());
            } else {
                copy::pipe(state, argument.to_owned(), &targets, fx)?;
            }
        }
        C::Refresh => refresh(state, fx),
        C::Palette => palette::open(state),
        C::Help => overlay::open_help(state),
        C::Messages => state.overlay = Some(Overlay::Messages { offset: 0 }),
        C::Mouse => {
            state.mouse = !state.mouse;
            fx.push(Effect::Mouse(state.mouse));
            say(state, Level::Info, if state.mouse { "mouse on" } else { "mouse off" });
        }
        C::Redraw => fx.push(Effect::Repaint),
        C::Suspend => fx.push(Effect::Suspend),
        C::Close => {
            if state.focus == Pane::List {
                leaving::quit(state, fx)
            } else {
                back(state, fx)
            }
        }
        C::Quit => leaving::quit(state, fx),
        C::Redact if state.redaction.is_some() => workers::redact(state, None),
        C::Redact => fx.push(Effect::LoadPseudonyms),
        C::Batches => batches::open(state, fx),
        // They work on the Batches screen alone, which has had its turn.
        C::Extend | C::AddAssignments | C::TopUp | C::Republish | C::Retype | C::Reviewing | C::TargetWage => {}
        C::Anew | C::OpenBatch | C::Publish | C::StopPublishing | C::NextItem | C::PreviousItem => {}
        C::Message | C::Block | C::Unblock | C::Qualify | C::Disqualify => workers_act::begin(state, id)?,
        C::Pay => workers_pay::begin_payment(state, argument, fx)?,
    }
    Ok(())
}

fn end_of_list(moved: bool) -> Result<(), String> {
    if moved { Ok(()) } else { Err("this is the end of the list".to_owned()) }
}

fn say_where(moved: Moved, end: &str) -> Result<(), String> {
    match moved {
        Moved::On => Ok(()),
        Moved::Around => Err(format!("nothing undecided further on: again from {end}")),
        Moved::Not => Err("no other row is undecided in this list".to_owned()),
    }
}

pub(super) fn named<T: Copy>(all: &[T], title: fn(T) -> &'static str, wanted: &str) -> Result<T, String> {
    let names = || all.iter().map(|one| title(*one)).collect::<Vec<_>>().join(", ");
    let found = all.iter().find(|one| title(**one).eq_ignore_ascii_case(wanted));
    found.copied().ok_or_else(|| format!("\"{wanted}\" is none of: {}", names()))
}

fn decide(state: &mut State, id: CommandId, argument: &str, fx: &mut Vec<Effect>) -> Result<(), String> {
    if state.focus != Pane::Workers {
        marks::end_range(state);
    }
    let targets = targets(state);
    let act = match id {
        CommandId::ApproveFeedback => {
            let label = format!("approve {}, feedback", prompt::of_words(&targets));
            prompt::open(state, PromptKind::Feedback(targets), label, "", Vec::new());
            return Ok(());
        }
        CommandId::Reject => {
            prompt::open_reason(state, targets);
            return Ok(());
        }
        CommandId::Bonus if argument.is_empty() => {
            let label = format!("bonus for {}, dollars each", prompt::of_words(&targets));
            prompt::open(state, PromptKind::BonusAmount(targets), label, "", Vec::new());
            return Ok(());
        }
        CommandId::Bonus => {
            let (amount, reason) = argument.split_once(char::is_whitespace).unwrap_or((argument, ""));
            let amount = Usd::parse(amount.trim_start_matches('$')).map_err(|error| error.to_string())?;
            Act::Bonus { amount, reason: reason.trim().to_owned() }
        }
        CommandId::Override => Act::Override,
        CommandId::Repeat => match state.last_act.clone() {
            Some(act) => act,
            None => return Ok(()),
        },
        _ => Act::Approve { feedback: (!argument.is_empty()).then(|| argument.to_owned()) },
    };
    decisions::decide(state, act, targets, fx)
}

fn go_to_review(state: &mut State) {
    if state.screen != Screen::Review {
        state.screen = Screen::Review;
        state.focus = Pane::List;
    }
}

fn open(state: &mut State, fx: &mut Vec<Effect>) {
    match state.focus {
        Pane::List if state.list.cursor.is_some() => state.focus = Pane::Viewer,
        Pane::List | Pane::Viewer => {}
        Pane::Hits => {
            let scope = match state.tree.nodes.get(state.tree.cursor) {
                Some(Node::Batch(at)) => Scope::Batch(state.model.batches()[*at].name.clone()),
                Some(Node::Hit(key)) => Scope::Hit(*key),
                Some(Node::All) | None => Scope::All,
            };
            state.focus = Pane::List;
            filter::set_scope(state, scope);
        }
        Pane::Types => quals::open(state),
        Pane::Workers | Pane::TypeTab | Pane::Batches | Pane::BatchPage => {}
        Pane::Activity => {
            if activity::go_to_assignment(state, fx) == Some(false) {
                say(state, Level::Warning, "that assignment is not in the list");
            }
        }
    }
}

/// One step back: range, viewer, Activity, zoom, filter, part of the account.
fn back(state: &mut State, fx: &mut Vec<Effect>) {
    if state.list.anchor.take().is_some() || quals::back(state) {
    } else if state.focus != Pane::List {
        (state.screen, state.focus) = (Screen::Review, Pane::List);
    } else if worker_page::come_back(state, fx) || batches::come_back(state) {
    } else if state.zoom {
        state.zoom = false;
    } else if state.views.is_changed() {
        filter::show_view(state, state.views.current, fx);
    } else if state.list.scope != Scope::All {
        filter::set_scope(state, Scope::All);
    } else {
        say(state, Level::Info, "q leaves the desk");
    }
}

fn turn_pane(state: &mut State, by: isize, fx: &mut Vec<Effect>) {
    match state.screen {
        Screen::Review => {}
        Screen::Activity => return activity::turn_tab(state, by, fx),
        Screen::Qualifications => return quals::turn_tab(state, by),
        // One pane, or tabs that have had their turn.
        Screen::Workers | Screen::Batches => return,
    }
    state.focus = if state.size.0 >= THREE_PANES {
        let all = [Pane::Hits, Pane::List, Pane::Viewer];
        let at = all.iter().position(|pane| *pane == state.focus).unwrap_or(0) as isize;
        all[(at + by).rem_euclid(3) as usize]
    } else if state.focus == Pane::Hits {
        Pane::List
    } else {
        // There is no room for the HIT list beside the others: it comes over them. The viewer has Enter.
        Pane::Hits
    };
}

fn fold(state: &mut State) {
    let batch = match state.tree.nodes.get(state.tree.cursor) {
        Some(Node::Batch(at)) => Some(*at),
        Some(Node::Hit(key)) => state.model.batch_of(*key),
        _ => None,
    };
    let Some(batch) = batch else { return };
    let name = state.model.batches()[batch].name.clone();
    if !state.tree.unfolded.remove(&name) {
        state.tree.unfolded.insert(name);
    }
    state.tree.rebuild(&state.model);
}

fn turn_view(state: &mut State, by: isize, fx: &mut Vec<Effect>) {
    let count = state.views.tabs.len() as isize;
    let next = (state.views.current as isize + by).rem_euclid(count) as usize;
    filter::show_view(state, next, fx);
}

fn refresh(state: &mut State, fx: &mut Vec<Effect>) {
    let news = state.list.news.len();
    data::merge(state, fx);
    if news > 0 {
        say(state, Level::Info, format!("{} shown", format::plural(news, "new assignment")));
    }
    if state.screen == Screen::Activity && state.activity.tab.stage().is_none() {
        activity::load_audit(state, fx);
    }
    if matches!(state.screen, Screen::Workers | Screen::Qualifications) {
        state.people.workers.made_of = None;
        state.people.workers.in_motion = true;
        people::read_now(state, fx);
    }
    fx.push(Effect::Refresh);
}
