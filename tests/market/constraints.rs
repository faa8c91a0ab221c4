//! Every constraint of every HIT, assignment and bonus operation, tried through raw signed requests: what is a violation of the
//! API's model (`ValidationException`), what is of the wrong type (`SerializationException`), what is out of documented bounds
//! (`ParameterValidationError`), and what the rules refuse (`RequestError`).

use serde_json::{Value, json};

use crate::support::{Desk, QUESTION, desk};
use crate::wire::Signed;

const VALIDATION: &str = "ValidationException";
const SERIALIZATION: &str = "SerializationException";
const PARAMETER: &str = "ParameterValidationError";
const REQUEST: &str = "RequestError";

/// Calls an operation: status, error code and message; none of both when it was answered.
async fn call(desk: &Desk, operation: &str, body: &Value) -> (u16, String, String) {
    let text = body.to_string();
    let (head, body) = Signed::new(desk, operation, &text).send().await;
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let body: Value = serde_json::from_str(&body).unwrap();
    let member = |names: [&str; 2]| names.iter().find_map(|name| body[*name].as_str()).unwrap_or_default().to_owned();
    (status, member(["__type", "__type"]), member(["Message", "message"]))
}

/// A body with one member replaced; `null` takes it out.
fn with(base: &Value, member: &str, value: Value) -> Value {
    let mut changed = base.clone();
    changed[member] = value;
    changed
}

/// Tries every row: member, value, expected error code (none: it is fine), and a part of the message.
async fn table(desk: &Desk, operation: &str, base: &Value, rows: Vec<(&str, Value, &str, &str)>) {
    let mut wrong = Vec::new();
    for (member, value, expected, says) in rows {
        let (status, code, message) = call(desk, operation, &with(base, member, value.clone())).await;
        let shown: String = value.to_string().chars().take(80).collect();
        let status_fits = if expected.is_empty() { status == 200 } else { status == 400 };
        if !status_fits || code != expected || !message.contains(says) {
            wrong.push(format!("{member} = {shown}: {status} {code:?} {message:?}, not {expected:?} {says:?}"));
        }
    }
    assert!(wrong.is_empty(), "{operation}:\n{}", wrong.join("\n"));
}

fn null(member: &str) -> String {
    format!("Value null at '{member}' failed to satisfy constraint: Member must not be null")
}

fn hit() -> Value {
    json!({
        "Title": "Tag an image", "Description": "Give three keywords", "Keywords": "image, tag", "Reward": "0.05",
        "MaxAssignments": 2, "LifetimeInSeconds": 86_400, "AssignmentDurationInSeconds": 600,
        "AutoApprovalDelayInSeconds": 259_200, "Question": QUESTION,
    })
}

fn requirement(member: &str, value: Value) -> Value {
    json!([with(
        &json!({"QualificationTypeId": "00000000000000000040", "Comparator": "GreaterThan", "IntegerValues": [5]}),
        member,
        value
    )])
}

