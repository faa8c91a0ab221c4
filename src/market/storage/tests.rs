//! What happens when there is no room.

use super::*;
use crate::domain::money::Usd;
use crate::market::rules::account::{Kind, Movement};

fn open(place: Place) -> Storage {
    let clock = Clock::starting_at(Moment(1_000_000), 0.0);
    Storage::open(place, &clock, Mint::seeded(1), |_| Ok(())).unwrap()
}

/// Fills the ledger of a new requester in one command.
async fn post(storage: &Storage, name: &'static str, lines: usize) -> Result<(), ServiceError> {
    storage
        .change(move |change| {
            let who = change.add_requester(name)?.ok_or(StorageError::Conflict)?.key;
            let about = Posting { token: Some("x".repeat(500)), ..Posting::default() };
            for _ in 0..lines {
                change.post(who, Movement::new(Kind::Deposit, Usd::cents(1)), change.now(), &about)?;
            }
            Ok(())
        })
        .await
}

#[tokio::test]
async fn a_full_disk_refuses_one_command_and_harms_no_other() {
    let dir = tempfile::tempdir().unwrap();
    for place in [Place::Memory, Place::Directory(dir.path().to_owned())] {
        let storage = open(place);
        storage.change(|change| Ok(change.conn.pragma_update(None, "max_page_count", 300)?)).await.unwrap();
        let calls = [("small", 10), ("large", 20_000), ("other", 10)];
        let calls = calls.map(|(name, lines)| {
            let storage = storage.clone();
            tokio::spawn(async move { post(&storage, name, lines).await })
        });
        let mut results = Vec::new();
        for call in calls {
            results.push(call.await.unwrap());
        }
        assert!(matches!(results[1], Err(ServiceError::Failed(StorageError::Full))), "{:?}", results[1]);
        // The others either went through or were told that they did not: what they were told is what is there.
        let names = storage.read(|view| Ok(view.requesters()?)).await.unwrap();
        let names: Vec<String> = names.into_iter().map(|requester| requester.name).collect();
        for (name, result) in ["small", "large", "other"].into_iter().zip(&results) {
            assert_eq!(names.iter().any(|n| n == name), result.is_ok(), "{name}: {result:?}");
        }
        post(&storage, "after", 10).await.unwrap();
    }
}

#[tokio::test]
async fn a_refused_command_leaves_the_others_of_its_group_alone() {
    let storage = open(Place::Memory);
    let calls = (0..50).map(|number| {
        let storage = storage.clone();
        tokio::spawn(async move {
            storage
                .change(move |change| {
                    change.add_requester(&format!("r{number}"))?;
                    if number % 2 == 0 { Err(StorageError::Conflict.into()) } else { Ok(()) }
                })
                .await
        })
    });
    let mut fine = 0;
    for call in calls.collect::<Vec<_>>() {
        fine += usize::from(call.await.unwrap().is_ok());
    }
    assert_eq!(fine, 25);
    assert_eq!(storage.read(|view| Ok(view.requesters()?)).await.unwrap().len(), 25);
}
