//! Texts of everybody who can enter one: the operator, requesters by their names, workers in every field. None is more than text.

use hitdeck::market::SiteOptions;
use hitdeck::market::clock::wall_millis;
use hitdeck::market::serve::Options;

use super::browser::Page;
use super::people::{Person, invited};
use super::support::{Desk, client, desk, desk_with, still};

/// What would run if it was ever taken for more than text.
const SCRIPT: &str = "\"'></b><script>alert(1)</script><img src=x onerror=a()>{{7*7}}";

/// It is there, as text and as nothing else.
fn shows_it_as_text(page: &Page) {
    assert!(page.body.contains("&lt;script&gt;alert(1)"), "{} does not show it: {}", page.path, page.body);
    holds_no_script(page);
}

fn holds_no_script(page: &Page) {
    for live in ["<script>alert", "<img src=x", "\"'></b>"] {
        assert!(!page.body.contains(live), "{}: {live} is in: {}", page.path, page.body);
    }
    assert!(!page.header("content-disposition").contains("script"));
}

#[tokio::test]
async fn what_the_operator_calls_things_is_text() {
    let site = SiteOptions { name: SCRIPT.into(), notice: Some(SCRIPT.into()), ..SiteOptions::default() };
    let desk = desk_with(Options { site, ..still() }).await;
    let mut person = Person::new(&desk).await;
    for path in ["/", "/privacy", "/work", "/queue", "/account", "/statements"] {
        shows_it_as_text(&person.browser.open(path).await);
    }
    let mut visitor = super::browser::Browser::at(&desk.market.endpoint);
    for path in ["/", "/signin", "/privacy", &invited(&desk, None).await] {
        shows_it_as_text(&visitor.open(path).await);
    }
    holds_no_script(&visitor.open("/nowhere").await);
    desk.market.service.suspend(&person.worker, Some(SCRIPT.into()), wall_millis()).await.unwrap();
    shows_it_as_text(&person.browser.open("/work").await);
}

/// A requester who is called like that, with a HIT, a qualification type, and a word for a worker.
async fn with_hostile_requester(desk: &Desk, person: &Person) -> (String, String, String) {
    let body = serde_json::json!({ "name": SCRIPT, "balance": "10.00" });
    let (status, added) = desk.post("/_control/requester", &body.to_string()).await;
    assert_eq!(status, 200, "{added}");
    let text = |name: &str| added[name].as_str().unwrap_or_else(|| panic!("{name}: {added}")).to_owned();
    let evil = client(&desk.market.endpoint, &text("access_key_id"), &text("secret_access_key"));
    let made = evil.create_qualification_type().name("Skill").description("A skill");
    let made = made.qualification_type_status("Active".into()).send().await.unwrap().qualification_type.unwrap();
    let hit = evil.create_hit().title("A task").description("x").reward("0.05").lifetime_in_seconds(3_600);
    let hit = hit.assignment_duration_in_seconds(600).question(super::support::QUESTION).max_assignments(2);
    // One of the group is left when the other is done.
    hit.clone().send().await.unwrap();
    let hit = hit.send().await.unwrap().hit.unwrap();
    let (id, group) = (hit.hit_id().unwrap(), hit.hit_group_id().unwrap().to_owned());
    let done = desk.work(id, person.worker.as_str()).await;
    evil.approve_assignment().assignment_id(&done).send().await.unwrap();
    let letter = evil.notify_workers().subject("Hello").message_text("Hello").worker_ids(person.worker.as_str());
    letter.send().await.unwrap();
    (group, done, made.qualification_type_id.unwrap())
}

#[tokio::test]
async fn what_requesters_are_called_is_text() {
    let desk = desk().await;
    let mut person = Person::new(&desk).await;
    let (group, done, qualification) = with_hostile_requester(&desk, &person).await;
    let (group, done) = (format!("/work/groups/{group}"), format!("/history/{done}"));
    let qualification = format!("/qualifications/{qualification}");
    for path in [
        "/work",
        &group,
        &format!("{group}/preview"),
        "/history",
        &done,
        "/messages",
        "/qualifications",
        &qualification,
        "/statements/owed",
    ] {
        shows_it_as_text(&person.browser.open(path).await);
    }
    let csv = person.browser.open("/statements/owed/csv").await;
    assert!(
        csv.header("content-type").starts_with("text/csv")
            && csv.header("content-disposition").starts_with("attachment")
    );
}

#[tokio::test]
async fn what_workers_enter_is_text_in_every_field() {
    let desk = desk().await;
    let mut person = Person::new(&desk).await;
    let page = person.browser.open("/account").await;
    for (path, field) in [("/account/profile", "country"), ("/account/hook", "hook"), ("/account/passcode", "current")]
    {
        let answer = person.browser.press(&page, path, &[(field, SCRIPT)]).await;
        assert_eq!(answer.status, 422, "{path}: {}", answer.text());
        holds_no_script(&answer);
    }
    for hook in ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//evil.example"] {
        let answer = person.browser.press(&page, "/account/hook", &[("hook", hook)]).await;
        assert_eq!(answer.status, 422, "{hook}");
    }
    let encoded: String = form_urlencoded::byte_serialize(SCRIPT.as_bytes()).collect();
    for path in ["/work?q=", "/work?reward=", "/work?sort=", "/work?page=", "/qualifications?q=", "/history?status="] {
        let answer = person.browser.open(&format!("{path}{encoded}")).await;
        assert_eq!(answer.status, 200, "{path}");
        holds_no_script(&answer);
    }
    for path in
        ["/work/groups/", "/work/hits/", "/history/", "/statements/", "/qualifications/", "/join/", "/task/", "/"]
    {
        holds_no_script(&person.browser.fetch(&format!("{path}{encoded}")).await);
    }
    let mut visitor = super::browser::Browser::at(&desk.market.endpoint);
    let page = visitor.open("/signin").await;
    let answer = visitor.press(&page, "/signin", &[("worker", SCRIPT), ("passcode", SCRIPT)]).await;
    assert_eq!(answer.status, 401);
    holds_no_script(&answer);
    let link = invited(&desk, None).await;
    let page = visitor.open(&link).await;
    let fields = [("passcode", SCRIPT), ("again", SCRIPT), ("country", SCRIPT), ("agree", "1")];
    let answer = visitor.press(&page, &link, &fields).await;
    assert_eq!(answer.status, 422);
    holds_no_script(&answer);
}
