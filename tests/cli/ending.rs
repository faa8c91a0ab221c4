//! The end of HITs, and the outbox.

use super::lab::{Lab, assignment};

#[test]
fn hits_are_deleted_when_their_work_is_decided() {
    let lab = Lab::open();
    let (_, err) = lab.run(&["hit", "delete", "3HIT0", "--yes"], 6);
    assert!(err.contains("3HIT0: 5 of its assignments are undecided"), "{err}");
    lab.run(&["assignment", "approve", "--where", "hit:3HIT0", "--yes"], 0);
    let done = lab.json(&["hit", "delete", "3HIT0", "3HIT1", "--yes"], 6);
    assert_eq!(done.as_array().unwrap().len(), 1);
    assert_eq!((&done[0]["HITId"], &done[0]["State"]), (&"3HIT0".into(), &"done".into()));
    assert_eq!(lab.json(&["hit", "list"], 0).as_array().unwrap().len(), 3);
}

#[test]
fn a_hit_is_expired() {
    let lab = Lab::empty();
    lab.import(
        "HITId,HITTypeId,Title,Reward,MaxAssignments,Expiration,AssignmentId,WorkerId,AssignmentStatus,Answer.a\n\
         3HIT9,3TYPE9,Still open,$0.05,3,Fri Jan 01 00:00:00 PST 2100,3ASG9,A1W9,Submitted,x\n",
    );
    lab.run(&["hit", "expire", "3HIT9"], 0);
    let hit = &lab.json(&["hit", "show", "3HIT9"], 0)[0];
    assert_eq!(hit["HITStatus"], "Reviewable", "{hit}");
    let (_, err) = lab.run(&["hit", "expire", "3HIT9"], 0);
    assert!(err.contains("nothing to do for 1"), "{err}");
}

#[test]
fn which_hits_has_to_be_said() {
    let lab = Lab::open();
    let (_, err) = lab.run(&["hit", "delete"], 2);
    assert!(err.contains("which HITs?"), "{err}");
    let (_, err) = lab.run(&["hit", "delete", "--batch", "nobatch", "--yes"], 1);
    assert!(err.contains("there is no batch \"nobatch\""), "{err}");
}

#[test]
fn the_outbox_tells_what_was_done() {
    let lab = Lab::open();
    assert_eq!(lab.json(&["outbox", "list"], 0), serde_json::json!([]));
    lab.run(&["assignment", "reject", &assignment(0, 1), "--feedback", "Empty."], 0);
    let all = lab.json(&["outbox", "list", "--all"], 0);
    assert_eq!(
        (&all[0]["Decision"], &all[0]["State"], &all[0]["RequesterFeedback"]),
        (&"reject".into(), &"done".into(), &"Empty.".into())
    );
    assert!(all[0]["DecidedBy"].as_str().unwrap().starts_with("ada@"), "{all}");
    lab.run(&["outbox", "send"], 0);
    let (_, err) = lab.run(&["outbox", "discard", "999"], 6);
    assert!(err.contains("999: there is no such decision"), "{err}");
    lab.run(&["outbox", "discard"], 2);
}

#[test]
fn what_cannot_be_sent_is_exit_code_5_and_stays() {
    let lab = Lab::open();
    lab.run(&["sync"], 0);
    lab.stage_approval(&assignment(0, 0));
    let mut refused = lab.hitdeck(&["outbox", "send", "-o", "json"]);
    let (out, err) = super::lab::ran(refused.env("AWS_SECRET_ACCESS_KEY", "wrong"), 5);
    let sent: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&sent[0]["AssignmentId"], &sent[0]["State"]), (&assignment(0, 0).into(), &"staged".into()));
    assert!(err.contains("does not accept the credentials") && err.contains("not settled: 1 decision"), "{err}");
    assert_eq!(lab.paid("reward"), Vec::<String>::new());
    lab.run(&["outbox", "send"], 0);
    assert_eq!(lab.paid("reward"), [assignment(0, 0)]);
}
