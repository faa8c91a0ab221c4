//! What can go wrong with a request, by what it means for the one who asked.

use super::answers::NotAnAnswer;
use super::credentials::Unusable;
use aws_sdk_mturk::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use std::error::Error as StdError;

/// Why a request did not do what it was to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The account was read from files.
    #[error("this account was read from files: there is no endpoint to ask, and nothing is ever sent")]
    Offline,
    /// The service turned it away unread because there are too many. It was certainly not carried out.
    #[error("the endpoint throttles: {message}")]
    Throttled {
        /// The service's words.
        message: String,
    },
    /// It never left this machine: no connection, no name, no certificate. It was certainly not carried out.
    #[error("the endpoint cannot be reached: {why}; {}", remedy(why))]
    NotSent {
        /// The chain of causes.
        why: String,
    },
    /// It was sent, and no answer came that says what became of it: a timeout, a cut connection, a server error.
    #[error("no clear answer: {why}")]
    Maybe {
        /// What came instead.
        why: String,
    },
    /// The service understood and refused. It was certainly not carried out.
    #[error("refused: {message}")]
    Refused {
        /// `__type`, e.g. `RequestError`.
        code: String,
        /// `TurkErrorCode`, e.g. `AWS.MechanicalTurk.InvalidAssignmentState`.
        turk_code: Option<String>,
        /// The service's words, without the trailing time in parentheses.
        message: String,
    },
    /// There are no credentials, they are of another account, or the service does not accept them.
    #[error("{why}")]
    Credentials {
        /// What is wrong and what to do, in whole sentences.
        why: String,
    },
    /// Something answered, but not a Mechanical Turk service.
    #[error("that is no Mechanical Turk endpoint: {came}; check the address")]
    NotMturk {
        /// What came instead.
        came: String,
    },
    /// An answer without something that has to be in it.
    #[error("the answer to {operation} has no usable {member}: {came}")]
    Malformed {
        /// The operation.
        operation: &'static str,
        /// The member, by its API name.
        member: &'static str,
        /// What stood there.
        came: String,
    },
}

/// What helps when an endpoint cannot be reached.
fn remedy(why: &str) -> &'static str {
    if why.contains("certificate") {
        "it does not prove to be the one that is meant: use the name its certificate was made for, or add the certificate \
         of who signed it to those that this machine trusts"
    } else {
        "check the address and the network"
    }
}

impl Error {
    /// Refused because the subject is in a state that does not allow it (already decided, still assignable, …).
    pub fn is_wrong_state(&self) -> bool {
        match self {
            Error::Refused { turk_code, message, .. } => {
                turk_code.as_deref().is_some_and(|code| code.ends_with("State"))
                    || message.contains("can be called with a status of")
            }
            _ => false,
        }
    }

    /// Refused because the subject does not exist (any more, or for this account).
    pub fn is_missing(&self) -> bool {
        match self {
            Error::Refused { turk_code, message, .. } => {
                turk_code.as_deref().is_some_and(|code| code.ends_with("DoesNotExist"))
                    || message.contains("does not exist")
            }
            _ => false,
        }
    }

    /// Refused because there is one of that name already.
    pub fn is_taken(&self) -> bool {
        match self {
            Error::Refused { turk_code, message, .. } => {
                turk_code.as_deref().is_some_and(|code| code.ends_with("AlreadyExists"))
                    || message.contains("already created a QualificationType with this name")
            }
            _ => false,
        }
    }

    /// Refused because the account holds too little.
    pub fn is_poor(&self) -> bool {
        match self {
            Error::Refused { turk_code, message, .. } => {
                turk_code.as_deref().is_some_and(|code| code.ends_with("InsufficientFunds"))
                    || message.contains("insufficient funds")
            }
            _ => false,
        }
    }

    /// Refused because the request's token was used before: it was carried out then.
    pub fn is_repeated(&self) -> bool {
        matches!(self, Error::Refused { message, .. } if message.contains("has already been processed"))
    }