fn attributes() -> Vec<(&'static str, Value, &'static str, String)> {
    let long = |count| json!("x".repeat(count));
    let said = |text: &str| text.to_owned();
    vec![
        ("Title", Value::Null, VALIDATION, null("title")),
        ("Title", json!(5), SERIALIZATION, said("'Title' must be a text, not a number")),
        ("Title", json!(""), PARAMETER, said("1 to 128 characters")),
        ("Title", long(128), "", said("")),
        ("Title", long(129), PARAMETER, said("is not valid for the parameter Title.")),
        ("Title", json!("ü".repeat(128)), "", said("")),
        ("Description", Value::Null, VALIDATION, null("description")),
        ("Description", long(2_000), "", said("")),
        ("Description", long(2_001), PARAMETER, said("parameter Description.")),
        ("Keywords", Value::Null, "", said("")),
        ("Keywords", json!(""), "", said("")),
        ("Keywords", long(1_000), "", said("")),
        ("Keywords", long(1_001), PARAMETER, said("parameter Keywords.")),
        ("Reward", Value::Null, VALIDATION, null("reward")),
        ("Reward", json!(0.05), SERIALIZATION, said("'Reward' must be a text, not a number")),
        ("Reward", json!("5"), "", said("")),
        ("Reward", json!("5."), "", said("")),
        ("Reward", json!("0.1"), "", said("")),
        ("Reward", json!("0.00"), "", said("")),
        ("Reward", json!("0.123"), VALIDATION, said("pattern: ^[0-9]+(\\.)?[0-9]{0,2}$")),
        ("Reward", json!("$1"), VALIDATION, said("Value '$1' at 'reward'")),
        ("Reward", json!("-1"), VALIDATION, said("at 'reward'")),
        ("Reward", json!(".5"), VALIDATION, said("at 'reward'")),
        ("Reward", json!("1e2"), VALIDATION, said("at 'reward'")),
        ("Reward", json!(""), VALIDATION, said("at 'reward'")),
        ("Reward", json!("9".repeat(40)), VALIDATION, said("less than or equal to")),
        ("AssignmentDurationInSeconds", Value::Null, VALIDATION, null("assignmentDurationInSeconds")),
        ("AssignmentDurationInSeconds", json!("600"), SERIALIZATION, said("must be a number, not a text")),
        ("AssignmentDurationInSeconds", json!(600.5), SERIALIZATION, said("not a whole number")),
        ("AssignmentDurationInSeconds", json!(6e2), "", said("")),
        ("AssignmentDurationInSeconds", json!(29), PARAMETER, said("from 30 to 31536000")),
        ("AssignmentDurationInSeconds", json!(30), "", said("")),
        ("AssignmentDurationInSeconds", json!(31_536_000), "", said("")),
        ("AssignmentDurationInSeconds", json!(31_536_001), PARAMETER, said("from 30 to 31536000")),
        ("AssignmentDurationInSeconds", json!(1e300), PARAMETER, said("from 30 to 31536000")),
        ("AutoApprovalDelayInSeconds", Value::Null, "", said("")),
        ("AutoApprovalDelayInSeconds", json!(0), "", said("")),
        ("AutoApprovalDelayInSeconds", json!(-1), PARAMETER, said("from 0 to 2592000")),
        ("AutoApprovalDelayInSeconds", json!(2_592_001), PARAMETER, said("from 0 to 2592000")),
        ("QualificationRequirements", json!([]), "", said("")),
        ("QualificationRequirements", json!({}), SERIALIZATION, said("must be a list, not an object")),
        ("QualificationRequirements", json!(["x"]), SERIALIZATION, said("must hold objects")),
        (
            "QualificationRequirements",
            requirement("Comparator", Value::Null),
            VALIDATION,
            null("qualificationRequirements.1.member.comparator"),
        ),
        (
            "QualificationRequirements",
            requirement("QualificationTypeId", Value::Null),
            VALIDATION,
            null("qualificationRequirements.1.member.qualificationTypeId"),
        ),
        (
            "QualificationRequirements",
            requirement("Comparator", json!("Equals")),
            VALIDATION,
            said("enum value set: [LessThan, "),
        ),
        (
            "QualificationRequirements",
            requirement("ActionsGuarded", json!("Look")),
            VALIDATION,
            said("enum value set: [Accept, "),
        ),
        ("QualificationRequirements", requirement("IntegerValues", json!([5.0])), "", said("")),
        ("QualificationRequirements", requirement("IntegerValues", json!([3e9])), SERIALIZATION, said("32-bit")),
        ("QualificationRequirements", requirement("IntegerValues", json!(["5"])), SERIALIZATION, said("32-bit")),
    ]
}

fn rows<'r>(of: &'r [(&'static str, Value, &'static str, String)]) -> Vec<(&'r str, Value, &'r str, &'r str)> {
    of.iter().map(|(member, value, code, says)| (*member, value.clone(), *code, says.as_str())).collect()
}

#[tokio::test]
async fn the_attributes_of_a_hit_type() {
    let desk = desk().await;
    let attributes = attributes();
    let mut base = hit();
    table(&desk, "CreateHIT", &with(&base, "MaxAssignments", json!(1)), rows(&attributes)).await;
    for member in ["MaxAssignments", "LifetimeInSeconds", "Question"] {
        base.as_object_mut().unwrap().remove(member);
    }
    table(&desk, "CreateHITType", &base, rows(&attributes)).await;
}

