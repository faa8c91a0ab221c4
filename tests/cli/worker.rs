//! Workers: who they are, and what is done about them.

use super::lab::{HITS, Lab, assignment};
use serde_json::{Value, json};

fn row<'a>(list: &'a Value, worker: &str) -> &'a Value {
    list.as_array()
        .unwrap()
        .iter()
        .find(|row| row["WorkerId"] == worker)
        .unwrap_or_else(|| panic!("{worker} in {list}"))
}

#[test]
fn the_list_adds_up_what_each_worker_did() {
    let lab = Lab::open();
    lab.run(&["assignment", "approve", &assignment(0, 0), &assignment(1, 0), &assignment(2, 0)], 0);
    lab.run(&["assignment", "reject", &assignment(3, 0), "--feedback", "Empty."], 0);
    let skill = lab.qualification("Skill", &[]);
    lab.run(&["qual", "grant", "Skill", "A1W0", "--score", "80"], 0);
    lab.run(&["worker", "bonus", "A1W0", "--amount", "0.50", "--reason", "Careful"], 0);
    lab.run(&["worker", "block", "A1W4", "--reason", "Scripted answers"], 0);
    let list = lab.json(&["worker", "list"], 0);
    assert_eq!(list.as_array().unwrap().len(), 5);
    let worker = row(&list, "A1W0");
    for (name, value) in [
        ("NumberSubmitted", json!(HITS)),
        ("NumberApproved", json!(3)),
        ("NumberRejected", json!(1)),
        ("LifetimeApprovalRate", json!(75.0)),
        ("Last7DaysApprovalRate", json!(75.0)),
        ("MedianWorkTimeInSeconds", json!(30)),
        ("Earned", json!("0.15")),
        ("Bonuses", json!("0.50")),
        ("Blocked", json!(false)),
        ("Qualifications", json!({ "Skill": 80 })),
    ] {
        assert_eq!(worker[name], value, "{name}");
    }
    let undecided = row(&list, "A1W1");
    assert_eq!((&undecided["LifetimeApprovalRate"], &undecided["Earned"]), (&Value::Null, &json!("0.00")));
    assert_eq!(row(&list, "A1W4")["BlockReason"], "Scripted answers");
    let some = lab.json(&["worker", "list", "--where", "answer.label:no", "--offline"], 0);
    assert_eq!(some.as_array().unwrap().len(), 2, "the workers of the assignments found");
    for (query, found) in [("approved-rate<80", "A1W0"), ("blocked:yes", "A1W4"), ("qual:Skill sent>=4", "A1W0")] {
        let some = lab.json(&["worker", "list", "--where", query, "--offline"], 0);
        assert_eq!((some.as_array().unwrap().len(), &some[0]["WorkerId"]), (1, &json!(found)), "{query}");
    }
    let theirs = lab.json(&["assignment", "list", "--where", "blocked:yes"], 0);
    assert_eq!(theirs.as_array().unwrap().len(), HITS, "the work of the blocked one");
    let reject = ["assignment", "reject", "--where", "blocked:yes", "--feedback", "x", "--yes"];
    let (_, err) = lab.run(&reject, 2);
    assert!(err.contains("not at \"blocked\""), "{err}");
    let (_, err) = lab.run(&["worker", "list", "--where", "sent>=4 approved-rate<much"], 2);
    assert!(err.contains("--where: ") && err.contains("a share from 0 to 100"), "{err}");
    let (table, _) = lab.run(&["worker", "list"], 0);
    assert!(table.contains("Skill 80") && table.contains("$0.15"), "{table}");
    assert!(skill.starts_with('3'), "{skill}");
}

#[test]
fn a_workers_page_has_work_bonuses_and_messages() {
    let lab = Lab::open();
    lab.run(&["assignment", "approve", &assignment(0, 0)], 0);
    lab.run(&["assignment", "bonus", &assignment(0, 0), "--amount", "0.25", "--reason", "Thank you"], 0);
    lab.run(&["worker", "notify", "A1W0", "--subject", "Hello", "--text", "A word"], 0);
    let page = &lab.json(&["worker", "show", "A1W0"], 0)[0];
    assert_eq!(page["Assignments"].as_array().unwrap().len(), HITS);
    let bonus = &page["BonusPayments"][0];
    assert_eq!((&bonus["AssignmentId"], &bonus["BonusAmount"]), (&json!(assignment(0, 0)), &json!("0.25")));
    assert_eq!((&page["Messages"][0]["Subject"], &page["Messages"][0]["State"]), (&json!("Hello"), &json!("done")));
    let (text, _) = lab.run(&["worker", "show", "A1W0", "--offline"], 0);
    assert!(text.contains("$0.25  for 3ASG0W0: Thank you") && text.contains("done  Hello"), "{text}");
    let (_, err) = lab.run(&["worker", "show", "A9NOBODY"], 6);
    assert!(err.contains("A9NOBODY: has never worked for this account"), "{err}");
}

