//! The desk, driven by keys as a person types them.

mod activity;
mod batches;
mod batches_file;
mod blocked;
mod complete;
mod data;
mod decide;
mod decide_many;
mod guards;
mod list;
mod notices;
mod prompts;
mod quals;
mod quals_exclude;
mod quals_make;
mod quals_marks;
mod read_only;
mod requiring;
mod review_file;
mod rules;
mod script;
mod time;
mod worker_page;
mod workers;
mod workers_act;
mod workers_marks;
mod workers_pay;

use super::update;
use crate::app::detail::Detail;
use crate::app::effect::{Effect, NewDecision, Subject};
use crate::app::event::{Event, RequestId, Rows};
use crate::app::key::parse_keys;
use crate::app::keymap::{Bindings, Keymap};
use crate::app::options::{Environment, Options};
use crate::app::state::State;
use crate::domain::assignment::AssignmentStatus;
use crate::domain::decision::{DecisionId, OutboxEntry, OutboxState, Target};
use crate::domain::hit::HitStatus;
use crate::domain::id::{AssignmentId, HitId, HitTypeId, WorkerId};
use crate::domain::key::{AssignmentKey, HitKey, WorkerKey};
use crate::domain::money::Usd;
use crate::domain::row::{AssignmentRow, Decider, HitRow, WorkerRow};
use crate::domain::time::{Millis, Now, Seconds, Stamp, Time};
use crate::question::answer::{Answer, Field, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The endpoint's clock at the beginning.
const START: i64 = 1_700_000_000;

/// No assignments.
const NONE: [u32; 0] = [];

/// A desk with a store that answers when it is told to.
struct Desk {
    state: State,
    now: Now,
    /// Effects that nobody has looked at yet.
    effects: Vec<Effect>,
    /// What the last event wanted loaded for the viewer.
    loads: Vec<Effect>,
    outbox: BTreeMap<i64, OutboxEntry>,
}

fn key(number: u32) -> AssignmentKey {
    AssignmentKey(number)
}

fn hit(number: u32) -> HitRow {
    HitRow {
        key: HitKey(number),
        id: HitId::parse(&format!("3HIT{number:026}")).unwrap(),
        type_id: HitTypeId::parse("3TYPE").unwrap(),
        title: format!("Task {number}").into(),
        batch: format!("batch {}", number / 10).into(),
        status: HitStatus::Reviewable,
        reward: Usd::cents(25),
        created: Time(START - 100_000 + i64::from(number)),
        expires: Time(START + 86_400),
        auto_approval_delay: Seconds(86_400),
        max_assignments: 4,
        pending: 0,
        available: 0,
        completed: 0,
        masters: false,
    }
}

fn worker(number: u32) -> WorkerRow {
    WorkerRow { key: WorkerKey(number), id: WorkerId::parse(&format!("AWORKER{number}")).unwrap() }
}

/// Assignment `number` of HIT `number / 4`, by worker `number % 5`; the higher the number, the later its deadline.
fn row(number: u32) -> AssignmentRow {
    AssignmentRow {
        key: key(number),
        hit: HitKey(number / 4),
        worker: WorkerKey(number % 5),
        status: AssignmentStatus::Submitted,
        by: Decider::Unknown,
        noted: false,
        accepted: Stamp::from(Time(START - 4_000)),
        submitted: Stamp::from(Time(START - 4_000 + i64::from(number % 7))),
        auto_approval: Stamp::from(Time(START + 3_600 + i64::from(number) * 60)),
        decided: Stamp::NONE,
        summary: if number.is_multiple_of(3) { "yes" } else { "no" }.into(),
    }
}

fn rows_of(assignments: Vec<AssignmentRow>) -> Rows {
    let mut hits: Vec<u32> = assignments.iter().map(|row| row.hit.0).collect();
    hits.sort_unstable();
    hits.dedup();
    Rows {
        hits: hits.into_iter().map(hit).collect(),
        workers: (0..5).map(worker).collect(),
        assignments,
        ..Rows::default()
    }
}

fn detail(number: u32, text: &str) -> Detail {
    Detail {
        key: key(number),
        id: AssignmentId::parse(&format!("3ASSIGNMENT{number}")).unwrap(),
        group: None,
        item: Arc::default(),
        answer: Answer { fields: vec![Field { name: "label".into(), value: Value::Text(text.into()) }], problem: None },
        raw: String::new(),
        question: "".into(),
        feedback: None,
        note: None,
        others: Arc::from([]),
    }
}

impl Desk {
    /// A desk on `count` submitted assignments, all read.
    fn with(count: u32) -> Desk {
        Desk::new(Options::default(), (0..count).map(row).collect())
    }

    fn new(options: Options, assignments: Vec<AssignmentRow>) -> Desk {
        let env = Environment { user: "ann@lab".into(), host: "127.0.0.1:7878".into(), ..Environment::default() };
        let keymap = Keymap::new(&Bindings::new()).unwrap();
        let now = Now { wall: Millis(1_000_000), time: Time(START) };
        let state = State::new(env, options, keymap);
        let mut desk = Desk { state, now, effects: Vec::new(), loads: Vec::new(), outbox: BTreeMap::new() };
        desk.event(Event::Resize(120, 40));
        let open = assignments.iter().filter(|row| row.status == AssignmentStatus::Submitted).count() as u32;
        let total = assignments.len() as u32;
        let rows = rows_of(assignments);
        let as_of = Some(now.wall);
        desk.event(Event::Opened { rows, outbox: vec![], total, undecided: open, as_of, balance: None });
        desk.event(Event::Loaded { rows: Rows::default(), last: true });
        while desk.state.is_working() {
            desk.event(Event::Wake);
        }
        desk.effects.clear();
        desk
    }

    fn event(&mut self, event: Event) -> Vec<Effect> {
        let effects = update(&mut self.state, self.now, event);
        let (loads, others) = effects.iter().cloned().partition(|effect| matches!(effect, Effect::LoadDetails(_)));
        self.loads = loads;
        self.effects.extend::<Vec<_>>(others);
        effects
    }

    /// Types keys at a person's pace: each is a read of its own.
    fn keys(&mut self, keys: &str) -> &mut Desk {
        for key in parse_keys(keys).unwrap() {
            self.wait(400);
            self.event(Event::Read(vec![key]));
        }
        self
    }

    /// Keys that arrive in one read.
    fn at_once(&mut self, keys: &str) -> &mut Desk {
        self.event(Event::Read(parse_keys(keys).unwrap()));
        self
    }

    /// Lets time pass on both clocks.
    fn wait(&mut self, ms: i64) -> &mut Desk {
        self.now.wall = self.now.wall.plus(ms);
        self
    }

    /// What was handed to the store since this was last asked, flattened; the store has not answered yet.
    fn persisted(&mut self) -> Vec<NewDecision> {
        let effects = std::mem::take(&mut self.effects);
        effects
            .into_iter()
            .flat_map(|effect| match effect {
                Effect::Persist { decisions, .. } => decisions,
                _ => Vec::new(),
            })
            .collect()
    }

    /// The keys of the assignments that were decided since this was last asked.
    fn decided(&mut self) -> Vec<u32> {
        let key = |new: NewDecision| match new.subject {
            Subject::Assignment(key) => key.0,
            other => panic!("{other:?}"),
        };
        self.persisted().into_iter().map(key).collect()
    }

    /// The texts for the workers that were decided since this was last asked.
    fn decided_texts(&mut self) -> Vec<String> {
        let text = |new: NewDecision| new.decision.text().unwrap_or_default().to_owned();
        self.persisted().into_iter().map(text).collect()
    }

    /// The store answers everything that it was asked so far.
    fn store(&mut self) -> &mut Desk {
        for effect in std::mem::take(&mut self.effects) {
            if let Some(request) = self.refuses(&effect) {
                let reason = "another decision is on its way".to_owned();
                self.event(Event::NotPersisted { request, reason });
                continue;
            }
            let answer = self.answer(effect);
            if !answer.is_empty() {
                self.event(Event::Outbox(answer));
            }
        }
        self
    }

    /// The store takes no second live decision for an assignment: it was taken back too late.
    fn refuses(&self, effect: &Effect) -> Option<RequestId> {
        let Effect::Persist { request, decisions, .. } = effect else { return None };
        let live = |new: &NewDecision| {
            let entry = |entry: &&OutboxEntry| entry.decision.settles_assignment() && !entry.state.is_settled();
            let same = |entry: &OutboxEntry| entry.assignment.map(Subject::Assignment).as_ref() == Some(&new.subject);
            new.decision.settles_assignment() && self.outbox.values().filter(entry).any(same)
        };
        decisions.iter().any(live).then_some(*request)
    }

    fn answer(&mut self, effect: Effect) -> Vec<OutboxEntry> {
        match effect {
            Effect::Persist { group, due, decisions, .. } => {
                let first = self.outbox.len() as i64 + 1;
                for (id, new) in (first..).zip(decisions) {
                    let entry = self.entry(id, group, due, new);
                    self.outbox.insert(id, entry);
                }
                self.outbox.range(first..).map(|(_, entry)| entry.clone()).collect()
            }
            Effect::Undo(ids) => {
                let staged = |entry: &OutboxEntry| matches!(entry.state, OutboxState::Staged { .. });
                ids.iter()
                    .filter_map(|id| {
                        let entry = self.outbox.get_mut(&id.0)?;
                        if staged(entry) {
                            entry.state = OutboxState::Undone;
                        }
                        Some(entry.clone())
                    })
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    fn entry(&self, id: i64, group: i64, due: Millis, new: NewDecision) -> OutboxEntry {
        let other = match &new.subject {
            Subject::Other(target) => Some(target.clone()),
            Subject::Hit(key) => self.state.model.hit(*key).map(|hit| Target::Hit(hit.id.clone())),
            Subject::Assignment(_) => None,
        };
        let assignment = match new.subject {
            Subject::Assignment(key) => Some(key),
            Subject::Hit(_) | Subject::Other(_) => None,
        };
        let number = assignment.map_or(0, |key| key.0);
        let of = || Target::Assignment(AssignmentId::parse(&format!("3ASSIGNMENT{number}")).unwrap());
        let target = other.unwrap_or_else(of);
        OutboxEntry {
            id: DecisionId(id),
            target,
            assignment,
            decision: new.decision,
            state: OutboxState::Staged { due },
            attempts: 0,
            group,
            token: None,
            who: "ann@lab".into(),
            decided: self.now.wall,
            changed: self.now.wall,
            note: None,
        }
    }

    /// The store says that a decision is now in this state.
    fn becomes(&mut self, id: i64, state: OutboxState) -> &mut Desk {
        let entry = self.outbox.get_mut(&id).unwrap();
        entry.state = state;
        let entry = entry.clone();
        self.event(Event::Outbox(vec![entry]));
        self
    }

    fn cursor(&self) -> u32 {
        self.state.list.cursor.unwrap().0
    }

    fn notice(&self) -> &str {
        self.state.notices.current().map_or("", |notice| notice.text.as_str())
    }

    fn marks(&self) -> Vec<u32> {
        let mut marks: Vec<u32> = self.state.list.marks.iter().map(|key| key.0).collect();
        marks.sort_unstable();
        marks
    }
}
