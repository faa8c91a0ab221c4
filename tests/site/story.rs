//! The whole story: two people who work in a browser, and the requester at the desk, on one market.

use hitdeck::question::answer;
use hitdeck::question::write::html_question;

use super::driver::{Flow, Lab};
use super::support::{Desk, desk};
use super::task::{FORM, answers};
use super::task_browser::{CROWD, FRAME, WITHOUT_SCRIPTS, sign_up};
use super::task_forms::{TEST, qualification};
use super::webdriver::{DESKTOP, Driver, Window};

/// Publishes a HIT for one worker, who must have a score of 60 in a test if one is named; the HIT.
async fn publish(desk: &Desk, title: &str, question: &str, test: Option<&str>) -> String {
    use aws_sdk_mturk::types::{Comparator, HitAccessActions, QualificationRequirement};
    let required = test.map(|test| {
        let required = QualificationRequirement::builder().qualification_type_id(test).integer_values(60);
        let required = required.comparator(Comparator::GreaterThanOrEqualTo).actions_guarded(HitAccessActions::Accept);
        required.build().unwrap()
    });
    let hit = desk.hit().title(title).question(question).max_assignments(1);
    let hit = hit.set_qualification_requirements(required.map(|one| vec![one]));
    hit.send().await.unwrap().hit.unwrap().hit_id.unwrap()
}

/// Finds a group by a word, looks at it, and is on its page.
async fn find(desk: &Desk, person: &Driver, word: &str) {
    person.go(&format!("{}/work", desk.market.endpoint)).await;
    person.fill("#q", word).await;
    person.click(".search button").await;
    person.arrives(&format!("q={word}")).await;
    person.click("article h2 a").await;
    person.arrives("/work/groups/").await;
}

/// Accepts what is found, from its preview.
async fn take(desk: &Desk, person: &Driver, word: &str) {
    find(desk, person, word).await;
    person.click("a.button[href$='/preview']").await;
    person.arrives("/preview").await;
    person.click("form[action='/work/accept'] button").await;
    person.arrives("/work/assignments/").await;
    assert!(person.text(".time").await.contains("Time left"));
}

/// Fills in the plain form, whose action is Amazon's address, and goes on: by itself with scripts, by its button without.
async fn name_the_animal(person: &Driver, word: &str, scripts: bool) {
    person.enter(FRAME).await;
    person.fill("#word", word).await;
    person.click("#submitButton").await;
    if !scripts {
        assert_eq!(person.text("h1").await, "Handed in");
    }
    person.enter(None).await;
    if !scripts {
        person.click("#go-on button").await;
    }
    handed_in(person).await;
}

async fn handed_in(person: &Driver) {
    person.arrives("/work/groups/").await;
    assert_eq!(person.text("p.note[role=status]").await, "Handed in. Thank you.");
}

async fn judge_the_text(person: &Driver) {
    person.enter(FRAME).await;
    person.click("crowd-classifier input[value=Positive]").await;
    person.click("crowd-radio-button[name=short] input").await;
    person.keys("crowd-input input", "cheerful").await;
    person.keys("crowd-keypoint textarea", "left: here").await;
    person.click("crowd-button button").await;
    person.enter(None).await;
    handed_in(person).await;
}

/// A person learns what is missing, takes the test, and is scored at once.
async fn qualify(desk: &Desk, person: &Driver) {
    find(desk, person, "animal").await;
    assert!(!person.has("form[action='/work/accept']").await, "not before the test");
    assert!(person.text(".required .unmet").await.contains("you do not have it"));
    person.click(".required a[href^='/qualifications/']").await;
    assert!(person.text("form[action$='/request'] button").await.starts_with("Take the test"));
    person.click("form[action$='/request'] button").await;
    person.arrives("/test").await;
    person.click("input[name=capital][value=paris]").await;
    person.click("input[name=primes][value=n2]").await;
    person.click("input[name=primes][value=n3]").await;
    person.click(".hand-in button").await;
    assert_eq!(person.text("p.note[role=status]").await, "You have the qualification.");
    assert_eq!(person.text(".status.approved").await, "yours: 100");
}

/// Decides about the one row that these words find.
async fn decide(view: &mut Flow, words: &str, keys: &str) {
    view.press(&format!("/{words}<enter>")).await;
    view.until_shown(words).await;
    view.press(keys).await;
    view.until_shown("staged").await;
    view.press("$").await;
    view.until("it is sent", |view| view.state().outbox.unsent() == 0).await;
}

