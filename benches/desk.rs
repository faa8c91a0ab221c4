//! What the desk does between a key and a frame: keys, filters, orders and headings over 100,000 and 1,000,000
//! assignments, drawing, and the bytes that go to the terminal.
//!
//! `cargo bench --bench desk` measures and then prints the bytes; `cargo bench --bench desk -- filter` measures a part.

use criterion::{BatchSize, Criterion};
use hitdeck::app::detail::Detail;
use hitdeck::app::effect::{Effect, Subject};
use hitdeck::app::event::{Event, Rows};
use hitdeck::app::key::parse_keys;
use hitdeck::app::keymap::{Bindings, Keymap};
use hitdeck::app::options::{Environment, Options};
use hitdeck::app::people::Known;
use hitdeck::app::state::State;
use hitdeck::app::update::update;
use hitdeck::domain::assignment::AssignmentStatus;
use hitdeck::domain::decision::{DecisionId, OutboxEntry, OutboxState, Target};
use hitdeck::domain::hit::HitStatus;
use hitdeck::domain::id::{AssignmentId, HitId, HitTypeId, QualificationTypeId, WorkerId};
use hitdeck::domain::key::{AssignmentKey, HitKey, WorkerKey};
use hitdeck::domain::money::Usd;
use hitdeck::domain::qualification::{KnownType, Qualification, QualificationType, TypeStatus};
use hitdeck::domain::query::{Facts, Found, Record, parse};
use hitdeck::domain::row::{AssignmentRow, Decider, HitRow, LightRow, WorkerRow};
use hitdeck::domain::text::SafeText;
use hitdeck::domain::time::{Millis, Now, Seconds, Stamp, Time};
use hitdeck::question::answer::{Answer, Field, Value};
use hitdeck::question::item::Item;
use hitdeck::term::paint::Painter;
use hitdeck::term::sgr::Colours;
use hitdeck::ui;
use hitdeck::ui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::error::Error;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

const START: i64 = 1_700_000_000;
const PER_HIT: u32 = 10;
const WORKERS: u32 = 1_000;
const PEOPLE: u32 = 20_000;
const ANSWERS: [&str; 5] =
    ["entailment: yes", "entailment: no", "entailment: perhaps", "neutral", "I cannot tell from the text"];

type Failure = Box<dyn Error>;

/// Numbers that look like chance and are the same every time.
fn mixed(number: u32, salt: u32) -> u32 {
    let mut x = number.wrapping_mul(0x9E37_79B9) ^ salt.wrapping_mul(0x85EB_CA6B);
    x ^= x >> 15;
    x = x.wrapping_mul(0x2C1B_3C6D);
    x ^ (x >> 13)
}

fn rows(count: u32, workers: u32) -> Result<Rows, Failure> {
    let hit = |number: u32| -> Result<HitRow, Failure> {
        Ok(HitRow {
            key: HitKey(number),
            id: HitId::parse(&format!("3HIT{number:026}"))?,
            type_id: HitTypeId::parse("3TYPE")?,
            title: format!("Task {number}").into(),
            batch: format!("batch {}", number / 500).into(),
            status: HitStatus::Reviewable,
            reward: Usd::cents(i64::from(2 + number % 7)),
            created: Time(START - 100_000),
            expires: Time(START + 86_400),
            auto_approval_delay: Seconds(86_400),
            max_assignments: PER_HIT,
            pending: 0,
            available: 0,
            completed: 0,
            masters: false,
        })
    };
    let worker = |number: u32| -> Result<WorkerRow, Failure> {
        let id = WorkerId::parse(&format!("A{:05}EXAMPLE{number:05}", mixed(number, 9) % 100_000))?;
        Ok(WorkerRow { key: WorkerKey(number), id })
    };
    let assignment = |number: u32| AssignmentRow {
        key: AssignmentKey(number + 1),
        hit: HitKey(number / PER_HIT),
        worker: WorkerKey(mixed(number, 1) % workers),
        status: match mixed(number, 2) % 10 {
            0 => AssignmentStatus::Approved,
            1 => AssignmentStatus::Rejected,
            _ => AssignmentStatus::Submitted,
        },
        by: Decider::Unknown,
        noted: false,
        accepted: Time(START - 90_000).into(),
        submitted: Time(START - 90_000 + i64::from(mixed(number, 3) % 600)).into(),
        auto_approval: Time(START + i64::from(mixed(number, 4) % 400_000)).into(),
        decided: Stamp::NONE,
        summary: ANSWERS[mixed(number, 5) as usize % ANSWERS.len()].into(),
    };
    Ok(Rows {
        hits: (0..count.div_ceil(PER_HIT)).map(hit).collect::<Result<_, _>>()?,
        workers: (0..workers).map(worker).collect::<Result<_, _>>()?,
        assignments: (0..count).map(assignment).collect(),
        ..Rows::default()
    })
}

