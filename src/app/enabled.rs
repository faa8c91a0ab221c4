//! When a command would do something, and why not: the last column of the command table.

use super::activity::ActivityTab;
use super::batches::{Checked, Tab as BatchTab};
use super::command::Why;
use super::decide::{Act, allowed, range, targets};
use super::layout::Pane;
use super::outbox::Stage;
use super::quals::{Item, Tab};
use super::state::State;
use super::tree::Node;
use crate::domain::decision::Target;
use crate::domain::money::Usd;

/// How many targets are looked at before the answer is "perhaps": the decision itself looks at all of them.
const LOOK_AT: usize = 64;

fn why(text: &'static str) -> Result<(), Why> {
    Err(Why(text.into()))
}

pub(super) fn always(_: &State) -> Result<(), Why> {
    Ok(())
}

pub(super) fn has_row(state: &State) -> Result<(), Why> {
    let has = match state.focus {
        Pane::Workers => !state.people.workers.is_empty(),
        Pane::TypeTab => state.quals_item().is_some(),
        Pane::Batches | Pane::BatchPage => !state.batches.is_empty(),
        _ => state.list.cursor.is_some(),
    };
    if has { Ok(()) } else { why("the list is empty") }
}

pub(super) fn has_marks(state: &State) -> Result<(), Why> {
    let workers = &state.people.workers;
    let none = match state.focus {
        Pane::Workers => workers.marks.is_empty() && workers.anchor.is_none(),
        Pane::TypeTab => state.people.quals.marks.is_empty() && state.people.quals.anchor.is_none(),
        Pane::Batches => state.batches.picks.marks.is_empty() && state.batches.picks.anchor.is_none(),
        Pane::BatchPage => state.batches.hits.picks.marks.is_empty() && state.batches.hits.picks.anchor.is_none(),
        _ => state.list.marks.is_empty() && state.list.anchor.is_none(),
    };
    if none { why("nothing is marked") } else { Ok(()) }
}

pub(super) fn has_rules(state: &State) -> Result<(), Why> {
    if state.rules.is_empty() { why("there is no [[rule]] in the configuration") } else { Ok(()) }
}

/// Whether a decision about an answer has something to be about.
fn has_work(state: &State) -> Result<(), Why> {
    match state.focus {
        Pane::Workers if !state.on_page() => why("works on a worker's page: Enter opens it"),
        Pane::Workers if state.work_on_page().is_none() => why("put the cursor on an answer"),
        Pane::Workers => Ok(()),
        _ => has_row(state),
    }
}

pub(super) fn has_open_work(state: &State) -> Result<(), Why> {
    if state.focus == Pane::Workers && !state.on_page() {
        return why("works on a worker's page: Enter opens it");
    }
    has_row(state)
}

fn may(state: &State, act: &Act) -> Result<(), Why> {
    has_work(state)?;
    let mut first = None;
    let in_range = range(state).map_or(0, |lines| lines.count());
    let many = state.focus != Pane::Workers && state.list.marks_shown + in_range > LOOK_AT;
    let keys = if many { return Ok(()) } else { targets(state).keys };
    for row in keys.iter().filter_map(|key| state.model.row(*key)) {
        match allowed(state, act, row) {
            Ok(()) => return Ok(()),
            Err(refusal) => first = first.or(Some(refusal)),
        }
    }
    Err(Why(first.map_or("nothing to decide".into(), |refusal| refusal.to_string().into())))
}

pub(super) fn may_approve(state: &State) -> Result<(), Why> {
    may(state, &Act::Approve { feedback: None })
}

pub(super) fn may_reject(state: &State) -> Result<(), Why> {
    may(state, &Act::Reject { reason: String::new() })
}

pub(super) fn may_override(state: &State) -> Result<(), Why> {
    may(state, &Act::Override)
}

pub(super) fn may_bonus(state: &State) -> Result<(), Why> {
    if state.focus == Pane::Workers {
        return has_row(state);
    }
    may(state, &Act::Bonus { amount: Usd::cents(1), reason: String::new() })
}

pub(super) fn may_repeat(state: &State) -> Result<(), Why> {
    match &state.last_act {
        None => why("nothing has been decided yet"),
        Some(act) => may(state, act),
    }
}

pub(super) fn may_undo(state: &State) -> Result<(), Why> {
    if state.options.read_only {
        return why("the desk is read-only (--read-only)");
    }
    let on_entry =
        state.selected_entry().is_some_and(|entry| state.activity.tab == ActivityTab::Staged && entry.id.0 > 0);
    if on_entry || state.undo_group().is_some() {
        Ok(())
    } else if state.outbox.count(Stage::Sent) + state.outbox.count(Stage::Sending) == 0 {
        why("nothing to undo")
    } else {
        why("nothing is staged; what was sent stands, only a rejection can be reversed (o)")
    }
}

pub(super) fn may_import(state: &State) -> Result<(), Why> {
    if state.options.read_only { why("read-only: nothing can be decided") } else { Ok(()) }
}

