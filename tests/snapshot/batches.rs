//! The pictures of the Batches screen.

use crate::desk::{Desk, START};
use hitdeck::app::batches::{Bonuses, KnownBatches, Looked, Published};
use hitdeck::app::effect::Effect;
use hitdeck::app::event::{Event, Rows};
use hitdeck::domain::assignment::AssignmentStatus;
use hitdeck::domain::hit::HitStatus;
use hitdeck::domain::id::{HitId, HitTypeId};
use hitdeck::domain::key::{AssignmentKey, HitKey, WorkerKey};
use hitdeck::domain::money::Usd;
use hitdeck::domain::row::{AssignmentRow, Decider, HitRow};
use hitdeck::domain::time::{Seconds, Stamp};
use hitdeck::exchange::batch::check::{Facts, check};
use hitdeck::exchange::batch::task::Task;
use hitdeck::exchange::batch::{Draft, Files, data, read_spec};
use hitdeck::runtime::publish::unknown_facts;
use insta::assert_snapshot;
use std::sync::Arc;

const HOUR: i64 = 3_600;

const SPEC: &str = r#"
name = "kg-second"
title = "Find a suitable relation for the given entities"
description = "Identify a suitable relation for the given entities"
reward = "0.05"
assignments = 12
lifetime = "2d"
time_limit = "10m"
auto_approve = "3d"
template = "task.html"
consent = "none"
expected_minutes = 0.5
target_wage = "15.00"
"#;

/// Puts a batch in: HITs of five at `cents`, made `age` hours ago, of which so many are done; whether they are over.
fn batch(rows: &mut Rows, name: &str, (hits, done, over): (u32, u32, bool), (cents, age): (i64, i64)) {
    for n in 0..hits {
        let key = HitKey(100 + rows.hits.len() as u32);
        let here = if n < done { 5 } else { n % 3 };
        let open = 5 - here;
        let created = START - Seconds(age * HOUR - i64::from(n));
        rows.hits.push(HitRow {
            key,
            id: HitId::parse(&format!("3BATCH0EXAMPLE00000000000{:05}", key.0)).unwrap(),
            type_id: HitTypeId::parse("3EXAMPLETYPE").unwrap(),
            title: format!("Work of {name}").into(),
            batch: name.into(),
            status: if open > 0 && !over { HitStatus::Assignable } else { HitStatus::Reviewable },
            reward: Usd::cents(cents),
            created,
            expires: if over { START - Seconds(600) } else { START + Seconds(20 * HOUR + i64::from(n)) },
            auto_approval_delay: Seconds(259_200),
            max_assignments: 5,
            pending: 0,
            available: open,
            completed: 0,
            masters: false,
        });
        let place = rows.hits.len() - 1;
        for at in 0..here {
            let number = rows.assignments.len() as u32;
            let ago = i64::from((n * 5 + at) * 1_733 % 997) * age * HOUR / 1_000 + 60;
            let status = match number % 7 {
                0 => AssignmentStatus::Rejected,
                1..4 => AssignmentStatus::Approved,
                _ if over => AssignmentStatus::Approved,
                _ => AssignmentStatus::Submitted,
            };
            rows.hits[place].completed += u32::from(status != AssignmentStatus::Submitted);
            let submitted = START - Seconds(ago);
            rows.assignments.push(AssignmentRow {
                key: AssignmentKey(10_000 + number),
                hit: key,
                worker: WorkerKey(1),
                status,
                by: Decider::Unknown,
                noted: false,
                accepted: (submitted - Seconds(20 + i64::from(number % 30))).into(),
                submitted: submitted.into(),
                auto_approval: (START + Seconds(86_400)).into(),
                decided: Stamp::NONE,
                summary: "label: yes".into(),
            });
        }
    }
}

fn open(columns: u16, lines: u16) -> Desk {
    let mut desk = Desk::empty(columns, lines);
    let mut rows = Rows::default();
    batch(&mut rows, "kg-pilot", (60, 40, false), (5, 10));
    batch(&mut rows, "sentiment of reviews, second round", (20, 3, false), (12, 2));
    batch(&mut rows, "survey 2026", (12, 8, true), (150, 90));
    batch(&mut rows, "classification", (30, 30, true), (8, 240));
    desk.event(Event::Refreshed { rows });
    desk.event(Event::Balance(Usd::cents(987_120), None));
    desk.press("4");
    let published = Published {
        expected: Some(Seconds(30)),
        target: Some(Usd::cents(1_500)),
        rows: 80,
        made: 60,
        waiting: 20,
        lifetime: None,
    };
    let known = KnownBatches {
        published: [("kg-pilot".into(), published)].into(),
        bonuses: [("survey 2026".into(), Bonuses { count: 3, sum: Usd::cents(150), fees: Usd::cents(30) })].into(),
        groups: [("kg-pilot".into(), "3GROUPEXAMPLE".to_owned())].into(),
        ..KnownBatches::default()
    };
    desk.event(Event::Batches(Box::new(known)));
    desk
}