/// A desk with a store that answers at once.
#[derive(Clone)]
struct Desk {
    state: State,
    now: Now,
    entries: Vec<OutboxEntry>,
}

impl Desk {
    fn new(count: u32) -> Result<Desk, Failure> {
        Desk::with(rows(count, WORKERS)?)
    }

    fn with(rows: Rows) -> Result<Desk, Failure> {
        let environment = Environment { name: "lab".into(), host: "127.0.0.1:7878".into(), ..Environment::default() };
        let options = Options { confirm_count: usize::MAX, confirm_sum: Usd::cents(i64::MAX), ..Options::default() };
        let state = State::new(environment, options, Keymap::new(&Bindings::new())?);
        let now = Now { wall: Millis(START * 1_000), time: Time(START) };
        let mut desk = Desk { state, now, entries: Vec::new() };
        desk.event(Event::Resize(120, 40));
        let (as_of, count) = (Some(now.wall), rows.assignments.len() as u32);
        desk.event(Event::Opened { rows, outbox: vec![], total: count, undecided: count, as_of, balance: None });
        desk.event(Event::Loaded { rows: Rows::default(), last: true });
        Ok(desk)
    }

    fn event(&mut self, event: Event) {
        for effect in update(&mut self.state, self.now, event) {
            if let Some(answer) = self.answer(effect) {
                self.event(answer);
            }
        }
    }

    fn answer(&mut self, effect: Effect) -> Option<Event> {
        match effect {
            Effect::LoadDetails(keys) => Some(Event::Details(keys.into_iter().filter_map(detail).collect())),
            Effect::Persist { group, due, decisions, .. } => {
                let entry = |(at, new): (usize, hitdeck::app::effect::NewDecision)| {
                    let Subject::Assignment(key) = new.subject else { return None };
                    Some(OutboxEntry {
                        id: DecisionId(at as i64 + 1),
                        target: Target::Assignment(AssignmentId::parse(&format!("3ASSIGNMENT{}", key.0)).ok()?),
                        assignment: Some(key),
                        decision: new.decision,
                        state: OutboxState::Staged { due },
                        attempts: 0,
                        group,
                        token: None,
                        who: "ann@lab".into(),
                        decided: self.now.wall,
                        changed: self.now.wall,
                        note: None,
                    })
                };
                self.entries = decisions.into_iter().enumerate().filter_map(entry).collect();
                Some(Event::Outbox(self.entries.clone()))
            }
            Effect::Undo(_) => {
                let mut entries = std::mem::take(&mut self.entries);
                entries.iter_mut().for_each(|entry| entry.state = OutboxState::Undone);
                Some(Event::Outbox(entries))
            }
            _ => None,
        }
    }

    /// Types keys at a person's pace.
    fn keys(&mut self, keys: &str) -> &mut Desk {
        for key in parse_keys(keys).unwrap_or_default() {
            self.now.wall = self.now.wall.plus(400);
            self.event(Event::Read(vec![key]));
        }
        self
    }

    /// Lets everything come to an end that the desk does between keys.
    fn settle(&mut self) -> &mut Desk {
        while let Some(due) = self.state.deadline().filter(|due| due.since(self.now.wall) < 500) {
            self.now.wall = self.now.wall.max(due);
            self.event(Event::Wake);
        }
        self
    }
}

fn detail(key: AssignmentKey) -> Option<Detail> {
    let text =
        "Three of its five permanent members, France, Russia and China, are pushing the Council to lift the embargo.";
    let pairs =
        vec![("text".to_owned(), text.to_owned()), ("hypothesis".to_owned(), format!("Number {} is meant.", key.0))];
    let value = Value::Text(ANSWERS[key.0 as usize % ANSWERS.len()].to_owned());
    Some(Detail {
        key,
        id: AssignmentId::parse(&format!("3ASSIGNMENT{}", key.0)).ok()?,
        group: None,
        item: Arc::new(Item { pairs, ..Item::default() }),
        answer: Answer { fields: vec![Field { name: "entailment".into(), value }], problem: None },
        raw: String::new(),
        question: "".into(),
        feedback: None,
        note: None,
        others: Arc::from([]),
    })
}

