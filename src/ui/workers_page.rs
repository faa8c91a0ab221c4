//! A worker's page: what is known of one worker.

use super::paint::Painter;
use super::theme::Role;
use super::workers::rate;
use crate::app::format;
use crate::app::layout::Area;
use crate::app::state::State;
use crate::app::workers::KnownWorker;
use crate::domain::decision::Decision;
use crate::domain::text::SafeText;
use crate::domain::worker_stats::Tally;

/// Cells of the names on the left.
const NAMES: u16 = 16;

/// So many messages are on the page, the newest first.
const MESSAGES: usize = 5;

/// Draws the page of the worker under the cursor; its first line is its heading.
pub fn draw(p: &mut Painter<'_>, state: &State, area: Area) {
    let Some(one) = state.people.workers.current() else { return };
    p.text(area.x + 2, area.y, 1, " ", Role::Text);
    let used = p.safe(
        area.x + 3,
        area.y,
        area.width.saturating_sub(6),
        &SafeText::line(&state.name_of(&one.id)),
        Role::Strong,
    );
    p.text(area.x + 3 + used, area.y, 1, " ", Role::Text);
    let body = area.body();
    let cells = body.width.saturating_sub(NAMES + 3);
    let mut y = body.y;
    for (name, text, role) in facts(state, one) {
        let mut name = name;
        for line in SafeText::line(&text).wrap(cells.into()) {
            if y >= body.y + body.height {
                return;
            }
            p.text(body.x + 1, y, NAMES, name, Role::Label);
            p.safe(body.x + 1 + NAMES, y, cells, &line, role);
            name = "";
            y += 1;
        }
    }
}

fn tally(of: Tally) -> String {
    let (approved, rejected) = (format::count(of.approved as usize), format::count(of.rejected as usize));
    format!("{} ({approved} approved, {rejected} rejected)", rate(of.rate()))
}

/// Name, text and how it looks, in the order of the page.
fn facts(state: &State, one: &KnownWorker) -> Vec<(&'static str, String, Role)> {
    let (stats, zone) = (&one.stats, state.options.zone);
    let known = state.people.known.as_ref();
    let mut facts = Vec::new();
    if let Some(reason) = known.and_then(|known| known.blocks.get(&one.id)) {
        facts.push(("Blocked", format!("yes: \"{reason}\""), Role::Bad));
    }
    if let Some(note) = &one.note {
        facts.push(("Note", note.to_string(), Role::Text));
    }
    if stats.submitted == 0 {
        facts.push(("Work", "none for this account".to_owned(), Role::Quiet));
    } else {
        let undecided = match stats.undecided() {
            0 => String::new(),
            count => format!(", {} undecided", format::count(count as usize)),
        };
        let sent = format::count(stats.submitted as usize);
        facts.push(("Work", format!("{sent} sent{undecided}; {} earned", stats.earned.display()), Role::Text));
        facts.push(("Approval rate", tally(stats.lifetime), Role::Text));
        let recent = format!("30 days {}, 7 days {}", tally(stats.month), tally(stats.week));
        facts.push(("", recent, Role::Text));
        if let Some(median) = stats.median {
            facts.push(("Median time", format::work_time(median), Role::Text));
        }
        if let (Some(first), Some(last)) = (stats.first.get(), stats.last.get()) {
            let (first, last) = (format::day_clock(first, zone), format::day_clock(last, zone));
            facts.push(("Seen", format!("first {first}, last {last}"), Role::Text));
        }
    }
    let mut name = "Qualifications";
    for (of, score, revoked) in known.into_iter().flat_map(|known| known.of_worker(&one.id)) {
        let score = score.map_or(String::new(), |score| format!(": {score}"));
        let (words, role) = if revoked { (" (revoked)", Role::Quiet) } else { ("", Role::Text) };
        facts.push((name, format!("{of}{score}{words}"), role));
        name = "";
    }
    if let Some(badge) = state.outbox.worker_badge(&one.id) {
        facts.push(("On its way", format!("{} {}", badge.verb, badge.stage.title()), Role::Warn));
    }
    let mut name = "Messages";
    let sent = state.people.workers.messages.iter().filter(|(of, _)| *of == one.id);
    for entry in sent.flat_map(|(_, entries)| entries).rev().take(MESSAGES) {
        if let Decision::Notify { subject, text } = &entry.decision {
            let at = format::day_clock_seconds(entry.decided, zone);
            let failed = entry.note.as_deref().map_or(String::new(), |note| format!(" ({note})"));
            facts.push((name, format!("{at}  {}: {subject}: {text}{failed}", entry.state.name()), Role::Text));
            name = "";
        }
    }
    let mut name = "Latest answers";
    for row in state.people.workers.latest.iter().filter_map(|key| state.model.row(*key)) {
        let at = row.submitted.get().map_or(String::new(), |at| format::day_clock(at, zone));
        let title = state.model.hit(row.hit).map_or("", |hit| &*hit.title);
        facts.push((
            name,
            format!("{at}  {:<9}  {title}: {}", row.status.name(), state.model.summary(row)),
            Role::Text,
        ));
        name = "";
    }
    facts
}
