use super::*;
use crate::app::detail::Other;
use crate::domain::decision::{DecisionId, Target};
use crate::domain::hit::HitStatus;
use crate::domain::id::{AssignmentId, HitId, HitTypeId, WorkerId};
use crate::domain::key::{AssignmentKey, HitKey};
use crate::domain::money::Usd;
use crate::domain::row::Decider;
use crate::domain::row::TextRef;
use crate::domain::time::{Millis, Seconds, Stamp, Time};
use crate::question::answer::Field;
use crate::question::item::Item;
use std::sync::Arc;

const DAY: i64 = 1_795_219_200;

fn field(name: &str, value: &str) -> Field {
    let value = if value.is_empty() { Value::Empty } else { Value::Text(value.to_owned()) };
    Field { name: name.to_owned(), value }
}

fn answer(fields: &[(&str, &str)]) -> Answer {
    Answer { fields: fields.iter().map(|(name, value)| field(name, value)).collect(), problem: None }
}

fn detail(item: Item, answer: Answer, others: Vec<Answer>) -> Detail {
    let other = |(index, answer): (usize, Answer)| Other {
        key: AssignmentKey(100 + index as u32),
        worker: WorkerKey(index as u32),
        status: AssignmentStatus::Submitted,
        answer,
    };
    Detail {
        key: AssignmentKey(1),
        id: AssignmentId::parse("3EXAMPLE0ASSIGNMENT0000000001").unwrap(),
        group: None,
        item: Arc::new(item),
        answer,
        raw: "<QuestionFormAnswers>\n\u{1b}[2J</QuestionFormAnswers>".to_owned(),
        question: "<HTMLQuestion/>".into(),
        feedback: None,
        note: None,
        others: others.into_iter().enumerate().map(other).collect(),
    }
}

fn row(status: AssignmentStatus) -> LightRow {
    let decided = if status == AssignmentStatus::Submitted { Stamp::NONE } else { Time(DAY + 7_200).into() };
    LightRow {
        key: AssignmentKey(1),
        hit: HitKey(1),
        worker: WorkerKey(0),
        status,
        by: Decider::Unknown,
        noted: false,
        accepted: Time(DAY).into(),
        submitted: Time(DAY + 42).into(),
        auto_approval: Time(DAY + 259_242).into(),
        decided,
        summary: TextRef::default(),
    }
}

fn hit() -> HitRow {
    HitRow {
        key: HitKey(1),
        id: HitId::parse("3EXAMPLE0HIT00000000000000001").unwrap(),
        type_id: HitTypeId::parse("3EXAMPLE0TYPE").unwrap(),
        title: "Does one follow from the other?".into(),
        batch: "rte-pilot".into(),
        status: HitStatus::Reviewable,
        reward: Usd::cents(2),
        created: Time(DAY),
        expires: Time(DAY),
        auto_approval_delay: Seconds(259_200),
        max_assignments: 10,
        pending: 0,
        available: 0,
        completed: 10,
        masters: false,
    }
}

/// The lines as text, each span at its column, decorated by tone where it matters to the test.
fn text(document: &Document) -> String {
    let mut out = String::new();
    for line in &document.lines {
        let mut at = 0;
        for span in &line.spans {
            let gap = usize::from(span.at).saturating_sub(at);
            assert!(usize::from(span.at) >= at, "spans do not overlap: {line:?}");
            out.extend(std::iter::repeat_n(' ', gap));
            out.push_str(span.text.as_str());
            at = usize::from(span.at) + span.text.width();
        }
        out.push('\n');
    }
    out
}

fn composed(detail: &Detail, row: &LightRow, entry: Option<&OutboxEntry>, width: u16) -> Document {
    laid_out(detail, row, entry, None, width)
}

