use super::*;
use crate::domain::fees::FeeSchedule;
use crate::market::clock::{Clock, Moment};
use crate::market::id::Mint;
use crate::market::service::settle;
use crate::market::storage::{Place, Storage};
use crate::question::item;

const NOW: Time = Time(1_800_000_000);
const FILE: &[u8] = include_bytes!("../../../tests/data/batch_results.csv");

async fn market() -> (Service, RequesterKey) {
    let clock = Clock::starting_at(Moment::of(NOW), 0.0);
    let storage = Storage::open(Place::Memory, &clock, Mint::seeded(1), settle).unwrap();
    let service = Service::new(storage, clock, FeeSchedule::AMAZON);
    let who = service.add_requester("lab", Usd::cents(1_000)).await.unwrap().unwrap();
    (service, who.key)
}

fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("results.csv");
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

#[test]
fn a_hit_holds_its_rows_and_its_columns() {
    let (hits, content) = read(FILE, NOW).unwrap();
    assert_eq!((hits.len(), content.assignments, content.undecided, content.workers), (2, 4, 2, 2));
    let item = item::read(&hits[0].question);
    assert_eq!(
        item.pairs,
        [
            ("text".to_owned(), "A quick, \"brown\" fox\nover two lines".to_owned()),
            ("url".to_owned(), "https://example.org/?a=1&b=2".to_owned()),
        ]
    );
    assert_eq!((item.problem, item.text), (None, vec![]));
    let answer = answer::decode(&hits[0].assignments[0].answer);
    assert_eq!(answer.field("label").unwrap().value.text(), "yes");
    assert_eq!(answer.field("note").unwrap().value.text(), "fine, thanks");
}

#[test]
fn times_move_together_until_the_newest_is_now() {
    let (hits, content) = read(FILE, NOW).unwrap();
    let all: Vec<_> = hits.iter().flat_map(|hit| &hit.assignments).collect();
    let newest = all.iter().flat_map(|a| [a.submitted, a.approved, a.rejected]).flatten().max();
    assert_eq!(newest, Some(NOW));
    assert_eq!(all[0].submitted.unwrap() - all[0].accepted.unwrap(), Seconds(42));
    assert!(content.moved.unwrap() > Seconds(0));
    assert!(all.iter().filter(|a| a.status == AssignmentStatus::Submitted).all(|a| a.auto_approval > Some(NOW)));
}

#[test]
fn what_the_file_does_not_say_stays_unsaid() {
    let text = "HITId,AssignmentId,WorkerId,Answer.a\n3H,3A,A1,x\n3H,3B,A2,y\n";
    let (hits, content) = read(text.as_bytes(), NOW).unwrap();
    assert_eq!((content.moved, content.without_times), (None, 2));
    let hit = &hits[0];
    assert_eq!((hit.max, hit.created, hit.annotation.as_deref()), (2, NOW, None));
    for a in &hit.assignments {
        assert_eq!((a.accepted, a.submitted, a.auto_approval), (None, None, None));
    }
}

#[tokio::test]
async fn the_account_is_credited_with_exactly_what_is_held() {
    let (service, who) = market().await;
    let (_folder, path) = file(std::str::from_utf8(FILE).unwrap());
    let imported = import_file(&service, who, &path).await.unwrap();
    // Two undecided assignments of $0.05 with a fee of $0.01 each.
    assert_eq!(imported.report.credited, Usd::cents(12));
    let account = service.account(who).await.unwrap();
    assert_eq!((account.available, account.held), (Usd::cents(1_000), Usd::cents(12)));
    let line = imported.to_string();
    assert!(
        line.starts_with("results.csv: 2 HITs, 4 assignments (2 undecided) by 2 workers; $0.12 credited"),
        "{line}"
    );
    assert!(line.contains("times moved by"), "{line}");
    let again = import_file(&service, who, &path).await.unwrap();
    assert_eq!((again.report.hits, again.report.known), (0, 2));
    assert!(again.to_string().contains("left alone"));
}

#[tokio::test]
async fn a_bad_file_changes_nothing() {
    let (service, who) = market().await;
    let (_folder, path) = file("HITId,AssignmentId,WorkerId\n3H,3A,A1\n3H,3A,A2\n");
    let error = import_file(&service, who, &path).await.unwrap_err().to_string();
    assert!(error.contains("results.csv: row 3 (line 3), column AssignmentId"), "{error}");
    assert!(error.ends_with("Nothing was imported"), "{error}");
    // The same worker twice on one HIT is a matter of the market.
    let (_folder, path) = file("HITId,AssignmentId,WorkerId\n3H,3A,A1\n3H,3B,A1\n");
    let error = import_file(&service, who, &path).await.unwrap_err().to_string();
    assert!(error.contains("3B") && error.contains("A1"), "{error}");
    assert_eq!(service.account(who).await.unwrap().held, Usd::ZERO);
    let missing = import_file(&service, who, Path::new("/nowhere/x.csv")).await.unwrap_err().to_string();
    assert!(missing.starts_with("cannot open /nowhere/x.csv"), "{missing}");
}
