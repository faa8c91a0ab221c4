//! Refusals and failures as they go over the wire (reference, section 2).

use axum::body::Bytes;
use axum::http::StatusCode;

use crate::market::clock::Moment;
use crate::market::error::{Refusal, ServiceError};
use crate::market::json::Json;
use crate::market::storage::StorageError;

/// Why a request gets no answer.
#[derive(Debug, Clone)]
pub enum Fault {
    /// The rules do not allow it.
    Refused(Refusal),
    /// Values violate the API's model: one sentence each.
    Invalid(Vec<String>),
    /// The body is not JSON, or a member is of the wrong type.
    Malformed(String),
    /// Something is wrong before the operation is looked at: error code and message.
    FrontDoor(&'static str, String),
    /// The body is larger than any request can be.
    TooLarge,
    /// Too many requests.
    Throttled,
    /// A fault that was asked for with `--faults`.
    Injected,
    /// The market could not do it.
    Failed(StorageError),
}

impl From<ServiceError> for Fault {
    fn from(error: ServiceError) -> Fault {
        match error {
            ServiceError::Refused(refusal) => Fault::Refused(refusal),
            ServiceError::Failed(error) => Fault::Failed(error),
        }
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Fault {
        Fault::Refused(refusal)
    }
}

impl From<StorageError> for Fault {
    fn from(error: StorageError) -> Fault {
        Fault::Failed(error)
    }
}

/// The error code of a refusal and its `TurkErrorCode`, where one is known.
fn codes(refusal: &Refusal) -> (&'static str, Option<&'static str>) {
    const REQUEST: &str = "RequestError";
    const PARAMETER: &str = "ParameterValidationError";
    match refusal {
        Refusal::NoHit(_) => (REQUEST, Some("AWS.MechanicalTurk.HITDoesNotExist")),
        Refusal::NoHitType(_) => (REQUEST, Some("AWS.MechanicalTurk.HITTypeDoesNotExist")),
        Refusal::NoAssignment(_) => (REQUEST, Some("AWS.MechanicalTurk.AssignmentDoesNotExist")),
        Refusal::NoQualificationType(_) => (REQUEST, Some("AWS.MechanicalTurk.QualificationTypeDoesNotExist")),
        Refusal::NotAuthorized => (REQUEST, Some("AWS.MechanicalTurk.PermissionDeniedException")),
        Refusal::QualificationTypeExists => (REQUEST, Some("AWS.MechanicalTurk.QualificationTypeAlreadyExists")),
        Refusal::QualificationTypeState { .. } => (REQUEST, Some("AWS.MechanicalTurk.InvalidQualificationTypeState")),
        Refusal::NoQualification => (REQUEST, Some("AWS.MechanicalTurk.QualificationDoesNotExist")),
        Refusal::QualificationState => (REQUEST, Some("AWS.MechanicalTurk.InvalidQualificationState")),
        Refusal::NoQualificationRequest(_) => (REQUEST, Some("AWS.MechanicalTurk.QualificationRequestDoesNotExist")),
        Refusal::QualificationRequestState => (REQUEST, Some("AWS.MechanicalTurk.InvalidQualificationRequestState")),
        Refusal::AssignmentState => (REQUEST, Some("AWS.MechanicalTurk.InvalidAssignmentState")),
        Refusal::HitState { .. } => (REQUEST, Some("AWS.MechanicalTurk.InvalidHITState")),
        Refusal::HitHasWork(_) => (REQUEST, Some("AWS.MechanicalTurk.InvalidHITState")),
        Refusal::Increase => (REQUEST, Some("AWS.MechanicalTurk.InvalidMaximumAssignmentsIncrease")),
        Refusal::HitTooOld => (REQUEST, Some("AWS.MechanicalTurk.HITTooOldForExtension")),
        Refusal::NoFile(_) => (REQUEST, Some("AWS.MechanicalTurk.InvalidParameterValue")),
        Refusal::InsufficientFunds => (REQUEST, Some("AWS.MechanicalTurk.InsufficientFunds")),
        Refusal::HitAlreadyExists { .. } => (REQUEST, Some("AWS.MechanicalTurk.HitAlreadyExists")),
        Refusal::Feedback(_) => (REQUEST, Some("AWS.MechanicalTurk.InvalidParameterValue")),
        Refusal::Transport(_) => (REQUEST, Some("AWS.MechanicalTurk.InvalidTransportEndpoint")),
        Refusal::TokenUsed(_)
        | Refusal::RequestRepeated { .. }
        | Refusal::Worker(_)
        | Refusal::Import(_)
        | Refusal::OpenHits(_) => (REQUEST, None),
        Refusal::Parameter { .. } | Refusal::Parameters(_) | Refusal::Document(_) => (PARAMETER, None),
    }
}

impl Fault {
    /// The error code, as in `__type`.
    pub fn code(&self) -> &'static str {
        match self {
            Fault::Refused(refusal) => codes(refusal).0,
            Fault::Invalid(_) => "ValidationException",
            Fault::Malformed(_) => "SerializationException",
            Fault::FrontDoor(code, _) => code,
            Fault::TooLarge => "RequestEntityTooLargeException",
            Fault::Throttled => "ThrottlingException",
            Fault::Injected | Fault::Failed(_) => "ServiceFault",
        }
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        match self {
            Fault::Injected | Fault::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Fault::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// The body. The service ends its own messages with the time in milliseconds.
    pub fn body(&self, now: Moment) -> Bytes {
        let stamped = |message: &str| format!("{message} ({})", now.0);
        let mut json = Json::default();
        json.open().text("__type", self.code());
        match self {
            Fault::Refused(refusal) => {
                json.text("Message", &stamped(&refusal.to_string())).optional("TurkErrorCode", codes(refusal).1);
            }
            Fault::Injected => {
                json.text("Message", &stamped("Service failed, as it was told to by --faults."));
            }
            Fault::Failed(error) => {
                json.text("Message", &stamped(&error.to_string()));
            }
            Fault::Invalid(wrong) => {
                let plural = if wrong.len() == 1 { "" } else { "s" };
                let found = format!("{} validation error{plural} detected: {}", wrong.len(), wrong.join("; "));
                json.text("message", &found);
            }
            Fault::Malformed(what) | Fault::FrontDoor(_, what) => {
                json.text("message", what);
            }
            Fault::TooLarge => {
                json.text("message", "Request size exceeded 1048576 bytes");
            }
            Fault::Throttled => {
                json.text("message", "Rate exceeded");
            }
        }
        json.close();
        json.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(fault: Fault) -> String {
        String::from_utf8(fault.body(Moment(1_624_047_673_908)).to_vec()).unwrap()
    }

    #[test]
    fn bodies_are_those_that_were_captured() {
        assert_eq!(
            body(Refusal::AssignmentState.into()),
            r#"{"__type":"RequestError","Message":"This operation can be called with a status of: Submitted (1624047673908)","TurkErrorCode":"AWS.MechanicalTurk.InvalidAssignmentState"}"#
        );
        assert_eq!(
            body(Refusal::NoHit("3PR3LXCWSFNV4OJWZBHIMQOIJVSX9G".into()).into()),
            r#"{"__type":"RequestError","Message":"Hit 3PR3LXCWSFNV4OJWZBHIMQOIJVSX9G does not exist. (1624047673908)","TurkErrorCode":"AWS.MechanicalTurk.HITDoesNotExist"}"#
        );
        let parameter = Refusal::Parameter { parameter: "WorkerId", value: "A1".into(), hint: String::new() };
        assert_eq!(
            body(parameter.into()),
            r#"{"__type":"ParameterValidationError","Message":"The value \"A1\" is not valid for the parameter WorkerId. (1624047673908)"}"#
        );
        assert_eq!(body(Fault::Throttled), r#"{"__type":"ThrottlingException","message":"Rate exceeded"}"#);
        assert_eq!(
            body(Fault::Invalid(vec!["a".into(), "b".into()])),
            r#"{"__type":"ValidationException","message":"2 validation errors detected: a; b"}"#
        );
        assert!(body(Refusal::InsufficientFunds.into()).contains("Prepaid HITs.  (1624047673908)"));
    }

    #[test]
    fn a_full_disk_is_a_fault_of_the_service_and_says_so() {
        let full = Fault::Failed(StorageError::Full);
        assert_eq!(full.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(body(full).contains("storage is full: nothing was changed"));
    }
}