fn laid_out(
    detail: &Detail,
    row: &LightRow,
    entry: Option<&OutboxEntry>,
    layout: Option<&Layout>,
    width: u16,
) -> Document {
    let ids: Vec<WorkerId> = (0..30).map(|n| WorkerId::parse(&format!("A{n}EXAMPLE0WRKR")).unwrap()).collect();
    let hit = hit();
    let worker = |key: WorkerKey| ids.get(key.0 as usize).map(|id| Cow::Borrowed(id.as_str()));
    let facts = Facts {
        row,
        hit: Some(&hit),
        worker: &worker,
        decided_by: None,
        record: None,
        entry,
        layout,
        zone: Zone::default(),
    };
    let document = compose(detail, &facts, width);
    for line in &document.lines {
        for span in &line.spans {
            assert!(usize::from(span.at) + span.text.width() <= usize::from(width), "{width}: {span:?}");
        }
    }
    document
}

fn entailment() -> Detail {
    let item = Item {
        pairs: vec![
            (
                "text".to_owned(),
                "Three of its five permanent members, France, Russia and China, are pushing the U.N. Security Council \
                 to lift the embargo."
                    .to_owned(),
            ),
            ("hypothesis".to_owned(), "France, Russia and China want to put an end to sanctions.".to_owned()),
        ],
        ..Item::default()
    };
    let mut others = vec![answer(&[("entailment", "yes")]); 8];
    others.insert(3, answer(&[("entailment", "no")]));
    detail(item, answer(&[("entailment", "no")]), others)
}

#[test]
fn a_judgement_reads_from_item_to_answer_to_others() {
    let detail = entailment();
    let row = row(AssignmentStatus::Submitted);
    insta::assert_snapshot!("judgement_80", text(&composed(&detail, &row, None, 80)));
    insta::assert_snapshot!("judgement_40", text(&composed(&detail, &row, None, 40)));
}

#[test]
fn a_batch_has_a_layout_of_its_own() {
    let given = answer(&[("url", "https://a.example"), ("relation", "founded"), ("sentence", "Dunant founded it.")]);
    let item =
        Item { pairs: vec![("id".into(), "7".into()), ("object".into(), "Red Cross".into())], ..Item::default() };
    let detail = detail(item, given.clone(), vec![given]);
    let list = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    let layout = Layout { batch: "kg-*".into(), first: list(&["sentence", "object"]), hide: list(&["url"]) };
    assert!(layout.fits("kg-pilot") && !layout.fits("pilot"));
    let row = row(AssignmentStatus::Submitted);
    insta::assert_snapshot!("layout_80", text(&laid_out(&detail, &row, None, Some(&layout), 80)));
}

#[test]
fn the_answer_can_be_found_in_the_document() {
    let document = composed(&entailment(), &row(AssignmentStatus::Submitted), None, 80);
    let line = &document.lines[document.answer.unwrap()];
    assert_eq!(line.spans[0].text.as_str(), "Answer");
}

