//! What on the screen depends on time, and when it changes next: an idle desk asks for nothing.

use super::format;
use super::guard::PASTE_SILENCE;
use super::layout::{Pane, Screen};
use super::list::{Column, Line};
use super::outbox::Stage;
use super::overlay::Overlay;
use super::state::State;
use super::tree::Node;
use crate::domain::assignment::{AssignmentStatus, OVERRIDE_WINDOW};
use crate::domain::time::{Millis, Now, Stamp};

/// Countdowns show seconds in their last minute, and minutes before.
const MINUTE: i64 = 60_000;

impl State {
    /// Whether there is work that is done in steps between events: then [`super::event::Event::Wake`] may come at once.
    pub fn is_working(&self) -> bool {
        self.deciding.is_some()
            || self.views.arranging.is_some()
            || self.views.counting.is_some()
            || self.batches.is_working()
    }

    /// The next moment at which something must happen or be drawn anew; none when the desk is idle.
    pub fn deadline(&self) -> Option<Millis> {
        let paste = (!self.guard.held.is_empty()).then(|| self.guard.held_at.plus(PASTE_SILENCE));
        let armed = match &self.overlay {
            Some(Overlay::Ask(ask)) if ask.armed_at > self.now.wall => Some(ask.armed_at),
            _ => None,
        };
        let countdown = self.next_due().and_then(|due| {
            let left = due.since(self.now.wall);
            let step = if left > MINUTE { left - MINUTE } else { left.rem_euclid(1_000) + 1 };
            (left >= 1_000).then(|| self.now.wall.plus(step))
        });
        let spans = spans(self, self.now).next().is_some().then(|| {
            // Counted from the last drawing, so that a quiet minute is over once and not for ever.
            let minutes = self.now.wall.since(self.drawn.wall).max(0).div_euclid(MINUTE) + 1;
            self.drawn.wall.plus(minutes * MINUTE)
        });
        let typed = self.typed.as_ref().map(|typed| typed.at);
        let working = self.is_working().then_some(self.now.wall);
        let batches = self.batches.next_minute(self.now).filter(|_| self.screen == Screen::Batches);
        let file = self.next_look();
        [paste, armed, countdown, spans, typed, working, batches, file].into_iter().flatten().min()
    }
}

impl State {
    /// When the next staged decision leaves; never from an account that was read from files.
    pub fn next_due(&self) -> Option<Millis> {
        self.outbox.next_due().filter(|_| !self.env.is_offline())
    }
}

/// Everything on the screen that depends on time, as it reads at a moment.
pub(super) fn face(state: &State, at: Now) -> (Option<i64>, bool, Vec<String>) {
    let staged = state.outbox.count(Stage::Staged) > 0;
    let countdown = state.next_due().filter(|_| staged).map(|due| due.since(at.wall).max(0).div_euclid(1_000));
    let armed = matches!(&state.overlay, Some(Overlay::Ask(ask)) if ask.armed_at <= at.wall);
    (countdown, armed, spans(state, at).collect())
}

/// The spans until auto-approval that are on the screen.
fn spans(state: &State, at: Now) -> impl Iterator<Item = String> + '_ {
    let layout = state.layout();
    let words = move |stamp: Stamp| Some(format::until(stamp.get()?, at.time));
    let list = layout.list.filter(|_| state.list.columns.contains(&Column::AutoApproval));
    let rows = list.map_or(0, |_| layout.lines(Pane::List));
    let in_list = state.list.lines.iter().skip(state.list.offset).take(rows).filter_map(move |line| match line {
        Line::Row(key) => words(state.model.row(*key).filter(|row| super::decide::waits(row))?.auto_approval),
        Line::Group(_) => None,
    });
    let nodes = layout.hits.map_or(0, |_| layout.lines(Pane::Hits));
    let in_tree = state.tree.nodes.iter().skip(state.tree.offset).take(nodes).filter_map(move |node| {
        words(match node {
            Node::All => state.model.totals().next,
            Node::Batch(batch) => state.model.batches()[*batch].counts.next,
            Node::Hit(hit) => state.model.hit_counts(*hit).next,
        })
    });
    let in_viewer = layout.viewer.and(state.current()).and_then(|row| override_left(row.status, row.submitted, at));
    in_list.chain(in_tree).chain(in_viewer).filter(|words| words != "now")
}

/// How long work of this status can still be approved after all, in words; nothing when it was not rejected, or too long ago.
pub fn override_left(status: AssignmentStatus, submitted: Stamp, at: Now) -> Option<String> {
    let ends = submitted.get().filter(|_| status == AssignmentStatus::Rejected)? + OVERRIDE_WINDOW;
    (ends > at.time).then(|| format::until(ends, at.time))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Time;

    #[test]
    fn a_rejection_can_be_overridden_for_thirty_days() {
        let day = 86_400;
        let left = |status, days: i64| {
            let at = Now { wall: Millis(0), time: Time(1_000_000 + days * day) };
            override_left(status, Stamp::from(Time(1_000_000)), at)
        };
        assert_eq!(left(AssignmentStatus::Rejected, 1), Some(format::until(Time(29 * day), Time(0))));
        assert_eq!(left(AssignmentStatus::Rejected, 30), None);
        assert_eq!(left(AssignmentStatus::Approved, 1), None);
    }
}
