//! Invitations, passcodes and sessions.

use axum::http::Method;
use hitdeck::domain::id::WorkerId;
use hitdeck::market::clock::wall_millis;
use hitdeck::market::secret::Secret;

use super::browser::Browser;
use super::people::{PASSCODE, Person, invited};
use super::support::desk;

#[tokio::test]
async fn one_signs_up_by_invitation_signs_out_and_in_again() {
    let desk = desk().await;
    let mut person = Person::new(&desk).await;
    let page = person.browser.open("/signout").await;
    let page = person.browser.press(&page, "/signout", &[]).await;
    page.says("You are signed out.").says("Sign in to work");
    assert_eq!(person.browser.fetch("/work").await.header("location"), "/signin");
    // Back to where one wanted to go, in whatever letters the ID was written down.
    let page = person.browser.open("/history?status=rejected").await;
    assert!(page.path.starts_with("/signin?next=%2Fhistory"), "{}", page.path);
    let next = page.between("name=\"next\" value=\"", "\"").unwrap();
    let next = super::browser::plain(next);
    let worker = format!(" {} ", person.worker.as_str().to_lowercase());
    let fields = [("worker", worker.as_str()), ("passcode", PASSCODE), ("next", next.as_str())];
    let page = person.browser.press(&page, "/signin", &fields).await;
    assert_eq!(page.path, "/history?status=rejected");
    page.says("Welcome back.").says(person.worker.as_str());
}

#[tokio::test]
async fn an_invitation_is_used_once_and_needs_agreement() {
    let desk = desk().await;
    let link = invited(&desk, None).await;
    let mut browser = Browser::at(&desk.market.endpoint);
    let page = browser.open(&link).await;
    page.says("What is kept").says("after 365 days");
    for (fields, words) in [
        (vec![("passcode", PASSCODE), ("again", PASSCODE)], "Without your agreement"),
        (vec![("passcode", "short"), ("again", "short"), ("agree", "1")], "at least 10 characters"),
        (vec![("passcode", PASSCODE), ("again", "another passcode"), ("agree", "1")], "not the same"),
        (vec![("passcode", PASSCODE), ("again", PASSCODE), ("agree", "1"), ("country", "Utopia")], "two letters"),
    ] {
        let refused = browser.press(&page, &link, &fields).await;
        assert_eq!(refused.status, 422);
        refused.says(words).says_nothing_of(PASSCODE);
    }
    let fields = [("passcode", PASSCODE), ("again", PASSCODE), ("agree", "1"), ("country", "us-ny"), ("adult", "1")];
    assert_eq!(browser.press(&page, &link, &fields).await.path, "/work");
    browser.open("/qualifications").await.says("Country US-NY").says("Content for adults agreed to");
    let again = Browser::at(&desk.market.endpoint).open(&link).await;
    assert_eq!(again.status, 404);
    again.says("This link is not good");
}

#[tokio::test]
async fn work_that_was_imported_is_claimed_by_its_worker() {
    let desk = desk().await;
    let hit = desk.published().await;
    let assignment = desk.work(hit.hit_id().unwrap(), "A1KNOWNBEFORE").await;
    let mut person = Person::claiming(&desk, Some("A1KNOWNBEFORE")).await;
    assert_eq!(person.worker.as_str(), "A1KNOWNBEFORE");
    person.browser.open(&format!("/history/{assignment}")).await.says("Tag an image").says("waiting");
    // An account is not given away a second time by an invitation.
    let again = desk
        .market
        .service
        .invite(
            hitdeck::market::service::NewInvitation {
                worker: Some(person.worker.clone()),
                note: None,
                lasts_ms: 1_000,
            },
            &Secret::random(),
            wall_millis(),
        )
        .await;
    assert!(again.unwrap_err().to_string().contains("has an account already"));
}