#[test]
fn a_block_says_what_it_does_and_names_what_is_gentler() {
    let lab = Lab::open();
    let (_, err) = lab.run(&["worker", "block", "A1W1"], 2);
    assert!(err.contains("--reason"), "{err}");
    let (_, err) = lab.run(&["worker", "block", "A1W1", "--reason", " "], 2);
    assert!(err.contains("a block needs a reason"), "{err}");
    let (_, err) = lab.run(&["worker", "block", "A1W1", "--reason", "Scripted", "--dry-run"], 0);
    assert!(err.contains("can cost them their account") && err.contains("worker exclude"), "{err}");
    assert_eq!(lab.json(&["worker", "blocked"], 0), json!([]));
    let done = lab.json(&["worker", "block", "A1W1", "A1W2", "--reason", "Scripted"], 0);
    assert_eq!((&done[1]["WorkerId"], &done[1]["State"]), (&json!("A1W2"), &json!("done")));
    assert_eq!(lab.json(&["worker", "blocked"], 0)[0], json!({ "WorkerId": "A1W1", "Reason": "Scripted" }));
    let (_, err) = lab.run(&["worker", "block", "A1W1", "--reason", "Again"], 0);
    assert!(err.contains("nothing to do for 1: already blocked: Scripted"), "{err}");
    lab.run(&["worker", "unblock", "A1W1", "--reason", "A mistake"], 0);
    assert_eq!(lab.json(&["worker", "blocked"], 0).as_array().unwrap().len(), 1);
    let (_, err) = lab.run(&["worker", "unblock", "A1W1"], 0);
    assert!(err.contains("not blocked"), "{err}");
    let (_, err) = lab.run(&["worker", "block", "A9NOBODY", "--reason", "x"], 6);
    assert!(err.contains("A9NOBODY"), "{err}");
}

#[test]
fn a_message_is_merged_and_those_it_does_not_reach_are_named() {
    let lab = Lab::open();
    lab.run(&["assignment", "approve", "--where", "worker:A1W0 or worker:A1W1", "--yes"], 0);
    let text = lab.file("message.txt", "You had {{ approved }} of {{ submitted }} approved, and {{ earned }}.\n");
    let notify = ["worker", "notify", "A1W0", "A1W1", "A9NOBODY", "--subject", "News", "--text-file", &text, "--yes"];
    let (_, err) = lab.run(&[&notify[..], &["--dry-run"]].concat(), 0);
    assert!(err.contains("notify: 3 workers in 2 requests"), "{err}");
    assert!(err.contains("the first reads: News\nYou had 4 of 4 approved, and $0.20."), "{err}");
    let (out, err) = lab.run(&[&notify[..], &["-o", "json"]].concat(), 6);
    let sent: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&row(&sent, "A1W0")["State"], &row(&sent, "A1W1")["State"]), (&json!("done"), &json!("done")));
    assert_eq!(row(&sent, "A9NOBODY")["State"], "not reached");
    assert!(err.contains("A9NOBODY: not reached: "), "{err}");
    let (_, err) = lab.run(&["worker", "notify", "A1W0", "--subject", "x", "--text", "{{ name }}"], 2);
    assert!(err.contains("cannot be filled in for A1W0"), "{err}");
    let (_, err) = lab.run(&["worker", "notify", "A1W0", "--subject", &"x".repeat(201), "--text", "y"], 2);
    assert!(err.contains("the subject has 201 characters"), "{err}");
}

