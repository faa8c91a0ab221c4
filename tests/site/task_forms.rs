//! QuestionForms without scripts: HITs, qualification tests; and statements of what was paid.

use super::people::Person;
use super::support::{Desk, desk};
use super::task::{answers, publish};

pub const TEST: &str = include_str!("../data/site/question_form.xml");
const KEY: &str = include_str!("../data/site/answer_key.xml");

#[tokio::test]
async fn a_form_is_checked_kept_and_handed_in() {
    let desk = desk().await;
    let (hit, group) = publish(&desk, TEST, 1).await;
    let mut person = Person::new(&desk).await;
    let preview = person.browser.open(&format!("/work/groups/{group}/preview")).await;
    preview.says("Capital of France?");
    assert!(preview.body.contains("<fieldset disabled>"));
    let assignment = person.accept(&group).await;
    let page = person.browser.open(&format!("/work/assignments/{assignment}")).await;
    assert!(page.header("content-security-policy").contains("img-src 'self' https: http:;"));
    assert!(page.header("content-security-policy").contains("script-src 'self';"), "nothing of the form runs");
    page.says_nothing_of("<script>alert").says_nothing_of("<img");
    let action = format!("/work/assignments/{assignment}/answers");
    let filled = [("primes", "n2"), ("primes", "n4"), ("why", "because \"<b>\""), ("age", "seventeen")];
    let wrong = person.browser.press(&page, &action, &filled).await;
    assert_eq!(wrong.status, 422);
    wrong
        .says("answers are not complete yet")
        .says("Capital : An answer is required.")
        .says("The answer must be a number.");
    assert!(wrong.body.contains("value=\"n4\" checked") && wrong.body.contains("because &quot;&lt;b&gt;&quot;"));
    assert!(answers(&desk, &hit).await.is_empty());
    let filled = [
        ("capital", "paris"),
        ("primes", "n2"),
        ("primes", "n3"),
        ("why", "because \"<b>\"\r\nx"),
        ("age", "18"),
        ("colour", ""),
        ("colour-other", "teal"),
    ];
    let done = person.browser.press(&wrong, &action, &filled).await;
    done.says("Handed in. Thank you.");
    let given = answers(&desk, &hit).await;
    assert_eq!(given, [["capital=paris", "primes=n2|n3", "colour=teal", "age=18", "why=because \"<b>\"\nx"]]);
    assert_eq!(person.browser.press(&wrong, &action, &filled).await.path, format!("/history/{assignment}"));
}

pub async fn qualification(desk: &Desk, scored: bool) -> String {
    let form = TEST.split("<!-- not in tests -->").collect::<Vec<_>>();
    let made = desk.client.create_qualification_type().name("Capitals").description("What you know.");
    let made = made.qualification_type_status("Active".into()).retry_delay_in_seconds(3_600);
    let made = made.test(format!("{}{}", form[0], form[2])).test_duration_in_seconds(600);
    let made = if scored { made.answer_key(KEY) } else { made };
    made.send().await.unwrap().qualification_type.unwrap().qualification_type_id().unwrap().to_owned()
}