pub(super) fn may_send(state: &State) -> Result<(), Why> {
    if state.env.is_offline() {
        return why("read from files: nothing is sent; `hitdeck export` writes the decisions as marks");
    }
    if state.outbox.count(Stage::Staged) > 0 { Ok(()) } else { why("nothing is staged") }
}

pub(super) fn may_retry(state: &State) -> Result<(), Why> {
    if state.activity.tab != ActivityTab::Failed {
        why("only failed decisions can be sent again: they are on the tab \"failed\"")
    } else if state.selected_entry().is_none() {
        why("nothing has failed")
    } else {
        Ok(())
    }
}

pub(super) fn list_shown(state: &State) -> Result<(), Why> {
    if state.people.quals.tab.is_list() { Ok(()) } else { why("works on the tabs \"holders\" and \"requests\"") }
}

pub(super) fn on_holders(state: &State) -> Result<(), Why> {
    if state.people.quals.tab != Tab::Holders {
        return why("works on the tab \"holders\"");
    }
    match state.quals_item() {
        None => why("nobody is shown"),
        Some(item) if !item.is_own(state) => why("a type of somebody else: only its owner gives and takes it"),
        Some(_) => Ok(()),
    }
}

pub(super) fn may_restore(state: &State) -> Result<(), Why> {
    on_holders(state)?;
    let here = state.quals_targets();
    let revoked = here.iter().take(LOOK_AT).any(|item| matches!(item, Item::Holder(held) if held.revoked));
    if revoked || here.len() > LOOK_AT { Ok(()) } else { why("nothing of this was revoked") }
}

pub(super) fn on_own_type(state: &State) -> Result<(), Why> {
    let Some(kind) = state.type_here() else { return why("put the cursor on a type") };
    if !kind.own {
        return why("a type of somebody else: only its owner changes it");
    }
    let badge = state.outbox.badge_of(&Target::Type(kind.it.id.clone()));
    match badge.filter(|badge| !matches!(badge.stage, Stage::Sent | Stage::Failed)) {
        Some(badge) => Err(Why(format!("{} is already on its way", badge.verb).into())),
        None => Ok(()),
    }
}

pub(super) fn has_test(state: &State) -> Result<(), Why> {
    let Some(kind) = state.type_here() else { return why("put the cursor on a type") };
    match (&kind.it.test, kind.own) {
        (Some(_), _) => Ok(()),
        (None, true) => why("it has no test"),
        (None, false) => why("only its owner sees the test"),
    }
}

pub(super) fn on_requests(state: &State) -> Result<(), Why> {
    if state.people.quals.tab != Tab::Requests {
        return why("works on the tab \"requests\"");
    }
    if state.quals_item().is_some() { Ok(()) } else { why("nobody asks for it") }
}

pub(super) fn may_grant(state: &State) -> Result<(), Why> {
    on_requests(state)?;
    let here = state.quals_targets();
    let proposed = |item: &Item<'_>| matches!(item, Item::Request(asked) if state.proposed_value(asked).is_some());
    if here.len() > LOOK_AT || here.iter().any(proposed) {
        Ok(())
    } else {
        why("there is a test and no key that scores it: A asks for the value")
    }
}

pub(super) fn is_publishing(state: &State) -> Result<(), Why> {
    if state.batches.running.is_some() { Ok(()) } else { why("nothing is being published") }
}

pub(super) fn has_file(state: &State) -> Result<(), Why> {
    match state.batches.file.as_ref().map(|file| &file.checked) {
        None => why("no batch file is open: o opens one"),
        Some(Checked::Waiting) => why("the file is being read"),
        Some(Checked::Failed(_)) => why("the file is no batch: it says why"),
        Some(Checked::Ready(_)) => Ok(()),
    }
}

/// Whether a batch file is open that could be published from here.
pub(super) fn may_publish(state: &State) -> Result<(), Why> {
    has_endpoint(state)?;
    has_file(state)
}

/// Of an account that was read from files nothing can be changed where it came from.
fn has_endpoint(state: &State) -> Result<(), Why> {
    if state.env.is_offline() { why("read from files: nothing is ever published or changed from here") } else { Ok(()) }
}

/// Whether there is a HIT that an action could be for.
pub(super) fn has_hits(state: &State) -> Result<(), Why> {
    has_endpoint(state)?;
    if let Some(of) = state.other_file() {
        return Err(Why(of.into()));
    }
    match state.focus {
        Pane::Hits => match state.tree.nodes.get(state.tree.cursor) {
            None | Some(Node::All) => why("put the cursor on a HIT or a batch"),
            Some(_) => Ok(()),
        },
        Pane::BatchPage if state.batches.tab == BatchTab::Hits && state.batches.hits.lines.is_empty() => {
            why("no HIT is shown")
        }
        _ if state.batches.is_empty() => why("there is no batch"),
        _ => Ok(()),
    }
}