fn keys(c: &mut Criterion, desk: &Desk) {
    let mut group = c.benchmark_group("key, 100,000 rows");
    let mut one = desk.clone();
    group.bench_function("j and k", |b| b.iter(|| one.keys("jk").now));
    let mut one = desk.clone();
    group.bench_function("a and u, with the store's answers", |b| b.iter(|| one.keys("au").now));
    let mut one = desk.clone();
    group.bench_function("space twice", |b| b.iter(|| one.keys("<space>k<space>k").now));
    group.finish();
}

fn lists(c: &mut Criterion, name: &str, desk: &Desk, decide: bool) {
    let mut group = c.benchmark_group(name);
    group.sample_size(10).measurement_time(Duration::from_secs(2));
    let mut run = |name: &str, before: &str, keys: &str| {
        let mut ready = desk.clone();
        ready.keys(before).settle();
        group.bench_function(name, |b| {
            b.iter_batched_ref(|| ready.clone(), |desk| desk.keys(keys).now, BatchSize::PerIteration)
        });
        // What is left for later, if anything, has to be fast as well.
        let mut later = ready.clone();
        later.keys(keys);
        if later.state.deadline().is_some_and(|due| due.since(later.now.wall) < 500) {
            group.bench_function(format!("{name}, until it is shown"), |b| {
                b.iter_batched_ref(|| later.clone(), |desk| desk.settle().now, BatchSize::PerIteration)
            });
        }
    };
    run("a letter of a filter", "/worker:A1", "*");
    run("a filter that all fit", "", "]");
    run("sort by work time", ":sort<space>work<space>tim", "e<enter>");
    run("group by answer", ":group<space>answe", "r<enter>");
    run("group by worker", ":group<space>worke", "r<enter>");
    run("mark all", "", "*");
    if decide {
        run("approve all marked, with the store's answer", "*", "a");
    }
    group.finish();
}

/// The Workers screen with many people: from the key to the frame.
fn people(c: &mut Criterion) -> Result<(), Failure> {
    let theme = Theme::preset("dark").ok_or("no theme")?;
    let mut desk = Desk::with(rows(100_000, PEOPLE)?)?;
    let rows = rows(100_000, PEOPLE)?;
    let held = |worker: &WorkerRow| Qualification {
        type_id: kind().it.id,
        worker: worker.id.clone(),
        granted: None,
        score: Some(1),
        revoked: false,
    };
    let mut qualifications: Vec<Qualification> = rows.workers.iter().step_by(2).map(held).collect();
    qualifications.sort_by(|a, b| (&a.worker, &a.type_id).cmp(&(&b.worker, &b.type_id)));
    let blocks = rows.workers.iter().step_by(50).map(|worker| (worker.id.clone(), "spam".to_owned())).collect();
    let known = Known { types: vec![kind()], qualifications, blocks, ..Known::default() };
    desk.event(Event::People(Box::new(known)));
    let mut group = c.benchmark_group("Workers screen, 20,000 workers, 100,000 assignments");
    group.sample_size(20).measurement_time(Duration::from_secs(2));
    for (name, before, keys) in [
        ("opened", "", "2"),
        ("j", "2", "j"),
        ("page down", "2", "<pagedown>"),
        ("G", "2", "G"),
        ("a letter of a filter", "2/worker:A", "1"),
        ("a filter of five fields", "2/sent>=3<space>approved-rate<<>90<space>blocked:no<space>seen<<>30", "d"),
        ("sort by approval rate", "2:sort<space>approval<space>rat", "e<enter>"),
        ("mark all shown", "2", "*"),
        ("the page of a worker", "2", "<enter>"),
        ("j on the page", "2<enter>", "j"),
    ] {
        let mut ready = desk.clone();
        ready.keys(before);
        let mut painter = Painter::new(Colours::All);
        group.bench_function(name, |b| {
            b.iter_batched_ref(
                || ready.clone(),
                |desk| {
                    desk.keys(keys);
                    ui::draw(&desk.state, &theme, painter.canvas(120, 40));
                    painter.paint(None).len()
                },
                BatchSize::PerIteration,
            )
        });
    }
    group.finish();
    Ok(())
}

