//! HITs that require qualifications: who may accept them, who may find them, and what becomes of them.

use aws_sdk_mturk::types::{
    Comparator, HitAccessActions, HitStatus, Locale, QualificationRequirement, QualificationTypeStatus,
};
use hitdeck::domain::id::{HitId, WorkerId};
use hitdeck::market::Action;
use serde_json::json;

use crate::qualifications::other;
use crate::support::{Desk, QUESTION, desk, refused};

const MASTERS: &str = "2F1QJWKUDD8XADTFD2Q0G6UTO95ALH";
const MASTERS_SANDBOX: &str = "2ARFPLSP75KLA8M8DH1HTEQVJT3SY6";
const APPROVED: &str = "00000000000000000040";
const ADULT: &str = "00000000000000000060";
const LOCALE: &str = "00000000000000000071";
const PERCENT: &str = "000000000000000000L0";

fn required(of: &str, comparator: Comparator, integers: &[i32], locales: &[&str]) -> QualificationRequirement {
    let locale = |text: &&str| {
        let (country, part) = text.split_once('-').map_or((*text, None), |(c, s)| (c, Some(s.to_owned())));
        Locale::builder().country(country).set_subdivision(part).build().unwrap()
    };
    let integers = (!integers.is_empty()).then(|| integers.to_vec());
    let locales = (!locales.is_empty()).then(|| locales.iter().map(locale).collect());
    let built = QualificationRequirement::builder().qualification_type_id(of).comparator(comparator);
    built.set_integer_values(integers).set_locale_values(locales).build().unwrap()
}

fn number(of: &str, comparator: Comparator, value: i32) -> QualificationRequirement {
    required(of, comparator, &[value], &[])
}

impl Desk {
    async fn requiring(&self, required: QualificationRequirement) -> String {
        self.hit().qualification_requirements(required).send().await.unwrap().hit.unwrap().hit_id.unwrap()
    }

    /// Whether a worker can accept a HIT; gives it back at once. A refusal must be about qualifications.
    async fn accepts(&self, hit: &str, worker: &str) -> bool {
        let (status, body) =
            self.post("/_control/accept", &json!({ "HITId": hit, "WorkerId": worker }).to_string()).await;
        if status == 200 {
            self.post("/_control/return", &body.to_string()).await;
            return true;
        }
        let refusal = body["error"].as_str().unwrap();
        assert!(status == 409 && refusal.contains("is required, and the worker has"), "{status} {refusal}");
        false
    }

    async fn profile(&self, profile: serde_json::Value) {
        let (status, body) = self.post("/_control/worker", &profile.to_string()).await;
        assert_eq!(status, 200, "{body}");
    }

    /// The open HITs that a worker is offered.
    async fn offered(&self, worker: &str) -> Vec<String> {
        let worker = WorkerId::parse(worker).unwrap();
        let open = self.market.service.open_hits(&worker, None, 100).await.unwrap();
        open.into_iter().map(|hit| hit.id).collect()
    }
}

#[tokio::test]
async fn every_comparator_decides_who_may_accept() {
    use Comparator::*;
    let desk = desk().await;
    let of = desk.qualification_type_id("Score").await;
    for (worker, value) in [("A4", 4), ("A5", 5), ("A6", 6)] {
        desk.worker(worker).await;
        desk.grant(&of, worker, value).await;
    }
    desk.worker("AREVOKED").await;
    desk.grant(&of, "AREVOKED", 5).await;
    let taken = desk.client.disassociate_qualification_from_worker().qualification_type_id(&of).worker_id("AREVOKED");
    taken.send().await.unwrap();
    // Who has 4, 5, 6, who had it, and somebody nobody has seen before.
    let table = [
        (number(&of, LessThan, 5), [true, false, false, false, false]),
        (number(&of, LessThanOrEqualTo, 5), [true, true, false, false, false]),
        (number(&of, GreaterThan, 5), [false, false, true, false, false]),
        (number(&of, GreaterThanOrEqualTo, 5), [false, true, true, false, false]),
        (number(&of, EqualTo, 5), [false, true, false, false, false]),
        (number(&of, NotEqualTo, 5), [true, false, true, false, false]),
        (required(&of, In, &[4, 5], &[]), [true, true, false, false, false]),
        (required(&of, NotIn, &[4, 5], &[]), [false, false, true, false, false]),
        (required(&of, Exists, &[], &[]), [true, true, true, false, false]),
        (required(&of, DoesNotExist, &[], &[]), [false, false, false, true, true]),
    ];
    for (requirement, expected) in table {
        let hit = desk.requiring(requirement.clone()).await;
        for (worker, expected) in ["A4", "A5", "A6", "AREVOKED", "ANEW"].into_iter().zip(expected) {
            assert_eq!(desk.accepts(&hit, worker).await, expected, "{worker}: {requirement:?}");
            let is_offered = desk.offered(worker).await.contains(&hit);
            assert_eq!(is_offered, expected, "offered to {worker}: {requirement:?}");
        }
    }
}