#[test]
fn many_fields_fold_and_long_values_wrap() {
    let mut fields: Vec<(String, String)> = (0..40).map(|n| (format!("q{n}"), String::new())).collect();
    fields[3].1 = "a very long remark ".repeat(12);
    fields[9].1 = "short".to_owned();
    fields.push(("a label that is much longer than its column can be".to_owned(), "value".to_owned()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let others = vec![answer(&[("q9", "short"), ("q3", "none")]), answer(&[("q9", "long")])];
    let detail = detail(Item::default(), answer(&fields), others);
    insta::assert_snapshot!("many_fields", text(&composed(&detail, &row(AssignmentStatus::Submitted), None, 80)));
}

#[test]
fn every_kind_of_value_is_put_in_words() {
    let values = vec![
        Value::Choice(vec!["red".to_owned(), "green".to_owned()]),
        Value::Choice(Vec::new()),
        Value::Flag(true),
        Value::Upload { key: "2f0c".to_owned(), bytes: 4_200 },
        Value::Text("日本語のテキスト 🙂 עברית".to_owned()),
    ];
    let fields = values.into_iter().enumerate().map(|(n, value)| Field { name: format!("f{n}"), value }).collect();
    let mut detail =
        detail(Item::default(), Answer { fields, problem: Some("cut off after 5 fields".to_owned()) }, vec![]);
    detail.feedback = Some("Thank you".to_owned());
    detail.note = Some("look again\nlater".to_owned());
    insta::assert_snapshot!("values", text(&composed(&detail, &row(AssignmentStatus::Approved), None, 80)));
}

#[test]
fn what_a_worker_answers_to_a_rejection_stands_apart_from_the_feedback() {
    let mut detail = detail(Item::default(), answer(&[("answer", "a dog")]), vec![]);
    detail.feedback = Some(crate::domain::worker_answer::join("No keyword fits.", "There is a dog in it.\u{1b}[2J"));
    let shown = text(&composed(&detail, &row(AssignmentStatus::Rejected), None, 80));
    let at = |words: &str| shown.find(words).unwrap_or_else(|| panic!("{words}: {shown}"));
    assert!(at("Feedback") < at("No keyword fits.") && at("No keyword fits.") < at("Worker's answer"), "{shown}");
    assert!(at("Worker's answer") < at("There is a dog in it."), "{shown}");
    assert!(!shown.contains("---") && !shown.contains('\u{1b}'), "{shown}");
}

#[test]
fn hidden_characters_are_counted_and_announced() {
    let hostile = "fine\u{202e}evil\u{1b}[31m red\u{200b}";
    let detail = detail(Item::default(), answer(&[("answer", hostile)]), vec![]);
    let shown = text(&composed(&detail, &row(AssignmentStatus::Submitted), None, 80));
    assert!(shown.contains("hidden characters in this answer"), "{shown}");
    assert!(!shown.contains(['\u{202e}', '\u{1b}', '\u{200b}']), "{shown}");
}

#[test]
fn the_raw_view_escapes_everything() {
    let shown = text(&compose_raw(&entailment(), 60));
    assert!(shown.contains("\\x1b[2J</QuestionFormAnswers>"), "{shown}");
    assert!(shown.contains("<HTMLQuestion/>"), "{shown}");
}

#[test]
fn a_megabyte_is_cut_and_says_so() {
    let long = "word ".repeat(300_000);
    let detail = detail(Item::default(), answer(&[("essay", &long)]), vec![]);
    let document = composed(&detail, &row(AssignmentStatus::Submitted), None, 80);
    assert!(document.lines.len() < 1_500, "{}", document.lines.len());
    assert!(text(&document).contains("1.4 MB more, not shown here"));
}

#[test]
fn a_failed_decision_says_why() {
    let entry = OutboxEntry {
        id: DecisionId(1),
        target: Target::Assignment(AssignmentId::parse("3EXAMPLE0ASSIGNMENT0000000001").unwrap()),
        assignment: None,
        decision: Decision::Reject { feedback: "The answer was empty.".to_owned() },
        state: OutboxState::Failed { reason: "the assignment is already approved".to_owned() },
        attempts: 1,
        group: 1,
        token: None,
        who: "anna@host".to_owned(),
        decided: Millis(0),
        changed: Millis(0),
        note: None,
    };
    let shown = text(&composed(&entailment(), &row(AssignmentStatus::Submitted), Some(&entry), 80));
    assert!(shown.contains("reject      failed: the assignment is already approved"), "{shown}");
    assert!(shown.contains("The answer was empty."), "{shown}");
}

#[test]
fn nothing_is_wider_than_the_window() {
    let detail = detail(
        Item {
            pairs: vec![("標識の長い名前標識の長い名前".to_owned(), "値".repeat(50))], ..Item::default()
        },
        answer(&[("🙂🙂", &"🙂".repeat(70)), ("b", &"x".repeat(300))]),
        vec![answer(&[("🙂🙂", &"界".repeat(60))]), answer(&[("b", "1"), ("c", "2")])],
    );
    for width in [24, 38, 39, 59, 60, 61, 80, 118, 200] {
        composed(&detail, &row(AssignmentStatus::Rejected), None, width);
    }
}
