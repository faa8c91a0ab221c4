//! Decisions about workers and qualifications in the journal, and what the mirror keeps of them.

use super::*;
use crate::domain::id::{QualificationRequestId, QualificationTypeId};
use crate::domain::qualification::{Qualification, QualificationRequest, QualificationType, TypeDraft, TypeStatus};
use crate::domain::worker::WorkerBlock;

fn worker(name: &str) -> WorkerId {
    WorkerId::parse(name).unwrap()
}

fn type_id() -> QualificationTypeId {
    QualificationTypeId::parse("3QUAL").unwrap()
}

fn draft() -> TypeDraft {
    TypeDraft { name: Some("Careful".into()), description: Some("reads\nit".into()), ..TypeDraft::default() }
}

/// One of each kind.
fn all() -> Vec<(Target, Decision)> {
    let request = QualificationRequestId::parse("3REQUEST").unwrap();
    let both: Vec<WorkerId> = vec![worker("A1"), worker("A2")];
    let tell = Decision::Notify { subject: "Thank \"you\"".into(), text: "Well done".into() };
    vec![
        (Target::Worker(worker("A1")), Decision::Block { reason: "copies".into() }),
        (Target::Worker(worker("A2")), Decision::Unblock { reason: None }),
        (Target::Workers(both.into()), tell),
        (Target::Qualification(type_id(), worker("A1")), Decision::Grant { score: -3, tell: true }),
        (Target::Qualification(type_id(), worker("A2")), Decision::Revoke { reason: Some("retake it".into()) }),
        (Target::Request(request), Decision::AcceptRequest { score: 80 }),
        (Target::NewType("Careful".into()), Decision::CreateType(Box::new(draft()))),
        (Target::Type(type_id()), Decision::UpdateType(Box::new(draft()))),
    ]
}

async fn put_in(store: &Store, target: Target, decision: Decision) -> Decided {
    let new = NewDecision { subject: Subject::Other(target), decision };
    store.decide(vec![new], 1, NOW.wall, NOW).await.unwrap().remove(0)
}

#[tokio::test]
async fn every_kind_of_decision_comes_back_as_it_was() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    for (target, decision) in all() {
        let Decided::Staged(entry) = put_in(&store, target.clone(), decision.clone()).await else { panic!() };
        assert_eq!((&entry.target, &entry.decision), (&target, &decision));
        assert!(matches!(put_in(&store, target, decision.clone()).await, Decided::Already { .. } | Decided::Staged(_)));
    }
    let told = store.read(|reader| {
        let count = reader.connection.query_row("SELECT count(*) FROM message", [], |row| row.get::<_, i64>(0));
        Ok(count?)
    });
    assert_eq!(told.unwrap(), 4, "two messages to two workers each");
}

#[tokio::test]
async fn one_decision_at_a_time_for_a_qualification() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let of = Target::Qualification(type_id(), worker("A1"));
    put_in(&store, of.clone(), Decision::Grant { score: 1, tell: false }).await;
    let again = put_in(&store, of.clone(), Decision::Grant { score: 1, tell: false }).await;
    assert!(matches!(again, Decided::Already { .. }), "{again:?}");
    let other = refusal(put_in(&store, of, Decision::Revoke { reason: None }).await);
    assert!(other.contains("grant is already on its way"), "{other}");
}

#[tokio::test]
async fn what_is_not_done_to_it_is_refused() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let blank = put_in(&store, Target::Worker(worker("A1")), Decision::Block { reason: " ".into() }).await;
    assert_eq!(refusal(blank), "a block needs a reason");
    let odd = put_in(&store, Target::Worker(worker("A1")), Decision::DeleteType).await;
    assert_eq!(refusal(odd), "delete type is not done to a worker");
    let many: Vec<WorkerId> = (0..101).map(|n| worker(&format!("A{n}"))).collect();
    let decision = Decision::Notify { subject: "s".into(), text: "t".into() };
    assert!(refusal(put_in(&store, Target::Workers(many.into()), decision).await).contains("not to 101"));
}