#[tokio::test]
async fn a_test_is_taken_scored_and_taken_again_after_its_delay() {
    let desk = desk().await;
    let id = qualification(&desk, true).await;
    let here = format!("/qualifications/{id}");
    let test = format!("{here}/test");
    let mut person = Person::new(&desk).await;
    assert_eq!(person.browser.open(&test).await.path, here, "a link does not begin a test");
    let page = person.browser.open(&here).await;
    let page = person.browser.press(&page, &format!("{here}/request"), &[]).await;
    assert_eq!(page.path, test);
    page.says("Time left 10 min").says("Capital of France?");
    let wrong = person.browser.press(&page, &test, &[("primes", "n2")]).await;
    assert_eq!(wrong.status, 422);
    wrong.says("One answer is not complete yet.");
    let done = person.browser.press(&wrong, &test, &[("capital", "paris"), ("primes", "n2")]).await;
    done.says("You have the qualification.").says("yours: 60").says("You can ask again in 1 h");
    let score = desk.client.get_qualification_score().qualification_type_id(&id).worker_id(person.worker.as_str());
    assert_eq!(score.send().await.unwrap().qualification.unwrap().integer_value, Some(60));
    assert_eq!(person.browser.open(&test).await.path, here);
    let early = person.browser.press(&page, &test, &[("capital", "paris")]).await;
    assert_eq!(early.status, 409);
    desk.advance(3_601).await;
    let page = person.browser.press(&page, &format!("{here}/request"), &[]).await;
    assert_eq!(page.path, test);
    let both = [("capital", "paris"), ("primes", "n2"), ("primes", "n3")];
    person.browser.press(&page, &test, &both).await.says("yours: 100");
}

#[tokio::test]
async fn a_test_without_key_waits_for_the_requester_and_time_is_kept() {
    let desk = desk().await;
    let id = qualification(&desk, false).await;
    let here = format!("/qualifications/{id}");
    let test = format!("{here}/test");
    let mut person = Person::new(&desk).await;
    let page = person.browser.open(&here).await;
    let page = person.browser.press(&page, &format!("{here}/request"), &[]).await;
    desk.advance(601).await;
    let late = person.browser.press(&page, &test, &[("capital", "paris")]).await;
    assert_eq!(late.status, 409);
    desk.advance(3_601).await;
    let page = person.browser.press(&page, &format!("{here}/request"), &[]).await;
    let done = person.browser.press(&page, &test, &[("capital", "rome"), ("primes", "n4")]).await;
    done.says("Your request is with the requester.");
    let requests = desk.client.list_qualification_requests().qualification_type_id(&id).send().await.unwrap();
    let request = &requests.qualification_requests()[0];
    assert!(request.answer().unwrap().contains("<SelectionIdentifier>rome</SelectionIdentifier>"));
}

#[tokio::test]
async fn a_worker_sees_what_was_paid() {
    let desk = desk().await;
    let mut person = Person::new(&desk).await;
    let mut other = Person::new(&desk).await;
    person.browser.open("/statements").await.says("Nothing was paid out yet.").says("Nothing is waiting");
    let hit = desk.hit().title("A <b>title</b>").send().await.unwrap().hit.unwrap();
    let assignment = desk.work(hit.hit_id().unwrap(), person.worker.as_str()).await;
    desk.client.approve_assignment().assignment_id(&assignment).send().await.unwrap();
    let bonus =
        desk.client.send_bonus().worker_id(person.worker.as_str()).assignment_id(&assignment).bonus_amount("1.20");
    bonus.reason("good").send().await.unwrap();
    person.browser.open("/statements").await.says("$1.25").says("$0.05 for 1 HIT, $1.20 in 1 bonus");
    person.browser.open("/statements/owed").await.says("A &lt;b&gt;title").says("Sum $1.25");
    let owed = desk.market.service.owed().await.unwrap();
    desk.market.service.mark_paid(&owed.code, 1_795_334_400_000).await.unwrap();
    let page = person.browser.open("/statements").await;
    page.says("Paid out 2026-11-22 08:00 UTC").says("Nothing is waiting");
    let one = format!("/statements/{}", owed.code);
    person.browser.open(&one).await.says("marked as paid").says("Bonus: A &lt;b&gt;title");
    let csv = person.browser.open(&format!("{one}/csv")).await;
    assert_eq!((csv.header("content-type"), csv.body.lines().count()), ("text/csv; charset=utf-8", 3));
    // Others see nothing of it.
    other.browser.open("/statements").await.says("Nothing was paid out yet.");
    other.browser.open(&one).await.says_nothing_of("title</b>").says("Sum $0.00");
    assert_eq!(other.browser.open("/statements/7-000000").await.status, 409);
}
