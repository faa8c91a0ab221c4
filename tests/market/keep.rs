//! Backups, restored; data of earlier and of later versions.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use aws_sdk_mturk::types::AssignmentStatus;
use hitdeck::domain::money::Usd;
use hitdeck::market::serve::{Options, start};
use hitdeck::market::{Operator, backup, restore};

use crate::support::{client, desk_with, refused, still};

fn options(data: &Path) -> Options {
    Options { data: Some(data.to_owned()), ..still() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_a_busy_market_is_whole_and_restores_to_one_moment_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let (data, target, other) = (dir.path().join("a"), dir.path().join("backup"), dir.path().join("b"));
    let desk = desk_with(options(&data)).await;
    let hit = desk.hit().max_assignments(60).send().await.unwrap().hit.unwrap().hit_id.unwrap();
    let mut ids = Vec::new();
    for worker in 0..60 {
        ids.push(desk.work(&hit, &format!("A{worker}WORKER")).await);
    }
    let before = ids.split_off(20);
    for id in &ids {
        desk.client.approve_assignment().assignment_id(id).send().await.unwrap();
    }
    let (from, to) = (data.clone(), target.clone());
    let copying = tokio::task::spawn_blocking(move || backup(&from, &to, true).unwrap());
    for id in &before {
        desk.client.approve_assignment().assignment_id(id).send().await.unwrap();
    }
    let copied = copying.await.unwrap();
    assert!(copied.with_key && copied.bytes > 0);
    for file in std::fs::read_dir(&target).unwrap() {
        let path = file.unwrap().path();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "{}", path.display());
    }
    let names = |folder: &Path| {
        let mut names: Vec<String> =
            std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    assert_eq!(names(&target), ["market.db", "market.key"]);
    let (secret, key) = (desk.market.secret_access_key.clone(), desk.market.access_key_id.clone());
    desk.market.stop().await;

    restore(&target, &other, None).unwrap();
    assert_eq!(names(&other), ["market.db", "market.key", "market.lock"]);
    let restored = desk_with(options(&other)).await;
    assert_eq!((&restored.market.access_key_id, &restored.market.secret_access_key), (&key, &secret));
    let paid = restored.ledger().await.iter().filter(|line| line["kind"] == "reward").count();
    assert!((20..=60).contains(&paid), "{paid}");
    let shown = restored.get(&hit).await;
    assert_eq!(shown.number_of_assignments_completed, Some(paid as i32), "one moment of the market");
    let approved = restored.client.list_assignments_for_hit().hit_id(&hit).max_results(100);
    let approved = approved.assignment_statuses(AssignmentStatus::Approved).send().await.unwrap();
    assert_eq!(approved.num_results, Some(paid as i32));
    restored.market.stop().await;
}

#[tokio::test]
async fn a_backup_replaces_nothing_and_a_restore_neither() {
    let dir = tempfile::tempdir().unwrap();
    let (data, target, other) = (dir.path().join("a"), dir.path().join("backup"), dir.path().join("b"));
    let error = backup(&data, &target, true).unwrap_err().to_string();
    assert!(error.contains("holds no market"), "{error}");
    start(options(&data)).await.unwrap().stop().await;
    backup(&data, &target, true).unwrap();
    let error = backup(&data, &target, true).unwrap_err().to_string();
    assert!(error.contains("is there already"), "{error}");
    let error = restore(&target, &data, None).unwrap_err().to_string();
    assert!(error.contains("market.db is there already"), "{error}");
    let error = restore(dir.path(), &other, None).unwrap_err().to_string();
    assert!(error.contains("holds no backup"), "{error}");
    assert!(!other.exists());
}

#[tokio::test]
async fn a_backup_without_the_key_needs_the_right_one() {
    let dir = tempfile::tempdir().unwrap();
    let place = |name: &str| dir.path().join(name);
    let market = start(options(&place("a"))).await.unwrap();
    start(options(&place("stranger"))).await.unwrap().stop().await;
    backup(&place("a"), &place("backup"), false).unwrap();
    assert!(!place("backup").join("market.key").exists());
    let error = restore(&place("backup"), &place("b"), None).unwrap_err().to_string();
    assert!(error.contains("--key FILE"), "{error}");
    let strangers = place("stranger").join("market.key");
    let error = restore(&place("backup"), &place("b"), Some(&strangers)).unwrap_err().to_string();
    assert!(error.contains("not the one from which the secrets"), "{error}");
    assert!(!place("b").join("market.db").exists() && !place("b").join("market.key").exists());
    restore(&place("backup"), &place("b"), Some(&place("a").join("market.key"))).unwrap();
    let restored = start(options(&place("b"))).await.unwrap();
    assert_eq!(restored.secret_access_key, market.secret_access_key);
    restored.stop().await;
    market.stop().await;
}

#[tokio::test]
async fn a_damaged_backup_is_not_restored() {
    let dir = tempfile::tempdir().unwrap();
    let (data, target, other) = (dir.path().join("a"), dir.path().join("backup"), dir.path().join("b"));
    let desk = desk_with(options(&data)).await;
    let hit = desk.hit().max_assignments(100).send().await.unwrap().hit.unwrap().hit_id.unwrap();
    desk.work(&hit, "A1WORKER").await;
    desk.market.stop().await;
    backup(&data, &target, true).unwrap();
    let file = target.join("market.db");
    let mut bytes = std::fs::read(&file).unwrap();
    let at = bytes.len() / 2;
    for byte in &mut bytes[at..at + 20_000] {
        *byte ^= 0x5a;
    }
    std::fs::write(&file, bytes).unwrap();
    let error = restore(&target, &other, None).unwrap_err().to_string();
    assert!(error.contains("damaged") || error.contains("malformed"), "{error}");
    assert!(!other.join("market.db").exists() && !other.join("restore.partial").exists());
}

/// The data of a market as the first release left it.
fn first_release() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("market");
    std::fs::create_dir(&data).unwrap();
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/market_v1");
    let conn = rusqlite::Connection::open(data.join("market.db")).unwrap();
    conn.execute_batch(&std::fs::read_to_string(kept.join("market.sql")).unwrap()).unwrap();
    std::fs::copy(kept.join("market.key"), data.join("market.key")).unwrap();
    std::fs::set_permissions(data.join("market.key"), std::fs::Permissions::from_mode(0o600)).unwrap();
    (dir, data)
}

