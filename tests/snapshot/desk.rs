//! A desk with a small account, driven by keys: what the runtime would answer is answered here from memory.

use crate::picture::picture;
use hitdeck::app::detail::{Detail, Other};
use hitdeck::app::effect::{Effect, Subject};
use hitdeck::app::event::{AuditRow, Event, Rows, SyncState};
use hitdeck::app::key::parse_keys;
use hitdeck::app::keymap::{Bindings, Keymap};
use hitdeck::app::options::{Danger, Environment, Options, SavedView, Template};
use hitdeck::app::state::State;
use hitdeck::app::update::update;
use hitdeck::domain::assignment::AssignmentStatus;
use hitdeck::domain::decision::{Decision, DecisionId, OutboxEntry, OutboxState, Target};
use hitdeck::domain::hit::HitStatus;
use hitdeck::domain::id::{AssignmentId, HitId, HitTypeId, WorkerId};
use hitdeck::domain::key::{AssignmentKey, HitKey, WorkerKey};
use hitdeck::domain::money::Usd;
use hitdeck::domain::row::{AssignmentRow, Decider, HitRow, WorkerRow};
use hitdeck::domain::time::{Millis, Now, Seconds, Stamp, Time};
use hitdeck::question::answer::{Answer, Field, Value};
use hitdeck::question::item::Item;
use hitdeck::ui;
use hitdeck::ui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::collections::HashMap;
use std::sync::Arc;

/// 2026-11-21 14:03:00 UTC.
pub const START: Time = Time(1_795_269_780);

/// One assignment of the account, with its answer.
struct Work {
    row: AssignmentRow,
    answer: Answer,
}

pub struct Desk {
    pub state: State,
    now: Now,
    work: Vec<Work>,
    items: Vec<(HitRow, Arc<Item>)>,
    outbox: HashMap<DecisionId, OutboxEntry>,
    audit: Vec<AuditRow>,
    /// What the desk asked for and no test answers: copies, addresses, refreshes.
    pub asked: Vec<Effect>,
}

pub fn environment(danger: Danger) -> Environment {
    let (name, host) = match danger {
        Danger::RealMoney => ("production", "mturk-requester.us-east-1.amazonaws.com"),
        Danger::Play => ("demo", "127.0.0.1:7878"),
    };
    Environment {
        name: name.to_owned(),
        danger,
        host: host.to_owned(),
        profile: Some("lab".to_owned()),
        worker_site: None,
        user: "anna@lab".to_owned(),
    }
}

pub fn options() -> Options {
    let template = |key, name: &str, text: &str| Template { key, name: name.to_owned(), text: text.to_owned() };
    Options {
        templates: vec![
            template('1', "empty", "The answer was empty."),
            template('2', "off topic", "The answer is not about the text that was shown."),
        ],
        views: vec![SavedView { name: "hasty".to_owned(), query: "status:submitted time<10s".to_owned() }],
        ..Options::default()
    }
}

impl Desk {
    /// A desk that has opened the small account on this window.
    pub fn open(columns: u16, lines: u16) -> Desk {
        let mut desk = Desk::closed(columns, lines, Danger::Play);
        desk.account();
        desk.load();
        desk
    }

    /// The same in an environment where money is real.
    pub fn open_real(columns: u16, lines: u16) -> Desk {
        let mut desk = Desk::closed(columns, lines, Danger::RealMoney);
        desk.account();
        desk.load();
        desk
    }

    /// A desk without any work.
    pub fn empty(columns: u16, lines: u16) -> Desk {
        let mut desk = Desk::closed(columns, lines, Danger::Play);
        desk.load();
        desk
    }

    /// A desk on an account of our making: batch, title, item and answers of each HIT.
    pub fn with(columns: u16, lines: u16, batch: &str, item: Item, answers: Vec<Answer>) -> Desk {
        let mut desk = Desk::closed(columns, lines, Danger::Play);
        let hit = desk.hit(batch, "A task of our own", 5, answers.len() as u32, item);
        for answer in answers {
            desk.submit(hit, 30, 8_000, answer);
        }
        desk.load();
        desk
    }

    fn closed(columns: u16, lines: u16, danger: Danger) -> Desk {
        let keymap = Keymap::new(&Bindings::new()).unwrap();
        let mut desk = Desk {
            state: State::new(environment(danger), options(), keymap),
            now: Now { wall: Millis(START.0 * 1_000), time: START },
            work: Vec::new(),
            items: Vec::new(),
            outbox: HashMap::new(),
            audit: Vec::new(),
            asked: Vec::new(),
        };
        desk.event(Event::Resize(columns, lines));
        desk
    }

