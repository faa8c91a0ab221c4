//! HITs, assignments and bonuses as they go over the wire. What is not there is left out, never `null`.

use axum::body::Bytes;

use crate::domain::hit::HitReviewStatus;
use crate::domain::requirement::{Guard, Required};
use crate::market::json::Json;
use crate::market::rules::review_policy::{KnownAnswers, Plurality};
use crate::market::storage::{AssignmentView, BonusView, EntryView, HitRecord, HitView, Level};

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
        .optional("HITLayoutId", hit.layout)
        .time("Expiration", state.expires)
        .text("Reward", &state.reward.to_string())
        .text("HITReviewStatus", HitReviewStatus::NotReviewed.name())
        .time("CreationTime", hit.created)
        .number("NumberOfAssignmentsAvailable", i64::from(state.available));
}

/// The members of an assignment, in an object that is open already.
pub fn assignment(json: &mut Json, assignment: &AssignmentView<'_>) {
    json.members(assignment.fixed)
        .text("AssignmentStatus", assignment.status.name())
        .optional_time("ApprovalTime", assignment.approved)
        .optional_time("RejectionTime", assignment.rejected)
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

/// The reports of a HIT's review policies, as far as they are on one page.
#[derive(Default)]
pub struct Reports {
    /// By level and kind: the entries, joined by commas.
    lists: [[Vec<u8>; 2]; 2],
    /// The place of the last entry.
    pub last: Option<i64>,
}

impl Reports {
    /// Adds an entry to the list that it belongs to.
    pub fn add(&mut self, entry: &EntryView<'_>) {
        let list = &mut self.lists[entry.level as usize][entry.kind as usize];
        if !list.is_empty() {
            list.push(b',');
        }
        list.extend_from_slice(entry.json);
        self.last = Some(entry.place);
    }

    /// The answer for a HIT: what was asked for of the policies that it has.
    pub fn answer(self, hit: &HitRecord, levels: &[Level], token: Option<&str>) -> Bytes {
        let policies = [
            (Level::Assignment, hit.has_assignment_policy, KnownAnswers::NAME),
            (Level::Hit, hit.has_hit_policy, Plurality::NAME),
        ];
        let mut json = Json::default();
        json.open().optional("NextToken", token).text("HITId", &hit.id);
        for (level, has, name) in policies.into_iter().filter(|(level, ..)| levels.contains(level)) {
            if !has {
                continue;
            }
            json.open_member(&format!("{}ReviewPolicy", level.name())).text("PolicyName", name).close();
            let [results, actions] = &self.lists[level as usize];
            json.open_member(&format!("{}ReviewReport", level.name()));
            json.raw("ReviewResults", &[b"[", results.as_slice(), b"]"].concat());
            json.raw("ReviewActions", &[b"[", actions.as_slice(), b"]"].concat()).close();
        }
        json.close();
        json.into_bytes()
    }
}

/// A list of requirements. Both ways of saying what is guarded are there, whichever was sent.
pub fn requirements(list: &[Required]) -> String {
    let mut json = Json::default();
    for required in list {
        json.open().text("QualificationTypeId", &required.qualification).text("Comparator", required.comparator.name());
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
        json.boolean("RequiredToPreview", required.guard != Guard::Accept)
            .text("ActionsGuarded", required.guard.name())
            .close();
    }
    // The writer writes text only.
    format!("[{}]", String::from_utf8_lossy(&json.into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::requirement::{Comparator, Locale, read};

    #[test]
    fn requirements_show_both_guards() {
        let required = Required {
            qualification: "000000000000000000L0".into(),
            comparator: Comparator::GreaterThanOrEqualTo,
            integers: vec![95],
            locales: vec![],
            guard: Guard::Accept,
        };
        let locale = Required {
            qualification: "00000000000000000071".into(),
            comparator: Comparator::In,
            integers: vec![],
            locales: vec![Locale { country: "US".into(), subdivision: Some("NY".into()) }],
            guard: Guard::PreviewAndAccept,
        };
        let both = [required, locale];
        assert_eq!(
            requirements(&both),
            r#"[{"QualificationTypeId":"000000000000000000L0","Comparator":"GreaterThanOrEqualTo","IntegerValues":[95],"RequiredToPreview":false,"ActionsGuarded":"Accept"},{"QualificationTypeId":"00000000000000000071","Comparator":"In","LocaleValues":[{"Country":"US","Subdivision":"NY"}],"RequiredToPreview":true,"ActionsGuarded":"PreviewAndAccept"}]"#
        );
        assert_eq!(requirements(&[]), "[]");
        assert_eq!(read(&requirements(&both)).unwrap(), both);
        assert_eq!(read("[]").unwrap(), []);
    }
}
