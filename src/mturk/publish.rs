//! The operations that make HITs and their types.

use super::client::Client;
use super::error::{Error, classify};
use super::map::Reading;
use crate::domain::batch::PolicySpec;
use crate::domain::hit::{Hit, HitDraft, HitTypeDraft, PostDraft, Requirement};
use crate::domain::id::HitTypeId;
use aws_sdk_mturk::types::{
    Comparator, HitAccessActions, Locale, ParameterMapEntry, PolicyParameter, QualificationRequirement, ReviewPolicy,
};

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

impl Client {
    /// `CreateHITType`: the same attributes are the same type, whoever asks again.
    pub async fn create_hit_type(&self, draft: &HitTypeDraft) -> Result<HitTypeId, Error> {
        let reading = Reading("CreateHITType");
        let requirements =
            draft.requirements.iter().map(|it| requirement(reading, it)).collect::<Result<Vec<_>, _>>()?;
        let call = self.sdk.create_hit_type().title(&draft.title).description(&draft.description);
        let call = call
            .set_keywords(draft.keywords.clone())
            .reward(draft.reward.to_string())
            .assignment_duration_in_seconds(draft.duration.0)
            .auto_approval_delay_in_seconds(draft.auto_approval_delay.0)
            .set_qualification_requirements(Some(requirements));
        let answer = call.send().await.map_err(classify)?;
        reading.id(answer.hit_type_id, "HITTypeId", HitTypeId::parse)
    }

    /// `CreateHITWithHITType`: as [`Client::create_hit`], of a type that exists.
    pub async fn post(&self, draft: PostDraft) -> Result<Hit, Error> {
        let reading = Reading("CreateHITWithHITType");
        let policy = |it: Option<PolicySpec>| it.map(|it| review_policy(reading, it)).transpose();
        let call = self.sdk.create_hit_with_hit_type().hit_type_id(draft.hit_type.as_str());
        let call = call
            .max_assignments(i32::try_from(draft.max_assignments).unwrap_or(i32::MAX))
            .lifetime_in_seconds(draft.lifetime.0)
            .question(draft.question)
            .requester_annotation(draft.annotation)
            .unique_request_token(draft.token)
            .set_assignment_review_policy(policy(draft.assignment_policy)?)
            .set_hit_review_policy(policy(draft.hit_policy)?);
        let answer = call.send().await.map_err(classify)?;
        reading.hit(answer.hit.ok_or_else(|| reading.missing("HIT"))?)
    }
}

fn review_policy(reading: Reading, it: PolicySpec) -> Result<ReviewPolicy, Error> {
    let entry = |(key, values)| ParameterMapEntry::builder().key(key).set_values(Some(values)).build();
    let parameters = it.parameters.into_iter().map(|it| {
        let entries = it.entries.into_iter().map(entry).collect();
        PolicyParameter::builder()
            .key(it.key)
            .set_values(Some(it.values).filter(|values: &Vec<String>| !values.is_empty()))
            .set_map_entries(Some(entries).filter(|entries: &Vec<ParameterMapEntry>| !entries.is_empty()))
            .build()
    });
    let policy = ReviewPolicy::builder().policy_name(it.name).set_parameters(Some(parameters.collect()));
    policy.build().map_err(|_| reading.missing("PolicyName"))
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
