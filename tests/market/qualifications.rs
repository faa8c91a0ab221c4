//! Qualification types, and qualifications that requesters give and take.

use aws_sdk_mturk::types::{QualificationStatus, QualificationType, QualificationTypeStatus};
use serde_json::json;

use crate::support::{Desk, client, desk, refused};

/// The `TurkErrorCode` of a refused call.
macro_rules! turk_code {
    ($result:expr, $module:ident :: $error:ident) => {
        match $result.unwrap_err().into_service_error() {
            aws_sdk_mturk::operation::$module::$error::RequestError(error) => error.turk_error_code.unwrap_or_default(),
            other => panic!("{other:?}"),
        }
    };
}
pub(crate) use turk_code;

impl Desk {
    /// An active type of this name that is neither tested nor granted by itself.
    pub async fn qualification_type(&self, name: &str) -> QualificationType {
        let made = self.client.create_qualification_type().name(name).description("For tests");
        made.qualification_type_status(QualificationTypeStatus::Active)
            .send()
            .await
            .unwrap()
            .qualification_type
            .unwrap()
    }

    pub async fn qualification_type_id(&self, name: &str) -> String {
        self.qualification_type(name).await.qualification_type_id.unwrap()
    }

    /// Makes a worker known, as whoever comes to a market's site is.
    pub async fn worker(&self, id: &str) {
        let (status, body) = self.post("/_control/worker", &json!({ "WorkerId": id }).to_string()).await;
        assert_eq!(status, 200, "{body}");
    }

    pub async fn grant(&self, qualification: &str, worker: &str, value: i32) {
        let granted = self.client.associate_qualification_with_worker().qualification_type_id(qualification);
        granted.worker_id(worker).integer_value(value).send().await.unwrap();
    }

    /// The value that a worker has of a type; the refusal if there is none.
    pub async fn score(&self, qualification: &str, worker: &str) -> Result<i32, String> {
        let asked = self.client.get_qualification_score().qualification_type_id(qualification).worker_id(worker);
        match asked.send().await {
            Ok(found) => Ok(found.qualification.unwrap().integer_value.unwrap()),
            refusal => Err(refused(refusal).1),
        }
    }
}

#[tokio::test]
async fn a_new_type_is_shown_in_full() {
    let desk = desk().await;
    let now = desk.market.clock.now().time().0;
    let made = desk
        .client
        .create_qualification_type()
        .name("Reads German")
        .keywords("german, language")
        .description("Reads German at ease")
        .qualification_type_status(QualificationTypeStatus::Active)
        .retry_delay_in_seconds(86_400)
        .auto_granted(true)
        .auto_granted_value(7)
        .send()
        .await
        .unwrap()
        .qualification_type
        .unwrap();
    assert_eq!(made.qualification_type_id.as_ref().unwrap().len(), 30);
    assert_eq!(made.creation_time.unwrap().secs(), now);
    assert_eq!((made.name.as_deref(), made.keywords.as_deref()), (Some("Reads German"), Some("german, language")));
    assert_eq!(made.description.as_deref(), Some("Reads German at ease"));
    assert_eq!(made.qualification_type_status, Some(QualificationTypeStatus::Active));
    assert_eq!((made.retry_delay_in_seconds, made.is_requestable), (Some(86_400), Some(true)));
    assert_eq!((made.auto_granted, made.auto_granted_value), (Some(true), Some(7)));
    assert_eq!((made.test, made.answer_key, made.test_duration_in_seconds), (None, None, None));

    let plain = desk.qualification_type("Plain").await;
    assert_eq!((plain.auto_granted, plain.auto_granted_value), (Some(false), None));
    assert_eq!((plain.keywords.as_deref(), plain.retry_delay_in_seconds), (None, None));
    let id = plain.qualification_type_id.as_deref().unwrap();
    let found = desk.client.get_qualification_type().qualification_type_id(id).send().await.unwrap();
    assert_eq!(found.qualification_type, Some(plain));
}

#[tokio::test]
async fn what_a_type_cannot_be_is_refused() {
    let desk = desk().await;
    let make = || {
        let made = desk.client.create_qualification_type().name("n").description("d");
        made.qualification_type_status(QualificationTypeStatus::Active)
    };
    let business = [
        make().name(""),
        make().name("n".repeat(201)),
        make().description(""),
        make().description("d".repeat(2_001)),
        make().keywords("k".repeat(1_001)),
        make().retry_delay_in_seconds(-1),
        make().answer_key("<AnswerKey/>"),
        make().test("<QuestionForm/>"),
        make().test("<QuestionForm/>").test_duration_in_seconds(0),
        make().test("<QuestionForm/>").test_duration_in_seconds(31_536_001),
    ];
    for (number, attempt) in business.into_iter().enumerate() {
        let (code, message) = refused(attempt.send().await);
        assert_eq!(code, "ParameterValidationError", "attempt {number}: {message}");
    }
    let model = [
        make().set_name(None),
        make().set_description(None),
        make().set_qualification_type_status(None),
        make().qualification_type_status("Disposing".into()),
    ];
    for (number, attempt) in model.into_iter().enumerate() {
        let (code, message) = refused(attempt.send().await);
        assert_eq!(code, "ValidationException", "attempt {number}: {message}");
    }
    let none = desk.client.list_qualification_types().must_be_requestable(false).must_be_owned_by_caller(true);
    assert_eq!(none.send().await.unwrap().num_results, Some(0));
}

