//! What workers do about qualifications: say who they are, ask, take tests.

use super::Service;
use crate::domain::id::WorkerId;
use crate::domain::requirement::Locale;
use crate::domain::time::Time;
use crate::market::error::{Refusal, ServiceError};
use crate::market::rules::eligibility::Profile;
use crate::market::rules::qualification::{AskRefusal, Asks, Offer, Outcome, RequestState, TypeStatus, ask};
use crate::market::rules::qualification_test::score;
use crate::market::rules::question::check_answer;
use crate::market::storage::{Change, NewQualificationRequest, QualificationTypeRecord, TestKey, WorkerKey};

/// The largest answer to a test, in bytes.
const MAX_ANSWER: usize = 1 << 20;

/// What came of a worker's request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Requested {
    /// The worker has the qualification.
    Granted {
        /// With this value.
        value: i32,
    },
    /// The requester decides.
    Pending {
        /// `QualificationRequestId`.
        request: String,
    },
    /// The worker has a test before them.
    Test {
        /// `Test`.
        test: String,
        /// Until when it must be handed in.
        deadline: Time,
    },
}

/// What is to change about a worker's profile; nothing where there is none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProfileChange {
    /// Where the worker lives; `Some(None)` for nowhere in particular.
    pub locale: Option<Option<Locale>>,
    /// Whether they are of age and see such tasks.
    pub adult: Option<bool>,
    /// Whether they are among the market's best.
    pub masters: Option<bool>,
}

impl Service {
    /// Changes what is known of a worker, who becomes known with it; returns what is known then.
    pub async fn save_profile(&self, worker: &WorkerId, draft: ProfileChange) -> Result<Profile, ServiceError> {
        let worker = worker.clone();
        self.storage
            .change(move |change| {
                let key = change.find_or_add_worker(worker.as_str())?;
                let before = change.standings(key)?.profile;
                let profile = Profile {
                    locale: draft.locale.unwrap_or(before.locale),
                    adult: draft.adult.unwrap_or(before.adult),
                    masters: draft.masters.unwrap_or(before.masters),
                };
                change.save_profile(key, &profile)?;
                Ok(profile)
            })
            .await
    }

    /// Writes down who a worker is, who becomes known with it; what is known already stays.
    pub async fn introduce(&self, worker: &WorkerId, profile: Profile) -> Result<(), ServiceError> {
        let worker = worker.clone();
        self.storage
            .change(move |change| {
                let key = change.find_or_add_worker(worker.as_str())?;
                if change.standings(key)?.profile == Profile::default() {
                    change.save_profile(key, &profile)?;
                }
                Ok(())
            })
            .await
    }

    /// The answer key of a type's test, for those who simulate people that know what is right.
    pub async fn answer_key(&self, qualification: &str) -> Result<Option<String>, ServiceError> {
        let id = qualification.to_owned();
        self.read(move |view| {
            let test = view.qualification_type(&id)?.and_then(|found| found.test);
            Ok(match test {
                Some((test, _)) => view.test(test)?.1,
                None => None,
            })
        })
        .await
    }

    /// Asks for a qualification in a worker's name, who becomes known with it. If it has a test, asking without an answer begins
    /// the test, or goes on with it; with an answer it is handed in.
    pub async fn request_qualification(
        &self,
        qualification: &str,
        worker: &WorkerId,
        answer: Option<String>,
    ) -> Result<Requested, ServiceError> {
        if let Some(answer) = &answer {
            if answer.len() > MAX_ANSWER {
                let length = answer.len();
                let what = format!("The answer has {length} bytes; at most {MAX_ANSWER} are allowed.");
                return Err(Refusal::Worker(what).into());
            }
            check_answer(answer).map_err(|wrong| Refusal::Document(wrong.0))?;
        }
        let (id, worker) = (qualification.to_owned(), worker.clone());
        self.storage
            .change(move |change| {
                let found = change.qualification_type(&id)?.filter(|found| found.status != TypeStatus::Disposing);
                let record = found.ok_or_else(|| Refusal::NoQualificationType(id.clone()))?;
                let worker = change.find_or_add_worker(worker.as_str())?;
                request(change, &record, worker, answer)
            })
            .await
    }
}

fn request(
    change: &mut Change<'_>,
    of: &QualificationTypeRecord,
    worker: WorkerKey,
    answer: Option<String>,
) -> Result<Requested, ServiceError> {
    let asked = change.asked(worker, of.key)?;
    // A test that was begun is finished as it was begun, also when the type has another one by now.
    let begun = change.attempt(worker, of.key)?.filter(|(_, attempt)| change.now() <= attempt.deadline);
    let test = begun.map(|(test, _)| test).or(of.test.map(|(test, _)| test));
    let texts = match test {
        Some(test) => Some(change.test(test)?),
        None => None,
    };
    let offer = match (of.offer(), &texts) {
        (Offer::Test { duration, .. }, Some((_, key))) => Offer::Test { duration, is_scored: key.is_some() },
        (offer, _) => offer,
    };
    let asks = if answer.is_some() { Asks::HandIn } else { Asks::Begin };
    let outcome = ask(of.status, offer, of.retry, asked, asks, change.now())
        .map_err(|refusal| Refusal::Worker(refused(of, refusal)))?;
    let taken = test.zip(answer);
    match outcome {
        Outcome::Granted(value) => {
            let now = change.now();
            add(change, of, worker, now, RequestState::Accepted, None)?;
            change.grant(worker, of.key, value)?;
            Ok(Requested::Granted { value })
        }
        Outcome::Queued { requested } => {
            let request = add(change, of, worker, requested, RequestState::Pending, taken)?;
            Ok(Requested::Pending { request })
        }
        Outcome::Sitting(attempt) => {
            let (Some(test), Some((text, _))) = (test, texts) else {
                return Err(Refusal::Worker(refused(of, AskRefusal::NoTest)).into());
            };
            change.begin_test(worker, of.key, test, attempt)?;
            Ok(Requested::Test { test: text, deadline: attempt.deadline })
        }
        Outcome::Scored { requested } => {
            let (Some((test, answer)), Some((_, Some(key)))) = (taken, texts) else {
                return Err(Refusal::Worker(refused(of, AskRefusal::NoTest)).into());
            };
            let value = score(&key, &answer).map_err(|wrong| Refusal::Document(wrong.0))?;
            add(change, of, worker, requested, RequestState::Accepted, Some((test, answer)))?;
            change.grant(worker, of.key, value)?;
            Ok(Requested::Granted { value })
        }
    }
}

fn add(
    change: &mut Change<'_>,
    of: &QualificationTypeRecord,
    worker: WorkerKey,
    requested: Time,
    state: RequestState,
    taken: Option<(TestKey, String)>,
) -> Result<String, ServiceError> {
    let new = NewQualificationRequest { requested, state, taken };
    Ok(change.add_qualification_request(worker, of, &new)?)
}

fn refused(of: &QualificationTypeRecord, refusal: AskRefusal) -> String {
    format!("QualificationType {} cannot be granted: {refusal}.", of.id)
}