#[tokio::test]
async fn the_mirror_follows_what_was_carried_out() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let it = QualificationType {
        id: type_id(),
        created: Time(1),
        name: "Careful".into(),
        description: "reads".into(),
        keywords: None,
        status: TypeStatus::Active,
        test: None,
        test_duration: None,
        answer_key: None,
        retry_delay: Some(Seconds(60)),
        requestable: true,
        auto_granted: None,
    };
    store.put_types(vec![it.clone()], true, true).await.unwrap();
    let held = |score| Qualification {
        type_id: type_id(),
        worker: worker("A2"),
        granted: Some(Time(5)),
        score: Some(score),
        revoked: false,
    };
    store.put_holders(type_id(), vec![held(7)], NOW.wall).await.unwrap();
    let request = QualificationRequest {
        id: QualificationRequestId::parse("3REQUEST").unwrap(),
        type_id: type_id(),
        worker: worker("A3"),
        test: None,
        answer: None,
        submitted: Some(Time(9)),
    };
    store.put_requests(vec![request.clone()]).await.unwrap();
    store.put_blocks(vec![WorkerBlock { worker: worker("A2"), reason: "old".into() }]).await.unwrap();
    let stored = store.read(Reader::types).unwrap();
    assert_eq!((stored.len(), &stored[0].it, stored[0].holders, stored[0].requests), (1, &it, 1, 1));

    let mut done = Vec::new();
    for (target, decision) in all() {
        let Decided::Staged(mut entry) = put_in(&store, target, decision).await else { panic!() };
        entry.state = OutboxState::Done;
        done.push(entry);
    }
    store.put_carried_out(done, Time(50)).await.unwrap();
    let blocks = store.read(Reader::blocks).unwrap();
    assert_eq!(blocks, [WorkerBlock { worker: worker("A1"), reason: "copies".into() }]);
    let holders = store.read(|reader| reader.holders(&type_id())).unwrap();
    let short: Vec<_> = holders.iter().map(|it| (it.worker.as_str(), it.score, it.revoked)).collect();
    assert_eq!(short, [("A1", Some(-3), false), ("A2", Some(7), true), ("A3", Some(80), false)]);
    assert_eq!(store.read(Reader::requests).unwrap(), []);
}

#[test]
fn an_outbox_of_the_first_version_is_carried_over() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("journal.db");
    let mut old = Connection::open(&path).unwrap();
    Migrations::from_slice(&JOURNAL_STEPS[..1]).to_latest(&mut old).unwrap();
    old.execute_batch(
        "INSERT INTO people VALUES (1, 'ada@lab');
         INSERT INTO outbox (id, target, verb, text, worker, amount, state, due, grp, token, who, decided, changed, rev)
         VALUES (7, '3ASG1', 'bonus', 'well done', 'A1', 25, 1, 0, 1, 'hitdeck-x-7', 1, 5, 6, 3);",
    )
    .unwrap();
    JOURNAL.to_latest(&mut old).unwrap();
    let row = old.query_row("SELECT id, amount, token, state FROM outbox", [], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, String>(2)?, row.get::<_, i64>(3)?))
    });
    assert_eq!(row.unwrap(), (7, 25, "hitdeck-x-7".into(), 1));
    let insert =
        "INSERT INTO outbox (target, verb, due, grp, who, decided, changed, rev) VALUES ('A1','block',0,1,1,1,1,4)";
    old.execute(insert, []).unwrap();
    assert_eq!(old.last_insert_rowid(), 8, "row numbers go on: tokens are made of them");
}

#[tokio::test]
async fn what_was_taken_away_from_here_is_known_without_the_endpoint() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let done = async |name: &str, decision: Decision| {
        let target = Target::Qualification(type_id(), worker(name));
        let Decided::Staged(entry) = put_in(&store, target, decision).await else { panic!() };
        let (_, claimed) = store.step(vec![], 10, NOW.wall).await.unwrap();
        assert_eq!(claimed.len(), 1);
        settle(&store, entry.id, Outcome::Done { note: None }).await;
    };
    let grant = |score| Decision::Grant { score, tell: false };
    let revoke = || Decision::Revoke { reason: None };
    done("A1", grant(40)).await;
    done("A1", grant(60)).await;
    done("A1", revoke()).await;
    done("A2", grant(5)).await;
    done("A2", revoke()).await;
    done("A2", grant(7)).await;
    done("A3", revoke()).await;
    let other = Target::Qualification(QualificationTypeId::parse("3QUALOTHER").unwrap(), worker("A9"));
    put_in(&store, other, revoke()).await;
    let listed = store.read(|reader| reader.revocations(&type_id())).unwrap();
    let listed: Vec<_> = listed.iter().map(|it| (it.worker.as_str(), it.score, it.revoked)).collect();
    assert_eq!(listed, [("A1", Some(60), true), ("A3", None, true)], "A2 holds it again; what A3 had is not known");
}
