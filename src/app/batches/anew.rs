//! HITs that are to be published anew: which do not get their answers any more, what new ones cost, and what the question
//! says.

use super::act::{On, what_is_in};
use crate::app::decide::Proposal;
use crate::app::format;
use crate::app::state::State;
use crate::domain::fees::FeeSchedule;
use crate::domain::policy::Refusal;
use crate::domain::row::HitRow;
use crate::domain::time::Seconds;
use crate::domain::top_up::{self, AnewWanted};

/// What a person is asked to agree to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnewAsk {
    /// What the HITs are of, in words.
    pub of: String,
    /// Which are made up for.
    pub hits: Vec<AnewWanted>,
    /// How long the new ones are open.
    pub open: Seconds,
}

/// What publishing anew comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct AnewPlan {
    /// The HITs that new ones make up for.
    pub hits: Vec<AnewWanted>,
    /// Assignments of the new ones.
    pub assignments: u32,
    /// Of these, those that were to be published before, and are not there.
    pub unmade: u32,
    /// What it costs, and which HITs are left out; there are no decisions in it.
    pub proposal: Proposal,
}

/// Works out which of some HITs are made up for by new ones.
pub fn plan(state: &State, on: &On) -> AnewPlan {
    let mut plan = AnewPlan { hits: Vec::new(), assignments: 0, unmade: 0, proposal: Proposal::empty(on.marked) };
    for hit in on.keys.iter().filter_map(|key| state.model.hit(*key)) {
        match lacking(state, hit) {
            Ok((add, unmade)) => plan.take(state, hit, add, unmade),
            Err(refusal) => *plan.proposal.refused.entry(refusal).or_default() += 1,
        }
    }
    plan
}

/// How many assignments are asked for in place of a HIT now, and how many were before and are not there.
fn lacking(state: &State, hit: &HitRow) -> Result<(u32, u32), Refusal> {
    if state.batches.published(&hit.batch).is_none() {
        return Err(Refusal::NotFromHere);
    }
    let unmade = state.batches.known.as_ref().map_or(0, |known| known.asked.anew(hit.key).unmade);
    let (work, wanted, live) = what_is_in(state, hit, false);
    match top_up::anew(hit, work, wanted, live, state.now.time) {
        Ok(add) => Ok((add, unmade)),
        Err(_) if unmade > 0 => Ok((0, unmade)),
        Err(refusal) => Err(refusal),
    }
}

impl AnewPlan {
    fn take(&mut self, state: &State, hit: &HitRow, add: u32, unmade: u32) {
        let before = state.batches.known.as_ref().map_or(0, |known| known.asked.anew(hit.key).assignments);
        self.hits.push(AnewWanted { hit: hit.id.clone(), add, before });
        self.assignments += add + unmade;
        self.unmade += unmade;
        let fee = FeeSchedule::AMAZON.of_assignment(hit.reward, add.max(unmade), hit.masters);
        let count = u64::from(add + unmade);
        self.proposal.sum += hit.reward.times(count);
        self.proposal.fees += fee.times(count);
    }

    /// In words: `publish 2 HITs of batch pilot anew`.
    pub fn words(&self, on: &On) -> String {
        let of = on.name.as_ref().map_or(String::new(), |name| format!(" of {name}"));
        format!("publish {}{of} anew", format::plural(self.hits.len(), "HIT"))
    }

    /// What a person has to know before they agree, a line each.
    pub fn notes(&self, state: &State, open: Seconds) -> Vec<String> {
        let answers = format::plural(self.assignments as usize, "answer");
        let mut notes = vec![format!("New HITs of the same rows ask for the {answers} that are lacking.")];
        if self.unmade > 0 {
            let unmade = format::plural(self.unmade as usize, "answer");
            notes.push(format!("{unmade} of them were to be asked for before: that is gone on with."));
        }
        notes.extend(self.proposal.cost_notes(state));
        let until = format::day_clock(state.now.time + open, state.options.zone);
        notes.push(format!("Workers can accept them until {until}."));
        notes.push("! A new HIT does not know who did the old one: they can answer that".to_owned());
        notes.push("  row again. t adds to the old HITs instead, where they take more.".to_owned());
        notes.extend(self.proposal.refusals().map(|refusals| format!("left out: {refusals}")));
        notes
    }
}
