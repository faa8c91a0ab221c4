//! The types of the system among the account's: nobody made them here, and nobody here grants them.

use crate::domain::id::QualificationTypeId;
use crate::domain::qualification::{KnownType, QualificationType, TypeStatus};
use crate::domain::system_type::SystemType;
use crate::domain::time::Time;

/// All of them, as the list shows types.
pub fn system_types(sandbox: bool) -> impl Iterator<Item = KnownType> {
    SystemType::ALL.into_iter().filter_map(move |system| {
        let it = QualificationType {
            id: QualificationTypeId::parse(system.id_in(sandbox)).ok()?,
            created: Time(0),
            name: system.name().to_owned(),
            description: system.description().to_owned(),
            keywords: None,
            status: TypeStatus::Active,
            test: None,
            test_duration: None,
            answer_key: None,
            retry_delay: None,
            requestable: false,
            auto_granted: None,
        };
        Some(KnownType { it, own: false, holders: 0, requests: 0, read_at: None })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_the_identifier_of_its_place() {
        let ids = |sandbox| system_types(sandbox).map(|kind| kind.it.id.to_string()).collect::<Vec<_>>();
        assert_eq!((ids(true).len(), ids(false).len()), (5, 5));
        assert_ne!(ids(true)[0], ids(false)[0], "Masters");
        assert_eq!(ids(true)[1..], ids(false)[1..]);
    }
}
