//! What requesters and workers tell each other: messages, answers to rejections, qualifications.

use super::people::Person;
use super::support::desk;

#[tokio::test]
async fn a_rejection_is_answered_once_and_the_requester_reads_it() {
    let desk = desk().await;
    let hit = desk.published().await;
    let mut person = Person::new(&desk).await;
    let id = desk.work(hit.hit_id().unwrap(), person.worker.as_str()).await;
    let here = format!("/history/{id}");
    let page = person.browser.open("/account").await;
    let early = person.browser.press(&page, &format!("{here}/answer"), &[("text", "Please hurry")]).await;
    assert_eq!(early.status, 422);
    early.says("Only the rejection of an assignment can be answered.");
    desk.client.reject_assignment().assignment_id(&id).requester_feedback("No keyword fits.").send().await.unwrap();
    let page = person.browser.open(&here).await;
    page.says("No keyword fits.").says("Answer this rejection");
    let long = "x".repeat(1_001);
    assert_eq!(person.browser.press(&page, &format!("{here}/answer"), &[("text", &long)]).await.status, 422);
    assert_eq!(person.browser.press(&page, &format!("{here}/answer"), &[("text", " \r\n ")]).await.status, 422);
    let text = "There is a dog in it.\r\nLook at the left.";
    let page = person.browser.press(&page, &format!("{here}/answer"), &[("text", text)]).await;
    page.says("Your answer is with the requester.")
        .says("What the requester says No keyword fits. Your answer There is a dog");
    let own = person.browser.open("/account").await;
    let again = person.browser.press(&own, &format!("{here}/answer"), &[("text", "And another thing")]).await;
    again.says("You have answered this rejection already.");
    // Through every operation that shows it, and apart from the requester's own words.
    let one = desk.client.get_assignment().assignment_id(&id).send().await.unwrap().assignment.unwrap();
    let all = desk.client.list_assignments_for_hit().hit_id(hit.hit_id().unwrap()).send().await.unwrap();
    for seen in [one.requester_feedback(), all.assignments()[0].requester_feedback()] {
        let split = hitdeck::domain::worker_answer::split(seen.unwrap());
        assert_eq!(split, ("No keyword fits.", Some("There is a dog in it.\nLook at the left.")));
    }
    // The requester thinks again, and says so; the answer stays with it.
    let change = desk.client.approve_assignment().assignment_id(&id).override_rejection(true);
    change.requester_feedback("You are right.").send().await.unwrap();
    person.browser.open(&here).await.says("You are right.").says("approved").says("There is a dog");
    let one = desk.client.get_assignment().assignment_id(&id).send().await.unwrap().assignment.unwrap();
    assert_eq!(hitdeck::domain::worker_answer::split(one.requester_feedback().unwrap()).0, "You are right.");
}

#[tokio::test]
async fn messages_are_counted_until_they_are_read() {
    let desk = desk().await;
    let hit = desk.published().await;
    let mut person = Person::new(&desk).await;
    let id = desk.work(hit.hit_id().unwrap(), person.worker.as_str()).await;
    desk.client.approve_assignment().assignment_id(&id).send().await.unwrap();
    let letter = desk.client.notify_workers().subject("More work").message_text("Come back\ntomorrow.");
    letter.worker_ids(person.worker.as_str()).send().await.unwrap();
    person.browser.open("/work").await.says("Messages 1");
    person.browser.open("/messages").await.says("More work new").says("Come back tomorrow.");
    let page = person.browser.open("/messages").await;
    page.says("More work").says_nothing_of(">new<");
}

