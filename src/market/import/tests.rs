use super::*;
use crate::domain::assignment::AssignmentStatus;
use crate::domain::fees::FeeSchedule;
use crate::domain::money::Usd;
use crate::domain::time::Time;
use crate::market::clock::{Clock, Moment};
use crate::market::id::Mint;
use crate::market::service::settle;
use crate::market::storage::{ImportedAssignment, ImportedHit, Place, Storage};
use crate::question::{answer, item};
use std::io::{Cursor, Write};

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

fn read(file: &[u8]) -> (Vec<ImportedHit>, Content) {
    let survey = Survey::of(Cursor::new(file), NOW).unwrap();
    let content = survey.content();
    (survey.collect::<Result<_, _>>().unwrap(), content)
}

#[test]
fn a_hit_holds_its_rows_and_its_columns() {
    let (hits, content) = read(FILE);
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
    let (hits, content) = read(FILE);
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
    let (hits, content) = read(text.as_bytes());
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

#[test]
fn rows_of_a_hit_may_stand_apart() {
    let text = "\u{feff}HITId,AssignmentId,WorkerId,SubmitTime,Answer.a\n\
        3H,3A,A1,Tue Jan 23 12:27:02 PST 2018,one\n\
        3I,3B,A1,Tue Jan 23 12:28:02 PST 2018,\"two,\ntwo\"\n\
        \n,,,,\n\
        3H,3C,A2,Tue Jan 23 12:26:02 PST 2018,three\n\
        3J,3D,A1,Tue Jan 23 12:29:02 PST 2018,four\n\
        3I,3E,A2,Tue Jan 23 12:30:02 PST 2018,five\n";
    let (hits, content) = read(text.as_bytes());
    assert_eq!(content.assignments, 5);
    let found: Vec<(String, Vec<String>)> = hits
        .iter()
        .map(|hit| {
            let value = |a: &ImportedAssignment| answer::decode(&a.answer).field("a").unwrap().value.text().to_string();
            (hit.id.as_ref().unwrap().to_string(), hit.assignments.iter().map(value).collect())
        })
        .collect();
    let expected = [("3H", vec!["one", "three"]), ("3I", vec!["two,\ntwo", "five"]), ("3J", vec!["four"])];
    assert_eq!(found, expected.map(|(id, values)| (id.to_owned(), values.into_iter().map(str::to_owned).collect())));
}

#[tokio::test]
async fn a_file_that_is_wrong_somewhere_changes_nothing_and_says_what_to_do() {
    let good = "HITId,AssignmentId,WorkerId,Answer.a\n3H,3A,A1,x\n".as_bytes();
    let with = |rest: &[u8]| [good, rest].concat();
    let cases: [(&str, Vec<u8>, &str); 11] = [
        (
            "no CSV",
            b"PK\x03\x04 and more".to_vec(),
            "this is not a batch-results CSV: it is an Excel workbook; save it as CSV UTF-8",
        ),
        ("a page", b"<html>".to_vec(), "this is not a batch-results CSV: it is HTML or XML"),
        ("tabs", b"hitid\tassignmentid\n".to_vec(), "its columns are separated by tabs"),
        ("empty", vec![], "this is not a batch-results CSV: it is empty"),
        (
            "no column",
            b"HITId,WorkerId\n3H,A1\n".to_vec(),
            "the column AssignmentId is missing (this file begins with the columns HITId, WorkerId)",
        ),
        ("ragged", with(b"3H,3B,A2\n"), "row 3 (line 3) has 3 cells where the header has 4"),
        ("encoding", with(b"3H,3B,A2,caf\xe9\n"), "row 3 (line 3), column Answer.a: the text is not UTF-8"),
        ("no ID", with(b"3H,3b!,A2,x\n"), "row 3 (line 3), column AssignmentId:"),
        ("twice", with(b"3I,3A,A2,x\n"), "row 3 (line 3), column AssignmentId: 3A is there twice"),
        (
            "worker",
            with(b"3I,3B,A1,x\n3H,3C,A1,x\n"),
            "row 4, column WorkerId: worker A1 has done HIT 3H before, in row 2; a worker can do a HIT once",
        ),
        ("money", b"HITId,AssignmentId,WorkerId,Reward\n3H,3A,A1,five\n".to_vec(), "row 2 (line 2), column Reward:"),
    ];
    let (service, who) = market().await;
    for (name, bytes, words) in cases {
        let (_folder, path) = file("");
        std::fs::write(&path, bytes).unwrap();
        let error = import_file(&service, who, &path).await.unwrap_err().to_string();
        assert!(error.contains("results.csv: ") && error.contains(words), "{name}: {error}");
        let whole = error.strip_suffix(". Nothing was imported").unwrap_or_else(|| panic!("{name}: {error}"));
        assert!(!whole.ends_with('.') && !whole.contains(". "), "{name}: {error}");
    }
    let nothing = service.account(who).await.unwrap();
    assert_eq!((nothing.available, nothing.held), (Usd::cents(1_000), Usd::ZERO));
    assert_eq!(service.read(|view| Ok(view.hit("3H")?)).await.unwrap(), None);
}

#[tokio::test]
async fn what_cannot_be_opened_is_said() {
    let (service, who) = market().await;
    let (folder, path) = file("");
    let missing = import_file(&service, who, Path::new("/nowhere/x.csv")).await.unwrap_err().to_string();
    assert!(missing.starts_with("cannot open /nowhere/x.csv: No such file"), "{missing}");
    let directory = import_file(&service, who, folder.path()).await.unwrap_err().to_string();
    assert!(directory.contains("it is a directory without an archive in it; name a CSV file"), "{directory}");
    drop(path);
}

#[tokio::test]
async fn an_assignment_that_is_here_on_another_hit_is_refused() {
    let (service, who) = market().await;
    let header = "HITId,AssignmentId,WorkerId\n";
    let (_folder, path) = file(&format!("{header}3H,3A,A1\n"));
    import_file(&service, who, &path).await.unwrap();
    let (_folder, path) = file(&format!("{header}3I,3B,A1\n3J,3A,A1\n"));
    let error = import_file(&service, who, &path).await.unwrap_err().to_string();
    assert!(error.ends_with("on this HIT, is there already. Nothing was imported"), "{error}");
    assert_eq!(service.read(|view| Ok(view.hit("3I")?)).await.unwrap(), None, "nor what came before it");
}

#[tokio::test]
async fn a_pipe_can_be_imported() {
    let (service, who) = market().await;
    let (read, mut write) = std::io::pipe().unwrap();
    let writing = std::thread::spawn(move || write.write_all(FILE));
    let path = PathBuf::from(format!("/dev/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&read)));
    let imported = import_file(&service, who, &path).await.unwrap();
    assert_eq!(imported.report.assignments, 4);
    writing.join().unwrap().unwrap();
}