    /// The account: three batches, one of them in other scripts, one of them hostile.
    fn account(&mut self) {
        let entailment = |text: &str, hypothesis: &str| Item {
            pairs: vec![("text".to_owned(), text.to_owned()), ("hypothesis".to_owned(), hypothesis.to_owned())],
            ..Item::default()
        };
        let one = self.hit(
            "rte-pilot",
            "Does the second sentence follow from the first?",
            2,
            10,
            entailment(
                "Three of its five permanent members, France, Russia and China, are pushing the U.N. Security Council \
                 to lift the embargo.",
                "France, Russia and China want to put an end to sanctions.",
            ),
        );
        for (worked, yes) in [(42, true), (7, false), (73, true), (38, true), (51, true), (4, true), (65, true)] {
            self.submit(one, worked, 7_800 + worked * 11, answer(&[("entailment", if yes { "yes" } else { "no" })]));
        }
        let two = self.hit(
            "rte-pilot",
            "Does the second sentence follow from the first?",
            2,
            10,
            entailment("The bridge was closed on Monday.", "Nobody crossed the bridge on Tuesday."),
        );
        for worked in [33, 28, 95] {
            self.submit(two, worked, 95_000 + worked, answer(&[("entailment", "no")]));
        }
        let relation = Item {
            pairs: vec![
                ("subject".to_owned(), "https://www.wikidata.org/wiki/Q42".to_owned()),
                ("object".to_owned(), "https://www.wikidata.org/wiki/Q350".to_owned()),
            ],
            text: vec!["Choose the relation that holds between the two, or none.".to_owned()],
            ..Item::default()
        };
        let three = self.hit("kg-pilot", "Find a suitable relation for the given entities", 5, 5, relation);
        let relations = [("educated at", "sure"), ("educated at", "unsure"), ("born in", "sure")];
        for (at, (relation, sure)) in relations.into_iter().enumerate() {
            let fields = [("relation", relation), ("confidence", sure), ("remark", "")];
            self.submit(three, 120 + at as i64 * 31, 200_000 + at as i64 * 600, answer(&fields));
        }
        let scripts = self.hit("scripts \u{65e5}\u{672c}\u{8a9e}", "Translate", 25, 4, Item::default());
        for text in [
            "\u{65e5}\u{672c}\u{8a9e}\u{306e}\u{30c6}\u{30ad}\u{30b9}\u{30c8}\u{3067}\u{3059}",
            "\u{1f642}\u{1f44d}\u{1f3fd} \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} fine",
            "\u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{5e2}\u{5d5}\u{5dc}\u{5dd} 123",
            "good\u{202e}\u{1b}[2J\u{1b}]52;c;AAAA\u{7}evil\u{200b}",
        ] {
            self.submit(scripts, 15, 400_000, answer(&[("translation", text)]));
        }
        let decided = self.submit(two, 44, 90_000, answer(&[("entailment", "yes")]));
        self.work[decided].row.status = AssignmentStatus::Approved;
        self.work[decided].row.by = Decider::Person(0);
        self.work[decided].row.decided = Time(START.0 - 600).into();
        let decided = self.submit(two, 3, 90_000, answer(&[("entailment", "")]));
        self.work[decided].row.status = AssignmentStatus::Rejected;
        self.work[decided].row.by = Decider::Elsewhere;
        self.work[decided].row.decided = Time(START.0 - 500).into();
    }

    fn hit(&mut self, batch: &str, title: &str, cents: i64, assignments: u32, item: Item) -> HitKey {
        let key = HitKey(self.items.len() as u32 + 1);
        let row = HitRow {
            key,
            id: HitId::parse(&format!("3MXUW0EXAMPLE0HIT00000000000{:02}", key.0)).unwrap(),
            type_id: HitTypeId::parse("3EXAMPLETYPE").unwrap(),
            title: title.into(),
            batch: batch.into(),
            status: HitStatus::Reviewable,
            reward: Usd::cents(cents),
            created: Time(START.0 - 90_000 + i64::from(key.0)),
            expires: Time(START.0 - 10),
            auto_approval_delay: Seconds(259_200),
            max_assignments: assignments,
            pending: 0,
            available: 0,
            completed: assignments,
            masters: false,
        };
        self.items.push((row, Arc::new(item)));
        key
    }