#[tokio::test]
async fn qualifications_are_asked_for() {
    let desk = desk().await;
    let make = async |name: &str, automatic: bool, retry: Option<i64>| {
        let made = desk.client.create_qualification_type().name(name).description("What it is about.");
        let made = made.qualification_type_status("Active".into()).set_retry_delay_in_seconds(retry);
        let made = if automatic { made.auto_granted(true).auto_granted_value(7) } else { made };
        made.send().await.unwrap().qualification_type.unwrap().qualification_type_id().unwrap().to_owned()
    };
    let at_once = make("Granted at once", true, Some(3_600)).await;
    let by_hand = make("Granted by hand", false, None).await;
    let mut person = Person::new(&desk).await;
    let list = person.browser.open("/qualifications").await;
    list.says("2 qualifications").says("granted at once").says("the requester decides");
    let page = person.browser.open(&format!("/qualifications/{at_once}")).await;
    let got = person.browser.press(&page, &format!("/qualifications/{at_once}/request"), &[]).await;
    got.says("You have the qualification.").says("yours: 7").says("You can ask again in 1 h");
    let early = person.browser.press(&page, &format!("/qualifications/{at_once}/request"), &[]).await;
    assert_eq!(early.status, 409);
    desk.advance(3_601).await;
    let again = person.browser.press(&page, &format!("/qualifications/{at_once}/request"), &[]).await;
    assert_eq!(again.status, 200, "{}", again.text());
    let asked = person.browser.press(&page, &format!("/qualifications/{by_hand}/request"), &[]).await;
    asked.says("Your request is with the requester.").says("requested");
    let requests = desk.client.list_qualification_requests().send().await.unwrap();
    let request = requests.qualification_requests()[0].qualification_request_id().unwrap().to_owned();
    desk.client
        .reject_qualification_request()
        .qualification_request_id(request)
        .reason("Not now.")
        .send()
        .await
        .unwrap();
    let page = person.browser.open(&format!("/qualifications/{by_hand}")).await;
    page.says("It can be requested once only");
    person.browser.open("/messages").await.says("Granted by hand was rejected").says("Not now.");
    person.browser.open("/qualifications?q=hand").await.says("1 qualification");
}

#[tokio::test]
async fn messages_are_sent_to_a_web_hook_as_they_come() {
    let desk = desk().await;
    let hit = desk.published().await;
    let mut person = Person::new(&desk).await;
    let (send, mut came) = tokio::sync::mpsc::unbounded_channel::<String>();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hook = format!("http://{}/told", listener.local_addr().unwrap());
    let route = axum::Router::new().fallback(move |body: String| {
        let send = send.clone();
        async move { send.send(body).unwrap_or_default() }
    });
    let server = tokio::spawn(async move { axum::serve(listener, route).await.unwrap_or_default() });
    let page = person.browser.open("/account").await;
    for wrong in ["ftp://example.org/", "not an address", "arn:aws:sns:us-east-1:1:topic", "javascript:alert(1)"] {
        let refused = person.browser.press(&page, "/account/hook", &[("hook", wrong)]).await;
        assert_eq!(refused.status, 422, "{wrong}");
    }
    person.browser.press(&page, "/account/hook", &[("hook", &hook)]).await.says("Saved.");
    let id = desk.work(hit.hit_id().unwrap(), person.worker.as_str()).await;
    desk.client.approve_assignment().assignment_id(&id).send().await.unwrap();
    let letter = desk.client.notify_workers().subject("More work").message_text("Come back.");
    letter.worker_ids(person.worker.as_str()).send().await.unwrap();
    let body = tokio::time::timeout(std::time::Duration::from_secs(20), came.recv()).await.unwrap().unwrap();
    let told: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!((told["Subject"].as_str(), told["Text"].as_str()), (Some("More work"), Some("Come back.")));
    assert_eq!((told["WorkerId"].as_str(), told["Kind"].as_str()), (Some(person.worker.as_str()), Some("Message")));
    person.browser.press(&page, "/account/hook", &[("hook", "")]).await.says("Saved.");
    assert_eq!(desk.fetch("/_control/notifications").await.1.as_array().unwrap().len(), 0, "nothing is left of it");
    server.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_desk_shows_the_answer_and_asks_with_it_before_an_override() {
    let desk = desk().await;
    let hit = desk.published().await;
    let mut person = Person::new(&desk).await;
    let id = desk.work(hit.hit_id().unwrap(), person.worker.as_str()).await;
    let lab = super::driver::Lab::beside(&desk.market);
    let mut view = lab.desk().await;
    view.press("rNo keyword fits.<enter>$").await;
    view.until("it is sent", |view| view.state().outbox.unsent() == 0).await;
    view.press("]").await;
    view.until_shown("rejected by tester@lab").await;
    let here = format!("/history/{id}");
    let page = person.browser.open(&here).await;
    person.browser.press(&page, &format!("{here}/answer"), &[("text", "There is a dog in it.")]).await;
    view.press("R").await;
    view.until_shown("There is a dog in it.").await;
    view.press("o").await;
    view.until_shown("the worker answers: There is a dog in it.").await;
    lab.pass(1_000);
    view.press("y$").await;
    view.until("it is sent", |view| view.state().outbox.unsent() == 0).await;
    view.close().await;
    assert_eq!(lab.status(&id).await, "Approved");
}