    /// Turned away because the service does not have the operation.
    pub fn is_unknown_operation(&self) -> bool {
        matches!(self, Error::NotMturk { came } if came.contains("does not know the operation"))
    }

    /// Whether the request cannot have changed anything.
    pub const fn is_certain(&self) -> bool {
        matches!(
            self,
            Error::Throttled { .. } | Error::NotSent { .. } | Error::Refused { .. } | Error::Credentials { .. }
        )
    }
}

const THROTTLES: [&str; 8] = [
    "ThrottlingException",
    "Throttling",
    "ThrottledException",
    "RequestThrottledException",
    "RequestThrottled",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "SlowDown",
];

const CREDENTIALS: [&str; 12] = [
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "MissingAuthenticationTokenException",
    "MissingAuthenticationToken",
    "IncompleteSignatureException",
    "IncompleteSignature",
    "AccessDeniedException",
    "ExpiredTokenException",
    "ExpiredToken",
    "AuthFailure",
];

/// Sorts a failure of the SDK into our classes.
pub(super) fn classify<E>(error: SdkError<E, HttpResponse>) -> Error
where
    E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
{
    match &error {
        SdkError::ConstructionFailure(_) => before_sending(&error),
        SdkError::DispatchFailure(failure) => {
            let source: Option<&(dyn StdError + 'static)> = failure.as_connector_error().map(|e| e as _);
            match source {
                Some(source) if from_credentials(source).is_some() => before_sending(&error),
                // Only a failed connect proves that nothing left; everything later may have been read by the server.
                Some(source) if never_connected(source) => Error::NotSent { why: chain(source) },
                _ => Error::Maybe { why: chain(&error) },
            }
        }
        SdkError::TimeoutError(_) => Error::Maybe { why: "it did not answer in time".into() },
        SdkError::ResponseError(failure) => match find::<NotAnAnswer>(&error) {
            Some(not) => Error::NotMturk { came: not.to_string() },
            None => Error::Maybe { why: format!("HTTP {}, {}", failure.raw().status().as_u16(), chain(&error)) },
        },
        SdkError::ServiceError(failure) => answered(failure.err().meta().code(), failure.raw()),
        _ => Error::Maybe { why: chain(&error) },
    }
}

fn answered(code: Option<&str>, raw: &HttpResponse) -> Error {
    let status = raw.status().as_u16();
    let body = raw.body().bytes().unwrap_or_default();
    let json: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |names: &[&str]| names.iter().find_map(|name| json.get(name)?.as_str()).unwrap_or("").trim().to_owned();
    let message = without_time(&text(&["Message", "message", "errorMessage"]));
    let Some(code) = code else {
        return match status {
            429 => Error::Throttled { message: "too many requests".into() },
            500.. => Error::Maybe { why: format!("HTTP {status}") },
            _ => Error::NotMturk { came: NotAnAnswer::of(raw).to_string() },
        };
    };
    if THROTTLES.contains(&code) {
        return Error::Throttled { message: or_code(message, code) };
    }
    // A server error may have come after the work was done.
    if status >= 500 || code == "ServiceFault" {
        return Error::Maybe { why: format!("HTTP {status} {}", or_code(message, code)) };
    }
    // Some other service of this protocol.
    if code == "UnknownOperationException" {
        return Error::NotMturk { came: format!("a service that does not know the operation ({code})") };
    }
    if CREDENTIALS.contains(&code) {
        let why = format!(
            "the endpoint does not accept the credentials ({code}: {message}); are they of this endpoint, not expired, \
             and is this machine's clock right?"
        );
        return Error::Credentials { why };
    }
    let turk_code = json.get("TurkErrorCode").and_then(|code| code.as_str()).map(str::to_owned);
    Error::Refused { message: or_code(message, code), code: code.to_owned(), turk_code }
}

fn or_code(message: String, code: &str) -> String {
    if message.is_empty() { code.to_owned() } else { message }
}

/// Cuts the server's time off the end: `… (1624047673908)`, `… (1585151438622 s)`.
fn without_time(message: &str) -> String {
    let Some((words, tail)) = message.rsplit_once('(') else { return message.to_owned() };
    let tail = tail.strip_suffix(')').map(|tail| tail.strip_suffix(" s").unwrap_or(tail));
    match tail {
        Some(digits) if digits.len() >= 10 && digits.bytes().all(|b| b.is_ascii_digit()) => words.trim_end().to_owned(),
        _ => message.to_owned(),
    }
}

fn before_sending(error: &(dyn StdError + 'static)) -> Error {
    match from_credentials(error) {
        Some(cause) => Error::Credentials { why: cause },
        None => Error::NotSent { why: chain(error) },
    }
}

fn from_credentials(error: &(dyn StdError + 'static)) -> Option<String> {
    use aws_credential_types::provider::error::CredentialsError;
    let cause = find::<CredentialsError>(error)?;
    Some(find::<Unusable>(cause).map_or_else(|| chain(cause), ToString::to_string))
}

fn never_connected(error: &(dyn StdError + 'static)) -> bool {
    find::<hyper_util::client::legacy::Error>(error).is_some_and(|error| error.is_connect())
}

pub(super) fn find<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        next = error.source();
    }
    None
}

/// The causes in one line, the innermost last, without the repetitions of the SDK.
pub(super) fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        if !text.is_empty() && !says_nothing(&text) && words.last().is_none_or(|last| !last.contains(&text)) {
            words.push(text);
        }
        next = error.source();
    }
    let words = if words.is_empty() { DisplayErrorContext(error).to_string() } else { words.join(": ") };
    match hint(&words) {
        Some(hint) => format!("{words} ({hint})"),
        None => words,
    }
}