#[tokio::test]
async fn a_name_is_taken_once_by_each_requester() {
    let desk = desk().await;
    desk.qualification_type("Sentiment").await;
    let again = || {
        let made = desk.client.create_qualification_type().name("Sentiment").description("d");
        made.qualification_type_status(QualificationTypeStatus::Inactive).send()
    };
    let (code, message) = refused(again().await);
    assert_eq!(code, "RequestError");
    assert!(message.starts_with("You have already created a QualificationType with this name. "), "{message}");
    assert_eq!(
        turk_code!(again().await, create_qualification_type::CreateQualificationTypeError),
        "AWS.MechanicalTurk.QualificationTypeAlreadyExists"
    );
    let other = other(&desk).await;
    let made = other.create_qualification_type().name("Sentiment").description("d");
    made.qualification_type_status(QualificationTypeStatus::Active).send().await.unwrap();
}

#[tokio::test]
async fn a_type_can_be_changed_but_not_its_name() {
    let desk = desk().await;
    let made = desk.qualification_type("Reads German").await;
    let id = made.qualification_type_id.clone().unwrap();
    let update = || desk.client.update_qualification_type().qualification_type_id(&id);
    let changed = update()
        .description("Reads it well")
        .qualification_type_status(QualificationTypeStatus::Inactive)
        .retry_delay_in_seconds(60)
        .auto_granted(true)
        .send()
        .await
        .unwrap()
        .qualification_type
        .unwrap();
    assert_eq!((changed.name, changed.creation_time), (made.name, made.creation_time));
    assert_eq!(changed.description.as_deref(), Some("Reads it well"));
    assert_eq!(changed.qualification_type_status, Some(QualificationTypeStatus::Inactive));
    assert_eq!((changed.is_requestable, changed.retry_delay_in_seconds), (Some(false), Some(60)));
    assert_eq!((changed.auto_granted, changed.auto_granted_value), (Some(true), Some(1)));

    let kept = update().auto_granted_value(4).send().await.unwrap().qualification_type.unwrap();
    assert_eq!((kept.description.as_deref(), kept.retry_delay_in_seconds), (Some("Reads it well"), Some(60)));
    assert_eq!((kept.auto_granted, kept.auto_granted_value), (Some(true), Some(4)));
    let off = update().auto_granted(false).send().await.unwrap().qualification_type.unwrap();
    assert_eq!((off.auto_granted, off.auto_granted_value), (Some(false), None));

    for wrong in [update().description(""), update().retry_delay_in_seconds(-1), update().test_duration_in_seconds(60)]
    {
        assert_eq!(refused(wrong.send().await).0, "ParameterValidationError");
    }
}

#[tokio::test]
async fn a_value_is_given_changed_taken_and_given_again() {
    let desk = desk().await;
    let of = desk.qualification_type_id("Trusted").await;
    desk.worker("A1WORKER").await;
    let unknown = "You requested a Qualification that does not exist. (";
    assert!(desk.score(&of, "A1WORKER").await.unwrap_err().starts_with(unknown));
    let give = || desk.client.associate_qualification_with_worker().qualification_type_id(&of).worker_id("A1WORKER");
    give().send().await.unwrap();
    assert_eq!(desk.score(&of, "A1WORKER").await, Ok(1));

    desk.advance(60).await;
    give().integer_value(-5).send_notification(false).send().await.unwrap();
    let asked = desk.client.get_qualification_score().qualification_type_id(&of).worker_id("A1WORKER").send();
    let found = asked.await.unwrap().qualification.unwrap();
    assert_eq!((found.integer_value, found.status), (Some(-5), Some(QualificationStatus::Granted)));
    assert_eq!(found.grant_time.unwrap().secs(), desk.market.clock.now().time().0);
    assert_eq!((found.worker_id.as_deref(), found.qualification_type_id), (Some("A1WORKER"), Some(of.clone())));

    let take = || {
        let taken = desk.client.disassociate_qualification_from_worker().qualification_type_id(&of);
        taken.worker_id("A1WORKER").reason("too fast").send()
    };
    take().await.unwrap();
    let refusal = desk.score(&of, "A1WORKER").await.unwrap_err();
    assert!(refusal.starts_with("This operation can be called with a status of: Granted ("), "{refusal}");
    assert_eq!(
        turk_code!(take().await, disassociate_qualification_from_worker::DisassociateQualificationFromWorkerError),
        "AWS.MechanicalTurk.InvalidQualificationState"
    );
    desk.grant(&of, "A1WORKER", 3).await;
    assert_eq!(desk.score(&of, "A1WORKER").await, Ok(3));
}

