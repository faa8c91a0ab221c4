//! What a group requires, in words for the worker who reads it.

use serde::Serialize;

use crate::domain::requirement::{Comparator, Guard, Required, Standing, meets};
use crate::domain::system_type::SystemType;
use crate::market::rules::eligibility::Standings;
use crate::market::storage::{StorageError, View};

/// One requirement, and how the worker stands to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Told {
    /// What is required.
    pub words: String,
    /// What the worker has.
    pub have: String,
    /// Whether that is enough.
    pub is_met: bool,
    /// What one may not do without it.
    pub guards: &'static str,
    /// Where one can read about the qualification and ask for it.
    pub path: Option<String>,
}

/// What is required, judged for a worker.
pub fn told(view: &View<'_>, required: &[Required], worker: &Standings) -> Result<Vec<Told>, StorageError> {
    let one = |required: &Required| {
        let system = SystemType::of(&required.qualification);
        let name = match system {
            Some(system) => system_name(system).to_owned(),
            None => match view.qualification_type(&required.qualification)? {
                Some(found) => view.show_qualification_type(found.key, |shown| shown.name.to_owned())?,
                None => required.qualification.clone(),
            },
        };
        let standing = worker.of(&required.qualification);
        Ok(Told {
            words: format!("{name} {}", words(required)),
            have: have(&standing),
            is_met: meets(required, &standing),
            guards: guards(required.guard),
            path: system.is_none().then(|| format!("/qualifications/{}", required.qualification)),
        })
    };
    required.iter().map(one).collect()
}

/// What people call a qualification type of the system.
pub const fn system_name(system: SystemType) -> &'static str {
    match system {
        SystemType::Masters => "Masters",
        SystemType::HitsApproved => "Approved HITs",
        SystemType::Locale => "Country",
        SystemType::Adult => "Content for adults",
        SystemType::PercentApproved => "Approval rate in percent",
    }
}

fn words(required: &Required) -> String {
    if SystemType::of(&required.qualification) == Some(SystemType::Adult) {
        let agreed = meets(required, &Standing::Integer(1));
        return if agreed { "agreed to".into() } else { "not agreed to".into() };
    }
    let verb = match required.comparator {
        Comparator::LessThan => "below",
        Comparator::LessThanOrEqualTo => "at most",
        Comparator::GreaterThan => "above",
        Comparator::GreaterThanOrEqualTo => "at least",
        Comparator::EqualTo => "is",
        Comparator::NotEqualTo => "is not",
        Comparator::Exists => "granted",
        Comparator::DoesNotExist => "not granted",
        Comparator::In => "is one of",
        Comparator::NotIn => "is none of",
    };
    let integers = required.integers.iter().map(i32::to_string);
    let values: Vec<String> = integers.chain(required.locales.iter().map(ToString::to_string)).collect();
    if values.is_empty() { verb.into() } else { format!("{verb} {}", values.join(", ")) }
}

fn have(standing: &Standing) -> String {
    match standing {
        Standing::None => "you do not have it".into(),
        Standing::Integer(value) => format!("yours is {value}"),
        Standing::Place(place) => format!("yours is {place}"),
    }
}

const fn guards(guard: Guard) -> &'static str {
    match guard {
        Guard::Accept => "to accept",
        Guard::PreviewAndAccept => "to preview and accept",
        Guard::DiscoverPreviewAndAccept => "to see, preview and accept",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_are_said_in_plain_words() {
        let required = |qualification: &str, comparator, integers: &[i32]| Required {
            qualification: qualification.into(),
            comparator,
            integers: integers.to_vec(),
            locales: vec![],
            guard: Guard::Accept,
        };
        assert_eq!(words(&required("000000000000000000L0", Comparator::GreaterThanOrEqualTo, &[95])), "at least 95");
        assert_eq!(words(&required("3Q", Comparator::DoesNotExist, &[])), "not granted");
        assert_eq!(words(&required("3Q", Comparator::In, &[1, 2])), "is one of 1, 2");
        assert_eq!(words(&required("00000000000000000060", Comparator::EqualTo, &[1])), "agreed to");
    }
}
