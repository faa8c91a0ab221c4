//! Batches in the journal: rows, and how far their HITs are.

use super::*;
use crate::domain::batch::{
    BatchName, NewBatch, NewRow, PostCounts, PostId, PostState, RowContent, RowKey, contents, keys,
};
use crate::domain::id::{HitGroupId, HitTypeId};
use crate::domain::top_up::AnewWanted;

fn name(text: &str) -> BatchName {
    BatchName::parse(text).unwrap()
}

fn hit(id: &str) -> HitId {
    HitId::parse(id).unwrap()
}

fn batch(of: &str, columns: &[&str]) -> NewBatch {
    NewBatch {
        name: name(of),
        spec: "name = …".into(),
        source: "<p>${city}</p>".into(),
        digest: "d1".into(),
        terms: vec![("reward".into(), "0.05".into())],
        columns: columns.iter().map(|column| (*column).to_owned()).collect(),
        gold: Some("gold".into()),
        title: "Cities".into(),
        reward: Usd::cents(5),
        assignments: 12,
        split: true,
        expected: Some(Seconds(30)),
        target_wage: Some(Usd::cents(1_500)),
    }
}

fn rows(of: &NewBatch, cells: &[&[&str]]) -> Vec<NewRow> {
    let cells: Vec<Vec<String>> = cells.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect();
    let contents: Vec<RowContent> = contents(&of.columns, of.gold.as_deref(), cells.iter().map(Vec::as_slice));
    let keys: Vec<RowKey> = keys(&of.name, &contents);
    let row = |((number, cells), (content, key))| NewRow { number, key, content, cells };
    (1..).zip(cells).zip(contents.into_iter().zip(keys)).map(row).collect()
}

#[tokio::test]
async fn rows_are_planned_once_and_added_later() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let pilot = batch("pilot", &["city", "gold"]);
    let first = rows(&pilot, &[&["Rome", "it"], &["Bonn", "de"]]);
    assert_eq!(store.plan_batch(pilot.clone(), first.clone(), NOW.wall).await.unwrap(), 2);
    assert_eq!(store.plan_batch(pilot.clone(), first, NOW.wall).await.unwrap(), 0);
    // A corrected known answer is kept, another column order is the same row, a third row is added.
    let turned = batch("pilot", &["gold", "city"]);
    let more = rows(&turned, &[&["it", "Rome"], &["DE", "Bonn"], &["fr", "Nice"]]);
    assert_eq!(store.plan_batch(turned, more, NOW.wall).await.unwrap(), 1);
    let stored = store.read(|reader| reader.batch(&name("pilot"))).unwrap().unwrap();
    assert_eq!(stored.columns, ["gold", "city"]);
    assert_eq!(stored.counts, PostCounts { rows: 3, planned: 6, ..PostCounts::default() });
    let kept = store.read(|reader| reader.batch_rows(&stored)).unwrap();
    let cells: Vec<_> = kept.iter().map(|row| row.cells.clone()).collect();
    assert_eq!(cells, [["it", "Rome"], ["DE", "Bonn"], ["fr", "Nice"]]);
    let sizes: Vec<u32> = kept[0].posts.iter().map(|post| post.assignments).collect();
    assert_eq!((sizes, kept[1].number), (vec![9, 3], 2));
}

#[tokio::test]
async fn a_hit_leads_back_to_its_row() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let pilot = batch("pilot", &["city", "gold"]);
    store.plan_batch(pilot.clone(), rows(&pilot, &[&["Rome", "it"], &["Bonn", "de"]]), NOW.wall).await.unwrap();
    let stored = store.read(|reader| reader.batch(&pilot.name)).unwrap().unwrap();
    let posts: Vec<PostId> = store
        .read(|reader| reader.batch_rows(&stored))
        .unwrap()
        .iter()
        .flat_map(|row| row.posts.iter().map(|post| post.id).collect::<Vec<_>>())
        .collect();
    store.post_step(Vec::new(), posts.clone(), NOW.wall).await.unwrap();
    let counts = || store.read(|reader| reader.batch(&pilot.name)).unwrap().unwrap().counts;
    assert_eq!((counts().unsure, counts().hits()), (4, 4));
    let outcomes = vec![
        (posts[0], PostOutcome::Published(hit("3HIT0"))),
        (posts[1], PostOutcome::Refused { reason: "too long".into() }),
        (posts[2], PostOutcome::Later { note: Some("no money".into()) }),
        (posts[3], PostOutcome::Unsure { note: "cut off".into() }),
    ];
    store.post_step(outcomes, Vec::new(), NOW.wall.plus(1)).await.unwrap();
    assert_eq!(counts(), PostCounts { rows: 2, planned: 1, unsure: 1, published: 1, failed: 1 });
    let kept = store.read(|reader| reader.batch_rows(&stored)).unwrap();
    let states: Vec<&PostState> = kept.iter().flat_map(|row| row.posts.iter().map(|post| &post.state)).collect();
    assert_eq!(
        states,
        [
            &PostState::Published(hit("3HIT0")),
            &PostState::Failed { reason: "too long".into() },
            &PostState::Planned { note: Some("no money".into()) },
            &PostState::Unsure,
        ]
    );
    // Only what may have been made keeps the time of its first request: its token's day runs.
    assert_eq!((kept[1].posts[0].first_sent, kept[1].posts[1].first_sent), (None, Some(NOW.wall)));
    let input = store.read(|reader| reader.batch_input(&hit("3HIT0"))).unwrap().unwrap();
    assert_eq!(input, [("city".into(), "Rome".into()), ("gold".into(), "it".into())]);
    assert_eq!(store.read(|reader| reader.batch_input(&hit("3OTHER"))).unwrap(), None);
    let group = Some(HitGroupId::parse("3GROUP").unwrap());
    store.put_batch_group(pilot.name.clone(), HitTypeId::parse("3TYPE").unwrap(), group).await.unwrap();
    let stored = store.read(|reader| reader.batch(&pilot.name)).unwrap().unwrap();
    assert_eq!(stored.group.map(|group| group.to_string()).as_deref(), Some("3GROUP"));
}

