//! Files that were reviewed elsewhere: read, shown as a question, staged as one group.

use super::{decide, say};
use crate::app::decide::{Proposal, brake, case_of};
use crate::app::effect::{Effect, NewDecision, Subject};
use crate::app::event::{Level, RequestId};
use crate::app::format;
use crate::app::overlay::{Answer, AskKind};
use crate::app::review_file::{Reviewed, Verdicts, by_worker, judge};
use crate::app::state::{Loading, State};
use crate::domain::decision::Decision;
use crate::domain::fees::FeeSchedule;
use crate::domain::money::Usd;
use crate::exchange::review::Verdict;

/// Workers, and broken lines, that the question names.
const WORKERS: usize = 6;
const PROBLEMS: usize = 4;

/// Has a file read.
pub(super) fn load(state: &mut State, path: &str, fx: &mut Vec<Effect>) {
    let path = path.trim();
    if path.is_empty() {
        say(state, Level::Warning, "which file? :review-import FILE");
    } else if state.loading != Loading::Done {
        say(state, Level::Warning, "all work is still being read; try again in a moment");
    } else {
        let request = state.request();
        state.reviewing = Some(request);
        fx.push(Effect::LoadReview { request, path: path.to_owned() });
    }
}

/// Says what a file would do, and asks.
pub(super) fn loaded(state: &mut State, request: RequestId, file: Result<Box<Reviewed>, String>) {
    if state.reviewing != Some(request) {
        return;
    }
    state.reviewing = None;
    let file = match file {
        Ok(file) => *file,
        Err(why) => return say(state, Level::Error, why),
    };
    if state.overlay.is_some() {
        return say(state, Level::Warning, "something else was open when the file had been read; import it again");
    }
    let (mut proposal, mut problems) = (Proposal::empty(false), file.problems);
    for (key, verdict) in file.marks {
        if let Err(problem) = add(state, &mut proposal, key, verdict) {
            problems.push(problem);
        }
    }
    let broken = problems.len();
    let mut lines =
        vec![format!("{}: a {}, {} undecided", file.name, file.kind, format::count(file.undecided as usize))];
    let named = |new: &NewDecision| state.model.worker(state.model.row(decide::key_of(&new.subject)?)?.worker);
    let decided = proposal.decisions.iter().filter_map(|new| Some((named(new)?.as_str(), &new.decision)));
    lines.extend(by_worker(decided, WORKERS));
    lines.extend(proposal.refusals().map(|refusals| format!("left out: {refusals}")));
    lines.extend(problems.into_iter().take(PROBLEMS));
    if broken > PROBLEMS {
        lines.push(format!("and {} more lines that cannot be followed", format::count(broken - PROBLEMS)));
    }
    if proposal.decisions.is_empty() {
        return say(state, Level::Warning, format!("nothing to stage: {}", lines.join("; ")));
    }
    let mut verdicts = Verdicts::default();
    proposal.decisions.iter().for_each(|new| verdicts.add(&new.decision));
    proposal.words = format!("review {}", proposal.decisions.len());
    if let Some(what) = brake(state, &proposal) {
        return decide::ask_to_type(state, proposal, &what, lines);
    }
    lines.extend(decide::real_money(state));
    let title = format!("Stage {}: {}?", verdicts.words(), proposal.sum.display());
    let answers =
        vec![Answer { key: 'y', label: "stage it; u takes it back" }, Answer { key: 'n', label: "decide nothing" }];
    decide::ask(state, AskKind::Money(proposal), title, lines, answers);
}

/// Adds what a line decides, or says why it cannot.
fn add(
    state: &State,
    proposal: &mut Proposal,
    key: crate::domain::key::AssignmentKey,
    verdict: Verdict,
) -> Result<(), String> {
    let Some(row) = state.model.row(key) else { return Ok(()) };
    let case = case_of(state, row);
    let judged = judge(verdict, row.status, &case, (None, state.now.time));
    let (decision, allowed) =
        judged.ok_or("a rejection without a reason, which the worker has to read, is left out")?;
    match allowed {
        Err(refusal) => *proposal.refused.entry(refusal).or_default() += 1,
        Ok(()) => {
            if matches!(decision, Decision::Approve { .. }) {
                proposal.sum += state.model.reward(row);
                proposal.fees += state.model.hit(row.hit).map_or(Usd::ZERO, |hit| FeeSchedule::AMAZON.of_hit(hit));
            }
            proposal.decisions.push(NewDecision { subject: Subject::Assignment(key), decision });
        }
    }
    Ok(())
}
