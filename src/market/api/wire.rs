//! HITs, assignments and bonuses as they go over the wire. What is not there is left out, never `null`.

use crate::domain::hit::HitReviewStatus;
use crate::market::json::Json;
use crate::market::rules::requirement::Required;
use crate::market::storage::{AssignmentView, BonusView, HitView};

/// The members of a HIT, in an object that is open already.
pub fn hit(json: &mut Json, hit: &HitView<'_>) {
    let state = &hit.state;
    json.text("HITGroupId", hit.group_id)
        .text("Description", hit.description)
        .number("MaxAssignments", i64::from(state.max))
        .text("Title", hit.title)
        .text("HITId", hit.id)
        .number("NumberOfAssignmentsCompleted", i64::from(state.completed))
        .text("Question", hit.question)
        .number("AssignmentDurationInSeconds", hit.duration.0)
        .number("AutoApprovalDelayInSeconds", hit.auto_approval.0)
        .text("HITTypeId", hit.type_id)
        .text("HITStatus", state.status.name())
        .number("NumberOfAssignmentsPending", i64::from(state.pending))
        .raw("QualificationRequirements", hit.requirements.as_bytes())
        .optional("Keywords", hit.keywords)
        .optional("RequesterAnnotation", hit.annotation)
        .time("Expiration", state.expires)
        .text("Reward", &state.reward.to_string())
        .text("HITReviewStatus", HitReviewStatus::NotReviewed.name())
        .time("CreationTime", hit.created)
        .number("NumberOfAssignmentsAvailable", i64::from(state.available));
}

/// The members of an assignment of a HIT, in an object that is open already.
pub fn assignment(json: &mut Json, assignment: &AssignmentView<'_>, hit: &str) {
    json.text("AssignmentId", assignment.id)
        .text("WorkerId", assignment.worker)
        .text("HITId", hit)
        .text("AssignmentStatus", assignment.status.name())
        .optional_time("AutoApprovalTime", assignment.auto_approval)
        .optional_time("AcceptTime", assignment.accepted)
        .optional_time("SubmitTime", assignment.submitted)
        .optional_time("ApprovalTime", assignment.approved)
        .optional_time("RejectionTime", assignment.rejected)
        .raw("Answer", assignment.answer)
        .optional("RequesterFeedback", assignment.feedback);
}

/// The members of a bonus, in an object that is open already.
pub fn bonus(json: &mut Json, bonus: &BonusView<'_>) {
    json.text("WorkerId", bonus.worker)
        .text("BonusAmount", &bonus.amount.to_string())
        .text("AssignmentId", bonus.assignment)
        .text("Reason", bonus.reason)
        .time("GrantTime", bonus.granted);
}

/// A list of requirements. Both ways of saying what is guarded are there, whichever was sent.
pub fn requirements(list: &[Required]) -> String {
    let mut json = Json::default();
    for required in list {
        json.open().text("QualificationTypeId", &required.qualification).text("Comparator", &required.comparator);
        if !required.integers.is_empty() {
            json.open_list("IntegerValues");
            for integer in &required.integers {
                json.number_element(i64::from(*integer));
            }
            json.close_list();
        }
        if !required.locales.is_empty() {
            json.open_list("LocaleValues");
            for locale in &required.locales {
                json.open().text("Country", &locale.country);
                json.optional("Subdivision", locale.subdivision.as_deref()).close();
            }
            json.close_list();
        }
        json.boolean("RequiredToPreview", required.guards != "Accept").text("ActionsGuarded", &required.guards).close();
    }
    // The writer writes text only.
    format!("[{}]", String::from_utf8_lossy(&json.into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::rules::requirement::Locale;

    #[test]
    fn requirements_show_both_guards() {
        let required = Required {
            qualification: "000000000000000000L0".into(),
            comparator: "GreaterThanOrEqualTo".into(),
            integers: vec![95],
            locales: vec![],
            guards: "Accept".into(),
        };
        let locale = Required {
            qualification: "00000000000000000071".into(),
            comparator: "In".into(),
            integers: vec![],
            locales: vec![Locale { country: "US".into(), subdivision: Some("NY".into()) }],
            guards: "PreviewAndAccept".into(),
        };
        assert_eq!(
            requirements(&[required, locale]),
            r#"[{"QualificationTypeId":"000000000000000000L0","Comparator":"GreaterThanOrEqualTo","IntegerValues":[95],"RequiredToPreview":false,"ActionsGuarded":"Accept"},{"QualificationTypeId":"00000000000000000071","Comparator":"In","LocaleValues":[{"Country":"US","Subdivision":"NY"}],"RequiredToPreview":true,"ActionsGuarded":"PreviewAndAccept"}]"#
        );
        assert_eq!(requirements(&[]), "[]");
    }
}