#[tokio::test]
async fn the_same_rows_are_found_in_other_batches() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    for of in ["one", "two"] {
        let new = batch(of, &["city", "gold"]);
        store.plan_batch(new.clone(), rows(&new, &[&["Rome", "it"], &[of, ""]]), NOW.wall).await.unwrap();
    }
    let new = batch("three", &["city", "gold"]);
    let wanted: Vec<RowContent> =
        rows(&new, &[&["Rome", "x"], &["two", ""], &["Nice", ""]]).iter().map(|row| row.content).collect();
    let found = store.read(|reader| reader.rows_elsewhere(&new.name, &wanted)).unwrap();
    assert_eq!(found, [(name("two"), 2), (name("one"), 1)]);
    let names: Vec<String> = store.read(Reader::batches).unwrap().iter().map(|batch| batch.name.to_string()).collect();
    assert_eq!(names, ["two", "one"]);
}

#[tokio::test]
async fn one_program_publishes_at_a_time() {
    let dir = TempDir::new().unwrap();
    let (store, other) = (open(&dir), open(&dir));
    let lock = store.try_publish_lock().unwrap();
    assert!(lock.is_some());
    assert!(other.try_publish_lock().unwrap().is_none());
    assert!(other.try_sender_lock().unwrap().is_some(), "decisions are sent all the same");
    drop(lock);
    assert!(other.try_publish_lock().unwrap().is_some());
}

#[tokio::test]
async fn what_newer_hits_ask_for_is_written_down_once() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let pilot = batch("pilot", &["city", "gold"]);
    store.plan_batch(pilot.clone(), rows(&pilot, &[&["Rome", "it"]]), NOW.wall).await.unwrap();
    let stored = store.read(|reader| reader.batch(&pilot.name)).unwrap().unwrap();
    let first = store.read(|reader| reader.batch_rows(&stored)).unwrap()[0].posts[0].id;
    store.post_step(vec![(first, PostOutcome::Published(hit("3HIT0")))], Vec::new(), NOW.wall).await.unwrap();
    let wanted = |add, before| vec![AnewWanted { hit: hit("3HIT0"), add, before }];
    let made = store.plan_anew(wanted(2, 0), NOW.wall).await.unwrap();
    assert_eq!((made.len(), made[0].post.id.part, made[0].post.assignments), (1, 2, 2), "behind the parts of nine");
    assert_eq!((made[0].number, made[0].cells["city"].as_str()), (1, "Rome"));
    // Worked out before that was written down, and asked for again: the same HIT is answered, and no other one planned.
    assert_eq!(store.plan_anew(wanted(2, 0), NOW.wall).await.unwrap(), made);
    assert_eq!(store.plan_anew(wanted(0, 2), NOW.wall).await.unwrap(), made);
    let id = made[0].post.id;
    store.post_step(vec![(id, PostOutcome::Published(hit("3HIT1")))], Vec::new(), NOW.wall).await.unwrap();
    assert_eq!(store.plan_anew(wanted(0, 2), NOW.wall).await.unwrap(), []);
    // One more was rejected since.
    let more = store.plan_anew(wanted(1, 2), NOW.wall).await.unwrap();
    assert_eq!((more.len(), more[0].post.id.part), (1, 3));
    let stranger = vec![AnewWanted { hit: hit("3OTHER"), add: 1, before: 0 }];
    assert_eq!(store.plan_anew(stranger, NOW.wall).await.unwrap(), []);
}

#[tokio::test]
async fn the_target_wage_is_kept_and_taken_away() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let kept = |store: &Store| store.read(Reader::target_wage).unwrap();
    assert_eq!(kept(&store), None);
    store.put_target_wage(Some(Usd::cents(1_500))).await.unwrap();
    assert_eq!(kept(&store), Some(Usd::cents(1_500)));
    store.put_target_wage(None).await.unwrap();
    assert_eq!(kept(&store), None);
}
