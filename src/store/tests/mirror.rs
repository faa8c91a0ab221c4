//! The mirror: windows, pages, answers, search.

use super::*;

#[tokio::test]
async fn the_window_is_in_the_order_of_urgency() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let mut undated = answered(9, 1, "x");
    (undated.0.auto_approval, undated.0.submitted) = (None, None);
    let assignments = vec![undated, answered(1, 1, "a"), answered(3, 1, "b"), answered(2, 1, "c")];
    store.put(vec![Fetched { hit: hit(1), assignments, complete: None }]).await.unwrap();
    let window = store.read(|reader| reader.urgent(10)).unwrap();
    let summaries: Vec<&str> = window.assignments.iter().map(|row| &*row.summary).collect();
    assert_eq!(summaries, ["label: b", "label: c", "label: a", "label: x"]);
    assert_eq!((window.hits.len(), &*window.hits[0].batch), (1, "pilot"));
    assert_eq!(store.read(Reader::tally).unwrap(), (4, 4));
    let plan = Connection::open(store.dir().join("mirror.db")).unwrap();
    let sql = "EXPLAIN QUERY PLAN SELECT key FROM assignment WHERE status = 0 AND gone = 0
       ORDER BY auto, hit, submitted, key LIMIT 9";
    let plan: String = plan.query_row(sql, [], |row| row.get(3)).unwrap();
    assert!(plan.contains("assignment_urgent"), "{plan}");
}

#[tokio::test]
async fn an_older_page_takes_no_decision_back() {
    let dir = TempDir::new().unwrap();
    let store = filled(&dir).await;
    let id = assignment(1, 1).id;
    let approved = CarriedOut {
        id,
        status: AssignmentStatus::Approved,
        at: Time(2_000_001),
        who: "ada@lab".into(),
        feedback: Some("Good work".into()),
    };
    let changes = store.put_decided(vec![approved]).await.unwrap();
    assert_eq!(changes.assignments[0].by, Decider::Person(0));
    let old = Fetched { hit: hit(1), assignments: vec![answered(1, 1, "yes")], complete: None };
    assert_eq!(store.put(vec![old]).await.unwrap().assignments, []);
    assert_eq!(store.read(Reader::tally).unwrap(), (4, 3));
    for text in ["", "good"] {
        let term = TextTerm::Feedback(text.into());
        assert_eq!(store.read(|reader| reader.find(&term)).unwrap(), [FIRST]);
    }
}

#[tokio::test]
async fn decisions_made_elsewhere_are_told_apart() {
    let dir = TempDir::new().unwrap();
    let store = filled(&dir).await;
    let mut clock = answered(1, 1, "yes");
    clock.0.status = AssignmentStatus::Approved;
    clock.0.approved = clock.0.auto_approval;
    let mut person = answered(2, 1, "yes");
    person.0.status = AssignmentStatus::Rejected;
    person.0.rejected = Some(Time(5));
    let mine = staged(&store, AssignmentKey(3), approve()).await;
    store.step(vec![], 1, NOW.wall).await.unwrap();
    settle(&store, mine.id, Outcome::Done { note: None }).await;
    let mut ours = answered(3, 1, "yes");
    ours.0.status = AssignmentStatus::Approved;
    ours.0.approved = Some(Time(6));
    let page = Fetched { hit: hit(1), assignments: vec![clock, person, ours], complete: None };
    let by: Vec<Decider> = store.put(vec![page]).await.unwrap().assignments.iter().map(|row| row.by).collect();
    assert_eq!(by, [Decider::Clock, Decider::Elsewhere, Decider::Person(0)]);
}

#[tokio::test]
async fn answers_are_found_by_word_phrase_and_field() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let long = format!("{} needle", "x".repeat(300));
    let texts = ["Lorem ipsum dolor", "loremipsum", "{\"a\":1}", long.as_str(), "Žluťoučký kůň"];
    let assignments = texts.iter().zip(1..).map(|(text, number)| answered(number, 1, text)).collect();
    store.put(vec![Fetched { hit: hit(1), assignments, complete: None }]).await.unwrap();
    let find =
        |term| -> Vec<u32> { store.read(|reader| reader.find(&term)).unwrap().into_iter().map(|key| key.0).collect() };
    let label = || "Label".to_owned();
    assert_eq!(find(TextTerm::Word("LOR".into())), [1, 2]);
    assert_eq!(find(TextTerm::Word("zlutouc".into())), [5]);
    assert_eq!(find(TextTerm::Word("\"*(".into())), [0u32; 0]);
    assert_eq!(find(TextTerm::Phrase("em ipsum do".into())), [1]);
    assert_eq!(find(TextTerm::Phrase("EMIPS".into())), [2]);
    assert_eq!(find(TextTerm::Phrase("kůň".into())), [5]);
    assert_eq!(find(TextTerm::Field { name: label(), value: "lorem IPSUM dolor".into() }), [1]);
    assert_eq!(find(TextTerm::Field { name: label(), value: long.clone() }), [4]);
    assert_eq!(find(TextTerm::Field { name: label(), value: format!("{long}!") }), [0u32; 0]);
    assert_eq!(find(TextTerm::FieldContains { name: label(), text: "needle".into() }), [4]);
    assert_eq!(find(TextTerm::FieldContains { name: label(), text: "Lorem".into() }), [1, 2]);
    assert_eq!(find(TextTerm::FieldPresent("n".into())), [1, 2, 3, 4, 5]);
    assert_eq!(find(TextTerm::FieldPresent("nothing".into())), [0u32; 0]);
    assert_eq!(find(TextTerm::FieldJson(label())), [3]);
    assert_eq!(find(TextTerm::Assignment("3asg*".into())), [1, 2, 3, 4, 5]);
    assert_eq!(find(TextTerm::Assignment("3ASG4".into())), [4]);
    assert_eq!(find(TextTerm::Assignment("3ASG[45]".into())), [0u32; 0]);
}