/// Layers of the client that say that something below them failed.
fn says_nothing(text: &str) -> bool {
    const LAYERS: [&str; 6] = [
        "io error",
        "other",
        "dispatch failure",
        "client error (Connect)",
        "client error (SendRequest)",
        "the credential provider was not enabled",
    ];
    LAYERS.contains(&text)
}

/// What two well-known accidents look like from here.
fn hint(words: &str) -> Option<&'static str> {
    if words.contains("InvalidContentType") {
        Some("it does not speak TLS: should the address begin with http://?")
    } else if words.contains("invalid HTTP version") {
        Some("it does not speak HTTP: should the address begin with https://?")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_time_is_cut_off() {
        assert_eq!(without_time("Hit 3PR does not exist. (1624047673969)"), "Hit 3PR does not exist.");
        assert_eq!(without_time("status of: null (1585151438622 s)"), "status of: null");
        assert_eq!(without_time("a value (of 7)"), "a value (of 7)");
        assert_eq!(without_time("plain"), "plain");
    }

    #[test]
    fn refusals_are_known_by_code_or_words() {
        let refused = |turk: Option<&str>, message: &str| Error::Refused {
            code: "RequestError".into(),
            turk_code: turk.map(str::to_owned),
            message: message.into(),
        };
        assert!(refused(Some("AWS.MechanicalTurk.InvalidAssignmentState"), "x").is_wrong_state());
        assert!(refused(None, "This operation can be called with a status of: Submitted").is_wrong_state());
        assert!(refused(Some("AWS.MechanicalTurk.HITDoesNotExist"), "x").is_missing());
        assert!(refused(None, "The idempotency token \"t\" has already been processed.").is_repeated());
        let funds = refused(Some("AWS.MechanicalTurk.InsufficientFunds"), "no money");
        assert!(
            funds.is_poor()
                && !funds.is_wrong_state()
                && !funds.is_missing()
                && !funds.is_repeated()
                && funds.is_certain()
        );
        assert!(!Error::Maybe { why: String::new() }.is_certain());
    }
}