#[tokio::test]
async fn the_systems_types_judge_by_the_workers_profile() {
    use Comparator::*;
    let desk = desk().await;
    desk.profile(json!({ "WorkerId": "ANY", "Country": "US", "Subdivision": "NY", "Adult": true })).await;
    desk.profile(json!({ "WorkerId": "ADE", "Country": "DE", "Masters": true })).await;
    desk.worker("ANOWHERE").await;
    let table = [
        (required(LOCALE, EqualTo, &[], &["US"]), [true, false, false]),
        (required(LOCALE, EqualTo, &[], &["US-CA"]), [false, false, false]),
        (required(LOCALE, NotEqualTo, &[], &["US"]), [false, true, false]),
        (required(LOCALE, In, &[], &["DE", "US-NY"]), [true, true, false]),
        (required(LOCALE, NotIn, &[], &["FR", "US-CA"]), [true, true, false]),
        (number(ADULT, EqualTo, 1), [true, false, false]),
        (number(ADULT, EqualTo, 0), [false, true, true]),
        (required(MASTERS, Exists, &[], &[]), [false, true, false]),
        (required(MASTERS_SANDBOX, Exists, &[], &[]), [false, true, false]),
        (required(MASTERS, DoesNotExist, &[], &[]), [true, false, true]),
    ];
    for (requirement, expected) in table {
        let hit = desk.requiring(requirement.clone()).await;
        for (worker, expected) in ["ANY", "ADE", "ANOWHERE"].into_iter().zip(expected) {
            assert_eq!(desk.accepts(&hit, worker).await, expected, "{worker}: {requirement:?}");
        }
    }
}

#[tokio::test]
async fn a_profile_changes_in_what_is_said_and_in_nothing_else() {
    let desk = desk().await;
    let post = async |body: serde_json::Value| desk.post("/_control/worker", &body.to_string()).await;
    let (_, made) = post(json!({ "WorkerId": "A1", "Country": "US", "Subdivision": "NY", "Adult": true })).await;
    assert_eq!(
        made,
        json!({ "WorkerId": "A1", "Country": "US", "Subdivision": "NY", "Adult": true, "Masters": false })
    );
    let (_, changed) = post(json!({ "WorkerId": "A1", "Masters": true })).await;
    assert_eq!(
        changed,
        json!({ "WorkerId": "A1", "Country": "US", "Subdivision": "NY", "Adult": true, "Masters": true })
    );
    let (_, moved) = post(json!({ "WorkerId": "A1", "Country": "DE", "Adult": false })).await;
    assert_eq!(moved, json!({ "WorkerId": "A1", "Country": "DE", "Adult": false, "Masters": true }));
    let (_, gone) = post(json!({ "WorkerId": "A1", "Country": null })).await;
    assert_eq!(gone, json!({ "WorkerId": "A1", "Adult": false, "Masters": true }));
    for wrong in [
        json!({ "WorkerId": "A1", "Country": "Germany" }),
        json!({ "WorkerId": "A1", "Country": "de" }),
        json!({ "WorkerId": "A1", "Subdivision": "NY" }),
        json!({ "WorkerId": "A1", "Adult": 1 }),
        json!({ "WorkerId": "not a worker" }),
        json!({}),
    ] {
        assert_eq!(post(wrong.clone()).await.0, 400, "{wrong}");
    }
}

#[tokio::test]
async fn approvals_are_counted_as_they_happen() {
    use Comparator::*;
    let desk = desk().await;
    let seasoned = desk.requiring(number(APPROVED, GreaterThanOrEqualTo, 3)).await;
    for expected in [false, false, false, true] {
        assert_eq!(desk.accepts(&seasoned, "A1").await, expected);
        let hit = desk.published().await.hit_id.unwrap();
        let done = desk.work(&hit, "A1").await;
        desk.client.approve_assignment().assignment_id(done).send().await.unwrap();
    }
    // By time, and by overriding a rejection.
    let exact = desk.requiring(number(APPROVED, EqualTo, 6)).await;
    assert!(!desk.accepts(&exact, "A1").await);
    let (by_time, rejected) = (desk.published().await.hit_id.unwrap(), desk.published().await.hit_id.unwrap());
    desk.work(&by_time, "A1").await;
    let rejected = desk.work(&rejected, "A1").await;
    let reject = desk.client.reject_assignment().assignment_id(&rejected).requester_feedback("no");
    reject.send().await.unwrap();
    let again = desk.client.approve_assignment().assignment_id(&rejected).override_rejection(true);
    again.send().await.unwrap();
    assert!(!desk.accepts(&exact, "A1").await, "one of them waits for its time");
    desk.advance(259_200).await;
    let exact = desk.requiring(number(APPROVED, EqualTo, 6)).await;
    assert!(desk.accepts(&exact, "A1").await);
}

