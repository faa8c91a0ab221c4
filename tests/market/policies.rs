//! Review policies at work.

use aws_sdk_mturk::operation::list_review_policy_results_for_hit::ListReviewPolicyResultsForHitOutput;
use aws_sdk_mturk::types::{
    AssignmentStatus, HitStatus, ParameterMapEntry, PolicyParameter, ReviewPolicy, ReviewPolicyLevel,
};
use hitdeck::market::answers;

use crate::support::{Desk, desk, refused};

fn parameter(key: &str, value: &str) -> PolicyParameter {
    PolicyParameter::builder().key(key).values(value).build()
}

fn known(parameters: &[(&str, &str)]) -> ReviewPolicy {
    let entry = |key: &str, values: &[&str]| {
        let entry = ParameterMapEntry::builder().key(key);
        values.iter().fold(entry, |entry, value| entry.values(*value)).build()
    };
    let key =
        PolicyParameter::builder().key("AnswerKey").map_entries(entry("q1", &["yes"])).map_entries(entry("q2", &["b"]));
    let policy = ReviewPolicy::builder().policy_name("ScoreMyKnownAnswers/2011-09-01").parameters(key.build());
    parameters.iter().fold(policy, |policy, (key, value)| policy.parameters(parameter(key, value))).build().unwrap()
}

fn plurality(parameters: &[(&str, &str)]) -> ReviewPolicy {
    let ids = PolicyParameter::builder().key("QuestionIds").values("q1").values("q2").build();
    let policy = ReviewPolicy::builder().policy_name("SimplePlurality/2011-09-01").parameters(ids);
    let policy = policy.parameters(parameter("QuestionAgreementThreshold", "50"));
    parameters.iter().fold(policy, |policy, (key, value)| policy.parameters(parameter(key, value))).build().unwrap()
}

async fn answer(desk: &Desk, hit: &str, worker: &str, q1: &str, q2: &str) -> String {
    let assignment = desk.accept(hit, worker).await;
    let answer = answers::from_fields([("q1", q1), ("q2", q2)]);
    desk.market.service.submit(&assignment, answer).await.unwrap();
    assignment.to_string()
}

async fn report(desk: &Desk, hit: &str) -> ListReviewPolicyResultsForHitOutput {
    desk.client.list_review_policy_results_for_hit().hit_id(hit).max_results(100).send().await.unwrap()
}

/// Subject type, question, key and value of the results; name, status, result and error code of the actions.
fn told(report: &aws_sdk_mturk::types::ReviewReport) -> (Vec<String>, Vec<String>) {
    let results = report.review_results().iter().map(|r| {
        let part = |text: Option<&str>| text.unwrap_or("-").to_owned();
        [part(r.subject_type()), part(r.question_id()), part(r.key()), part(r.value())].join(" ")
    });
    let actions = report.review_actions().iter().map(|a| {
        let status = a.status().unwrap().as_str();
        let code = a.error_code().map(|code| format!(" [{code}]")).unwrap_or_default();
        format!("{} {} {status}: {}{code}", a.action_name().unwrap(), a.target_type().unwrap(), a.result().unwrap())
    });
    (results.collect(), actions.collect())
}

async fn status(desk: &Desk, assignment: &str) -> (AssignmentStatus, Option<String>) {
    let shown = desk.client.get_assignment().assignment_id(assignment).send().await.unwrap().assignment.unwrap();
    (shown.assignment_status.unwrap(), shown.requester_feedback)
}