    /// A submitted assignment, done in so many seconds, that approves itself in so many seconds.
    fn submit(&mut self, hit: HitKey, worked: i64, left: i64, answer: Answer) -> usize {
        let number = self.work.len() as u32;
        let submitted = START.0 + left - 259_200;
        let summary: Vec<String> = answer
            .fields
            .iter()
            .filter(|field| field.value != Value::Empty)
            .map(|field| match &field.value {
                Value::Text(text) => format!("{}: {text}", field.name),
                other => format!("{}: {other:?}", field.name),
            })
            .collect();
        let row = AssignmentRow {
            key: AssignmentKey(number + 1),
            hit,
            worker: WorkerKey(number % 9 + 1),
            status: AssignmentStatus::Submitted,
            by: Decider::Unknown,
            noted: false,
            accepted: Time(submitted - worked).into(),
            submitted: Time(submitted).into(),
            auto_approval: Time(START.0 + left).into(),
            decided: Stamp::NONE,
            summary: summary.join(", ").into(),
        };
        self.work.push(Work { row, answer });
        number as usize
    }

    fn load(&mut self) {
        let workers = (1..=9)
            .map(|n| WorkerRow { key: WorkerKey(n), id: WorkerId::parse(&format!("A{n}EXAMPLE{n}WRKR")).unwrap() })
            .collect();
        let rows = Rows {
            hits: self.items.iter().map(|(row, _)| row.clone()).collect(),
            workers,
            assignments: self.work.iter().map(|work| work.row.clone()).collect(),
            people: Some(vec!["anna@lab".to_owned()]),
            ..Rows::default()
        };
        let undecided = self.work.iter().filter(|work| work.row.status == AssignmentStatus::Submitted).count() as u32;
        self.event(Event::Opened {
            rows,
            outbox: Vec::new(),
            total: self.work.len() as u32,
            undecided,
            as_of: Some(self.now.wall),
            balance: Some(Usd::cents(987_120)),
        });
        self.event(Event::Loaded { rows: Rows::default(), last: true });
        self.event(Event::Sync(SyncState::Fresh(self.now.wall)));
    }

    /// Types keys as people write them: `jj<enter>`. Each key is a read of its own, a tenth of a second apart.
    pub fn press(&mut self, keys: &str) -> &mut Desk {
        for key in parse_keys(keys).unwrap() {
            self.pass(400);
            self.event(Event::Read(vec![key]));
        }
        self
    }

    /// Lets time go by on both clocks.
    pub fn pass(&mut self, milliseconds: i64) -> &mut Desk {
        self.now.wall = self.now.wall.plus(milliseconds);
        self.now.time = Time(self.now.wall.0 / 1_000);
        self.event(Event::Wake);
        self
    }

    /// Hands an event to the desk, and answers what it asks for.
    pub fn event(&mut self, event: Event) {
        let mut events = vec![event];
        while !events.is_empty() {
            for event in std::mem::take(&mut events) {
                for effect in update(&mut self.state, self.now, event) {
                    events.extend(self.answer(effect));
                }
            }
        }
    }

    fn answer(&mut self, effect: Effect) -> Option<Event> {
        match effect {
            Effect::LoadDetails(keys) => {
                Some(Event::Details(keys.into_iter().filter_map(|key| self.detail(key)).collect()))
            }
            Effect::Persist { group, due, decisions, .. } => {
                let mut entries = Vec::new();
                for new in decisions {
                    entries.push(self.stage(group, due, new.subject, new.decision));
                }
                Some(Event::Outbox(entries))
            }
            Effect::Undo(ids) => {
                let entries = ids.into_iter().map(|id| self.settle(id, OutboxState::Undone)).collect();
                Some(Event::Outbox(entries))
            }
            Effect::Find { request, terms } => {
                let text = |work: &Work| work.row.summary.to_lowercase();
                let set = |term: &hitdeck::app::effect::TextTerm| {
                    use hitdeck::app::effect::TextTerm;
                    let wanted = match term {
                        TextTerm::Word(word) | TextTerm::Phrase(word) => word.to_lowercase(),
                        TextTerm::Field { name, value } => format!("{name}: {value}").to_lowercase(),
                        other => panic!("no test asks for {other:?}"),
                    };
                    self.work.iter().filter(|work| text(work).contains(&wanted)).map(|work| work.row.key).collect()
                };
                Some(Event::Found { request, sets: Ok(terms.iter().map(set).collect()) })
            }
            Effect::ReadText { request, .. } => Some(Event::TextRead { request, text: Ok(score_file()) }),
            Effect::LoadAudit { request, .. } => Some(Event::Audit { request, rows: self.audit.clone() }),
            other => {
                self.asked.push(other);
                None
            }
        }
    }