#[tokio::test]
async fn a_reset_ends_the_passcode_and_every_session_at_once() {
    let desk = desk().await;
    let mut person = Person::new(&desk).await;
    let secret = Secret::random();
    desk.market.service.reset(&person.worker, 60_000, &secret, wall_millis()).await.unwrap();
    assert_eq!(person.browser.fetch("/work").await.header("location"), "/signin");
    let page = person.browser.open("/signin").await;
    let fields = [("worker", person.worker.as_str()), ("passcode", PASSCODE)];
    assert_eq!(person.browser.press(&page, "/signin", &fields).await.status, 401);
    let link = format!("/join/{}", secret.reveal());
    let page = person.browser.open(&link).await;
    page.says(person.worker.as_str());
    let fields = [("passcode", "a wholly new one"), ("again", "a wholly new one"), ("agree", "1")];
    person.browser.press(&page, &link, &fields).await.says(person.worker.as_str());
}

#[tokio::test]
async fn a_session_ends_by_itself() {
    const HOUR: i64 = 3_600_000;
    let desk = desk().await;
    let mut person = Person::new(&desk).await;
    let service = &desk.market.service;
    let account = service.worker_account(&person.worker).await.unwrap().unwrap();
    for (begun, is_live) in [(11 * HOUR, true), (13 * HOUR, false), (15 * 24 * HOUR, false)] {
        let secret = Secret::random();
        service.begin_session(account.key, &secret, None, wall_millis() - begun).await.unwrap();
        person.browser.cookies.insert("hitdeck_session".into(), secret.reveal().into());
        let page = person.browser.fetch("/queue").await;
        assert_eq!(page.status == 200, is_live, "begun {} hours ago", begun / HOUR);
    }
}

#[tokio::test]
async fn a_passcode_is_changed_by_who_knows_it_and_others_are_signed_out() {
    let desk = desk().await;
    let mut person = Person::new(&desk).await;
    let mut elsewhere = Browser::at(&desk.market.endpoint);
    let page = elsewhere.open("/signin").await;
    let fields = [("worker", person.worker.as_str()), ("passcode", PASSCODE)];
    assert_eq!(elsewhere.press(&page, "/signin", &fields).await.path, "/work");
    let page = person.browser.open("/account").await;
    page.says("in 1 other browser");
    let new = "eight blue kettles";
    let wrong = [("current", "not it at all"), ("passcode", new), ("again", new)];
    person.browser.press(&page, "/account/passcode", &wrong).await.says("This is not your passcode");
    let right = [("current", PASSCODE), ("passcode", new), ("again", new)];
    person.browser.press(&page, "/account/passcode", &right).await.says("Your passcode was changed.");
    assert_eq!(elsewhere.fetch("/work").await.status, 303);
    assert_eq!(person.browser.open("/work").await.path, "/work");
}

#[tokio::test]
async fn who_is_suspended_sees_why_and_takes_no_work() {
    let desk = desk().await;
    let hit = desk.published().await;
    let mut person = Person::new(&desk).await;
    let held = person.accept(hit.hit_group_id().unwrap()).await;
    let other = desk.hit().title("Another one").send().await.unwrap().hit.unwrap();
    let why = Some("Two people used this account.".to_owned());
    desk.market.service.suspend(&person.worker, why, wall_millis()).await.unwrap();
    person.browser.open("/work").await.says("Your account is suspended. Two people used this account.");
    let page = person.try_accept(other.hit_group_id().unwrap()).await;
    assert_eq!(page.status, 403);
    page.says("Two people used this account.");
    // Not by the control interface either; what they hold they can hand in.
    let (status, _) = desk
        .post(
            "/_control/accept",
            &format!("{{\"HITId\":\"{}\",\"WorkerId\":\"{}\"}}", other.hit_id().unwrap(), person.worker),
        )
        .await;
    assert_eq!(status, 409);
    let submit = format!("{{\"AssignmentId\":\"{held}\",\"Fields\":{{\"a\":\"b\"}}}}");
    assert_eq!(desk.post("/_control/submit", &submit).await.0, 200);
    desk.market.service.suspend(&person.worker, None, wall_millis()).await.unwrap();
    person.accept(other.hit_group_id().unwrap()).await;
}