#[test]
fn batches_in_every_size() {
    for (columns, lines) in [(40, 12), (80, 24), (120, 40), (200, 60)] {
        assert_snapshot!(format!("batches_{columns}x{lines}_dark"), open(columns, lines).picture("dark"));
    }
    assert_snapshot!("batches_120x40_ascii", open(120, 40).picture("ascii"));
}

#[test]
fn the_hits_of_a_batch() {
    for (columns, lines) in [(40, 12), (80, 24), (120, 40)] {
        let mut desk = open(columns, lines);
        desk.press("<enter><tab>j<space>");
        assert_snapshot!(format!("batches_hits_{columns}x{lines}_dark"), desk.picture("dark"));
    }
}

#[test]
fn what_is_over_says_what_is_missing() {
    let mut desk = open(80, 24);
    desk.press("/survey<enter>");
    assert_snapshot!("batches_over_80x24_dark", desk.picture("dark"));
    desk.press("t<ctrl-u>1d<enter>");
    assert_snapshot!("batches_top_up_80x24_dark", desk.picture("dark"));
}

#[test]
fn the_rule_of_nine_is_explained_before_anything_is_added() {
    let mut desk = open(80, 24);
    desk.press("a2<enter>");
    assert_snapshot!("batches_add_80x24_dark", desk.picture("dark"));
}

/// A batch file of 120 rows whose wage is under its target, and a page that loads something from elsewhere.
fn looked() -> Arc<Looked> {
    let spec = read_spec("relations/kg.toml", SPEC).unwrap();
    let page = "<img src=\"https://example.org/logo.png\"><p>${subject} and ${object}</p>\
        <form action=\"https://www.mturk.com/mturk/externalSubmit\"><input type=hidden name=assignmentId>\
        <input name=\"relation\"><input name=\"confidence\"></form>";
    let rows = (0..120).fold("subject,object\n".to_owned(), |rows, n| rows + &format!("Q{n},Q{}\n", n * 7));
    let draft = Arc::new(Draft {
        task: Task::new(&spec, page, None),
        spec,
        spec_text: SPEC.to_owned(),
        source_text: page.to_owned(),
        table: data::read("relations/items.csv", rows.as_bytes()).unwrap(),
        files: Files {
            spec: "relations/kg.toml".into(),
            source: "task.html".into(),
            data: "relations/items.csv".into(),
        },
    });
    let facts = Facts { balance: Some(Usd::cents(987_120)), ..unknown_facts(120) };
    let report = check(&draft, &facts);
    Arc::new(Looked { draft, report, missing: 120, there: 0, left_out: 0, changes: Vec::new() })
}

fn with_file(columns: u16, lines: u16) -> Desk {
    let mut desk = open(columns, lines);
    desk.press("orelations/kg.toml<enter>");
    checked(&mut desk);
    desk
}

/// The file is looked at as was asked.
fn checked(desk: &mut Desk) {
    let asked = desk.asked.iter().rev().find_map(|effect| match effect {
        Effect::CheckBatch { request, .. } => Some(*request),
        _ => None,
    });
    desk.event(Event::BatchChecked { request: asked.expect("it was asked for"), found: Ok(looked()) });
}

#[test]
fn a_batch_file_with_what_the_check_says() {
    for (columns, lines) in [(80, 24), (120, 40)] {
        assert_snapshot!(format!("batches_file_{columns}x{lines}_dark"), with_file(columns, lines).picture("dark"));
    }
    let mut desk = with_file(80, 24);
    desk.press("n");
    assert_snapshot!("batches_preview_80x24_dark", desk.picture("dark"));
    desk.press("p<enter>");
    checked(&mut desk);
    assert_snapshot!("batches_publish_80x24_dark", desk.picture("dark"));
}

#[test]
fn an_account_without_batches() {
    let mut desk = Desk::empty(80, 24);
    desk.press("4");
    assert_snapshot!("batches_none_80x24_dark", desk.picture("dark"));
}
