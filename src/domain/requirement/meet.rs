//! Whether a worker meets a requirement, and which requirements there can be.

use super::{Comparator, Locale, Required};
use crate::domain::id::QualificationTypeId;
use crate::domain::qualification::KnownType;
use crate::domain::system_type::SystemType;

/// What a worker has of one qualification type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Nothing: never granted, or revoked.
    None,
    /// A value.
    Integer(i32),
    /// A place.
    Place(Locale),
}

/// Whether what a worker has meets a requirement. Who has nothing meets `DoesNotExist` only.
pub fn meets(required: &Required, standing: &Standing) -> bool {
    let exists = *standing != Standing::None;
    let among = || match standing {
        Standing::None => false,
        Standing::Integer(value) => required.integers.contains(value),
        Standing::Place(place) => required.locales.iter().any(|locale| locale.holds(place)),
    };
    let compared = |holds: fn(&i32, &i32) -> bool| match (standing, required.integers.first()) {
        (Standing::Integer(value), Some(bound)) => holds(value, bound),
        _ => false,
    };
    match required.comparator {
        Comparator::Exists => exists,
        Comparator::DoesNotExist => !exists,
        Comparator::EqualTo | Comparator::In => among(),
        Comparator::NotEqualTo | Comparator::NotIn => exists && !among(),
        Comparator::LessThan => compared(i32::lt),
        Comparator::LessThanOrEqualTo => compared(i32::le),
        Comparator::GreaterThan => compared(i32::gt),
        Comparator::GreaterThanOrEqualTo => compared(i32::ge),
    }
}

/// The comparators that fit a type: places are not ordered, and Masters has no value.
pub fn comparators(of: &str) -> &'static [Comparator] {
    use Comparator as C;
    match SystemType::of(of) {
        Some(SystemType::Masters) => &[C::Exists, C::DoesNotExist],
        Some(SystemType::Locale) => &[C::EqualTo, C::NotEqualTo, C::In, C::NotIn],
        Some(SystemType::Adult) => &[C::EqualTo],
        _ => &Comparator::ALL,
    }
}

/// The type that a name means: a system type with or without `Worker_`, one of the account's own types, or an identifier.
/// In the sandbox Masters has an identifier of its own.
pub fn named(name: &str, types: &[KnownType], sandbox: bool) -> Result<QualificationTypeId, String> {
    let name = name.trim();
    let short = |system: &SystemType| system.short_name() == name.trim_start_matches("Worker_");
    if let Some(system) = SystemType::ALL.into_iter().find(short) {
        return QualificationTypeId::parse(system.id_in(sandbox)).map_err(|error| error.to_string());
    }
    let own: Vec<_> = types.iter().filter(|kind| kind.it.name == name).collect();
    match own.as_slice() {
        [one] => Ok(one.it.id.clone()),
        [] => QualificationTypeId::parse(name).ok().filter(|id| id.as_str().len() >= 20).ok_or_else(|| {
            let system = SystemType::ALL.map(SystemType::name).join(", ");
            format!("{name:?} is neither one of your qualification types, nor an identifier, nor one of: {system}")
        }),
        many => Err(format!("{} types are called {name:?}: give the identifier", many.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Guard;
    use super::*;

    fn required(of: &str, comparator: Comparator, integers: &[i32]) -> Required {
        Required {
            qualification: of.to_owned(),
            comparator,
            integers: integers.to_vec(),
            locales: Vec::new(),
            guard: Guard::Accept,
        }
    }

    #[test]
    fn every_comparator_that_is_offered_passes_the_check() {
        for system in SystemType::ALL {
            for comparator in comparators(system.id()) {
                let empty = matches!(comparator, Comparator::Exists | Comparator::DoesNotExist);
                let mut one = required(system.id(), *comparator, &[]);
                match system {
                    _ if empty => {}
                    SystemType::Locale => one.locales = vec![Locale { country: "US".into(), subdivision: None }],
                    _ => one.integers = vec![1],
                }
                assert_eq!(super::super::check(&one), Ok(()), "{one}");
            }
        }
    }

    #[test]
    fn types_are_found_by_name() {
        let id = |name: &str, sandbox| named(name, &[], sandbox).map(|id| id.to_string());
        assert_eq!(id("PercentAssignmentsApproved", false), Ok("000000000000000000L0".to_owned()));
        assert_eq!(id("Worker_Locale", true), Ok("00000000000000000071".to_owned()));
        assert_ne!(id("Masters", true), id("Masters", false));
        assert_eq!(id("3B5O8SC7Q7AHWK1W0BWSJU39IPFSL0", false), Ok("3B5O8SC7Q7AHWK1W0BWSJU39IPFSL0".to_owned()));
        assert!(id("Carefull", false).unwrap_err().contains("Worker_Adult"));
    }
}
