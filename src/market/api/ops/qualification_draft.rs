//! What is said of a qualification type when it is made or changed, checked.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use super::super::qualification::qualification_type;
use super::shared::{length, range};
use crate::domain::time::Seconds;
use crate::market::error::Refusal;
use crate::market::json::Json;
use crate::market::rules::qualification::TypeStatus;
use crate::market::rules::qualification_test::check_test;
use crate::market::storage::{NewTest, QualificationTypeView};

const STATUSES: [&str; 2] = [TypeStatus::Active.name(), TypeStatus::Inactive.name()];
const YEAR: i64 = 31_536_000;
/// No limit is documented; this one keeps arithmetic with times honest.
const LONGEST_DELAY: i64 = 100 * YEAR;

/// What creating and changing have in common. Good only when the input turns out to be.
pub struct Said {
    /// `QualificationTypeStatus`.
    pub status: Option<TypeStatus>,
    /// `RetryDelayInSeconds`.
    pub retry: Option<Seconds>,
    /// `Test`, `AnswerKey` and `TestDurationInSeconds`.
    pub test: Option<NewTest>,
    /// `AutoGranted`.
    pub auto_granted: Option<bool>,
    /// `AutoGrantedValue`.
    pub auto_value: Option<i32>,
}

/// Reads them. The inner result is good only when the input turns out to be.
pub fn said(input: &mut Input<'_>, is_new: bool) -> Result<Said, Fault> {
    let status = input.one_of("QualificationTypeStatus", &STATUSES);
    let retry = input.long("RetryDelayInSeconds");
    let test = input.text("Test");
    let answer_key = input.text("AnswerKey");
    let duration = input.long("TestDurationInSeconds");
    let auto_granted = input.boolean("AutoGranted");
    let auto_value = input.integer("AutoGrantedValue").and_then(|value| i32::try_from(value).ok());

    if let Some(retry) = retry {
        range("RetryDelayInSeconds", retry, 0, LONGEST_DELAY)?;
    }
    if let Some(duration) = duration {
        range("TestDurationInSeconds", duration, 1, YEAR)?;
    }
    let status = match status {
        Some(name) if name == TypeStatus::Inactive.name() => Some(TypeStatus::Inactive),
        Some(_) => Some(TypeStatus::Active),
        None => None,
    };
    let test = test_said(test, answer_key, duration, is_new)?;
    Ok(Said { status, retry: retry.map(Seconds), test, auto_granted, auto_value })
}

fn test_said(
    test: Option<&str>,
    answer_key: Option<&str>,
    duration: Option<i64>,
    is_new: bool,
) -> Result<Option<NewTest>, Refusal> {
    let refuse = |what: &str| Err(Refusal::Parameters(what.into()));
    match (test, duration) {
        (None, _) if answer_key.is_some() => refuse("AnswerKey can be given with a Test only."),
        // A type that has a test would keep the old duration, which is not what is asked for.
        (None, Some(_)) if !is_new => refuse("TestDurationInSeconds is changed together with Test: give that again."),
        (None, _) => Ok(None),
        (Some(_), None) => refuse("TestDurationInSeconds must be given with a Test."),
        (Some(test), Some(duration)) => {
            check_test(test, answer_key).map_err(|wrong| Refusal::Document(wrong.0))?;
            Ok(Some(NewTest {
                test: test.to_owned(),
                answer_key: answer_key.map(str::to_owned),
                duration: Seconds(duration),
            }))
        }
    }
}

/// `Description`.
pub fn check_description(text: &str) -> Result<(), Refusal> {
    length("Description", text, 1, 2_000)
}

/// An answer that is one qualification type.
pub fn show(shown: &QualificationTypeView<'_>) -> Bytes {
    let texts = shown.test.map_or(0, str::len) + shown.answer_key.map_or(0, str::len);
    let mut json = Json::with_capacity(1024 + texts);
    qualification_type(json.open().open_member("QualificationType"), shown);
    json.close().close();
    json.into_bytes()
}