/// Work for a day: done, handed back, reviewed, rejected, answered, and paid after all.
async fn a_day(window: Window) {
    let scripts = window.scripts;
    let Some(first) = Driver::open(window).await else { return };
    let Some(second) = Driver::open(window).await else { return };
    let desk = desk().await;
    let site = desk.market.endpoint.clone();
    let test = qualification(&desk, true).await;
    let animal = publish(&desk, "Name the animal", &html_question(FORM), Some(&test)).await;
    let feeling = publish(&desk, "Judge the feeling of a text", &html_question(CROWD), None).await;
    let survey = publish(&desk, "A short survey", TEST, None).await;
    let another = publish(&desk, "Name another creature", &html_question(FORM), None).await;

    // One signs in by invitation, takes the test, and does a HIT of each kind.
    let worker = sign_up(&desk, &first).await;
    qualify(&desk, &first).await;
    let score = desk.client.get_qualification_score().qualification_type_id(&test).worker_id(&worker);
    assert_eq!(score.send().await.unwrap().qualification.unwrap().integer_value, Some(100));
    take(&desk, &first, "animal").await;
    name_the_animal(&first, "jaguar", scripts).await;
    assert_eq!(answers(&desk, &animal).await, [["word=jaguar", "tag=a|b"]]);
    if scripts {
        take(&desk, &first, "feeling").await;
        judge_the_text(&first).await;
        let listed = desk.client.list_assignments_for_hit().hit_id(&feeling).send().await.unwrap();
        let given = answer::decode(listed.assignments()[0].answer().unwrap());
        assert_eq!(given.problem, None);
        assert!(given.fields.iter().any(|field| field.value.text() == "cheerful"), "{given:?}");
    }
    take(&desk, &first, "survey").await;
    first.click("input[name=capital][value=paris]").await;
    first.fill("input[name=age]", "33").await;
    first.click(".hand-in button").await;
    handed_in(&first).await;
    assert_eq!(answers(&desk, &survey).await[0][0], "capital=paris");

    // They take one more than they can do. A second person waits for it, and does it when it is returned.
    sign_up(&desk, &second).await;
    take(&desk, &first, "creature").await;
    let held = first.arrives("/work/assignments/").await;
    let group = desk.get(&another).await.hit_group_id.unwrap();
    second.go(&format!("{site}/work/groups/{group}")).await;
    assert!(second.text("aside .note").await.contains("nothing left"));
    first.click("details.sure summary").await;
    first.click("form[action$='/return'] button").await;
    assert!(first.text("p.note[role=status]").await.contains("somebody else can do it"));
    second.go(&format!("{site}/work/groups/{group}")).await;
    second.click("form[action='/work/accept'] button").await;
    assert_eq!(second.arrives("/work/assignments/").await, held, "the very same assignment");
    name_the_animal(&second, "ocelot", scripts).await;
    assert_eq!(answers(&desk, &another).await, [["word=ocelot", "tag=a|b"]]);

    // The requester reviews both at the desk: one is rejected with feedback, the rest is approved.
    let lab = Lab::beside(&desk.market);
    let mut view = lab.desk().await;
    decide(&mut view, "jaguar", "rThere is no jaguar in the picture.<enter>").await;
    decide(&mut view, "ocelot", "a").await;
    decide(&mut view, "paris", "a").await;
    if scripts {
        decide(&mut view, "cheerful", "a").await;
    }

    // The first reads the feedback and answers it.
    first.go(&format!("{site}/history?status=rejected")).await;
    assert!(first.text("article").await.contains("There is no jaguar in the picture."));
    first.click("article a.button").await;
    first.fill("#text", "It is behind the tree,\nlook at the left.").await;
    first.click("#answer button").await;
    assert_eq!(first.text("p.note[role=status]").await, "Your answer is with the requester.");

    // The requester sees the answer beside `o`, and thinks again.
    view.press("R/jaguar<enter>").await;
    view.until_shown("It is behind the tree").await;
    view.press("o").await;
    view.until_shown("the worker answers: It is behind the tree").await;
    lab.pass(1_000);
    view.press("y").await;
    view.until_shown("staged").await;
    view.press("$").await;
    view.until("it is sent", |view| view.state().outbox.unsent() == 0).await;
    view.close().await;

    // Both have earned exactly what they did.
    for (person, done) in [(&first, if scripts { 3 } else { 2 }), (&second, 1)] {
        person.go(&format!("{site}/history")).await;
        let sums = person.text(".sums").await;
        assert!(sums.contains(&format!("Earned $0.{:02}", done * 5)), "{sums}");
        assert_eq!(person.text(".status").await, "approved");
    }
    let rewards = desk.ledger().await.into_iter().filter(|row| row["kind"] == "reward").count();
    assert_eq!(rewards, if scripts { 4 } else { 3 }, "each was paid once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_of_work() {
    a_day(DESKTOP).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_of_work_without_scripts() {
    a_day(WITHOUT_SCRIPTS).await;
}
