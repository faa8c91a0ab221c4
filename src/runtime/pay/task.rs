//! The HIT that pays: what it says, and where the worker finds it.

use super::{AUTO_APPROVAL, LIFETIME};
use crate::domain::hit::{Hit, HitDraft, Requirement};
use crate::domain::id::QualificationTypeId;
use crate::domain::time::Seconds;
use crate::domain::worker::Payment;
use crate::question::write::html_text;

/// Where a worker finds a HIT.
pub(super) fn link(site: &str, hit: &Hit) -> String {
    match &hit.group {
        Some(group) => format!("{site}/mturk/preview?groupId={group}"),
        None => format!("{site}/mturk/preview?hitId={}", hit.id),
    }
}

pub(super) fn draft(payment: &Payment, of: &QualificationTypeId) -> HitDraft {
    let amount = payment.amount.display();
    HitDraft {
        title: format!("A payment of {amount} for you"),
        description: "Only you can see this HIT. Accept it and submit it as it is: that pays you.".to_owned(),
        keywords: None,
        reward: payment.amount,
        max_assignments: 1,
        lifetime: LIFETIME,
        duration: Seconds::HOUR,
        auto_approval_delay: AUTO_APPROVAL,
        question: question(&payment.reason),
        annotation: format!("hitdeck:payments:{}", payment.token),
        requirements: vec![Requirement {
            qualification: of.clone(),
            comparator: "Exists".to_owned(),
            integers: Vec::new(),
            locales: Vec::new(),
            guards: "DiscoverPreviewAndAccept".to_owned(),
        }],
        token: payment.token.clone(),
    }
}

/// A form with nothing to fill in but a tick.
fn question(reason: &str) -> String {
    const NAMESPACE: &str =
        "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2017-11-06/QuestionForm.xsd";
    let reason = html_text(reason);
    format!(
        "<QuestionForm xmlns=\"{NAMESPACE}\"><Overview><Text>{reason}</Text></Overview><Question>\
         <QuestionIdentifier>read</QuestionIdentifier><QuestionContent><Text>This HIT pays you. Submit it as it is.</Text>\
         </QuestionContent><AnswerSpecification><SelectionAnswer><Selections><Selection>\
         <SelectionIdentifier>yes</SelectionIdentifier><Text>I have read this</Text></Selection></Selections>\
         </SelectionAnswer></AnswerSpecification></Question></QuestionForm>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question::question_form;

    #[test]
    fn the_form_is_one_that_the_endpoint_takes() {
        let form = question_form::read(&question("For \"your\" time & <patience>")).unwrap();
        assert_eq!(form.warnings, []);
        assert!(form.value.questions().all(|question| !question.is_required));
    }
}