#[tokio::test]
async fn only_workers_that_the_market_knows_can_be_given_anything() {
    let desk = desk().await;
    let of = desk.qualification_type_id("Trusted").await;
    let give = |worker: &str| {
        desk.client.associate_qualification_with_worker().qualification_type_id(&of).worker_id(worker).send()
    };
    let (code, message) = refused(give("A1NOBODY").await);
    assert_eq!(code, "ParameterValidationError");
    assert!(message.starts_with("The value \"A1NOBODY\" is not valid for the parameter WorkerId."), "{message}");
    assert_eq!(refused(give("B1NOBODY").await).0, "ValidationException");
    let taken = desk.client.disassociate_qualification_from_worker().qualification_type_id(&of).worker_id("A1NOBODY");
    assert!(refused(taken.send().await).1.starts_with("You requested a Qualification that does not exist."));
}

#[tokio::test]
async fn those_who_have_it_are_listed_and_on_request_those_from_whom_it_was_taken() {
    let desk = desk().await;
    let of = desk.qualification_type_id("Trusted").await;
    for number in 0..25 {
        let worker = format!("A{number}WORKER");
        desk.worker(&worker).await;
        desk.grant(&of, &worker, number).await;
    }
    for number in [3, 11] {
        let taken = desk.client.disassociate_qualification_from_worker().qualification_type_id(&of);
        taken.worker_id(format!("A{number}WORKER")).send().await.unwrap();
    }
    let list = async |status| {
        let list = desk.client.list_workers_with_qualification_type().qualification_type_id(&of).set_status(status);
        let pages: Vec<_> = list.into_paginator().page_size(10).send().try_collect().await.unwrap();
        pages.into_iter().flat_map(|page| page.qualifications.unwrap()).collect::<Vec<_>>()
    };
    let granted = list(None).await;
    let values: Vec<i32> = granted.iter().map(|q| q.integer_value.unwrap()).collect();
    assert_eq!(values, (0..25).filter(|n| ![3, 11].contains(n)).collect::<Vec<_>>());
    assert_eq!(list(Some(QualificationStatus::Granted)).await, granted);
    let revoked = list(Some(QualificationStatus::Revoked)).await;
    let workers: Vec<&str> = revoked.iter().map(|q| q.worker_id.as_deref().unwrap()).collect();
    assert_eq!(workers, ["A3WORKER", "A11WORKER"]);
    assert_eq!(revoked[0].status, Some(QualificationStatus::Revoked));
    let wrong = desk.client.list_workers_with_qualification_type().qualification_type_id(&of).status("Both".into());
    assert_eq!(refused(wrong.send().await).0, "ValidationException");
}

#[tokio::test]
async fn types_are_found_by_words_and_by_whose_they_are() {
    let desk = desk().await;
    let of = desk.qualification_type_id("Sentiment basics").await;
    desk.qualification_type("Sentiment, the next step").await;
    let resting = desk.qualification_type_id("Resting").await;
    let rest = desk.client.update_qualification_type().qualification_type_id(&resting);
    rest.qualification_type_status(QualificationTypeStatus::Inactive).send().await.unwrap();
    let names = async |requestable: bool, owned: Option<bool>, query: Option<&str>| {
        let list = desk.client.list_qualification_types().must_be_requestable(requestable);
        let list = list.set_must_be_owned_by_caller(owned).set_query(query.map(str::to_owned));
        let pages: Vec<_> = list.into_paginator().page_size(2).send().try_collect().await.unwrap();
        let found = pages.into_iter().flat_map(|page| page.qualification_types.unwrap());
        found.map(|found| found.name.unwrap()).collect::<Vec<_>>()
    };
    let all = names(false, None, None).await;
    assert_eq!(
        all,
        [
            "Masters",
            "Worker_NumberHITsApproved",
            "Worker_Locale",
            "Worker_Adult",
            "Worker_PercentAssignmentsApproved",
            "Sentiment basics",
            "Sentiment, the next step",
            "Resting"
        ]
    );
    assert_eq!(names(false, Some(true), None).await, all[5..]);
    assert_eq!(names(true, Some(false), None).await, all[5..7], "the system's and inactive ones cannot be requested");
    assert_eq!(names(false, Some(true), Some("sentiment")).await, all[5..7]);
    assert_eq!(names(false, Some(true), Some("Sentiment basics")).await, all[5..6]);
    assert_eq!(names(false, None, Some("locale")).await, all[2..3]);
    assert_eq!(names(false, None, Some("nothing of the kind")).await, [""; 0]);

    let (code, message) = refused(desk.client.list_qualification_types().send().await);
    assert_eq!(code, "ValidationException");
    assert!(message.contains("'mustBeRequestable'"), "{message}");
    let first = desk.client.list_qualification_types().must_be_requestable(false).max_results(1).send().await.unwrap();
    let foreign = desk.client.list_qualification_types().must_be_requestable(true);
    let foreign = foreign.set_next_token(first.next_token).send().await;
    assert_eq!(refused(foreign).0, "ParameterValidationError", "a token is good for its own query only");
    desk.client.delete_qualification_type().qualification_type_id(of).send().await.unwrap();
    assert_eq!(names(true, Some(true), None).await, ["Sentiment, the next step"]);
}

