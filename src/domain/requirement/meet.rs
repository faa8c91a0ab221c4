//! Whether a worker meets a requirement, and how many of those who are known do.

use super::{Comparator, Locale, Required};
use crate::domain::id::{QualificationTypeId, WorkerId};
use crate::domain::qualification::{KnownType, Qualification};
use crate::domain::system_type::SystemType;
use std::collections::{HashMap, HashSet};

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

/// How many known workers satisfy a set of requirements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pool {
    /// Workers who were looked at.
    pub of: usize,
    /// Who satisfies every requirement that can be judged.
    pub satisfy: usize,
    /// Requirements that only the market can judge: those of its own types.
    pub unknown: usize,
}

/// How many of some workers satisfy all requirements, as far as scores are known here. What was revoked counts as absent.
pub fn pool<'w>(
    required: &[Required],
    workers: impl IntoIterator<Item = &'w WorkerId>,
    scores: &[Qualification],
) -> Pool {
    let (own, system): (Vec<_>, Vec<_>) = required.iter().partition(|one| SystemType::of(&one.qualification).is_none());
    let wanted: HashSet<&str> = own.iter().map(|one| one.qualification.as_str()).collect();
    let mut held: HashMap<(&str, &str), Standing> = HashMap::new();
    for one in scores.iter().filter(|one| !one.revoked && wanted.contains(one.type_id.as_str())) {
        if let Some(score) = one.score {
            held.insert((one.type_id.as_str(), one.worker.as_str()), Standing::Integer(score));
        }
    }
    let mut pool = Pool { unknown: system.len(), ..Pool::default() };
    for worker in workers {
        let satisfied = |one: &&Required| {
            let standing = held.get(&(one.qualification.as_str(), worker.as_str()));
            meets(one, standing.unwrap_or(&Standing::None))
        };
        pool.of += 1;
        pool.satisfy += usize::from(own.iter().all(satisfied));
    }
    pool
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
    let short = |system: &SystemType| system.name().trim_start_matches("Worker_") == name.trim_start_matches("Worker_");
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

    fn worker(number: u32) -> WorkerId {
        WorkerId::parse(&format!("A{number}")).unwrap()
    }

    fn held(number: u32, of: &str, score: i32, revoked: bool) -> Qualification {
        let type_id = QualificationTypeId::parse(of).unwrap();
        Qualification { type_id, worker: worker(number), granted: None, score: Some(score), revoked }
    }

    #[test]
    fn everything_that_is_required_must_hold() {
        let workers: Vec<_> = (0..4).map(worker).collect();
        let scores =
            [held(0, "3A", 90, false), held(1, "3A", 90, true), held(2, "3A", 50, false), held(0, "3B", 1, false)];
        let good = required("3A", Comparator::GreaterThanOrEqualTo, &[80]);
        let new = required("3B", Comparator::DoesNotExist, &[]);
        let of = |required: &[Required]| pool(required, &workers, &scores);
        assert_eq!(of(&[]), Pool { of: 4, satisfy: 4, unknown: 0 });
        assert_eq!(of(std::slice::from_ref(&good)).satisfy, 1, "what was revoked counts as absent");
        assert_eq!(of(std::slice::from_ref(&new)).satisfy, 3);
        assert_eq!(of(&[good, new]).satisfy, 0);
        let rate = required(SystemType::PercentApproved.id(), Comparator::GreaterThan, &[95]);
        assert_eq!(of(&[rate]), Pool { of: 4, satisfy: 4, unknown: 1 });
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
