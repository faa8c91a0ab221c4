//! The Activity screen: decisions by how far they have come, and the audit trail.

use super::paint::Painter;
use super::theme::Role;
use crate::app::activity::ActivityTab;
use crate::app::event::AuditRow;
use crate::app::format;
use crate::app::layout::Area;
use crate::app::outbox::Stage;
use crate::app::state::State;
use crate::domain::decision::{Decision, OutboxEntry, OutboxState};
use crate::domain::text::SafeText;

/// Draws the screen: the list, and below it the selected line in full.
pub fn draw(p: &mut Painter<'_>, state: &State, area: Area) {
    if let Some(area) = state.layout().activity_detail {
        detail(p, state, area);
    }
    tabs(p, state, area.head());
    let body = area.body();
    let skip = state.activity.offset;
    let lines = body.y..body.y + body.height;
    let mut drawn = 0;
    match state.activity.tab.stage() {
        Some(stage) => {
            for (y, entry) in lines.zip(state.outbox.at(stage).skip(skip)) {
                entry_line(p, state, Area { y, height: 1, ..body }, entry);
                drawn += 1;
            }
        }
        None => {
            for (y, row) in lines.zip(state.activity.audit.iter().flatten().skip(skip)) {
                audit_line(p, state, Area { y, height: 1, ..body }, row);
                drawn += 1;
            }
        }
    }
    if drawn == 0 {
        let words = SafeText::line(nothing(state));
        p.safe(body.x + 2, body.y + 1, body.width.saturating_sub(3), &words, Role::Quiet);
        return;
    }
    let at = state.activity.cursor.saturating_sub(skip);
    if at < usize::from(body.height) {
        let y = body.y + at as u16;
        p.text(body.x, y, 1, ">", Role::Text);
        p.over(body.x, y, 17, Role::Cursor);
    }
}

fn tabs(p: &mut Painter<'_>, state: &State, area: Area) {
    let mut x = area.x + 1;
    for tab in ActivityTab::ALL {
        let count = tab.stage().map(|stage| state.outbox.count(stage));
        let active = tab == state.activity.tab;
        let role = match (active, tab, count) {
            (true, _, _) => Role::Title,
            (_, ActivityTab::Failed, Some(1..)) => Role::Bad,
            (_, ActivityTab::Unknown, Some(1..)) => Role::Warn,
            _ => Role::Quiet,
        };
        let count = count.map_or(String::new(), |count| format!(" {}", format::count(count)));
        let text = format!("{}{count}", tab.title());
        let text = if active { format!("[{text}]") } else { format!(" {text} ") };
        x += p.text(x, area.y, (area.x + area.width).saturating_sub(x), &text, role) + 1;
    }
}

fn nothing(state: &State) -> &'static str {
    match state.activity.tab {
        ActivityTab::Staged => "Nothing is staged.",
        ActivityTab::Sending => "Nothing is on its way.",
        ActivityTab::Failed => "Nothing has failed.",
        ActivityTab::Unknown => "No outcome is unknown.",
        ActivityTab::Sent => "Nothing was sent yet in this run; the audit trail holds everything before.",
        ActivityTab::Audit if state.activity.audit.is_none() => "Reading the audit trail ...",
        ActivityTab::Audit => "The audit trail is empty.",
    }
}

/// Time, verb, subject, worker, what is to be known about it.
fn entry_line(p: &mut Painter<'_>, state: &State, area: Area, entry: &OutboxEntry) {
    let (x, y, end) = (area.x, area.y, area.x + area.width);
    let wide = area.width >= 100;
    p.text(x + 2, y, 14, &format::day_clock_seconds(entry.changed, state.options.zone), Role::Text);
    let role = match entry.decision {
        Decision::Approve { .. } | Decision::Bonus { .. } => Role::Good,
        Decision::Reject { .. } | Decision::Delete | Decision::Block { .. } | Decision::Revoke { .. } => Role::Bad,
        _ => Role::Text,
    };
    p.text(x + 18, y, 8, entry.decision.verb(), role);
    let id = state.scrub(&entry.target.to_string());
    let id_cells = if wide { 30 } else { 11 };
    p.safe(x + 28, y, id_cells, &SafeText::line(&id).shorten(id_cells.into()), Role::Text);
    let mut at = x + 30 + id_cells;
    if wide {
        let row = entry.assignment.and_then(|key| state.model.row(key));
        if let Some(worker) = row.and_then(|row| state.model.worker(row.worker)) {
            p.safe(at, y, 14, &SafeText::line(&state.name_of(worker)).shorten(14), Role::Text);
        }
        at += 16;
    }
    let (words, role) = standing(state, entry);
    p.safe(at, y, end.saturating_sub(at + 1), &SafeText::line(&words), role);
}

