//! Looks at every answer before the SDK does. The SDK ignores the body of operations that return nothing, so that the
//! "please log in" page of a hotel would pass for an approval.

use aws_sdk_mturk::config::interceptors::BeforeDeserializationInterceptorContextRef;
use aws_sdk_mturk::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_mturk::error::BoxError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// What came instead of an answer of a Mechanical Turk service.
#[derive(Debug, Clone)]
pub(super) struct NotAnAnswer(String);

impl NotAnAnswer {
    pub(super) fn of(raw: &HttpResponse) -> Self {
        let kind = raw.headers().get("content-type").unwrap_or("no content type");
        let kind: String = kind.chars().filter(|c| !c.is_control()).take(60).collect();
        NotAnAnswer(format!("HTTP {} with {kind} came instead", raw.status().as_u16()))
    }
}

impl fmt::Display for NotAnAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotAnAnswer {}

/// Refuses successes that carry neither a request id nor JSON, and remembers what time the endpoint says it is.
#[derive(Debug, Clone, Default)]
pub(super) struct Check(Arc<Mutex<Option<String>>>);

impl Check {
    /// The `Date` of the last answer, as it stands in its header.
    pub(super) fn date(&self) -> Option<String> {
        // Whoever panicked with the lock in hand left a whole value.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Intercept for Check {
    fn name(&self) -> &'static str {
        "hitdeck: is it an answer"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let raw = context.response();
        if let Some(date) = raw.headers().get("date") {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(date.to_owned());
        }
        let json = raw.headers().get("content-type").is_some_and(|kind| kind.contains("json"));
        if raw.status().is_success() && !json && raw.headers().get("x-amzn-requestid").is_none() {
            return Err(NotAnAnswer::of(raw).into());
        }
        Ok(())
    }
}
