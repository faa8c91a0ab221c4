//! The operation that makes a HIT.

use super::client::Client;
use super::error::{Error, classify};
use super::map::Reading;
use crate::domain::hit::{Hit, HitDraft, Requirement};
use aws_sdk_mturk::types::{Comparator, HitAccessActions, Locale, QualificationRequirement};

impl Client {
    /// `CreateHIT`: reserves its cost. With a token that was used in the last 24 hours it is refused, and the HIT that
    /// was made then stays the only one.
    pub async fn create_hit(&self, draft: &HitDraft) -> Result<Hit, Error> {
        let reading = Reading("CreateHIT");
        let requirements =
            draft.requirements.iter().map(|it| requirement(reading, it)).collect::<Result<Vec<_>, _>>()?;
        let call = self.sdk.create_hit().title(&draft.title).description(&draft.description);
        let call = call
            .set_keywords(draft.keywords.clone())
            .reward(draft.reward.to_string())
            .max_assignments(i32::try_from(draft.max_assignments).unwrap_or(i32::MAX))
            .lifetime_in_seconds(draft.lifetime.0)
            .assignment_duration_in_seconds(draft.duration.0)
            .auto_approval_delay_in_seconds(draft.auto_approval_delay.0)
            .question(&draft.question)
            .requester_annotation(&draft.annotation)
            .set_qualification_requirements(Some(requirements))
            .unique_request_token(&draft.token);
        let answer = call.send().await.map_err(classify)?;
        reading.hit(answer.hit.ok_or_else(|| reading.missing("HIT"))?)
    }
}

fn requirement(reading: Reading, it: &Requirement) -> Result<QualificationRequirement, Error> {
    let locales = it.locales.iter().map(|text| {
        let (country, part) =
            text.split_once('-').map_or((text.as_str(), None), |(country, part)| (country, Some(part)));
        Locale::builder().country(country).set_subdivision(part.map(str::to_owned)).build()
    });
    let locales = locales.collect::<Result<Vec<_>, _>>().map_err(|_| reading.missing("Country"))?;
    let built = QualificationRequirement::builder()
        .qualification_type_id(it.qualification.as_str())
        .comparator(Comparator::from(it.comparator.as_str()))
        .set_integer_values(Some(it.integers.clone()).filter(|values| !values.is_empty()))
        .set_locale_values(Some(locales).filter(|values| !values.is_empty()))
        .actions_guarded(HitAccessActions::from(it.guards.as_str()))
        .build();
    built.map_err(|_| reading.missing("QualificationRequirement"))
}