#[test]
fn many_workers_are_written_to_a_hundred_at_a_time() {
    let lab = Lab::empty();
    let workers: String = (0..250).map(|number| format!("A1MANY{number}\n")).collect();
    let file = lab.file("workers.txt", &workers);
    let notify = ["worker", "notify", "--file", &file, "--subject", "News", "--text", "The same for all"];
    let (out, err) = lab.run(&[&notify[..], &["--dry-run", "-o", "jsonl"]].concat(), 0);
    assert!(err.contains("notify: 250 workers in 3 requests"), "{err}");
    assert_eq!(out.lines().count(), 250);
    let (_, err) = lab.run(&[&notify[..], &["--yes"]].concat(), 6);
    assert_eq!(err.lines().filter(|line| line.contains(": not reached: ")).count(), 250, "{err}");
    assert_eq!(lab.json(&["outbox", "list", "--all"], 0).as_array().unwrap().len(), 3);
}

#[test]
fn bonuses_go_to_the_latest_work_and_what_was_paid_before_is_said_first() {
    let lab = Lab::open();
    let total = ["worker", "bonus", "A1W0", "A1W1", "A1W2", "--total", "1.00", "--reason", "Careful work"];
    let done = lab.json(&[&total[..], &["--yes"]].concat(), 0);
    let amounts: Vec<&Value> = done.as_array().unwrap().iter().map(|row| &row["BonusAmount"]).collect();
    assert_eq!(amounts, [&json!("0.34"), &json!("0.33"), &json!("0.33")]);
    assert_eq!((&done[0]["AssignmentId"], &done[0]["Fee"]), (&json!(assignment(3, 0)), &json!("0.07")));
    let mut paid = lab.paid("bonus");
    paid.sort();
    assert_eq!(paid, [assignment(3, 0), assignment(3, 1), assignment(3, 2)]);
    let again = ["worker", "bonus", "A1W0", "A9NOBODY", "--amount", "0.10", "--reason", "More", "--dry-run"];
    let (_, err) = lab.run(&again, 6);
    assert!(err.contains("A1W0 was paid $0.34 in 1 bonus payment before, the last $0.34 for 3ASG3W0"), "{err}");
    assert!(err.contains("A9NOBODY: no assignment to pay a bonus on; `hitdeck worker pay"), "{err}");
    let (_, err) = lab.run(&["worker", "bonus", "A1W0", "--amount", "500", "--reason", "x"], 2);
    assert!(err.contains("bonus_limit"), "{err}");
    let (_, err) =
        lab.run(&["worker", "bonus", "A1W0", "A1W1", "A1W2", "--total", "0.02", "--reason", "x", "--yes"], 6);
    assert!(err.contains("A1W2: a bonus is at least $0.01"), "{err}");
}

#[test]
fn everybody_who_took_part_is_excluded_once_and_the_pool_is_measured() {
    let lab = Lab::open();
    let of = lab.qualification("Took part", &[]);
    let results = lab.file("results.csv", "HITId,WorkerId\n3A,A1W4\n3A,A1W3\n3B,\n");
    let ids = lab.file("ids.txt", "A1W2\nA1W3\n");
    let exclude = [
        "worker",
        "exclude",
        "--where",
        "worker:A1W1",
        "--file",
        &ids,
        "--results",
        &results,
        "--qual",
        "Took part",
        "--score",
        "0",
    ];
    let (_, err) = lab.run(&exclude, 2);
    assert!(err.contains("--yes"), "what a file names is not decided without a yes: {err}");
    let (_, err) = lab.run(&[&exclude[..], &["--yes"]].concat(), 0);
    assert!(err.contains("require that \"Took part\" does not exist (DoesNotExist)"), "{err}");
    assert!(err.contains("1 of the 5 who ever worked here would still qualify (20 %)"), "{err}");
    assert!(err.contains("0 of the 5 who ever worked here would still qualify (0 %)"), "{err}");
    assert!(err.contains("--auto-grant 1` changes that"), "{err}");
    let expected: Vec<(String, i64)> = (1..5).map(|number| (format!("A1W{number}"), 0)).collect();
    assert_eq!(lab.scores("Took part"), expected);
    let (_, err) = lab.run(&["worker", "exclude", "--batch", "pilot", "--qual", &of, "--yes"], 0);
    assert!(err.contains("exclude: 1") && err.contains("nothing to do for 4"), "{err}");
    lab.qualification("Next", &[]);
    lab.run(&["worker", "exclude", "--holders-of", "Took part", "--qual", "Next", "--score", "5", "--yes"], 0);
    assert_eq!(lab.scores("Next").len(), 5);
    let (_, err) = lab.run(&["worker", "exclude", "--qual", "Next"], 2);
    assert!(err.contains("who took part?"), "{err}");
    let (_, err) = lab.run(&["worker", "exclude", "--batch", "none", "--qual", "Next"], 1);
    assert!(err.contains("there is no batch \"none\""), "{err}");
}