#[tokio::test]
async fn known_answers_decide_about_each_submission() {
    let desk = desk().await;
    let policy = known(&[
        ("ApproveIfKnownAnswerScoreIsAtLeast", "79"),
        ("ApproveReason", "all right"),
        ("RejectIfKnownAnswerScoreIsLessThan", "50"),
        ("RejectReason", "none was right"),
    ]);
    let hit = desk.hit().assignment_review_policy(policy).send().await.unwrap().hit.unwrap().hit_id.unwrap();
    let good = answer(&desk, &hit, "A1GOOD", " yes ", "b").await;
    let half = answer(&desk, &hit, "A2HALF", "yes", "c").await;
    let poor = answer(&desk, &hit, "A3POOR", "Yes", "").await;
    assert_eq!(status(&desk, &good).await, (AssignmentStatus::Approved, Some("all right".into())));
    assert_eq!(status(&desk, &half).await, (AssignmentStatus::Submitted, None));
    assert_eq!(status(&desk, &poor).await, (AssignmentStatus::Rejected, Some("none was right".into())));
    assert_eq!(desk.money().await, (1_000_000 - 30 + 6, 30 - 12), "one is paid, one is released");
    assert_eq!(desk.get(&hit).await.number_of_assignments_completed, Some(2));

    let report = report(&desk, &hit).await;
    assert_eq!(report.hit_id(), Some(hit.as_str()));
    assert_eq!(report.assignment_review_policy().unwrap().policy_name(), "ScoreMyKnownAnswers/2011-09-01");
    assert!(report.hit_review_policy().is_none() && report.hit_review_report().is_none());
    let (results, actions) = told(report.assignment_review_report().unwrap());
    let scored = |q1: &str, q2: &str, score: &str| {
        [
            format!("Assignment q1 KnownAnswerCorrect {q1}"),
            format!("Assignment q2 KnownAnswerCorrect {q2}"),
            format!("Assignment - KnownAnswerScore {score}"),
        ]
    };
    assert_eq!(results, [scored("1", "1", "100"), scored("1", "0", "50"), scored("0", "0", "0")].concat());
    assert_eq!(
        actions,
        [
            "review Assignment Succeeded: Reviewed 2 known answers; 2/2 correct",
            "approve Assignment Succeeded: Approved",
            "review Assignment Succeeded: Reviewed 2 known answers; 1/2 correct",
            "review Assignment Succeeded: Reviewed 2 known answers; 0/2 correct",
            "reject Assignment Succeeded: Rejected",
        ]
    );
    let first = &report.assignment_review_report().unwrap().review_results()[0];
    let action = &report.assignment_review_report().unwrap().review_actions()[0];
    assert_eq!((first.subject_id(), first.action_id()), (Some(good.as_str()), action.action_id()));
    assert_eq!(action.complete_time().unwrap().secs(), desk.market.clock.now().time().0);
}

#[tokio::test]
async fn a_worker_is_paid_before_a_contradictory_policy_can_reject() {
    let desk = desk().await;
    let policy = known(&[("ApproveIfKnownAnswerScoreIsAtLeast", "0"), ("RejectIfKnownAnswerScoreIsLessThan", "101")]);
    let hit = desk.hit().assignment_review_policy(policy).send().await.unwrap().hit.unwrap().hit_id.unwrap();
    let assignment = answer(&desk, &hit, "A1WORKER", "no", "no").await;
    assert_eq!(status(&desk, &assignment).await.0, AssignmentStatus::Approved);
    let (_, actions) = told(report(&desk, &hit).await.assignment_review_report().unwrap());
    assert_eq!(
        actions[2],
        "reject Assignment Failed: Assignment was in an invalid state for this operation. [AWS.MechanicalTurk.InvalidAssignmentState]"
    );
}

#[tokio::test]
async fn a_poor_answer_extends_the_hit_as_far_as_money_and_rules_allow() {
    let desk = desk().await;
    let extend = |most: &str| {
        known(&[
            ("ExtendIfKnownAnswerScoreIsLessThan", "50"),
            ("ExtendMaximumAssignments", most),
            ("ExtendMinimumTimeInSeconds", "7200"),
        ])
    };
    let now = desk.market.clock.now().time().0;
    let hit = desk.hit().max_assignments(2).assignment_review_policy(extend("4")).send().await.unwrap().hit.unwrap();
    let id = hit.hit_id.unwrap();
    let mut available = Vec::new();
    for number in 0..4 {
        answer(&desk, &id, &format!("A{number}POOR"), "no", "no").await;
        available.push(desk.get(&id).await.number_of_assignments_available.unwrap());
    }
    assert_eq!(available, [2, 2, 1, 0]);
    let shown = desk.get(&id).await;
    assert_eq!((shown.max_assignments, shown.hit_status), (Some(4), Some(HitStatus::Reviewable)));
    assert_eq!(shown.expiration.unwrap().secs(), now + 7_200, "there is at least so much time after it");
    assert_eq!(desk.money().await, (1_000_000 - 24, 24));
    let (_, actions) = told(report(&desk, &id).await.assignment_review_report().unwrap());
    let extensions: Vec<_> = actions.iter().filter(|a| a.starts_with("extend")).collect();
    let (done, full) =
        ("extend HIT Succeeded: Extended by one assignment", "extend HIT Cancelled: The HIT has 4 assignments already");
    assert_eq!(extensions, [done, done, full, full]);

    let border =
        desk.hit().max_assignments(9).assignment_review_policy(extend("25")).send().await.unwrap().hit.unwrap();
    let border = border.hit_id.unwrap();
    answer(&desk, &border, "A1POOR", "no", "no").await;
    let (_, actions) = told(report(&desk, &border).await.assignment_review_report().unwrap());
    assert!(
        actions[1].starts_with("extend HIT Failed: ")
            && actions[1].ends_with("[AWS.MechanicalTurk.InvalidMaximumAssignmentsIncrease]"),
        "{actions:?}"
    );
    assert_eq!(desk.get(&border).await.max_assignments, Some(9));

    let dear = desk.hit().reward("4000").max_assignments(2).assignment_review_policy(extend("3")).send().await.unwrap();
    let dear = dear.hit.unwrap().hit_id.unwrap();
    let before = desk.money().await;
    answer(&desk, &dear, "A1POOR", "no", "no").await;
    let (_, actions) = told(report(&desk, &dear).await.assignment_review_report().unwrap());
    assert!(actions[1].ends_with("[AWS.MechanicalTurk.InsufficientFunds]"), "{actions:?}");
    assert_eq!((desk.get(&dear).await.max_assignments, desk.money().await), (Some(2), before));
}

