//! A read-only desk: every command that would change something about workers and qualifications is refused with the reason,
//! whether it comes by its key or by its name; and none of the others comes to change anything. The commands are those of the
//! table, so that a new one cannot be forgotten.

use super::*;
use crate::app::command::{COMMANDS, CommandSpec};
use crate::app::layout::Pane;
use crate::app::overlay::Overlay;
use crate::app::people::Known;

/// What only looks, moves, or keeps something for the person alone: notes, copies and new files.
const HARMLESS: &str = "down up top bottom half-down half-up page-down page-up scroll-down scroll-up scroll-half-down \
                        scroll-half-up scroll-page-down scroll-page-up scroll-top scroll-bottom next-row previous-row \
                        view-down view-up next-undecided previous-undecided open back next-pane previous-pane fold review \
                        workers qualifications batches activity hits zoom mark range mark-shown mark-query unmark worker \
                        redact scores try-test requirements system-types export-scores undo rule rules filter sort columns \
                        group next-view previous-view view copy url raw note edit pipe refresh palette help messages mouse \
                        redraw suspend close quit";

/// Where people are looked at: the keys that lead there.
const PLACES: [(&str, Pane); 7] = [
    ("2", Pane::Workers),
    ("2<enter>jjj", Pane::Workers),
    ("3j", Pane::Types),
    ("3j<tab><enter>", Pane::TypeTab),
    ("3j<tab><tab><enter>", Pane::TypeTab),
    ("1", Pane::List),
    ("1<backtab>j", Pane::Hits),
];

/// What may follow a name, and keys that say yes to whatever comes.
const PUSHED: [&str; 4] = ["<enter>y", "Kind 0 5<enter>yds", "A text<enter>batch.toml<enter>y", "w5<enter>sby<enter>$"];

fn known() -> Known {
    let (mut all, workers) = (super::quals::known(), super::workers::known());
    all.types.extend(workers.types);
    all.qualifications.extend(workers.qualifications);
    all.qualifications.sort_by(|a, b| (&a.worker, &a.type_id).cmp(&(&b.worker, &b.type_id)));
    Known { blocks: workers.blocks, notes: workers.notes, ..all }
}

/// A read-only desk at a place, with a decision that an earlier run has left.
fn desk(place: &str) -> Desk {
    let mut desk = Desk::new(Options { read_only: true, ..Options::default() }, (0..18).map(row).collect());
    let new = NewDecision {
        subject: Subject::Other(Target::Worker(worker(4).id)),
        decision: crate::domain::decision::Decision::Block { reason: "from before".into() },
    };
    let left = desk.entry(1, 1, Millis(i64::MAX), new);
    desk.event(Event::Outbox(vec![left]));
    desk.keys("2");
    desk.event(Event::People(Box::new(known())));
    desk.keys(place);
    desk.effects.clear();
    desk
}

/// What changes the journal, the endpoint, or a file that is there.
fn changes(effect: &Effect) -> bool {
    matches!(
        effect,
        Effect::Persist { .. }
            | Effect::Undo(_)
            | Effect::SendNow(_)
            | Effect::Retry(_)
            | Effect::Pay { .. }
            | Effect::PublishBatch { .. }
            | Effect::ReplaceText(_)
    )
}

fn nothing_has_changed(desk: &Desk, what: &str) {
    let changed: Vec<_> = desk.effects.iter().filter(|effect| changes(effect)).collect();
    assert!(changed.is_empty(), "{what}: {changed:?}");
}

fn of_people() -> impl Iterator<Item = &'static CommandSpec> {
    let panes = PLACES.map(|(_, pane)| pane);
    COMMANDS.iter().filter(move |spec| panes.iter().any(|pane| spec.contexts.has(*pane)))
}

#[test]
fn what_would_change_something_is_refused_with_the_reason() {
    let mut tried = 0;
    for (place, pane) in PLACES {
        for spec in of_people().filter(|spec| spec.is_deciding() && spec.contexts.has(pane)) {
            for argument in ["", " Kind 0 5", " 5", " 0.50 Thanks"] {
                let mut desk = desk(place);
                assert_eq!(desk.state.focus, pane, "{place}");
                let what = format!("{place} :{}{argument}", spec.name);
                desk.keys(&format!(":{}{argument}<enter>", spec.name));
                let Some(Overlay::Palette(palette)) = &desk.state.overlay else { panic!("{what}: {}", desk.notice()) };
                let why = palette.error.as_deref().unwrap_or_default();
                assert!(why.contains("read-only") || why.contains("takes nothing"), "{what}: {why}");
                nothing_has_changed(&desk, &what);
                tried += 1;
            }
            let Some(key) = desk(place).state.keymap.first(spec.id) else { continue };
            let mut desk = desk(place);
            desk.keys(&key);
            assert!(desk.notice().contains("read-only"), "{place} {key} ({}): {}", spec.name, desk.notice());
            assert!(desk.state.overlay.is_none(), "{place} {key} ({})", spec.name);
            nothing_has_changed(&desk, &key);
        }
    }
    assert!(tried > 100, "{tried}");
}

#[test]
fn nothing_else_comes_to_change_anything() {
    for spec in of_people().filter(|spec| !spec.is_deciding()) {
        assert!(
            HARMLESS.split(' ').any(|name| name == spec.name),
            "{}: does it change anything? Then it has to be refused",
            spec.name
        );
    }
    for (place, pane) in PLACES {
        for spec in of_people().filter(|spec| !spec.is_deciding() && spec.contexts.has(pane)) {
            for pushed in PUSHED {
                let mut desk = desk(place);
                desk.keys(&format!(":{}<enter>", spec.name));
                // What is asked of a file or of the store comes back.
                for effect in desk.effects.clone() {
                    if let Effect::ReadText { request, .. } | Effect::ReadToChange { request, .. } = effect {
                        desk.event(Event::TextRead { request, text: Ok("A1,5\n".into()) });
                    }
                }
                desk.keys(pushed);
                nothing_has_changed(&desk, &format!("{place} :{} {pushed}", spec.name));
            }
        }
    }
}

#[test]
fn what_was_left_stays_and_the_reason_is_said() {
    let mut desk = desk("2");
    desk.keys("u");
    assert!(desk.notice().contains("read-only"), "{}", desk.notice());
    nothing_has_changed(&desk, "u");
}

#[test]
fn a_batch_file_is_not_changed() {
    let mut desk = desk("3j");
    desk.keys("ib");
    let Some(Overlay::Requirements(builder)) = &desk.state.overlay else { panic!() };
    assert!(builder.error.as_deref().unwrap().contains("read-only"), "{:?}", builder.error);
}