#[tokio::test]
async fn what_a_hit_is_made_of() {
    let desk = desk().await;
    let large = QUESTION.replace("<form", &format!("<p>{}</p><form", "x".repeat(66_000)));
    let policy = |name: &str| json!({"PolicyName": name, "Parameters": []});
    let mut members: Vec<(&str, Value, &str, String)> = vec![
        ("MaxAssignments", Value::Null, "", String::new()),
        ("MaxAssignments", json!(0), PARAMETER, "from 1 to 1000000000".into()),
        ("MaxAssignments", json!(1_000_000_001), PARAMETER, "from 1 to 1000000000".into()),
        ("MaxAssignments", json!(1_000_000_000), REQUEST, "insufficient funds".into()),
        ("MaxAssignments", json!(3_000_000_000_u32), SERIALIZATION, "not a 32-bit number".into()),
        ("MaxAssignments", json!(true), SERIALIZATION, "must be a number, not a truth value".into()),
        ("LifetimeInSeconds", Value::Null, VALIDATION, null("lifetimeInSeconds")),
        ("LifetimeInSeconds", json!(29), PARAMETER, "from 30 to 31536000".into()),
        ("LifetimeInSeconds", json!(30), "", String::new()),
        ("LifetimeInSeconds", json!(31_536_000), "", String::new()),
        ("LifetimeInSeconds", json!(31_536_001), PARAMETER, "parameter LifetimeInSeconds.".into()),
        ("RequesterAnnotation", json!("x".repeat(255)), "", String::new()),
        ("RequesterAnnotation", json!("x".repeat(256)), PARAMETER, "0 to 255 characters".into()),
        ("RequesterAnnotation", json!([]), SERIALIZATION, "must be a text, not a list".into()),
        ("UniqueRequestToken", json!(""), VALIDATION, "Value '' at 'uniqueRequestToken' failed to satisfy constraint: Member must have length greater than or equal to 1".into()),
        ("UniqueRequestToken", json!("x".repeat(64)), "", String::new()),
        ("UniqueRequestToken", json!("x".repeat(64)), REQUEST, "was already created with the UniqueRequestToken".into()),
        ("UniqueRequestToken", json!("x".repeat(65)), VALIDATION, "Member must have length less than or equal to 64".into()),
        ("Question", Value::Null, PARAMETER, "Exactly one of Question and HITLayoutId".into()),
        ("Question", json!(""), PARAMETER, "error parsing the XML".into()),
        ("Question", json!("<HTMLQuestion/>"), PARAMETER, "error parsing the XML".into()),
        ("Question", json!(large), PARAMETER, "65535".into()),
        ("HITLayoutId", json!("3LAYOUT"), PARAMETER, "Exactly one of Question and HITLayoutId".into()),
        ("HITLayoutId", json!("x"), VALIDATION, "pattern: ^[A-Z0-9]+$".into()),
        ("HITLayoutParameters", json!([]), "", String::new()),
        ("HITLayoutParameters", json!([{"Name": "a", "Value": "b"}]), PARAMETER, "HITLayoutParameters with the latter only".into()),
        ("HITLayoutParameters", json!([{"Name": "a"}]), VALIDATION, null("hITLayoutParameters.1.member.value")),
        ("AssignmentReviewPolicy", json!({}), VALIDATION, null("assignmentReviewPolicy.policyName")),
        ("AssignmentReviewPolicy", json!("x"), SERIALIZATION, "must be an object, not a text".into()),
        ("AssignmentReviewPolicy", policy("ScoreYourKnownAnswers/2011-09-01"), PARAMETER, "must be ScoreMyKnownAnswers/2011-09-01".into()),
        ("AssignmentReviewPolicy", policy("SimplePlurality/2011-09-01"), PARAMETER, "parameter AssignmentReviewPolicy.".into()),
        ("AssignmentReviewPolicy", policy("ScoreMyKnownAnswers/2011-09-01"), PARAMETER, "AnswerKey must be given".into()),
        ("HITReviewPolicy", policy("ScoreMyKnownAnswers/2011-09-01"), PARAMETER, "must be SimplePlurality/2011-09-01".into()),
        ("HITReviewPolicy", policy("SimplePlurality/2011-09-01"), PARAMETER, "QuestionIds must be given".into()),
        ("HITReviewPolicy", json!({"PolicyName": "SimplePlurality/2011-09-01", "Parameters": [{"Key": "a", "Values": [1]}]}), SERIALIZATION, "must hold texts".into()),
    ];
    table(&desk, "CreateHIT", &hit(), rows(&members)).await;

    let of = desk.published().await.hit_type_id.unwrap();
    let base = json!({"HITTypeId": of, "MaxAssignments": 1, "LifetimeInSeconds": 60, "Question": QUESTION});
    // The token has been used by now, by the other operation: they share their tokens.
    members.retain(|(member, _, code, _)| !(*member == "UniqueRequestToken" && code.is_empty()));
    members.push(("HITTypeId", Value::Null, VALIDATION, null("hITTypeId")));
    members.push(("HITTypeId", json!("3NOSUCHTYPE"), REQUEST, "HITType 3NOSUCHTYPE does not exist.".into()));
    members.push(("HITTypeId", json!("a b"), VALIDATION, "at 'hITTypeId'".into()));
    members.push(("HITTypeId", json!("A".repeat(65)), VALIDATION, "less than or equal to 64".into()));
    table(&desk, "CreateHITWithHITType", &base, rows(&members)).await;
}

