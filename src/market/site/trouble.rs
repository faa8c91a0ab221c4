//! What is said in place of a page.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use minijinja::context;

use super::page;
use crate::market::error::{Refusal, ServiceError};

/// Why there is no page.
#[derive(Debug, Clone)]
pub enum Trouble {
    /// One has to sign in first, and then comes back here.
    SignIn(Option<String>),
    /// The form was not one of this site's, or is too old.
    Forged,
    /// There is no such thing, or not for this worker.
    Nowhere(&'static str),
    /// It cannot be had now: said in words.
    Refused(StatusCode, String),
    /// Too much at once: wait so many seconds.
    TooMuch(u64),
    /// The market has failed.
    Failed,
}

impl Trouble {
    /// A request that makes no sense.
    pub fn bad(why: impl Into<String>) -> Trouble {
        Trouble::Refused(StatusCode::BAD_REQUEST, why.into())
    }

    /// A refusal in words.
    pub fn refused(why: impl Into<String>) -> Trouble {
        Trouble::Refused(StatusCode::CONFLICT, why.into())
    }
}

impl From<ServiceError> for Trouble {
    fn from(error: ServiceError) -> Trouble {
        match error {
            ServiceError::Refused(Refusal::NoHit(_)) => Trouble::Nowhere("There is no such HIT."),
            ServiceError::Refused(Refusal::NoAssignment(_)) => Trouble::Nowhere("There is no such assignment."),
            ServiceError::Refused(Refusal::NoQualificationType(_)) => {
                Trouble::Nowhere("There is no such qualification.")
            }
            ServiceError::Refused(refusal) => Trouble::refused(refusal.to_string()),
            ServiceError::Failed(error) => {
                tracing::error!(%error, "a page of the worker site could not be made");
                Trouble::Failed
            }
        }
    }
}

impl From<crate::market::storage::StorageError> for Trouble {
    fn from(error: crate::market::storage::StorageError) -> Trouble {
        ServiceError::from(error).into()
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let (status, title, words) = match self {
            Trouble::SignIn(next) => return page::to(&sign_in_path(next.as_deref())),
            Trouble::Forged => (
                StatusCode::FORBIDDEN,
                "This form was not accepted",
                "It was not sent from a page of this site, or the page had been open for too long. Go back, load the page again and \
                 send it once more. Nothing was changed."
                    .to_owned(),
            ),
            Trouble::Nowhere(words) => (StatusCode::NOT_FOUND, "There is nothing here", words.to_owned()),
            Trouble::Refused(status, words) => (status, "That is not possible", words),
            Trouble::TooMuch(seconds) => {
                let words = format!("Too much was asked for in a short time. Try again in {seconds} seconds.");
                let mut response = sorry(StatusCode::TOO_MANY_REQUESTS, "One moment", &words);
                if let Ok(value) = HeaderValue::from_str(&seconds.to_string()) {
                    response.headers_mut().insert(header::RETRY_AFTER, value);
                }
                return response;
            }
            Trouble::Failed => (
                StatusCode::SERVICE_UNAVAILABLE,
                "The market has a problem",
                "What you asked for was not done. Try again in a while; if it stays like this, tell those who run this market."
                    .to_owned(),
            ),
        };
        sorry(status, title, &words)
    }
}

fn sorry(status: StatusCode, title: &str, words: &str) -> Response {
    page::show(status, "trouble.html", context! { title, words })
}

/// Where one signs in, and comes back from.
fn sign_in_path(next: Option<&str>) -> String {
    match next {
        None => "/signin".into(),
        Some(next) => {
            let query = form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
            format!("/signin?{query}")
        }
    }
}
