//! Answers as an attacker writes them, from the market to the terminal: whatever is opened, nothing of theirs arrives
//! there but text.

#[path = "../support/hostile.rs"]
mod corpus;

use crate::driver::{Pty, forbidden};
use crate::{PROGRAM, Person};
use hitdeck::domain::assignment::AssignmentStatus;
use hitdeck::domain::id::WorkerId;
use hitdeck::domain::money::Usd;
use hitdeck::domain::time::Seconds;
use hitdeck::market::serve::{Options, Running, start};
use hitdeck::market::storage::{ImportedAssignment, ImportedHit, NewHitType};
use rstest::rstest;
use tokio::runtime::Runtime;

const EVIL: &str = "T\u{1b}]0;owned\u{7}itle \u{202e}\u{1b}[2J\u{9b}31m \u{1b}]52;c;cHduZWQ=\u{7}";

/// The whole corpus as the answers of one HIT, whose title, item and annotation are hostile too.
fn hit(running: &Running) -> ImportedHit {
    let now = running.clock.now().time();
    let assignments = corpus::answers().into_iter().enumerate().map(|(at, (_, answer))| ImportedAssignment {
        id: None,
        worker: WorkerId::parse(&format!("AHOSTILE{at:05}")).expect("a worker"),
        status: AssignmentStatus::Submitted,
        accepted: Some(now - Seconds(100)),
        submitted: Some(now - Seconds(60)),
        auto_approval: Some(now + Seconds(3_600 + at as i64)),
        approved: None,
        rejected: None,
        feedback: None,
        answer,
    });
    let assignments: Vec<ImportedAssignment> = assignments.collect();
    ImportedHit {
        id: None,
        hit_type: NewHitType {
            id: None,
            group: None,
            title: EVIL.to_owned(),
            description: EVIL.to_owned(),
            keywords: None,
            reward: Usd::cents(5),
            duration: Seconds(600),
            auto_approval: Seconds(3_600),
            requirements: "[]".to_owned(),
            masters: false,
            digest: [7; 32],
        },
        question: format!("<HTMLQuestion><HTMLContent><table><tr><th>{EVIL}</th><td>{EVIL}</td></tr></table>"),
        annotation: Some(EVIL.to_owned()),
        created: now - Seconds(200),
        expires: now + Seconds(86_400),
        max: assignments.len() as u32,
        assignments,
    }
}

/// Presses keys, and waits until the desk has drawn everything anew after them.
fn look(pty: &mut Pty, keys: &str) {
    pty.press(keys.as_bytes());
    let before = pty.written.len();
    pty.press(b"\x0c");
    pty.wait_for_bytes(before, "\x1b[2J");
}

#[rstest]
#[case::small(80, 24)]
#[case::usual(120, 40)]
fn nothing_of_a_hostile_answer_reaches_the_terminal_but_text(#[case] columns: u16, #[case] lines: u16) {
    let runtime = Runtime::new().expect("a runtime");
    let market = runtime.block_on(start(Options { speed: 0.0, ..Options::default() })).expect("a market");
    runtime.block_on(market.service.import(market.requester, vec![hit(&market)])).expect("the work is on the market");
    let person = Person::at_home();
    let keys = [
        ("AWS_ENDPOINT_URL_MTURK", market.endpoint.as_str()),
        ("AWS_ACCESS_KEY_ID", market.access_key_id.as_str()),
        ("AWS_SECRET_ACCESS_KEY", market.secret_access_key.as_str()),
    ];
    let mut pty = person.start_with(PROGRAM, &[], &keys, columns, lines);
    let all = corpus::answers().len();
    pty.wait_until("the work is there", |screen| screen.contents().contains(&format!("1 of {all}")));
    for _ in 0..all {
        look(&mut pty, "j");
        look(&mut pty, "V");
        look(&mut pty, "V");
    }
    // The other views that show what they wrote: grouped, zoomed, beside the question about a reason, in Activity.
    look(&mut pty, "g");
    look(&mut pty, "z");
    look(&mut pty, "z");
    pty.press(b"t");
    pty.wait_for("Group by");
    pty.press(b"a");
    pty.wait_until("the list is grouped by answer", |screen| !screen.contents().contains("Group by"));
    pty.press(b"r");
    pty.wait_for("reason:");
    pty.press(b"\x1b");
    pty.wait_until("the question is closed", |screen| !screen.contents().contains("reason:"));
    pty.press(b"a");
    pty.wait_for("1 staged");
    pty.press(b"5");
    pty.wait_for("audit trail");
    assert_eq!(forbidden(&pty.written), Vec::<String>::new());
}
