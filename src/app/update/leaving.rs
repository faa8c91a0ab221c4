//! Leaving the desk: at once, unless something would be left behind.

use super::decide::ask;
use crate::app::effect::Effect;
use crate::app::format;
use crate::app::outbox::Stage;
use crate::app::overlay::{Answer, AskKind};
use crate::app::state::State;

/// Leaves, unless something is staged or being published: then it asks.
pub(super) fn quit(state: &mut State, fx: &mut Vec<Effect>) {
    // Of files nothing is ever sent: what is staged stays, and there is nothing to ask.
    let staged = if state.env.is_offline() { 0 } else { state.outbox.count(Stage::Staged) };
    let mut lines = Vec::new();
    if staged > 0 {
        let cost = state.outbox.staged_cost().display();
        lines.push(format!("{} staged and not sent, {cost}.", format::plural(staged, "decision")));
    }
    lines.extend(state.batches.running.iter().flat_map(|running| running.when_left()));
    let answers = match (staged, lines.is_empty()) {
        (_, true) => return fx.push(Effect::Quit { send: false }),
        (0, _) => {
            vec![Answer { key: 'l', label: "leave, and publish no more" }, Answer { key: 'c', label: "stay here" }]
        }
        _ => vec![
            Answer { key: 's', label: "send them now, then leave" },
            Answer { key: 'k', label: "keep them for the next start, and leave" },
            Answer { key: 'c', label: "stay here" },
        ],
    };
    ask(state, AskKind::Quit, "Leave?".to_owned(), lines, answers);
}
