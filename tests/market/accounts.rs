//! Requesters: the first one, more of them, their secrets, their money, and what they may do.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use hitdeck::domain::money::Usd;
use hitdeck::market::serve::{Options, start};
use hitdeck::market::{Operator, Quota, rekey};
use tempfile::TempDir;

use crate::support::{Desk, client, desk, desk_with, refused, still};

/// A market on disk, and whoever looks after it beside.
async fn served() -> (TempDir, PathBuf, Desk, Operator) {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("market");
    let desk = desk_with(Options { data: Some(data.clone()), ..still() }).await;
    let operator = Operator::open(&data).unwrap();
    (dir, data, desk, operator)
}

const UNLIMITED: Quota = Quota { rate: None, open_hits: None };

#[tokio::test]
async fn the_first_requester_is_the_same_at_every_start() {
    let dir = tempfile::tempdir().unwrap();
    let options = Options { data: Some(dir.path().join("market")), ..still() };
    let mut seen = Vec::new();
    for _ in 0..2 {
        let market = start(options.clone()).await.unwrap();
        seen.push((market.access_key_id.clone(), market.secret_access_key.clone()));
        market.stop().await;
    }
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn a_requester_added_beside_a_running_market_can_sign_at_once() {
    let (_dir, _, desk, operator) = served().await;
    let added = operator.add("lab", Usd::cents(5_000), UNLIMITED).await.unwrap();
    let other = client(&desk.market.endpoint, &added.access_key_id, &added.secret_access_key);
    let balance = other.get_account_balance().send().await.unwrap();
    assert_eq!(balance.available_balance.as_deref(), Some("50.00"));
    let error = operator.add("lab", Usd::ZERO, UNLIMITED).await.unwrap_err().to_string();
    assert!(error.contains("a requester named \"lab\" already"), "{error}");
    for name in ["", " lab", "a\nb", &"x".repeat(65)] {
        assert!(operator.add(name, Usd::ZERO, UNLIMITED).await.is_err(), "{name:?}");
    }
    let names: Vec<String> = operator.list().await.unwrap().into_iter().map(|r| r.name).collect();
    assert_eq!(names, ["requester", "lab"]);
    desk.market.stop().await;
}

#[tokio::test]
async fn a_revoked_key_signs_nothing_from_then_on_and_another_one_does() {
    let (_dir, _, desk, operator) = served().await;
    let first = operator.add("lab", Usd::cents(5_000), UNLIMITED).await.unwrap();
    let second = operator.issue_key("lab").await.unwrap();
    let sign = |key: &hitdeck::market::Credentials| {
        client(&desk.market.endpoint, &key.access_key_id, &key.secret_access_key).get_account_balance().send()
    };
    assert!(sign(&first).await.is_ok() && sign(&second).await.is_ok());

    assert_eq!(operator.revoke("lab", Some(&first.access_key_id)).await.unwrap(), 1);
    assert_eq!(refused(sign(&first).await).0, "UnrecognizedClientException");
    assert!(sign(&second).await.is_ok());
    assert!(operator.revoke("lab", Some(&first.access_key_id)).await.is_err(), "it is revoked already");
    let foreign = operator.revoke("requester", Some(&second.access_key_id)).await.unwrap_err().to_string();
    assert!(foreign.contains("not an access key of \"requester\""), "{foreign}");

    assert_eq!(operator.revoke("lab", None).await.unwrap(), 1);
    assert_eq!(refused(sign(&second).await).0, "UnrecognizedClientException");
    let third = operator.issue_key(&first.access_key_id).await.unwrap();
    assert_eq!(third.name, "lab");
    assert_eq!(sign(&third).await.unwrap().available_balance.as_deref(), Some("50.00"), "the money has stayed");
    desk.market.stop().await;
}

#[tokio::test]
async fn a_market_whose_first_requester_was_revoked_starts_without_their_secret() {
    let (_dir, data, desk, operator) = served().await;
    operator.revoke("requester", None).await.unwrap();
    drop(operator);
    desk.market.stop().await;
    let market = start(Options { data: Some(data), ..still() }).await.unwrap();
    assert_eq!((market.access_key_id.as_str(), market.secret_access_key.as_str()), ("", ""));
    market.stop().await;
}

#[tokio::test]
async fn money_goes_in_and_out_and_what_is_on_hold_stays() {
    let (_dir, _, desk, operator) = served().await;
    desk.published().await;
    assert_eq!(desk.money().await, (1_000_000 - 30, 30));
    operator.deposit("requester", Usd::cents(500)).await.unwrap();
    let account = operator.withdraw("requester", Usd::cents(1_000_000)).await.unwrap();
    assert_eq!((account.available, account.held), (Usd::cents(470), Usd::cents(30)));
    let error = operator.withdraw("requester", Usd::cents(471)).await.unwrap_err().to_string();
    assert!(error.contains("$4.70 available") && error.contains("on hold"), "{error}");
    assert_eq!(desk.money().await, (470, 30));
    let kinds: Vec<String> =
        desk.ledger().await.iter().map(|line| format!("{} {}", line["kind"], line["amount"])).collect();
    assert_eq!(kinds[2..], ["\"deposit\" \"5.00\"", "\"withdraw\" \"10000.00\""]);
    desk.market.stop().await;
}

#[tokio::test]
async fn a_requester_beyond_their_rate_is_throttled_and_nobody_else() {
    let (_dir, _, desk, operator) = served().await;
    let lab = operator.add("lab", Usd::cents(5_000), Quota { rate: Some(3), open_hits: None }).await.unwrap();
    let other = client(&desk.market.endpoint, &lab.access_key_id, &lab.secret_access_key);
    let mut throttled = 0;
    for _ in 0..50 {
        match other.get_account_balance().send().await {
            Ok(_) => {}
            refusal => {
                assert_eq!(refused(refusal), ("ThrottlingException".into(), "Rate exceeded".into()));
                throttled += 1;
            }
        }
    }
    assert!(throttled > 0);
    for _ in 0..50 {
        desk.client.get_account_balance().send().await.unwrap();
    }
    operator.limit("lab", UNLIMITED).await.unwrap();
    for _ in 0..50 {
        other.get_account_balance().send().await.unwrap();
    }
    desk.market.stop().await;
}

#[tokio::test]
async fn a_requester_may_have_so_many_hits_open_at_a_time() {
    let desk = desk().await;
    let account = r#"{"name":"other","balance":"12.00","open_hits":2}"#;
    let (_, account) = desk.post("/_control/requester", account).await;
    let key = |name: &str| account[name].as_str().unwrap().to_owned();
    let other = Desk {
        client: client(&desk.market.endpoint, &key("access_key_id"), &key("secret_access_key")),
        market: desk.market,
    };
    let first = other.published().await.hit_id.unwrap();
    other.published().await;
    let (code, message) = refused(other.hit().send().await);
    assert_eq!(code, "RequestError");
    assert!(message.contains("2 HITs open"), "{message}");
    let past = aws_sdk_mturk::primitives::DateTime::from_secs(0);
    other.client.update_expiration_for_hit().hit_id(&first).expire_at(past).send().await.unwrap();
    other.published().await;
    let later = aws_sdk_mturk::primitives::DateTime::from_secs(4_000_000_000);
    let (_, message) = refused(other.client.update_expiration_for_hit().hit_id(&first).expire_at(later).send().await);
    assert!(message.contains("2 HITs open"), "a HIT that comes back counts as a new one: {message}");
    let (status, _) = other.post("/_control/requester", r#"{"name":"x","open_hits":0}"#).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn what_is_anothers_does_not_exist() {
    let (_dir, _, desk, operator) = served().await;
    let hit = desk.published().await;
    let id = hit.hit_id.clone().unwrap();
    let assignment = desk.work(&id, "A1WORKER").await;
    let lab = operator.add("lab", Usd::cents(5_000), UNLIMITED).await.unwrap();
    let other = client(&desk.market.endpoint, &lab.access_key_id, &lab.secret_access_key);
    let nowhere = "3NOSUCHTHING";
    let words = |(code, message): (String, String), id: &str| {
        (code, message.replace(id, "ID").split(" (").next().unwrap().to_owned())
    };
    for (theirs, nothing) in [(id.as_str(), nowhere)] {
        let get = |id: &str| other.get_hit().hit_id(id).send();
        assert_eq!(words(refused(get(theirs).await), theirs), words(refused(get(nothing).await), nothing));
        let list = |id: &str| other.list_assignments_for_hit().hit_id(id).send();
        assert_eq!(words(refused(list(theirs).await), theirs), words(refused(list(nothing).await), nothing));
        let delete = |id: &str| other.delete_hit().hit_id(id).send();
        assert_eq!(words(refused(delete(theirs).await), theirs), words(refused(delete(nothing).await), nothing));
    }
    let get = |id: &str| other.get_assignment().assignment_id(id).send();
    assert_eq!(words(refused(get(&assignment).await), &assignment), words(refused(get(nowhere).await), nowhere));
    let approve = |id: &str| other.approve_assignment().assignment_id(id).send();
    assert_eq!(
        words(refused(approve(&assignment).await), &assignment),
        words(refused(approve(nowhere).await), nowhere)
    );
    assert_eq!(other.list_hits().send().await.unwrap().num_results, Some(0));
    desk.client.approve_assignment().assignment_id(&assignment).send().await.unwrap();
    desk.market.stop().await;
}

#[tokio::test]
async fn the_database_alone_reveals_no_secret() {
    let (_dir, data, desk, operator) = served().await;
    let lab = operator.add("lab", Usd::cents(5_000), UNLIMITED).await.unwrap();
    let secrets = [desk.market.secret_access_key.clone(), lab.secret_access_key];
    desk.market.stop().await;
    drop(operator);
    let key = std::fs::read_to_string(data.join("market.key")).unwrap();
    for file in ["market.db", "market.db-wal"] {
        let Ok(bytes) = std::fs::read(data.join(file)) else { continue };
        for secret in secrets.iter().chain([&key]) {
            assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()), "{file}");
        }
    }
}

