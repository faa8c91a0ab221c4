//! Requesters: the first one, more of them, and their secrets.

use hitdeck::domain::money::Usd;
use hitdeck::market::serve::{Options, start};
use hitdeck::market::{add_requester, list_requesters};

use crate::support::{client, desk, still};

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
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("market");
    let market = start(Options { data: Some(data.clone()), ..still() }).await.unwrap();
    let added = add_requester(&data, "lab", Usd::cents(5_000)).await.unwrap();
    let other = client(&market.endpoint, &added.access_key_id, &added.secret_access_key);
    let balance = other.get_account_balance().send().await.unwrap();
    assert_eq!(balance.available_balance.as_deref(), Some("50.00"));
    let error = add_requester(&data, "lab", Usd::ZERO).await.unwrap_err().to_string();
    assert!(error.contains("a requester named \"lab\" already"), "{error}");
    let names: Vec<String> = list_requesters(&data).await.unwrap().into_iter().map(|r| r.name).collect();
    assert_eq!(names, ["requester", "lab"]);
    market.stop().await;
}

#[tokio::test]
async fn a_directory_without_a_market_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let error = add_requester(dir.path(), "lab", Usd::ZERO).await.unwrap_err().to_string();
    assert!(error.contains("holds no market"), "{error}");
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