#[tokio::test]
async fn the_approval_rate_counts_from_the_hundredth_assignment_on() {
    use Comparator::*;
    let desk = desk().await;
    let mut done = Vec::new();
    for _ in 0..100 {
        let hit = desk.hit().max_assignments(1).send().await.unwrap().hit.unwrap().hit_id.unwrap();
        done.push(desk.work(&hit, "A1").await);
    }
    let hit = |value| desk.requiring(number(PERCENT, GreaterThanOrEqualTo, value));
    let (all, most) = (hit(100).await, hit(90).await);
    assert!(desk.accepts(&all, "A1").await, "nothing is decided");
    for (number, assignment) in done.iter().enumerate() {
        if number % 10 == 0 {
            let reject = desk.client.reject_assignment().assignment_id(assignment).requester_feedback("no");
            reject.send().await.unwrap();
        } else {
            desk.client.approve_assignment().assignment_id(assignment).send().await.unwrap();
        }
    }
    assert!(!desk.accepts(&all, "A1").await);
    assert!(desk.accepts(&most, "A1").await);
    assert!(!desk.accepts(&hit(91).await, "A1").await);
    assert!(desk.accepts(&all, "ANEW").await);
}

#[tokio::test]
async fn all_requirements_must_hold() {
    let desk = desk().await;
    let (one, two) = (desk.qualification_type_id("One").await, desk.qualification_type_id("Two").await);
    desk.worker("A1").await;
    let made = desk.hit().qualification_requirements(required(&one, Comparator::Exists, &[], &[]));
    let made = made.qualification_requirements(number(&two, Comparator::GreaterThan, 10)).send().await.unwrap();
    let hit = made.hit.unwrap().hit_id.unwrap();
    assert!(!desk.accepts(&hit, "A1").await);
    desk.grant(&one, "A1", 1).await;
    assert!(!desk.accepts(&hit, "A1").await);
    desk.grant(&two, "A1", 11).await;
    assert!(desk.accepts(&hit, "A1").await);
}

#[tokio::test]
async fn a_guard_says_what_the_worker_may_still_do() {
    let desk = desk().await;
    let of = desk.qualification_type_id("One").await;
    let worker = WorkerId::parse("A1").unwrap();
    for (guard, expected) in [
        (None, [true, true, false]),
        (Some(HitAccessActions::Accept), [true, true, false]),
        (Some(HitAccessActions::PreviewAndAccept), [true, false, false]),
        (Some(HitAccessActions::DiscoverPreviewAndAccept), [false, false, false]),
    ] {
        let mut requirement = required(&of, Comparator::Exists, &[], &[]);
        requirement.actions_guarded = guard.clone();
        let hit = HitId::parse(&desk.requiring(requirement).await).unwrap();
        let verdict = desk.market.service.verdict(&hit, &worker).await.unwrap();
        assert_eq!(Action::ALL.map(|action| verdict.allows(action)), expected, "{guard:?}");
    }
    // What can be found and not accepted is what a worker can qualify for: one verdict for each of the HIT types.
    let reach = desk.market.service.out_of_reach(&worker).await.unwrap();
    assert_eq!(reach.len(), 2, "{reach:?}");
}