#[tokio::test]
async fn a_lost_foreign_or_open_key_is_said_and_never_replaced_in_silence() {
    let (_dir, data, desk, operator) = served().await;
    let before = operator.add("lab", Usd::cents(5_000), UNLIMITED).await.unwrap();
    drop(operator);
    desk.market.stop().await;
    let options = Options { data: Some(data.clone()), ..still() };
    let key = data.join("market.key");
    let right = std::fs::read_to_string(&key).unwrap();
    let why = async || start(options.clone()).await.err().unwrap().to_string();

    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(why().await.contains("chmod 600"));
    std::fs::remove_file(&key).unwrap();
    assert!(why().await.contains("no market.key"));
    assert!(!key.exists());
    std::fs::write(&key, right.replace(|c: char| c.is_ascii_digit(), "7")).unwrap();
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    assert!(why().await.contains("not the one from which the secrets"));

    // The way out when the key is lost for good: new secrets for the same access keys.
    let fresh = rekey(&data).await.unwrap();
    let lab = fresh.iter().find(|made| made.name == "lab").unwrap();
    assert_eq!(lab.access_key_id, before.access_key_id);
    assert_ne!(lab.secret_access_key, before.secret_access_key);
    let market = start(options).await.unwrap();
    let sign = |secret: &str| client(&market.endpoint, &lab.access_key_id, secret).get_account_balance().send();
    assert!(sign(&lab.secret_access_key).await.is_ok());
    assert_eq!(refused(sign(&before.secret_access_key).await).0, "InvalidSignatureException");
    let error = rekey(&data).await.unwrap_err().to_string();
    assert!(error.contains("is served by another process"), "{error}");
    market.stop().await;
}