#[tokio::test]
async fn the_ids_of_every_operation() {
    let desk = desk().await;
    let hit = desk.hit().max_assignments(9).send().await.unwrap().hit.unwrap();
    let id = hit.hit_id.unwrap();
    let assignment = desk.work(&id, "A1WORKER").await;
    let of_hit = [
        ("GetHIT", json!({})),
        ("DeleteHIT", json!({})),
        ("UpdateExpirationForHIT", json!({"ExpireAt": 0})),
        ("CreateAdditionalAssignmentsForHIT", json!({"NumberOfAdditionalAssignments": 1})),
        ("UpdateHITReviewStatus", json!({})),
        ("UpdateHITTypeOfHIT", json!({"HITTypeId": hit.hit_type_id})),
        ("ListAssignmentsForHIT", json!({})),
        ("ListReviewPolicyResultsForHIT", json!({})),
    ];
    for (operation, base) in of_hit {
        let none = null("hITId");
        let rows = vec![
            ("HITId", Value::Null, VALIDATION, none.as_str()),
            ("HITId", json!(7), SERIALIZATION, "'HITId' must be a text"),
            ("HITId", json!(""), VALIDATION, "greater than or equal to 1"),
            ("HITId", json!("dud lower"), VALIDATION, "Value 'dud lower' at 'hITId'"),
            ("HITId", json!("A".repeat(65)), VALIDATION, "less than or equal to 64"),
            ("HITId", json!("3NOSUCHHIT"), REQUEST, "Hit 3NOSUCHHIT does not exist. ("),
        ];
        table(&desk, operation, &base, rows).await;
    }
    let of_assignment = [
        ("GetAssignment", json!({})),
        ("ApproveAssignment", json!({})),
        ("RejectAssignment", json!({"RequesterFeedback": "no"})),
        ("GetFileUploadURL", json!({"QuestionIdentifier": "q"})),
        ("SendBonus", json!({"WorkerId": "A1WORKER", "BonusAmount": "1", "Reason": "r"})),
    ];
    for (operation, base) in of_assignment {
        let none = null("assignmentId");
        let rows = vec![
            ("AssignmentId", Value::Null, VALIDATION, none.as_str()),
            ("AssignmentId", json!(false), SERIALIZATION, "'AssignmentId' must be a text"),
            ("AssignmentId", json!("x"), VALIDATION, "at 'assignmentId'"),
            ("AssignmentId", json!("3NOSUCHASSIGNMENT"), REQUEST, "Assignment 3NOSUCHASSIGNMENT does not exist. ("),
        ];
        table(&desk, operation, &base, rows).await;
    }
    assert_eq!(
        desk.client.get_assignment().assignment_id(assignment).send().await.unwrap().hit.unwrap().hit_id,
        Some(id)
    );
}