#[tokio::test]
async fn requirements_name_active_types_of_ones_own_or_of_the_system() {
    let desk = desk().await;
    let of = desk.qualification_type_id("One").await;
    let requirement = required(&of, Comparator::Exists, &[], &[]);
    let hit_type = desk.client.create_hit_type().title("t").description("d").reward("0.05");
    let hit_type = hit_type.assignment_duration_in_seconds(60).qualification_requirements(requirement.clone());
    let made = hit_type.clone().send().await.unwrap().hit_type_id.unwrap();
    let of_type = || {
        let made = desk.client.create_hit_with_hit_type().hit_type_id(&made).lifetime_in_seconds(60);
        made.question(QUESTION).send()
    };
    of_type().await.unwrap();

    let rest = desk.client.update_qualification_type().qualification_type_id(&of);
    rest.qualification_type_status(QualificationTypeStatus::Inactive).send().await.unwrap();
    let inactive = "This QualificationType is currently in the state 'Inactive'.";
    let plain = desk.published().await.hit_id.unwrap();
    let refusals = [
        refused(desk.hit().qualification_requirements(requirement.clone()).send().await),
        refused(hit_type.clone().send().await),
        refused(of_type().await),
        refused(desk.client.update_hit_type_of_hit().hit_id(plain).hit_type_id(&made).send().await),
    ];
    for (code, message) in refusals {
        assert_eq!(code, "RequestError");
        assert!(message.starts_with(inactive), "{message}");
    }

    desk.client.delete_qualification_type().qualification_type_id(&of).send().await.unwrap();
    let gone = format!("QualificationType {of} does not exist. (");
    let refusals = [
        refused(desk.hit().qualification_requirements(requirement.clone()).send().await),
        refused(hit_type.send().await),
    ];
    for (_, message) in refusals {
        assert!(message.starts_with(&gone), "{message}");
    }
    let (_, message) = refused(of_type().await);
    assert!(message.starts_with(&format!("HITType {made} does not exist. (")), "deleted with it: {message}");

    let foreign = desk.qualification_type_id("Two").await;
    let other = other(&desk).await;
    let attempt = other.create_hit_type().title("t").description("d").reward("0.05").assignment_duration_in_seconds(60);
    let attempt = attempt.qualification_requirements(required(&foreign, Comparator::Exists, &[], &[])).send().await;
    assert!(refused(attempt).1.starts_with(&format!("QualificationType {foreign} does not exist. (")));
}

#[tokio::test]
async fn hits_of_a_deleted_type_go_on_and_keep_its_name_taken() {
    let desk = desk().await;
    let of = desk.qualification_type_id("One").await;
    desk.worker("A1").await;
    desk.grant(&of, "A1", 1).await;
    let hit = desk.requiring(required(&of, Comparator::Exists, &[], &[])).await;
    desk.client.delete_qualification_type().qualification_type_id(&of).send().await.unwrap();
    assert!(desk.accepts(&hit, "A1").await);
    assert!(!desk.accepts(&hit, "A2").await);
    let again = || {
        let made = desk.client.create_qualification_type().name("One").description("d");
        made.qualification_type_status(QualificationTypeStatus::Active).send()
    };
    assert!(refused(again().await).1.starts_with("You have already created a QualificationType with this name."));
    let left = desk.client.list_hits_for_qualification_type().qualification_type_id(&of).send().await.unwrap();
    assert_eq!(left.num_results, Some(1));

    desk.client
        .update_expiration_for_hit()
        .hit_id(&hit)
        .expire_at(aws_sdk_mturk::primitives::DateTime::from_secs(0))
        .send()
        .await
        .unwrap();
    desk.client.delete_hit().hit_id(&hit).send().await.unwrap();
    again().await.unwrap();
}

#[tokio::test]
async fn hits_are_found_by_what_they_require() {
    let desk = desk().await;
    let (one, two) = (desk.qualification_type_id("One").await, desk.qualification_type_id("Two").await);
    let mut expected = Vec::new();
    for reward in ["0.05", "0.06", "0.05", "0.06", "0.05"] {
        let made = desk.hit().reward(reward).qualification_requirements(required(&one, Comparator::Exists, &[], &[]));
        let made = made.qualification_requirements(number(PERCENT, Comparator::GreaterThan, 90)).send().await.unwrap();
        expected.push((reward, made.hit.unwrap().hit_id.unwrap()));
        desk.published().await;
    }
    let gone = desk.requiring(required(&one, Comparator::Exists, &[], &[])).await;
    desk.advance(3_600).await;
    assert_eq!(desk.get(&gone).await.hit_status, Some(HitStatus::Reviewable));
    desk.client.delete_hit().hit_id(&gone).send().await.unwrap();
    let list = async |of: &str, size| {
        let list = desk.client.list_hits_for_qualification_type().qualification_type_id(of).into_paginator();
        let pages: Vec<_> = list.page_size(size).send().try_collect().await.unwrap();
        pages.into_iter().flat_map(|page| page.hits.unwrap()).map(|hit| hit.hit_id.unwrap()).collect::<Vec<_>>()
    };
    expected.sort_by_key(|(reward, _)| *reward);
    let expected: Vec<String> = expected.into_iter().map(|(_, id)| id).collect();
    for size in [1, 2, 3, 100] {
        assert_eq!(list(&one, size).await, expected, "in pages of {size}");
    }
    assert_eq!(list(PERCENT, 100).await.len(), 5);
    assert_eq!(list(&two, 100).await.len(), 0);
    let unknown = desk.client.list_hits_for_qualification_type().qualification_type_id("3NOSUCH").send().await;
    assert!(refused(unknown).1.starts_with("QualificationType 3NOSUCH does not exist. ("));
}
