//! What `hitdeck hit` does to HITs.

use super::lab::{Lab, WORKERS, assignment};

#[test]
fn more_time_and_more_assignments() {
    let lab = Lab::open();
    let before = lab.json(&["hit", "show", "3HIT0"], 0);
    assert_eq!(before[0]["MaxAssignments"], WORKERS);
    let (_, err) = lab.run(&["hit", "extend", "3HIT0", "--add", "5", "--yes"], 6);
    assert!(err.contains("3HIT0: made with fewer than 10 assignments") && err.contains("4 more can be added"), "{err}");
    let (_, err) = lab.run(&["hit", "extend", "3HIT0"], 2);
    assert!(err.contains("--until TIME, --add N"), "{err}");
    let (_, err) = lab.run(&["hit", "extend", "3HIT0", "--add", "2", "--until", "3d", "--yes"], 0);
    assert!(err.contains("extend: 2, $0.10 and $0.02 in fees"), "{err}");
    let after = lab.json(&["hit", "show", "3HIT0"], 0);
    assert_eq!((&after[0]["MaxAssignments"], &after[0]["NumberOfAssignmentsAvailable"]), (&7.into(), &2.into()));
    assert_eq!(after[0]["HITStatus"], "Assignable");
    let (_, err) = lab.run(&["hit", "extend", "3HIT0", "--until", "1h"], 0);
    assert!(err.contains("already open until then or longer"), "{err}");
    let (_, err) = lab.run(&["hit", "extend", "3HIT0", "--until", "soon"], 2);
    assert!(err.contains("is not a moment"), "{err}");
}

#[test]
fn the_flag_and_the_type() {
    let lab = Lab::open();
    lab.run(&["hit", "review-status", "3HIT1", "--yes"], 0);
    assert_eq!(lab.json(&["hit", "show", "3HIT1"], 0)[0]["HITStatus"], "Reviewing");
    let (_, err) = lab.run(&["hit", "review-status", "3HIT1", "--yes"], 0);
    assert!(err.contains("already Reviewing"), "{err}");
    lab.run(&["hit", "review-status", "3HIT1", "--revert", "--yes"], 0);
    assert_eq!(lab.json(&["hit", "show", "3HIT1"], 0)[0]["HITStatus"], "Reviewable");
    let (_, err) = lab.run(&["hit", "retype", "3HIT1", "--to", "3OTHER", "--yes"], 6);
    assert!(err.contains("3HIT1: "), "{err}");
}

#[test]
fn nothing_unexported_is_deleted_without_a_word() {
    let lab = Lab::open();
    for worker in 0..WORKERS {
        lab.run(&["assignment", "approve", &assignment(0, worker), &assignment(1, worker)], 0);
    }
    let (_, err) = lab.run(&["hit", "delete", "3HIT0", "3HIT1", "3HIT2"], 2);
    assert!(err.contains("10 assignments of 2 HITs were never exported"), "{err}");
    assert!(err.contains("3HIT2: 5 of its assignments are undecided"), "{err}");
    lab.run(&["export", "--where", "hit:3HIT0"], 0);
    let (_, err) = lab.run(&["hit", "delete", "3HIT1", "--dry-run"], 0);
    assert!(err.contains("5 assignments of 1 HIT were never exported"), "{err}");
    let (_, err) = lab.run(&["hit", "delete", "3HIT0"], 0);
    assert!(!err.contains("never exported"), "{err}");
    lab.run(&["hit", "delete", "3HIT1", "--yes"], 0);
    let left = lab.json(&["hit", "list"], 0);
    assert_eq!(left.as_array().unwrap().len(), 2);
    // What was read before stays here, and can still be exported.
    let (out, _) = lab.run(&["export", "--deleted", "--format", "jsonl"], 0);
    assert_eq!(out.lines().count(), 20);
    assert_eq!(lab.run(&["export", "--format", "jsonl"], 0).0.lines().count(), 10);
}