#[tokio::test]
async fn equal_documents_are_kept_once_and_shown_whole() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let mut rows: Vec<_> = (1..=3).map(|number| answered(number, 1, "yes")).collect();
    rows.iter_mut().for_each(|row| row.0.answer = "<same/>".into());
    store.put(vec![Fetched { hit: hit(1), assignments: rows, complete: None }]).await.unwrap();
    store.note(FIRST, "look again".into(), NOW.wall).await.unwrap();
    let detail = store.read(|reader| reader.detail(FIRST)).unwrap().unwrap();
    assert_eq!((detail.answer.as_str(), &*detail.question), ("<same/>", "<HTMLQuestion/>"));
    assert_eq!((detail.others.len(), detail.note.as_deref()), (2, Some("look again")));
    assert!(store.read(|reader| reader.assignment(FIRST)).unwrap().unwrap().noted);
    let file = Connection::open(store.dir().join("mirror.db")).unwrap();
    assert_eq!(file.query_row("SELECT count(*) FROM answer", [], |row| row.get::<_, i64>(0)).unwrap(), 1);
}

#[tokio::test]
async fn deleted_hits_leave_the_rows_and_the_tally() {
    let dir = TempDir::new().unwrap();
    let store = filled(&dir).await;
    let changes = store.put_gone(vec![hit(1).id]).await.unwrap();
    assert_eq!(changes.gone.len(), 1);
    assert_eq!(store.read(Reader::tally).unwrap(), (0, 0));
    let gone = store.read(Reader::gone_work).unwrap();
    assert!(!gone.is_empty() && gone.iter().all(|work| work.row.hit == changes.gone[0]), "{gone:?}");
    assert!(gone.iter().all(|work| work.reward > Usd::ZERO && work.fee > Usd::ZERO), "{gone:?}");
    let mut rows = 0;
    store
        .read(|reader| {
            reader.stream(|chunk| {
                rows += chunk.hits.len() + chunk.assignments.len();
                true
            })
        })
        .unwrap();
    assert_eq!(rows, 0);
}

#[tokio::test]
async fn whoever_takes_his_time_with_the_rows_does_not_hold_up_the_log() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let assignments = (1..=4_100).map(|number| answered(number, 1, "yes")).collect();
    store.put(vec![Fetched { hit: hit(1), assignments, complete: None }]).await.unwrap();
    let other = Connection::open(store.dir().join("mirror.db")).unwrap();
    let mut rows = 0;
    let stream = store.read(|reader| {
        reader.stream(|chunk| {
            rows += chunk.assignments.len();
            other.execute("UPDATE hit SET title = title || '!'", []).unwrap();
            let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
            let busy: bool = other.query_row(sql, [], |row| row.get(0)).unwrap();
            assert!(!busy, "after {rows} rows");
            true
        })
    });
    stream.unwrap();
    assert_eq!(rows, 4_100);
}

#[tokio::test]
async fn the_log_is_cut_after_much_writing() {
    let dir = TempDir::new().unwrap();
    let store = filled(&dir).await;
    let log = store.dir().join("mirror.db-wal");
    assert!(fs::metadata(&log).unwrap().len() > 0);
    store.tidy().await.unwrap();
    assert_eq!(fs::metadata(&log).unwrap().len(), 0);
}

#[tokio::test]
async fn a_mirror_that_was_thrown_away_is_read_again_with_its_notes() {
    let dir = TempDir::new().unwrap();
    let store = filled(&dir).await;
    store.note(AssignmentKey(2), "look again".into(), NOW.wall).await.unwrap();
    // The journal alone, in a directory of its own: the threads of the first store may still be closing their files.
    let rest = TempDir::new().unwrap();
    fs::create_dir(rest.path().join("lab")).unwrap();
    let kept = rest.path().join("lab/journal.db");
    let journal = Connection::open(store.dir().join("journal.db")).unwrap();
    journal.execute("VACUUM INTO ?1", [kept.to_str().unwrap()]).unwrap();

    let store = open(&rest);
    let mut decided = answered(3, 1, "no");
    (decided.0.status, decided.0.approved) = (AssignmentStatus::Approved, Some(Time(5)));
    let one = Fetched { hit: hit(1), assignments: vec![decided, answered(2, 1, "yes")], complete: None };
    let changes = store.put(vec![one.clone()]).await.unwrap();
    assert_eq!(changes.assignments.iter().map(|row| row.noted).collect::<Vec<_>>(), [false, true]);
    assert_eq!(store.read(Reader::tally).unwrap(), (2, 1));
    let noted = AssignmentKey(2);
    assert_eq!(store.read(|reader| reader.assignment(noted)).unwrap().as_ref(), Some(&changes.assignments[1]));
    assert_eq!(store.read(|reader| reader.find(&TextTerm::Word("yes".into()))).unwrap(), [noted]);

    // Read once more: nothing is counted twice, and a change keeps the note.
    assert_eq!(store.put(vec![one.clone()]).await.unwrap().assignments, []);
    let mut later = one;
    (later.assignments[1].0.status, later.assignments[1].0.approved) = (AssignmentStatus::Approved, Some(Time(6)));
    assert!(store.put(vec![later]).await.unwrap().assignments[0].noted);
    assert_eq!(store.read(Reader::tally).unwrap(), (2, 0));
}