#[tokio::test]
async fn plurality_is_found_when_the_last_work_is_in() {
    let desk = desk().await;
    let policy = plurality(&[
        ("ApproveIfWorkerAgreementScoreIsAtLeast", "100"),
        ("RejectIfWorkerAgreementScoreIsLessThan", "50"),
        ("RejectReason", "nobody else saw this"),
    ]);
    let hit =
        desk.hit().max_assignments(3).hit_review_policy(policy).send().await.unwrap().hit.unwrap().hit_id.unwrap();
    let with = answer(&desk, &hit, "A1WITH", "coat", "blue").await;
    let half = answer(&desk, &hit, "A2HALF", "coat", "green").await;
    assert!(report(&desk, &hit).await.hit_review_report().unwrap().review_actions().is_empty());
    let against = answer(&desk, &hit, "A3AGAINST", "sweater", "blue").await;
    assert_eq!(status(&desk, &with).await.0, AssignmentStatus::Approved);
    assert_eq!(status(&desk, &half).await.0, AssignmentStatus::Submitted);
    assert_eq!(status(&desk, &against).await.0, AssignmentStatus::Submitted);
    let report = report(&desk, &hit).await;
    let (results, actions) = told(report.hit_review_report().unwrap());
    assert_eq!(
        results[..7],
        [
            "HIT q1 AgreedAnswerFound T",
            "HIT q1 AgreedAnswer coat",
            "HIT q1 AnswerAgreementScore 66",
            "HIT q2 AgreedAnswerFound T",
            "HIT q2 AgreedAnswer blue",
            "HIT q2 AnswerAgreementScore 66",
            "HIT - HitAgreementScore 100",
        ]
    );
    assert_eq!(
        results[7..10],
        [
            "Assignment - WorkerAgreementScore 100",
            "Assignment - PluralityAnswersCorrect 2",
            "Assignment - PluralityAnswersIncorrect 0"
        ]
    );
    assert_eq!(
        actions,
        ["review HIT Succeeded: Compared the answers of 3 assignments", "approve Assignment Succeeded: Approved"]
    );
}

#[tokio::test]
async fn plurality_of_an_expired_hit_is_found_by_the_clock_and_extends_it() {
    let desk = desk().await;
    let policy = plurality(&[
        ("ExtendIfHITAgreementScoreIsLessThan", "100"),
        ("ExtendMaximumAssignments", "6"),
        ("ExtendMinimumTimeInSeconds", "600"),
    ]);
    let hit = desk.hit().hit_review_policy(policy).send().await.unwrap().hit.unwrap();
    let (id, expires) = (hit.hit_id.unwrap(), hit.expiration.unwrap().secs());
    answer(&desk, &id, "A1WORKER", "a", "x").await;
    answer(&desk, &id, "A2WORKER", "b", "x").await;
    desk.advance(3_700).await;
    let shown = desk.get(&id).await;
    assert_eq!((shown.hit_status, shown.max_assignments), (Some(HitStatus::Assignable), Some(6)));
    assert_eq!(shown.expiration.unwrap().secs(), expires + 600, "from the time at which it expired");
    assert_eq!(desk.money().await, (1_000_000 - 36, 36));
    desk.advance(3_700).await;
    assert_eq!(desk.get(&id).await.hit_status, Some(HitStatus::Reviewable));
    let (_, actions) = told(report(&desk, &id).await.hit_review_report().unwrap());
    assert_eq!(
        actions,
        [
            "review HIT Succeeded: Compared the answers of 2 assignments",
            "extend HIT Succeeded: Extended by one assignment",
            "review HIT Succeeded: Compared the answers of 2 assignments",
            "extend HIT Cancelled: The HIT has 6 assignments already",
        ]
    );
}

