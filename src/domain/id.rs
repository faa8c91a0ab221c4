//! Identifiers as types. The forms are those of the MTurk API model (`EntityId`, `CustomerId`).

use std::fmt;
use std::sync::Arc;

/// Why a text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is not a {kind}: expected {expected}")]
pub struct IdError {
    /// What it was to be, e.g. "worker ID".
    pub kind: &'static str,
    /// The text as it was given, at most 80 characters of it.
    pub text: String,
    /// The form that was expected.
    pub expected: &'static str,
}

const ENTITY: &str = "1 to 64 characters A-Z and 0-9";
const CUSTOMER: &str = "an A followed by 1 to 63 characters A-Z and 0-9";

fn is_entity(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

fn is_customer(text: &str) -> bool {
    text.len() >= 2 && text.starts_with('A') && is_entity(text)
}

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $check:ident, $expected:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Checks the form and takes the text as an identifier. Blanks around it are an error, not repaired.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                if $check(text) {
                    Ok(Self(text.into()))
                } else {
                    let text = text.chars().take(80).collect();
                    Err(IdError { kind: $kind, text, expected: $expected })
                }
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::parse(text)
            }
        }
    };
}

identifier!(
    /// A HIT: one piece of work, answered by one or more assignments.
    HitId, "HIT ID", is_entity, ENTITY
);
identifier!(
    /// A HIT type: title, reward, durations and requirements that HITs share.
    HitTypeId, "HIT type ID", is_entity, ENTITY
);
identifier!(
    /// The group under which workers see the HITs of one type.
    HitGroupId, "HIT group ID", is_entity, ENTITY
);
identifier!(
    /// One worker's piece of work on one HIT.
    AssignmentId, "assignment ID", is_entity, ENTITY
);
identifier!(
    /// A worker, as the requester knows them. It identifies a person.
    WorkerId, "worker ID", is_customer, CUSTOMER
);
identifier!(
    /// A qualification type, own or of the system.
    QualificationTypeId, "qualification type ID", is_entity, ENTITY
);
identifier!(
    /// A worker's request for a qualification.
    QualificationRequestId, "qualification request ID", is_entity, ENTITY
);

impl HitTypeId {
    /// The type of a HIT that nobody knows the type of: one of its own. Both identifiers have the same form.
    pub fn for_hit(hit: &HitId) -> HitTypeId {
        HitTypeId(hit.0.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_follow_the_api_model() {
        assert!(HitId::parse("3XJOUITW8URHJMX7F00H20LGRIAQTX").is_ok());
        assert!(WorkerId::parse("A1EXAMPLE0WRKR").is_ok());
        assert!(WorkerId::parse("B1EXAMPLE0WRKR").is_err());
        assert!(WorkerId::parse("A").is_err());
        assert!(HitId::parse("").is_err());
        assert!(HitId::parse("dud lower").is_err());
        assert!(HitId::parse(&"A".repeat(65)).is_err());
    }

    #[test]
    fn an_error_names_what_was_expected() {
        let error = WorkerId::parse(" A1").unwrap_err().to_string();
        assert_eq!(error, "\" A1\" is not a worker ID: expected an A followed by 1 to 63 characters A-Z and 0-9");
    }
}