#[tokio::test]
async fn pages_and_their_filters() {
    let desk = desk().await;
    let hit = desk.published().await.hit_id.unwrap();
    let lists = [
        ("ListHITs", json!({})),
        ("ListReviewableHITs", json!({})),
        ("ListAssignmentsForHIT", json!({"HITId": hit})),
        ("ListBonusPayments", json!({"HITId": hit})),
        ("ListReviewPolicyResultsForHIT", json!({"HITId": hit})),
    ];
    for (operation, base) in lists {
        let rows = vec![
            ("MaxResults", json!(1), "", ""),
            ("MaxResults", json!(100), "", ""),
            (
                "MaxResults",
                json!(0),
                VALIDATION,
                "Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1",
            ),
            ("MaxResults", json!(101), VALIDATION, "Member must have value less than or equal to 100"),
            ("MaxResults", json!(5_000_000_000_u64), SERIALIZATION, "not a 32-bit number"),
            ("MaxResults", json!("10"), SERIALIZATION, "must be a number"),
            ("NextToken", json!(""), VALIDATION, "greater than or equal to 1"),
            ("NextToken", json!("x".repeat(256)), VALIDATION, "less than or equal to 255"),
            (
                "NextToken",
                json!("p1:AAAA"),
                PARAMETER,
                "The value \"p1:AAAA\" is not valid for the parameter NextToken.",
            ),
            ("NextToken", json!(1), SERIALIZATION, "must be a text"),
        ];
        table(&desk, operation, &base, rows).await;
    }
    let rows = vec![
        ("Status", json!("Reviewing"), "", ""),
        ("Status", json!("Assignable"), VALIDATION, "enum value set: [Reviewable, Reviewing]"),
        ("HITTypeId", json!("a"), VALIDATION, "at 'hITTypeId'"),
    ];
    table(&desk, "ListReviewableHITs", &json!({}), rows).await;
    let rows = vec![
        ("AssignmentStatuses", json!([]), "", ""),
        ("AssignmentStatuses", json!(["Submitted", "Submitted"]), "", ""),
        ("AssignmentStatuses", json!(["Accepted"]), VALIDATION, "enum value set: [Submitted, Approved, Rejected]"),
        ("AssignmentStatuses", json!("Submitted"), SERIALIZATION, "must be a list"),
    ];
    table(&desk, "ListAssignmentsForHIT", &json!({"HITId": hit}), rows).await;
    let rows = vec![
        ("PolicyLevels", json!(["HIT", "Assignment"]), "", ""),
        ("PolicyLevels", json!(["Hit"]), VALIDATION, "enum value set: [Assignment, HIT]"),
        ("RetrieveActions", json!("T"), SERIALIZATION, "must be true or false"),
        ("RetrieveResults", json!(false), "", ""),
    ];
    table(&desk, "ListReviewPolicyResultsForHIT", &json!({"HITId": hit}), rows).await;
    let rows = vec![
        ("HITId", Value::Null, PARAMETER, "HITId or AssignmentId must be given."),
        ("HITId", json!("3NOSUCHHIT"), REQUEST, "Hit 3NOSUCHHIT does not exist."),
        ("AssignmentId", json!("3NOSUCHASSIGNMENT"), REQUEST, "does not exist."),
    ];
    table(&desk, "ListBonusPayments", &json!({"HITId": hit}), rows).await;
}

#[tokio::test]
async fn the_life_of_a_hit() {
    let desk = desk().await;
    let hit = desk.published().await.hit_id.unwrap();
    let none = null("expireAt");
    let rows = vec![
        ("ExpireAt", Value::Null, VALIDATION, none.as_str()),
        ("ExpireAt", json!("2030-01-01"), SERIALIZATION, "must be a timestamp"),
        ("ExpireAt", json!(-1), "", ""),
        ("ExpireAt", json!(0), "", ""),
        ("ExpireAt", json!(1.5e9), "", ""),
        ("ExpireAt", json!(1_400_000_000.5), "", ""),
        ("ExpireAt", json!(1e300), PARAMETER, "before the year 10000"),
    ];
    table(&desk, "UpdateExpirationForHIT", &json!({"HITId": hit}), rows).await;
    let none = null("numberOfAdditionalAssignments");
    let rows = vec![
        ("NumberOfAdditionalAssignments", Value::Null, VALIDATION, none.as_str()),
        ("NumberOfAdditionalAssignments", json!("1"), SERIALIZATION, "must be a number"),
        ("NumberOfAdditionalAssignments", json!(0), PARAMETER, "from 1 to 1000000000"),
        ("NumberOfAdditionalAssignments", json!(1_000_000_001), PARAMETER, "from 1 to 1000000000"),
        ("NumberOfAdditionalAssignments", json!(5), REQUEST, "cannot be extended to 10 or more"),
        ("NumberOfAdditionalAssignments", json!(4), "", ""),
        ("UniqueRequestToken", json!("x".repeat(65)), VALIDATION, "at 'uniqueRequestToken'"),
    ];
    table(&desk, "CreateAdditionalAssignmentsForHIT", &json!({"HITId": hit}), rows).await;
    let rows = vec![
        ("Revert", json!("no"), SERIALIZATION, "must be true or false"),
        (
            "Revert",
            json!(true),
            REQUEST,
            "in the state 'Reviewable'.  This operation can be called with a status of: Reviewing (",
        ),
        ("Revert", Value::Null, "", ""),
        (
            "Revert",
            json!(false),
            REQUEST,
            "in the state 'Reviewing'.  This operation can be called with a status of: Reviewable (",
        ),
    ];
    table(&desk, "UpdateHITReviewStatus", &json!({"HITId": hit}), rows).await;
    let none = null("hITTypeId");
    let rows = vec![
        ("HITTypeId", Value::Null, VALIDATION, none.as_str()),
        ("HITTypeId", json!("3NOSUCHTYPE"), REQUEST, "HITType 3NOSUCHTYPE does not exist. ("),
    ];
    table(&desk, "UpdateHITTypeOfHIT", &json!({"HITId": hit}), rows).await;
}