#[tokio::test]
async fn a_policy_and_the_clock_never_decide_about_the_same_work() {
    let desk = desk().await;
    // Both policies and the auto-approval fall into the one leap of the clock.
    let policy = plurality(&[("ApproveIfWorkerAgreementScoreIsAtLeast", "0")]);
    let hit = desk.hit().auto_approval_delay_in_seconds(7_200).hit_review_policy(policy);
    let id = hit.send().await.unwrap().hit.unwrap().hit_id.unwrap();
    let one = answer(&desk, &id, "A1WORKER", "a", "x").await;
    desk.advance(90_000).await;
    let shown = desk.client.get_assignment().assignment_id(&one).send().await.unwrap().assignment.unwrap();
    assert_eq!(shown.assignment_status, Some(AssignmentStatus::Approved));
    assert_eq!(shown.approval_time.unwrap(), desk.get(&id).await.expiration.unwrap());
    assert_eq!(desk.money().await, (1_000_000 - 6, 0), "paid once");

    let reject = known(&[("RejectIfKnownAnswerScoreIsLessThan", "101")]);
    let hit = desk.hit().auto_approval_delay_in_seconds(0).assignment_review_policy(reject);
    let id = hit.send().await.unwrap().hit.unwrap().hit_id.unwrap();
    let two = answer(&desk, &id, "A1WORKER", "no", "no").await;
    assert_eq!(
        status(&desk, &two).await.0,
        AssignmentStatus::Rejected,
        "the policy comes before the approval at submission"
    );
}

#[tokio::test]
async fn reports_are_chosen_and_paged() {
    let desk = desk().await;
    let hit = desk.hit().max_assignments(1).assignment_review_policy(known(&[])).hit_review_policy(plurality(&[]));
    let hit = hit.send().await.unwrap().hit.unwrap().hit_id.unwrap();
    answer(&desk, &hit, "A1WORKER", "yes", "b").await;
    let list = || desk.client.list_review_policy_results_for_hit().hit_id(&hit);
    let whole = list().max_results(100).send().await.unwrap();
    let count = |page: &ListReviewPolicyResultsForHitOutput| {
        let of = |report: Option<&aws_sdk_mturk::types::ReviewReport>| {
            report.map_or((0, 0), |r| (r.review_results().len(), r.review_actions().len()))
        };
        (of(page.assignment_review_report()), of(page.hit_review_report()))
    };
    assert_eq!(count(&whole), ((3, 1), (10, 1)));
    assert_eq!(list().send().await.unwrap().assignment_review_report().unwrap().review_results().len(), 3);
    let level = list().max_results(100).policy_levels(ReviewPolicyLevel::Assignment).send().await.unwrap();
    assert!(level.hit_review_policy().is_none() && level.hit_review_report().is_none());
    assert_eq!(count(&level).0, (3, 1));
    assert_eq!(count(&list().max_results(100).retrieve_actions(false).send().await.unwrap()), ((3, 0), (10, 0)));
    assert_eq!(count(&list().max_results(100).retrieve_results(false).send().await.unwrap()), ((0, 1), (0, 1)));

    let (mut token, mut sum, mut pages) = (None, 0, 0);
    loop {
        let page = list().max_results(4).set_next_token(token).send().await.unwrap();
        let ((a, b), (c, d)) = count(&page);
        sum += a + b + c + d;
        token = page.next_token().map(str::to_owned);
        if token.is_none() {
            assert_eq!(a + b + c + d, 0, "only an empty page has no token");
            break;
        }
        pages += 1;
    }
    assert_eq!((sum, pages), (15, 4));
    let plain = desk.published().await.hit_id.unwrap();
    let nothing = report(&desk, &plain).await;
    assert!(
        nothing.assignment_review_policy().is_none()
            && nothing.hit_review_report().is_none()
            && nothing.next_token().is_none()
    );
    let (_, message) = refused(
        desk.client
            .list_review_policy_results_for_hit()
            .hit_id(&plain)
            .next_token(whole.next_token().unwrap())
            .send()
            .await,
    );
    assert!(message.contains("NextToken"), "{message}");
}