#[test]
fn a_worker_without_work_is_paid_by_a_hit_of_their_own() {
    let lab = Lab::open();
    lab.run(&["assignment", "approve", &assignment(0, 0)], 0);
    let pay = ["worker", "pay", "A1W0", "--amount", "2.50", "--reason", "For the lost session"];
    let (_, err) = lab.run(&[&pay[..], &["--dry-run"]].concat(), 0);
    assert!(err.contains("$2.50 and $0.50 in fees") && err.contains("nothing was written down"), "{err}");
    let waiting = lab.json(&[&pay[..], &["--yes"]].concat(), 5);
    assert_eq!(waiting["State"], "waiting for the worker");
    let (hit, link) = (waiting["HITId"].as_str().unwrap(), waiting["PreviewURL"].as_str().unwrap());
    assert!(link.contains("/mturk/preview?groupId="), "{link}");
    let page = &lab.json(&["worker", "show", "A1W0"], 0)[0];
    assert!(page["Messages"][0]["MessageText"].as_str().unwrap().contains(link), "{page}");
    assert_eq!(page["Payments"][0]["State"], "under way");

    // Again and again: the same HIT, no second message.
    assert_eq!(lab.json(&pay, 5)["HITId"], hit);
    let page = &lab.json(&["worker", "show", "A1W0"], 0)[0];
    assert_eq!(page["Messages"].as_array().unwrap().len(), 1);
    let (_, err) = lab.run(&["worker", "pay", "A1W0", "--amount", "3.00"], 1);
    assert!(err.contains("a payment of $2.50 to A1W0 is under way"), "{err}");

    let handed_in = lab.work_on(hit, "A1W0");
    assert_eq!(lab.json(&pay, 0)["State"], "paid");
    assert_eq!(lab.paid("reward"), [assignment(0, 0), handed_in]);
    assert_eq!(lab.json(&["qual", "list"], 0), json!([]), "the qualification is gone");
    assert_eq!(lab.json(&["hit", "list", "--batch", "payments"], 0), json!([]), "the HIT too");
    assert_eq!(lab.json(&["worker", "show", "A1W0"], 0)[0]["Payments"][0]["State"], "paid");

    // Given once more by somebody who did not see how it ended, it pays nothing more.
    let (out, err) = lab.run(&pay, 0);
    assert!(out.contains("paid") && err.contains("--again pays it once more"), "{err}");
    assert_eq!(lab.json(&["hit", "list", "--batch", "payments"], 0), json!([]));
    lab.run(&[&pay[..], &["--again", "--yes"]].concat(), 5);
    assert_eq!(lab.json(&["hit", "list", "--batch", "payments"], 0).as_array().unwrap().len(), 1);
}

#[test]
fn a_payment_that_nobody_took_is_taken_back_whole() {
    let lab = Lab::open();
    let before = lab.json(&["balance"], 0);
    lab.run(&["worker", "pay", "A1W3", "--amount", "1.00", "--yes"], 5);
    assert_ne!(lab.json(&["balance"], 0)["AvailableBalance"], before["AvailableBalance"]);
    let taken_back = lab.json(&["worker", "pay", "A1W3", "--cancel"], 0);
    assert_eq!(taken_back["State"], "withdrawn");
    assert_eq!(lab.json(&["balance"], 0)["AvailableBalance"], before["AvailableBalance"]);
    assert_eq!(lab.json(&["qual", "list"], 0), json!([]));
    let (_, err) = lab.run(&["worker", "pay", "A1W3", "--cancel"], 0);
    assert!(err.contains("no payment to A1W3 is under way"), "{err}");
    let hit =
        lab.json(&["worker", "pay", "A1W3", "--amount", "1.00", "--yes"], 5)["HITId"].as_str().unwrap().to_owned();
    lab.work_on(&hit, "A1W3");
    let (_, err) = lab.run(&["worker", "pay", "A1W3", "--cancel"], 1);
    assert!(err.contains("the worker has taken it"), "{err}");
}