#[tokio::test]
async fn decisions_and_bonuses() {
    let desk = desk().await;
    let hit = desk.published().await.hit_id.unwrap();
    let assignment = desk.work(&hit, "A1WORKER").await;
    let base = json!({"AssignmentId": assignment});
    let none = null("requesterFeedback");
    let rows = vec![
        ("RequesterFeedback", Value::Null, VALIDATION, none.as_str()),
        ("RequesterFeedback", json!("a\u{1}"), REQUEST, "invalid character 0x01"),
        ("RequesterFeedback", json!("x".repeat(1_025)), REQUEST, "1024 characters"),
        ("RequesterFeedback", json!({}), SERIALIZATION, "must be a text, not an object"),
    ];
    table(&desk, "RejectAssignment", &base, rows).await;
    let rows = vec![
        ("RequesterFeedback", json!("a\u{c}"), REQUEST, "invalid character 0x0c"),
        ("OverrideRejection", json!("true"), SERIALIZATION, "must be true or false"),
        ("OverrideRejection", json!(true), "", ""),
        ("OverrideRejection", json!(true), REQUEST, "This operation can be called with a status of: Submitted ("),
    ];
    table(&desk, "ApproveAssignment", &base, rows).await;
    let (no_question, no_worker, no_amount, no_reason) =
        (null("questionIdentifier"), null("workerId"), null("bonusAmount"), null("reason"));
    let rows = vec![
        ("QuestionIdentifier", Value::Null, VALIDATION, no_question.as_str()),
        ("QuestionIdentifier", json!("keyword1"), REQUEST, "no uploaded file for the question \"keyword1\""),
    ];
    table(&desk, "GetFileUploadURL", &base, rows).await;
    let base = json!({"AssignmentId": assignment, "WorkerId": "A1WORKER", "BonusAmount": "0.50", "Reason": "thanks"});
    let rows = vec![
        ("WorkerId", Value::Null, VALIDATION, no_worker.as_str()),
        ("WorkerId", json!("A1,A2"), VALIDATION, "pattern: ^A[A-Z0-9]+$"),
        ("WorkerId", json!("B1WORKER"), VALIDATION, "pattern: ^A[A-Z0-9]+$"),
        ("WorkerId", json!("A9NOBODY"), PARAMETER, "The value \"A9NOBODY\" is not valid for the parameter WorkerId."),
        ("BonusAmount", Value::Null, VALIDATION, no_amount.as_str()),
        ("BonusAmount", json!("1.234"), VALIDATION, "Value '1.234' at 'bonusAmount'"),
        ("BonusAmount", json!("0.00"), PARAMETER, "at least 0.01"),
        ("BonusAmount", json!("99999"), REQUEST, "insufficient funds"),
        ("Reason", Value::Null, VALIDATION, no_reason.as_str()),
        ("UniqueRequestToken", json!(""), VALIDATION, "at 'uniqueRequestToken'"),
        ("UniqueRequestToken", json!("b"), "", ""),
        ("UniqueRequestToken", json!("b"), REQUEST, "The idempotency token \"b\" has already been processed. ("),
    ];
    table(&desk, "SendBonus", &base, rows).await;
}

#[tokio::test]
async fn a_violation_is_told_together_with_all_others_and_never_at_full_length() {
    let desk = desk().await;
    let (_, code, message) = call(&desk, "CreateHIT", &json!({"Reward": "x".repeat(100_000)})).await;
    assert_eq!(code, VALIDATION);
    assert!(message.starts_with("5 validation errors detected: ") && message.len() < 3_000, "{message}");
    let (_, code, _) = call(&desk, "CreateHIT", &json!({"Title": 1, "Reward": "x"})).await;
    assert_eq!(code, SERIALIZATION, "a wrong type is told first");
    let (status, ..) = call(&desk, "GetAccountBalance", &json!({"Nonsense": [1, {"a": null}]})).await;
    assert_eq!(status, 200, "members that the model does not have are ignored");
}
