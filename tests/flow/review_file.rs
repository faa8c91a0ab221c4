//! Decisions that were made elsewhere: a reviewed file, and the rule that an answer has to be JSON.

use super::driver::{Lab, Setup};
use hitdeck::app::options::{Options, Rule, RuleAction};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reviewed_file_is_decided_in_the_desk() {
    let lab = Lab::open().await;
    let hit = lab.publish("the cat sat", 5).await;
    let (good, bad) = (lab.work(&hit, "A1WORKER0", "cat").await, lab.work(&hit, "A1WORKER1", "").await);
    let file = lab.folder().join("marks.csv");
    std::fs::write(&file, format!("AssignmentId,Approve,Reject\n{good},x,\n{bad},,it was empty\n3NOBODY,x,\n"))
        .unwrap();
    let mut desk = lab.desk().await;
    desk.press(&format!(":review-import {}<enter>", file.display())).await;
    desk.until_shown("Stage 1 approval, 1 rejection").await;
    assert!(desk.screen().contains("line 4: 3NOBODY is not in this account"), "{}", desk.screen());
    lab.pass(1_000);
    desk.press("y").await;
    desk.until_shown("2 staged").await;
    desk.press("$").await;
    desk.until("both are sent", |desk| desk.state().outbox.unsent() == 0).await;
    assert_eq!((lab.status(&good).await, lab.status(&bad).await), ("Approved".into(), "Rejected".into()));
    assert_eq!(lab.feedback(&bad).await.as_deref(), Some("it was empty"));
}

/// The example that ships in the configuration file.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_json_is_rejected_by_rule() {
    let lab = Lab::open().await;
    let hit = lab.publish("the cat sat", 5).await;
    let good = lab.work(&hit, "A1WORKER0", "{\"relation\": \"on\"}").await;
    let bad = lab.work(&hit, "A1WORKER1", "{relation: on").await;
    let rule = Rule {
        name: "not json".into(),
        query: "status:submitted -answer.label:json".into(),
        action: RuleAction::Reject,
        feedback: Some("The answer was not valid JSON.".into()),
    };
    let options = Options { rules: vec![rule], grace: 3_600_000, ..Options::default() };
    let mut desk = lab.desk_with(Setup { options, ..Setup::default() }).await;
    desk.press(":rule not json<enter>").await;
    desk.until_shown("1 rejection would be staged").await;
    lab.pass(1_000);
    desk.press("y").await;
    desk.until_shown("1 staged").await;
    desk.press("$").await;
    desk.until("it is sent", |desk| desk.state().outbox.unsent() == 0).await;
    assert_eq!((lab.status(&good).await, lab.status(&bad).await), ("Submitted".into(), "Rejected".into()));
    assert_eq!(lab.feedback(&bad).await.as_deref(), Some("The answer was not valid JSON."));
}
