//! The store as its users use it.

mod batches;
mod hits;
mod mirror;
mod packs;
mod people;

use super::*;
use crate::domain::assignment::{Assignment, AssignmentStatus};
use crate::domain::decision::{Decision, DecisionId, NewDecision, OutboxEntry, OutboxState, Subject, Target};
use crate::domain::hit::{Hit, HitReviewStatus, HitStatus};
use crate::domain::id::{AssignmentId, HitId, HitTypeId, WorkerId};
use crate::domain::key::AssignmentKey;
use crate::domain::money::Usd;
use crate::domain::query::TextTerm;
use crate::domain::row::Decider;
use crate::domain::time::{Millis, Now, Seconds, Time};
use tempfile::TempDir;

const NOW: Now = Now { wall: Millis(1_000_000), time: Time(2_000_000) };

fn lab() -> Stamp {
    Stamp { endpoint: "http://127.0.0.1:7878".into(), account: "LAB1".into() }
}

pub(super) fn open(dir: &TempDir) -> Store {
    Store::open(&dir.path().join("lab"), &lab(), "ada@lab").unwrap()
}

/// Desks and commands that begin at the same moment: the first makes the files, the others find them.
#[test]
fn a_new_store_is_made_once_however_many_open_it_at_once() {
    for _ in 0..10 {
        let dir = TempDir::new().unwrap();
        let opened: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..6).map(|_| scope.spawn(|| Store::open(dir.path(), &lab(), "ada@lab"))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap().map(|store| store.shared.name.clone())).collect()
        });
        let names: Vec<_> = opened.into_iter().collect::<Result<_, _>>().unwrap();
        assert!(names.iter().all(|name| *name == names[0]), "{names:?}");
    }
}

fn hit(number: u32) -> Hit {
    Hit {
        id: HitId::parse(&format!("3HIT{number}")).unwrap(),
        type_id: HitTypeId::parse("3TYPE").unwrap(),
        group: None,
        title: "Relations".into(),
        description: String::new(),
        keywords: String::new(),
        question: "<HTMLQuestion/>".into(),
        status: HitStatus::Reviewable,
        review_status: HitReviewStatus::NotReviewed,
        reward: Usd::cents(5),
        created: Time(1_000),
        expires: Time(3_000_000),
        duration: Seconds(600),
        auto_approval_delay: Seconds(86_400),
        max_assignments: 10,
        pending: 0,
        available: 8,
        completed: 0,
        annotation: Some("hitdeck:pilot:1".into()),
        requirements: vec![],
    }
}

fn assignment(number: u32, of: u32) -> Assignment {
    Assignment {
        id: AssignmentId::parse(&format!("3ASG{number}")).unwrap(),
        hit: hit(of).id,
        worker: WorkerId::parse(&format!("A1W{}", number % 7)).unwrap(),
        status: AssignmentStatus::Submitted,
        accepted: Some(Time(1_900_000)),
        submitted: Some(Time(1_900_100 + i64::from(number))),
        auto_approval: Some(Time(2_100_000 - i64::from(number))),
        approved: None,
        rejected: None,
        feedback: None,
        answer: format!("<a>{number}</a>"),
    }
}

fn answered(number: u32, of: u32, text: &str) -> (Assignment, AnswerIndex) {
    let fields = vec![("label".into(), text.to_owned()), ("n".into(), number.to_string())];
    (assignment(number, of), AnswerIndex { summary: format!("label: {text}"), fields })
}

async fn filled(dir: &TempDir) -> Store {
    let store = open(dir);
    let assignments = (1..=4).map(|number| answered(number, 1, "yes")).collect();
    store.put(vec![Fetched { hit: hit(1), assignments, complete: Some(NOW.wall) }]).await.unwrap();
    store
}

fn approve() -> Decision {
    Decision::Approve { feedback: None, override_rejection: false }
}

fn reject(feedback: &str) -> Decision {
    Decision::Reject { feedback: feedback.into() }
}

async fn decide(store: &Store, key: AssignmentKey, decision: Decision) -> Decided {
    let entry = NewDecision { subject: Subject::Assignment(key), decision };
    store.decide(vec![entry], 1, NOW.wall, NOW).await.unwrap().remove(0)
}

async fn staged(store: &Store, key: AssignmentKey, decision: Decision) -> OutboxEntry {
    match decide(store, key, decision).await {
        Decided::Staged(entry) => entry,
        other => panic!("{other:?}"),
    }
}

fn refusal(decided: Decided) -> String {
    match decided {
        Decided::Refused { why, .. } | Decided::Already { why, .. } => why,
        Decided::Staged(entry) => panic!("{entry:?}"),
    }
}