#[tokio::test]
async fn what_is_kept_of_a_worker_is_handed_out_and_taken_away() {
    let desk = desk().await;
    let hit = desk.published().await;
    let mut person = Person::new(&desk).await;
    let id = desk.work(hit.hit_id().unwrap(), person.worker.as_str()).await;
    let page = person.browser.fetch("/account/export").await;
    let kept: serde_json::Value = serde_json::from_str(&page.body).unwrap();
    assert_eq!(kept["WorkerId"], person.worker.as_str());
    assert_eq!(kept["Assignments"][0]["AssignmentId"], id.as_str());
    assert!(kept["Assignments"][0]["Answer"].as_str().unwrap().contains("dog"), "{kept}");
    assert!(!page.body.contains("argon2"), "no hash leaves the market");
    let service = &desk.market.service;
    let refused = service.anonymize(&person.worker).await.unwrap_err().to_string();
    assert!(refused.contains("not decided"), "{refused}");
    desk.client.approve_assignment().assignment_id(&id).requester_feedback("Good.").send().await.unwrap();
    let after = service.anonymize(&person.worker).await.unwrap();
    assert_ne!(after, person.worker.as_str());
    assert_eq!(person.browser.fetch("/work").await.status, 303, "signed out");
    let seen = desk.client.get_assignment().assignment_id(&id).send().await.unwrap().assignment.unwrap();
    assert_eq!(seen.worker_id(), Some(after.as_str()));
    assert!(seen.answer().unwrap().contains("dog"), "the work stays");
    let list = desk.client.list_assignments_for_hit().hit_id(hit.hit_id().unwrap()).send().await.unwrap();
    assert_eq!(list.assignments()[0].worker_id(), Some(after.as_str()));
    assert!(service.export_worker_by_id(&person.worker).await.is_err(), "nobody knows the old one");
}

#[tokio::test]
async fn who_was_not_here_for_the_retention_time_is_forgotten() {
    let desk = desk().await;
    let person = Person::new(&desk).await;
    let service = &desk.market.service;
    let later = |days: i64| wall_millis() + days * 86_400_000;
    assert_eq!(service.forget_old(30, later(29)).await.unwrap(), 0);
    assert_eq!(service.forget_old(30, later(31)).await.unwrap(), 1);
    assert!(service.worker_account(&person.worker).await.unwrap().is_none());
}

#[tokio::test]
async fn pages_of_mechanical_turk_lead_to_the_same_here() {
    let desk = desk().await;
    let hit = desk.published().await;
    let mut person = Person::new(&desk).await;
    let (group, id, of) = (hit.hit_group_id().unwrap(), hit.hit_id().unwrap(), hit.hit_type_id().unwrap());
    for path in [
        format!("/mturk/preview?groupId={group}"),
        format!("/mturk/preview?groupId={of}"),
        format!("/mturk/previewandaccept?groupId={group}&hitId={id}"),
        format!("/mturk/accept?hitId={id}"),
        format!("/projects/{group}/tasks"),
    ] {
        let page = person.browser.open(&path).await;
        assert_eq!(page.status, 200, "{path}");
        page.says("Preview").says("Tag an image");
    }
    for (path, target) in [
        ("/mturk/myhits", "/queue"),
        ("/mturk/dashboard", "/history"),
        ("/mturk/searchbar?searchWords=tag", "/work?q=tag"),
        ("/mturk/findquals", "/qualifications"),
    ] {
        assert_eq!(person.browser.open(path).await.path, target);
    }
    // Nobody has accepted anything by following a link.
    person.browser.open("/queue").await.says("You hold nothing.");
}

#[tokio::test]
async fn what_needs_no_session_needs_none() {
    let desk = desk().await;
    let mut browser = Browser::at(&desk.market.endpoint);
    browser.open("/").await.says("Amazon Mechanical Turk").says("Sign in to work");
    browser.open("/privacy").await.says("Who sees it");
    assert_eq!(browser.open("/healthz").await.body, "ok\n");
    let nowhere = browser.open("/nowhere").await;
    assert_eq!(nowhere.status, 404);
    nowhere.says("There is nothing here");
    let program = browser.send(Method::GET, "/nowhere", &[("accept", "application/json")], "").await;
    assert!(program.body.contains("UnknownOperationException"), "{}", program.body);
    assert!(WorkerId::parse("A1").is_ok());
}