#[tokio::test]
async fn the_systems_types_can_be_looked_at_and_nothing_else() {
    let desk = desk().await;
    desk.worker("A1WORKER").await;
    for id in ["000000000000000000L0", "2F1QJWKUDD8XADTFD2Q0G6UTO95ALH", "2ARFPLSP75KLA8M8DH1HTEQVJT3SY6"] {
        let found = desk.client.get_qualification_type().qualification_type_id(id).send().await.unwrap();
        let found = found.qualification_type.unwrap();
        assert_eq!(found.qualification_type_id.as_deref(), Some(id));
        assert_eq!((found.is_requestable, found.auto_granted), (Some(false), Some(false)));
        let client = &desk.client;
        let refusals = [
            refused(client.update_qualification_type().qualification_type_id(id).description("x").send().await),
            refused(client.delete_qualification_type().qualification_type_id(id).send().await),
            refused(client.list_qualification_requests().qualification_type_id(id).send().await),
            refused(client.list_workers_with_qualification_type().qualification_type_id(id).send().await),
            refused(
                client
                    .associate_qualification_with_worker()
                    .qualification_type_id(id)
                    .worker_id("A1WORKER")
                    .send()
                    .await,
            ),
        ];
        for (code, message) in refusals {
            assert_eq!(code, "RequestError");
            assert!(
                message.starts_with("This user is not authorized to perform the requested operation. ("),
                "{message}"
            );
        }
        assert!(desk.score(id, "A1WORKER").await.unwrap_err().contains("Qualification that does not exist"));
    }
}

/// A client of another requester.
pub async fn other(desk: &Desk) -> aws_sdk_mturk::Client {
    let (status, account) = desk.post("/_control/requester", r#"{"name":"other"}"#).await;
    assert_eq!(status, 200);
    let text = |name: &str| account[name].as_str().unwrap().to_owned();
    client(&desk.market.endpoint, &text("access_key_id"), &text("secret_access_key"))
}

#[tokio::test]
async fn anothers_types_behave_as_not_existing() {
    let desk = desk().await;
    let of = desk.qualification_type_id("Mine").await;
    desk.worker("A1WORKER").await;
    desk.grant(&of, "A1WORKER", 5).await;
    let other = other(&desk).await;
    let refusals = [
        refused(other.get_qualification_type().qualification_type_id(&of).send().await),
        refused(other.update_qualification_type().qualification_type_id(&of).description("x").send().await),
        refused(other.delete_qualification_type().qualification_type_id(&of).send().await),
        refused(other.list_qualification_requests().qualification_type_id(&of).send().await),
        refused(other.list_workers_with_qualification_type().qualification_type_id(&of).send().await),
        refused(other.list_hits_for_qualification_type().qualification_type_id(&of).send().await),
        refused(
            other.associate_qualification_with_worker().qualification_type_id(&of).worker_id("A1WORKER").send().await,
        ),
        refused(
            other
                .disassociate_qualification_from_worker()
                .qualification_type_id(&of)
                .worker_id("A1WORKER")
                .send()
                .await,
        ),
    ];
    for (code, message) in refusals {
        assert_eq!(code, "RequestError");
        assert!(message.starts_with(&format!("QualificationType {of} does not exist. (")), "{message}");
    }
    let score = refused(other.get_qualification_score().qualification_type_id(&of).worker_id("A1WORKER").send().await);
    assert!(score.1.starts_with("You requested a Qualification that does not exist."), "{score:?}");
    let listed = other.list_qualification_types().must_be_requestable(true).send().await.unwrap();
    assert_eq!(listed.num_results, Some(0));
    assert_eq!(desk.score(&of, "A1WORKER").await, Ok(5));
    assert_eq!(
        turk_code!(
            other.get_qualification_type().qualification_type_id(&of).send().await,
            get_qualification_type::GetQualificationTypeError
        ),
        "AWS.MechanicalTurk.QualificationTypeDoesNotExist"
    );
}