async fn settle(store: &Store, id: DecisionId, outcome: Outcome) -> OutboxEntry {
    store.step(vec![Settled { id, outcome }], 0, NOW.wall).await.unwrap().0.remove(0)
}

fn events(store: &Store) -> Vec<String> {
    let lines = store.read(|reader| reader.audit(None, 100)).unwrap();
    lines.into_iter().rev().map(|line| line.event).collect()
}

const FIRST: AssignmentKey = AssignmentKey(1);

#[test]
fn migrations_are_sound() {
    JOURNAL.validate().unwrap();
    MIRROR.validate().unwrap();
}

#[test]
fn a_store_belongs_to_one_account_at_one_endpoint() {
    let dir = TempDir::new().unwrap();
    drop(open(&dir));
    for (endpoint, account) in [("http://127.0.0.1:9", "LAB1"), ("http://127.0.0.1:7878", "LAB2")] {
        let other = Stamp { endpoint: endpoint.into(), account: account.into() };
        let error = Store::open(&dir.path().join("lab"), &other, "ada@lab").unwrap_err();
        assert!(matches!(error, StoreError::Foreign { .. }), "{error}");
        assert!(error.to_string().contains("LAB1") && error.to_string().contains(account), "{error}");
    }
    open(&dir);
}

#[test]
fn files_are_private() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let _lock = store.try_sender_lock().unwrap().unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(store.dir()), 0o700);
    let files: Vec<_> = fs::read_dir(store.dir()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() >= 5, "{files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[tokio::test]
async fn a_decision_lives_from_staged_to_done() {
    let dir = TempDir::new().unwrap();
    let store = filled(&dir).await;
    let entry = staged(&store, FIRST, approve()).await;
    assert_eq!(entry.state, OutboxState::Staged { due: NOW.wall });
    assert_eq!((entry.assignment, entry.who.as_str()), (Some(FIRST), "ada@lab"));

    let (_, claimed) = store.step(vec![], 10, NOW.wall).await.unwrap();
    assert_eq!(claimed.len(), 1);
    assert_eq!(claimed[0].entry.state, OutboxState::Sending);
    assert_eq!(claimed[0].entry.attempts, 1);
    assert!(store.step(vec![], 10, NOW.wall).await.unwrap().1.is_empty(), "claimed once");

    let done = settle(&store, entry.id, Outcome::Done { note: None }).await;
    assert_eq!(done.state, OutboxState::Done);
    assert_eq!(events(&store), ["decided", "sending", "done"]);
    let again = settle(&store, entry.id, Outcome::Failed { reason: "late".into() }).await;
    assert_eq!(again.state, OutboxState::Done, "what is settled stays");
}

#[tokio::test]
async fn a_step_answers_what_the_store_holds() {
    let dir = TempDir::new().unwrap();
    let store = filled(&dir).await;
    let id = staged(&store, FIRST, approve()).await.id;
    let now = |ms| NOW.wall.plus(ms);
    let note = || "why".to_owned();
    let outcomes = [
        Outcome::Later { due: now(1), note: note() },
        Outcome::Doubt { due: now(3), note: note() },
        Outcome::Released,
        Outcome::Later { due: now(7), note: note() },
        Outcome::Released,
        Outcome::Done { note: Some(note()) },
    ];
    for (round, outcome) in (0..).zip(outcomes) {
        let at = now(2 * round + 1);
        let (_, claimed) = store.step(vec![], 10, at).await.unwrap();
        assert_eq!(store.read(|reader| reader.entry(id)).unwrap().as_ref(), Some(&claimed[0].entry), "claim {round}");
        let (settled, _) = store.step(vec![Settled { id, outcome }], 0, at.plus(1)).await.unwrap();
        assert_eq!(store.read(|reader| reader.entry(id)).unwrap().as_ref(), Some(&settled[0]), "outcome {round}");
    }
    let failed = staged(&store, AssignmentKey(2), approve()).await.id;
    store.step(vec![], 10, now(20)).await.unwrap();
    let failed = settle(&store, failed, Outcome::Failed { reason: "no".into() }).await;
    assert_eq!(store.read(|reader| reader.entry(failed.id)).unwrap(), Some(failed));
    let maybe = staged(&store, AssignmentKey(3), approve()).await.id;
    store.step(vec![], 10, now(20)).await.unwrap();
    let maybe = settle(&store, maybe, Outcome::Maybe { reason: "cut off".into() }).await;
    assert_eq!(store.read(|reader| reader.entry(maybe.id)).unwrap(), Some(maybe));
}

#[tokio::test]
async fn one_live_decision_for_an_assignment() {
    let dir = TempDir::new().unwrap();
    let store = filled(&dir).await;
    let first = staged(&store, FIRST, approve()).await;
    assert!(refusal(decide(&store, FIRST, approve()).await).contains("already on its way: approve by ada@lab"));
    assert!(refusal(decide(&store, FIRST, reject("bad")).await).contains("approve is already on its way"));
    let undone = store.undo(vec![first.id], Undone::Undo, NOW.wall).await.unwrap();
    assert_eq!(undone[0].state, OutboxState::Undone);
    staged(&store, FIRST, reject("bad")).await;
}

#[tokio::test]
async fn what_may_not_be_decided_says_why() {
    let dir = TempDir::new().unwrap();
    let store = filled(&dir).await;
    let why = |decided| refusal(decided);
    assert!(why(decide(&store, AssignmentKey(99), approve()).await).contains("not in this store"));
    assert!(why(decide(&store, FIRST, reject(" ")).await).contains("needs a reason"));
    let over = Decision::Approve { feedback: None, override_rejection: true };
    assert!(why(decide(&store, FIRST, over.clone()).await).contains("not rejected"));
    let bonus = |worker: &str, cents, reason: &str| Decision::Bonus {
        worker: WorkerId::parse(worker).unwrap(),
        amount: Usd::cents(cents),
        reason: reason.into(),
    };
    assert!(why(decide(&store, FIRST, bonus("A1W2", 5, "x")).await).contains("done by A1W1"));
    assert!(why(decide(&store, FIRST, bonus("A1W1", 0, "x")).await).contains("at least $0.01"));
    assert!(why(decide(&store, FIRST, bonus("A1W1", 5, "")).await).contains("needs a reason"));

    // Done through this store counts before the mirror has heard of it.
    let entry = staged(&store, FIRST, reject("bad")).await;
    store.step(vec![], 1, NOW.wall).await.unwrap();
    settle(&store, entry.id, Outcome::Done { note: None }).await;
    assert!(why(decide(&store, FIRST, reject("bad")).await).contains("already rejected"));
    assert!(why(decide(&store, FIRST, approve()).await).contains("an override reverses that"));
    staged(&store, FIRST, over).await;
}

#[tokio::test]
async fn decisions_on_one_subject_leave_in_order() {
    let dir = TempDir::new().unwrap();
    let store = filled(&dir).await;
    let approval = staged(&store, FIRST, approve()).await;
    let bonus =
        Decision::Bonus { worker: WorkerId::parse("A1W1").unwrap(), amount: Usd::cents(50), reason: "thanks".into() };
    let bonus = staged(&store, FIRST, bonus).await;
    assert!(bonus.token.as_ref().is_some_and(|token| token.len() <= 64));
    let (_, claimed) = store.step(vec![], 10, NOW.wall).await.unwrap();
    assert_eq!(claimed.iter().map(|it| it.entry.id).collect::<Vec<_>>(), [approval.id]);
    let later = Outcome::Later { due: NOW.wall.plus(500), note: "throttled".into() };
    settle(&store, approval.id, later).await;
    assert_eq!(store.read(Reader::next_claim).unwrap(), Some(NOW.wall.plus(500)), "the bonus waits behind it");
    store.step(vec![], 10, NOW.wall.plus(500)).await.unwrap();
    let (_, claimed) = store
        .step(vec![Settled { id: approval.id, outcome: Outcome::Done { note: None } }], 10, NOW.wall.plus(600))
        .await
        .unwrap();
    assert_eq!(claimed[0].entry.id, bonus.id);
    assert_eq!(claimed[0].entry.token, bonus.token);
}

#[tokio::test]
async fn what_a_dead_sender_left_is_unknown() {
    let dir = TempDir::new().unwrap();
    let store = filled(&dir).await;
    let entry = staged(&store, FIRST, approve()).await;
    store.step(vec![], 10, NOW.wall).await.unwrap();
    drop(store);

    let store = open(&dir);
    assert_eq!(store.read(Reader::next_due).unwrap(), Some(Millis(0)));
    let orphans = store.recover(NOW.wall).await.unwrap();
    assert_eq!(
        orphans.iter().map(|it| (it.id, it.state.clone())).collect::<Vec<_>>(),
        [(entry.id, OutboxState::Unknown)]
    );
    assert_eq!(store.undo(vec![entry.id], Undone::Undo, NOW.wall).await.unwrap()[0].state, OutboxState::Unknown);
    let (_, claimed) = store.step(vec![], 10, NOW.wall).await.unwrap();
    assert_eq!((claimed[0].entry.state.clone(), claimed[0].entry.attempts), (OutboxState::Unknown, 1));
    assert!(store.step(vec![], 10, NOW.wall).await.unwrap().1.is_empty(), "claimed once");
    // Should this one die as well, the next one has to notice.
    assert_eq!(store.read(Reader::next_due).unwrap(), Some(Millis(0)));
    assert_eq!(store.read(Reader::next_claim).unwrap(), None);
    let later = Outcome::Later { due: NOW.wall, note: "still submitted".into() };
    assert_eq!(settle(&store, entry.id, later).await.state, OutboxState::Staged { due: NOW.wall });
    assert_eq!(events(&store), ["decided", "sending", "unknown", "verified"]);
}

#[tokio::test]
async fn the_audit_trail_only_grows() {
    let dir = TempDir::new().unwrap();
    let store = filled(&dir).await;
    staged(&store, FIRST, reject("no text")).await;
    let other = Connection::open(store.dir().join("journal.db")).unwrap();
    for sql in ["DELETE FROM audit", "UPDATE audit SET who = 1"] {
        let error = other.execute(sql, []).unwrap_err().to_string();
        assert!(error.contains("append-only"), "{error}");
    }
    let lines = store.read(|reader| reader.audit(Some("3ASG1"), 10)).unwrap();
    assert_eq!((lines[0].text.as_str(), lines[0].who.as_str(), lines[0].at), ("reject: no text", "ada@lab", NOW.wall));
}

#[tokio::test]
async fn another_process_is_noticed_and_heard() {
    let dir = TempDir::new().unwrap();
    let store = filled(&dir).await;
    let other = Store::open(store.dir(), &lab(), "bob@lab").unwrap();
    let one = |number| Fetched { hit: hit(2), assignments: vec![answered(number, 2, "no")], complete: None };
    assert!(!store.put(vec![one(11)]).await.unwrap().others_wrote);
    other.put(vec![one(12)]).await.unwrap();
    assert!(store.put(vec![one(13)]).await.unwrap().others_wrote);

    let (_, before) = store.read(|reader| reader.entries_since(0)).unwrap();
    let entry = staged(&other, FIRST, approve()).await;
    let (news, _) = store.read(|reader| reader.entries_since(before)).unwrap();
    assert_eq!(news, [entry]);
    assert_eq!(store.read(Reader::people).unwrap(), ["ada@lab", "bob@lab"]);
}

#[tokio::test]
async fn a_full_disk_and_a_locked_one_are_said() {
    let dir = TempDir::new().unwrap();
    let store = filled(&dir).await;
    let limit = |sql: &'static str| {
        let journal = store.shared.journal.clone();
        async move { journal.configure(sql).await.unwrap() }
    };
    let long = Decision::Reject { feedback: "x".repeat(1_000) };
    let entry = |key| NewDecision { subject: Subject::Assignment(AssignmentKey(key)), decision: long.clone() };
    limit("PRAGMA max_page_count = 1").await;
    let error = store.decide((1..=4).map(entry).collect(), 1, NOW.wall, NOW).await.unwrap_err();
    assert!(matches!(error, StoreError::Full), "{error}");
    limit("PRAGMA max_page_count = 1000000").await;
    limit("PRAGMA query_only = 1").await;
    let error = store.decide(vec![entry(1)], 1, NOW.wall, NOW).await.unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly), "{error}");
    limit("PRAGMA query_only = 0").await;
    assert_eq!(store.read(Reader::unsettled).unwrap(), 0, "nothing of a failed step was kept");
    staged(&store, FIRST, long.clone()).await;
}

#[tokio::test]
async fn only_one_may_send() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let lock = store.try_sender_lock().unwrap().unwrap();
    assert!(store.try_sender_lock().unwrap().is_none());
    let waiting = tokio::spawn({
        let store = store.clone();
        async move { store.sender_lock().await }
    });
    tokio::task::yield_now().await;
    drop(lock);
    waiting.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_claim_reads_no_more_than_it_takes() {
    let dir = TempDir::new().unwrap();
    let store = filled(&dir).await;
    let journal = Connection::open(store.dir().join("journal.db")).unwrap();
    let sql = "EXPLAIN QUERY PLAN SELECT id FROM outbox o WHERE o.state IN (0, 2) AND o.due <= 1 AND NOT EXISTS (
       SELECT 1 FROM outbox e WHERE e.target = o.target AND e.id < o.id AND e.state <= 2) ORDER BY o.due, o.id LIMIT 9";
    let mut steps = journal.prepare(sql).unwrap();
    let steps: Vec<String> = steps.query_map([], |row| row.get(3)).unwrap().map(Result::unwrap).collect();
    let plan = steps.join("; ");
    assert!(plan.contains("outbox_waiting") && plan.contains("outbox_live") && !plan.contains("TEMP B-TREE"), "{plan}");
}