#[tokio::test]
async fn looking_after_accounts_does_not_move_time() {
    let (_dir, data, desk, operator) = served().await;
    desk.advance(5_000).await;
    let now = desk.market.clock.now();
    operator.deposit("requester", Usd::cents(1)).await.unwrap();
    drop(operator);
    desk.market.stop().await;
    Operator::open(&data).unwrap().deposit("requester", Usd::cents(1)).await.unwrap();
    let market = start(Options { data: Some(data), ..still() }).await.unwrap();
    assert_eq!(market.clock.now(), now);
    market.stop().await;
}

#[tokio::test]
async fn a_directory_without_a_market_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let error = Operator::open(dir.path()).err().unwrap().to_string();
    assert!(error.contains("holds no market"), "{error}");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn requesters_of_a_market_in_memory_are_added_by_control() {
    let desk = desk().await;
    let (status, account) = desk.post("/_control/requester", r#"{"name":"other","balance":"12.00"}"#).await;
    assert_eq!((status, account["name"].as_str()), (200, Some("other")));
    let key = |name: &str| account[name].as_str().unwrap().to_owned();
    let other = client(&desk.market.endpoint, &key("access_key_id"), &key("secret_access_key"));
    let balance = other.get_account_balance().send().await.unwrap();
    assert_eq!(balance.available_balance.as_deref(), Some("12.00"));
    let (status, _) = desk.post("/_control/requester", r#"{"name":"other"}"#).await;
    assert_eq!(status, 409);
}
