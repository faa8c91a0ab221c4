//! Rows in packs: the same rows, whatever has happened to them since they were packed.

use super::*;
use crate::domain::row::{AssignmentRow, HitRow};

async fn many(dir: &TempDir) -> Store {
    let store = open(dir);
    let words = ["yes", "no", "perhaps, but the picture is unclear"];
    let assignments = (1..=5_000).map(|number| answered(number, 1, words[number as usize % 3])).collect();
    let fetched = |hit, assignments| Fetched { hit, assignments, complete: None };
    store.put(vec![fetched(hit(1), assignments), fetched(hit(2), vec![])]).await.unwrap();
    store
}

/// All rows, and how many of them were in packs.
fn all(store: &Store) -> (Vec<HitRow>, Vec<AssignmentRow>, usize) {
    let (mut hits, mut rows, mut packed) = (Vec::new(), Vec::new(), 0);
    store
        .read(|reader| {
            reader.stream_packed(|chunk| {
                packed += chunk.packed.rows.iter().map(|pack| pack.len()).sum::<usize>();
                true
            })?;
            reader.stream(|chunk| {
                hits.extend(chunk.hits);
                rows.extend(chunk.assignments);
                true
            })
        })
        .unwrap();
    (hits, rows, packed)
}

#[tokio::test]
async fn packed_rows_are_the_rows() {
    let dir = TempDir::new().unwrap();
    let store = many(&dir).await;
    let (hits, rows, packed) = all(&store);
    assert_eq!((hits.len(), rows.len(), packed), (2, 5_000, 0));
    store.pack().await.unwrap();
    assert_eq!(store.read(Reader::unpacked).unwrap(), 0);
    assert_eq!(all(&store), (hits, rows, 5_000));
    // Summaries of a few words take a few bytes: numbers and all, a row is about 40.
    let file = Connection::open(store.dir().join("mirror.db")).unwrap();
    let size: i64 = file.query_row("SELECT sum(length(body)) FROM pack WHERE kind = 1", [], |row| row.get(0)).unwrap();
    assert!(size < 5_000 * 46, "{size}");
}

#[tokio::test]
async fn a_change_throws_its_pack_away_with_it() {
    let dir = TempDir::new().unwrap();
    let store = many(&dir).await;
    store.pack().await.unwrap();
    let approved = CarriedOut {
        id: assignment(4_500, 1).id,
        status: AssignmentStatus::Approved,
        at: Time(2_000_001),
        who: "ada@lab".into(),
        feedback: None,
    };
    store.put_decided(vec![approved]).await.unwrap();
    let (_, rows, packed) = all(&store);
    assert_eq!((rows[4_499].status, packed), (AssignmentStatus::Approved, 4_095));

    store.note(AssignmentKey(7), "look again".into(), NOW.wall).await.unwrap();
    let (_, rows, packed) = all(&store);
    assert_eq!((rows[6].noted, packed), (true, 0));

    let renamed = Hit { completed: 9, ..hit(1) };
    store.put(vec![Fetched { hit: renamed, assignments: vec![], complete: None }]).await.unwrap();
    assert_eq!(all(&store).0[0].completed, 9);
    store.pack().await.unwrap();
    let before = all(&store);
    assert_eq!((before.0[0].completed, before.2), (9, 5_000));

    store.put_gone(vec![hit(1).id]).await.unwrap();
    store.pack().await.unwrap();
    let (hits, rows, _) = all(&store);
    assert_eq!((hits.len(), rows.len()), (1, 0));
}

#[tokio::test]
async fn what_cannot_be_read_as_a_pack_is_read_row_by_row() {
    let dir = TempDir::new().unwrap();
    let store = many(&dir).await;
    let (hits, rows, _) = all(&store);
    for damage in [
        "UPDATE pack SET body = substr(body, 1, length(body) - 1)",
        "UPDATE pack SET body = x'ff'",
        "UPDATE codebook SET pieces = x'ff'",
        "DELETE FROM codebook",
    ] {
        store.pack().await.unwrap();
        Connection::open(store.dir().join("mirror.db")).unwrap().execute_batch(damage).unwrap();
        let (hits_now, rows_now, _) = all(&store);
        assert_eq!((&hits_now, &rows_now), (&hits, &rows), "{damage}");
        Connection::open(store.dir().join("mirror.db")).unwrap().execute("DELETE FROM pack", []).unwrap();
    }
}