#[tokio::test]
async fn a_market_of_the_first_release_goes_on_with_everything() {
    let (_dir, data) = first_release();
    let desk = desk_with(options(&data)).await;
    assert_eq!(desk.market.access_key_id, "HDMKYXR52PITRLWIZOKP");
    assert_eq!(desk.market.secret_access_key, "3fCX0vjNLHVcMace++1H44DjbyQ2FKJv/rOKRujy");
    assert_eq!(desk.market.clock.now().time().0, 1_795_327_033);
    assert_eq!(desk.money().await, (999_958, 24));
    assert_eq!(desk.ledger().await.len(), 12);

    let hit = "3MV9XW6CCEA6EWFNIT2PTGD2O3QCMT";
    let shown = desk.get(hit).await;
    assert_eq!(
        (shown.title.as_deref(), shown.requester_annotation.as_deref()),
        (Some("Tag an image"), Some("batch 0"))
    );
    assert_eq!(shown.qualification_requirements.unwrap()[0].integer_values, Some(vec![95]));
    assert!(shown.question.unwrap().contains("externalSubmit"));
    let list = desk.client.list_assignments_for_hit().hit_id(hit).send().await.unwrap().assignments.unwrap();
    let seen: Vec<_> = list
        .iter()
        .map(|a| (a.worker_id.as_deref().unwrap(), a.assignment_status.as_ref().unwrap().as_str()))
        .collect();
    assert_eq!(seen, [("A1WORKER0", "Approved"), ("A1WORKER1", "Rejected"), ("A1WORKER2", "Submitted")]);
    assert!(list[2].answer.as_ref().unwrap().contains("caf&#233; 2"));
    assert_eq!(list[1].requester_feedback.as_deref(), Some("empty"));
    let bonuses = desk.client.list_bonus_payments().hit_id(hit).send().await.unwrap().bonus_payments.unwrap();
    assert_eq!((bonuses.len(), bonuses[0].bonus_amount.as_deref()), (1, Some("0.10")));

    // What was begun goes on: an approval, a token that is remembered, a worker whose time runs out.
    desk.client.approve_assignment().assignment_id("37B6Z2DW4ATOQD0SHWSTO7YG6WU5B2").send().await.unwrap();
    let again = desk.hit().unique_request_token("token1").send().await;
    assert!(refused(again).1.contains("3CYO2DHQ4H5KQXZM9XVDQ5NMUQC52I"));
    assert_eq!(desk.get("3CYO2DHQ4H5KQXZM9XVDQ5NMUQC52I").await.number_of_assignments_pending, Some(1));
    desk.advance(601).await;
    assert_eq!(desk.get("3CYO2DHQ4H5KQXZM9XVDQ5NMUQC52I").await.number_of_assignments_pending, Some(0));
    desk.published().await;
    let lab = client(&desk.market.endpoint, "HDMKUS0FI8UQM50OIFFB", "OnRl5aVNY+pWLl4lNxMiJ78myMLJ22pw17x20Kag");
    assert_eq!(lab.get_account_balance().send().await.unwrap().available_balance.as_deref(), Some("50.00"));
    desk.market.stop().await;
}

#[tokio::test]
async fn an_operator_brings_old_data_up_unless_somebody_serves_it() {
    let (_dir, data) = first_release();
    let lock = std::fs::File::create(data.join("market.lock")).unwrap();
    rustix::fs::flock(&lock, rustix::fs::FlockOperation::NonBlockingLockExclusive).unwrap();
    let error = Operator::open(&data).err().unwrap().to_string();
    assert!(error.contains("earlier version"), "{error}");
    drop(lock);
    let operator = Operator::open(&data).unwrap();
    operator.deposit("lab", Usd::cents(100)).await.unwrap();
    assert_eq!(operator.find("lab").await.unwrap().account.available, Usd::cents(5_100));
}

#[tokio::test]
async fn data_of_a_later_version_is_refused_and_left_alone() {
    let (_dir, data) = first_release();
    let conn = rusqlite::Connection::open(data.join("market.db")).unwrap();
    conn.pragma_update(None, "user_version", 1_000).unwrap();
    drop(conn);
    let before = std::fs::read(data.join("market.db")).unwrap();
    let error = start(options(&data)).await.err().unwrap().to_string();
    assert!(error.contains("version 1000") && error.contains("a later one"), "{error}");
    let error = Operator::open(&data).err().unwrap().to_string();
    assert!(error.contains("version 1000"), "{error}");
    assert_eq!(std::fs::read(data.join("market.db")).unwrap(), before);
}