fn kind() -> KnownType {
    let it = QualificationType {
        id: QualificationTypeId::parse("3QUALIFICATION").unwrap_or_else(|error| panic!("{error}")),
        created: Time(START),
        name: "took part".into(),
        description: "has taken part".into(),
        keywords: None,
        status: TypeStatus::Active,
        test: None,
        test_duration: None,
        answer_key: None,
        retry_delay: None,
        requestable: false,
        auto_granted: None,
    };
    KnownType { it, own: true, holders: 1, requests: 0, read_at: None }
}

fn drawing(c: &mut Criterion, desk: &Desk) -> Result<(), Failure> {
    let theme = Theme::preset("dark").ok_or("no theme")?;
    let mut group = c.benchmark_group("frame, 120x40");
    let mut buffer = Buffer::empty(Rect::new(0, 0, 120, 40));
    group.bench_function("ui::draw", |b| {
        b.iter(|| {
            buffer.reset();
            ui::draw(&desk.state, &theme, &mut buffer);
        })
    });
    let (mut one, mut painter) = (desk.clone(), Painter::new(Colours::All));
    let mut down = false;
    group.bench_function("j or k, draw, paint", |b| {
        b.iter(|| {
            down = !down;
            one.keys(if down { "j" } else { "k" });
            ui::draw(&one.state, &theme, painter.canvas(120, 40));
            painter.paint(None).len()
        })
    });
    group.finish();
    Ok(())
}

fn texts(c: &mut Criterion, count: u32) -> Result<(), Failure> {
    let mut group = c.benchmark_group("text");
    let plain = "Three of its five permanent members are pushing the U.N. Security Council to lift the embargo.";
    let wild = "Größe 漢字 \u{202e}evil\u{202c} \u{1b}[31mred\u{1b}[0m e\u{301}e\u{301} 👩‍👩‍👧 and more";
    group.bench_function("SafeText::line, ASCII", |b| b.iter(|| SafeText::line(black_box(plain))));
    group.bench_function("SafeText::line, any script and hostile", |b| b.iter(|| SafeText::line(black_box(wild))));
    let rows = rows(count, WORKERS)?;
    let light: Vec<LightRow> = rows.assignments.iter().map(AssignmentRow::light).collect();
    for text in ["status:submitted", "status:submitted worker:a1*9 time<2m", "batch~\"h 1\" or reward>0.05 -by:me"] {
        let query = parse(text)?;
        let found = Found::default();
        group.bench_function(format!("{text}, 100,000 rows"), |b| {
            b.iter(|| {
                let fits = |row: &&LightRow| {
                    let facts = Facts {
                        row,
                        hit: &rows.hits[row.hit.0 as usize],
                        worker: &rows.workers[row.worker.0 as usize].id,
                        record: Record::default(),
                        now: Time(START),
                        people: &[],
                        me: "ann@lab",
                    };
                    query.matches(&facts, &found)
                };
                light.iter().filter(fits).count()
            })
        });
    }
    group.finish();
    Ok(())
}

/// The bytes that a key costs: the median and the 95th of a hundred.
fn bytes(desk: &Desk) -> Result<(), Failure> {
    let theme = Theme::preset("dark").ok_or("no theme")?;
    println!("\nbytes to the terminal, 120x40        p50    p95");
    for (name, before, key) in [
        ("j, list zoomed", "z", "j"),
        ("j, with the viewer", "", "j"),
        ("mark, list zoomed", "z", "<space>"),
        ("approve, list zoomed", "z", "a"),
        ("page down, list zoomed", "z", "<pagedown>"),
    ] {
        let (mut one, mut painter) = (desk.clone(), Painter::new(Colours::All));
        one.keys(before);
        let mut counts = Vec::new();
        for _ in 0..101 {
            ui::draw(&one.state, &theme, painter.canvas(120, 40));
            counts.push(painter.paint(ui::cursor(&one.state)).len());
            one.keys(key);
        }
        let first = counts.remove(0);
        counts.sort_unstable();
        println!("{name:32} {:>7} {:>6}   (first frame {first})", counts[50], counts[95]);
    }
    Ok(())
}

fn main() -> Result<(), Failure> {
    let mut c = Criterion::default().configure_from_args();
    let desk = Desk::new(100_000)?;
    keys(&mut c, &desk);
    lists(&mut c, "list, 100,000 rows", &desk, true);
    drawing(&mut c, &desk)?;
    people(&mut c)?;
    texts(&mut c, 100_000)?;
    lists(&mut c, "list, 1,000,000 rows", &Desk::new(1_000_000)?, false);
    c.final_summary();
    bytes(&desk)
}