/// Everything about the selected line, wrapped: reasons are often longer than a line.
fn detail(p: &mut Painter<'_>, state: &State, area: Area) {
    p.horizontal(area.x, area.y, area.width);
    let mut lines: Vec<(String, Role)> = Vec::new();
    let heading = if let Some(entry) = state.selected_entry() {
        let (words, role) = standing(state, entry);
        let id = format!("{} {}", entry.target.kind(), entry.target);
        let row = entry.assignment.and_then(|key| state.model.row(key));
        let worker = row.and_then(|row| state.model.worker(row.worker));
        lines.push((worker.map_or(id.clone(), |worker| format!("{id}, worker {worker}")), Role::Text));
        lines.push((words, role));
        let content = content(&entry.decision);
        match (&entry.state, &entry.decision) {
            (OutboxState::Failed { .. }, Decision::Reject { feedback }) => {
                lines.push((format!("the reason was: \"{feedback}\""), Role::Text));
            }
            _ if content.is_empty() || lines.iter().any(|(line, _)| line.contains(&content)) => {}
            (_, decision) => lines.push((format!("{}{content}", decision.verb()), Role::Text)),
        }
        let decided = format::day_clock_seconds(entry.decided, state.options.zone);
        let sent = match entry.attempts {
            0 => String::new(),
            times => format!(", sent {}", format::plural(times as usize, "time")),
        };
        lines.push((format!("decided {decided} by {}{sent}", entry.who), Role::Quiet));
        format!("{} {}", entry.decision.verb(), entry.state.name())
    } else if let (None, Some(row)) = (state.activity.tab.stage(), audited(state)) {
        lines.push((row.subject.clone(), Role::Text));
        lines.push((row.text.clone(), Role::Text));
        lines.push((format!("by {}", row.who), Role::Quiet));
        row.event.clone()
    } else {
        return;
    };
    p.text(area.x + 2, area.y, 1, " ", Role::Text);
    let used = p.safe(area.x + 3, area.y, area.width.saturating_sub(6), &SafeText::line(&heading), Role::Strong);
    p.text(area.x + 3 + used, area.y, 1, " ", Role::Text);
    let cells = usize::from(area.width.saturating_sub(2));
    let wrapped = lines.iter().flat_map(|(text, role)| {
        SafeText::line(text).wrap(cells).into_iter().map(|line| (line, *role)).collect::<Vec<_>>()
    });
    for (y, (line, role)) in (area.y + 1..area.y + area.height).zip(wrapped) {
        p.safe(area.x + 1, y, area.width.saturating_sub(2), &line, role);
    }
}

fn audited(state: &State) -> Option<&AuditRow> {
    state.activity.audit.as_ref()?.get(state.activity.cursor)
}

/// What a decision sends along: the score, the amount, the words. Empty, or to be put behind what was said before.
fn content(decision: &Decision) -> String {
    match decision {
        Decision::Bonus { amount, reason, .. } => format!(" {}: \"{reason}\"", amount.display()),
        Decision::Grant { score, tell: true } => format!(": score {score}, and the worker is told"),
        Decision::Grant { score, .. } | Decision::AcceptRequest { score } => format!(": score {score}"),
        Decision::Notify { subject, text } => format!(": {subject} / \"{text}\""),
        Decision::CreateType(_) | Decision::UpdateType(_) => String::new(),
        other => other.text().map_or(String::new(), |text| format!(": \"{text}\"")),
    }
}

/// What is to be known about a decision on its way.
fn standing(state: &State, entry: &OutboxEntry) -> (String, Role) {
    let note = entry.note.as_deref().map_or(String::new(), |note| format!("; {note}"));
    let words = content(&entry.decision);
    match &entry.state {
        OutboxState::Staged { due } if entry.attempts > 0 => {
            (format!("waits until {}{note}", format::clock_seconds(*due, state.options.zone)), Role::Warn)
        }
        OutboxState::Staged { due } => {
            (format!("leaves at {}{words}", format::clock_seconds(*due, state.options.zone)), Role::Text)
        }
        OutboxState::Failed { reason } => (reason.clone(), Role::Bad),
        OutboxState::Unknown => (format!("sent without an answer, being read back{note}"), Role::Warn),
        OutboxState::MaybeSent => (format!("cut off, maybe sent; never sent again by itself{note}"), Role::Warn),
        OutboxState::Done => (format!("{} by {}{words}", Stage::Sent.title(), entry.who), Role::Text),
        OutboxState::Sending | OutboxState::Undone => (format!("{}{words}", entry.state.name()), Role::Text),
    }
}

fn audit_line(p: &mut Painter<'_>, state: &State, area: Area, row: &AuditRow) {
    let (x, y, end) = (area.x, area.y, area.x + area.width);
    let wide = area.width >= 100;
    p.text(x + 2, y, 14, &format::day_clock_seconds(row.at, state.options.zone), Role::Text);
    let role = match row.event.as_str() {
        "done" => Role::Good,
        "failed" => Role::Bad,
        "unknown" | "backed off" => Role::Warn,
        _ => Role::Text,
    };
    p.safe(x + 18, y, 10, &SafeText::line(&row.event), role);
    let id_cells = if wide { 30 } else { 11 };
    p.safe(x + 30, y, id_cells, &SafeText::line(&state.scrub(&row.subject)).shorten(id_cells.into()), Role::Text);
    let mut at = x + 32 + id_cells;
    if wide {
        p.safe(at, y, 16, &SafeText::line(&row.who), Role::Quiet);
        at += 18;
    }
    p.safe(at, y, end.saturating_sub(at + 1), &SafeText::line(&row.text), Role::Text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(Decision::Grant { score: 80, tell: false }, ": score 80")]
    #[case(Decision::Grant { score: -3, tell: true }, ": score -3, and the worker is told")]
    #[case(Decision::AcceptRequest { score: 7 }, ": score 7")]
    #[case(Decision::Block { reason: "copied".into() }, ": \"copied\"")]
    #[case(Decision::Revoke { reason: Some("retake it".into()) }, ": \"retake it\"")]
    #[case(Decision::Revoke { reason: None }, "")]
    #[case(Decision::Notify { subject: "Hello".into(), text: "there".into() }, ": Hello / \"there\"")]
    fn what_is_sent_along_is_shown(#[case] decision: Decision, #[case] words: &str) {
        assert_eq!(content(&decision), words);
    }
}