    fn stage(&mut self, group: i64, due: Millis, subject: Subject, decision: Decision) -> OutboxEntry {
        let id = DecisionId(self.outbox.len() as i64 + 1);
        let (target, assignment) = match subject {
            Subject::Assignment(key) => (Target::Assignment(assignment_id(key)), Some(key)),
            Subject::Hit(key) => (Target::Hit(self.items[key.0 as usize - 1].0.id.clone()), None),
            Subject::Other(target) => (target, None),
        };
        let entry = OutboxEntry {
            id,
            target,
            assignment,
            decision,
            state: OutboxState::Staged { due },
            attempts: 0,
            group,
            token: None,
            who: "anna@lab".to_owned(),
            decided: self.now.wall,
            changed: self.now.wall,
            note: None,
        };
        self.audit.insert(
            0,
            AuditRow {
                id: id.0,
                at: self.now.wall,
                who: "anna@lab".to_owned(),
                subject: entry.target.to_string(),
                event: "decided".to_owned(),
                text: entry.decision.verb().to_owned(),
            },
        );
        self.outbox.insert(id, entry.clone());
        entry
    }

    fn settle(&mut self, id: DecisionId, state: OutboxState) -> OutboxEntry {
        let entry = self.outbox.get_mut(&id).unwrap();
        entry.state = state;
        entry.changed = self.now.wall;
        entry.clone()
    }

    /// The sender reports how far a decision has come.
    pub fn outcome(&mut self, id: i64, state: OutboxState) -> &mut Desk {
        let entry = self.settle(DecisionId(id), state);
        self.event(Event::Outbox(vec![entry]));
        self
    }

    fn detail(&self, key: AssignmentKey) -> Option<Detail> {
        let work = self.work.get(key.0 as usize - 1)?;
        let (hit, item) = self.items.get(work.row.hit.0 as usize - 1)?;
        let others = self.work.iter().filter(|other| other.row.hit == work.row.hit && other.row.key != key);
        Some(Detail {
            key,
            id: assignment_id(key),
            group: None,
            item: item.clone(),
            answer: work.answer.clone(),
            raw: format!("<QuestionFormAnswers>{}</QuestionFormAnswers>", work.row.summary),
            question: format!("<HTMLQuestion>{}</HTMLQuestion>", hit.title).into(),
            feedback: None,
            note: None,
            others: others
                .map(|other| Other {
                    key: other.row.key,
                    worker: other.row.worker,
                    status: other.row.status,
                    answer: other.answer.clone(),
                })
                .collect(),
        })
    }

    /// The window as cells.
    pub fn buffer(&self, theme: &str) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, self.state.size.0, self.state.size.1));
        ui::draw(&self.state, &Theme::preset(theme).unwrap(), &mut buffer);
        buffer
    }

    /// The window in a theme, written down.
    pub fn picture(&self, theme: &str) -> String {
        picture(&self.buffer(theme), ui::cursor(&self.state))
    }
}

fn assignment_id(key: AssignmentKey) -> AssignmentId {
    AssignmentId::parse(&format!("3EXAMPLE0ASSIGNMENT00000000{:03}", key.0)).unwrap()
}

/// An answer of text fields; an empty text is an empty field.
/// A score file with sixty good lines and a broken one.
fn score_file() -> String {
    let good: String = (0..60).map(|number| format!("A{number}EXAMPLEWORKER,80\n")).collect();
    format!("worker,score\n{good}A77EXAMPLEWORKER,many\n")
}

pub fn answer(fields: &[(&str, &str)]) -> Answer {
    let field = |(name, text): &(&str, &str)| Field {
        name: (*name).to_owned(),
        value: if text.is_empty() { Value::Empty } else { Value::Text((*text).to_owned()) },
    };
    Answer { fields: fields.iter().map(field).collect(), problem: None }
}
