//! How many of the workers who are known satisfy a set of requirements, as far as that can be told from here.

use super::{Comparator, Required, Standing, meets};
use crate::domain::id::WorkerId;
use crate::domain::qualification::Qualification;
use crate::domain::system_type::SystemType;
use crate::domain::worker_stats::Tally;
use std::collections::{HashMap, HashSet};

/// What can be told of a worker and a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Judged {
    /// It is not met.
    No,
    /// Only the market knows.
    Unknown,
    /// It is met.
    Yes,
}

impl From<bool> for Judged {
    fn from(met: bool) -> Judged {
        if met { Judged::Yes } else { Judged::No }
    }
}

/// What is known of a worker besides qualifications: how their work for this account was decided.
pub type Record = Tally;

/// How the requirements of a type are judged here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// By who holds it: exactly.
    Holders,
    /// By the work that was approved here: the market counts no less, so that some can be told.
    AtLeast,
    /// By the share that was approved here: the market counts everybody's work, so that it is an estimate.
    Estimate,
    /// Not at all: only the market knows.
    Market,
}

impl Source {
    /// How requirements of this type are judged.
    pub fn of(qualification: &str) -> Source {
        match SystemType::of(qualification) {
            None => Source::Holders,
            Some(SystemType::HitsApproved) => Source::AtLeast,
            Some(SystemType::PercentApproved) => Source::Estimate,
            Some(SystemType::Masters | SystemType::Locale | SystemType::Adult) => Source::Market,
        }
    }

    /// The same in words for people.
    pub const fn words(self) -> &'static str {
        match self {
            Source::Holders => "by its holders",
            Source::AtLeast => "by approved work for you: the market counts at least that",
            Source::Estimate => "by the approved share of work for you: the market counts all requesters",
            Source::Market => "only the market knows it",
        }
    }
}

/// Judges one requirement: `standing` is what a worker has of an own type, `record` how work for this account was decided.
pub fn judge(required: &Required, standing: &Standing, record: Record) -> Judged {
    match Source::of(&required.qualification) {
        Source::Holders => meets(required, standing).into(),
        Source::Market => Judged::Unknown,
        // Every worker has a share and a number.
        Source::AtLeast | Source::Estimate if required.comparator.is_alone() => {
            (required.comparator == Comparator::Exists).into()
        }
        Source::AtLeast => at_least(required, i64::from(record.approved)),
        Source::Estimate => match record.rate() {
            Some(rate) => {
                let percent = i32::try_from(rate / 100).unwrap_or(100);
                meets(required, &Standing::Integer(percent)).into()
            }
            None => Judged::Unknown,
        },
    }
}

/// Judges a value of which only this is known: it is so large at least.
fn at_least(required: &Required, least: i64) -> Judged {
    let bounds = || required.integers.iter().map(|bound| i64::from(*bound));
    let (all_below, some_below) = (bounds().all(|bound| bound < least), bounds().any(|bound| bound < least));
    let told = |told: bool, judged: Judged| if told { judged } else { Judged::Unknown };
    match required.comparator {
        Comparator::GreaterThanOrEqualTo => told(bounds().all(|bound| bound <= least), Judged::Yes),
        Comparator::GreaterThan => told(all_below, Judged::Yes),
        Comparator::LessThan => told(bounds().any(|bound| bound <= least), Judged::No),
        Comparator::LessThanOrEqualTo => told(some_below, Judged::No),
        Comparator::EqualTo | Comparator::In => told(all_below, Judged::No),
        Comparator::NotEqualTo | Comparator::NotIn => told(all_below, Judged::Yes),
        Comparator::Exists | Comparator::DoesNotExist => Judged::Unknown,
    }
}

/// How many known workers satisfy a set of requirements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pool {
    /// Workers who were looked at.
    pub of: usize,
    /// Who satisfies every requirement.
    pub satisfy: usize,
    /// Who fails none that can be judged, while only the market can judge another.
    pub open: usize,
}

impl Pool {
    /// Who fails a requirement.
    pub const fn fail(self) -> usize {
        self.of - self.satisfy - self.open
    }
}

/// How many of some workers satisfy all requirements. What was revoked counts as absent.
pub fn pool<'w>(
    required: &[Required],
    workers: impl IntoIterator<Item = (&'w WorkerId, Record)>,
    scores: &[Qualification],
) -> Pool {
    let wanted: HashSet<&str> = required.iter().map(|one| one.qualification.as_str()).collect();
    let mut held: HashMap<(&str, &str), Standing> = HashMap::new();
    for one in scores.iter().filter(|one| !one.revoked && wanted.contains(one.type_id.as_str())) {
        if let Some(score) = one.score {
            held.insert((one.type_id.as_str(), one.worker.as_str()), Standing::Integer(score));
        }
    }
    let mut pool = Pool::default();
    for (worker, record) in workers {
        let judged = required.iter().map(|one| {
            let standing = held.get(&(one.qualification.as_str(), worker.as_str()));
            judge(one, standing.unwrap_or(&Standing::None), record)
        });
        pool.of += 1;
        match judged.min().unwrap_or(Judged::Yes) {
            Judged::Yes => pool.satisfy += 1,
            Judged::Unknown => pool.open += 1,
            Judged::No => {}
        }
    }
    pool
}

#[cfg(test)]
mod tests {
    use super::super::Guard;
    use super::*;
    use crate::domain::id::QualificationTypeId;
    use rstest::rstest;

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
        let record = Record { approved: 9, rejected: 1 };
        let of = |required: &[Required]| pool(required, workers.iter().map(|worker| (worker, record)), &scores);
        assert_eq!(of(&[]), Pool { of: 4, satisfy: 4, open: 0 });
        assert_eq!(of(std::slice::from_ref(&good)).satisfy, 1, "what was revoked counts as absent");
        assert_eq!(of(std::slice::from_ref(&new)).satisfy, 3);
        assert_eq!(of(&[good.clone(), new]).satisfy, 0);
        let rate = |bound| required(SystemType::PercentApproved.id(), Comparator::GreaterThanOrEqualTo, &[bound]);
        assert_eq!((of(&[rate(90)]).satisfy, of(&[rate(91)]).satisfy), (4, 0), "9 of 10");
        let adult = required(SystemType::Adult.id(), Comparator::EqualTo, &[1]);
        assert_eq!(of(std::slice::from_ref(&adult)), Pool { of: 4, satisfy: 0, open: 4 });
        let both = of(&[good, adult]);
        assert_eq!((both.open, both.fail()), (1, 3), "who fails one that is known has failed");
    }

    #[test]
    fn without_decided_work_a_share_is_unknown() {
        let rate = required(SystemType::PercentApproved.id(), Comparator::GreaterThan, &[0]);
        assert_eq!(judge(&rate, &Standing::None, Record::default()), Judged::Unknown);
        let exists = required(SystemType::PercentApproved.id(), Comparator::Exists, &[]);
        assert_eq!(judge(&exists, &Standing::None, Record::default()), Judged::Yes);
    }

    /// Of the number of approved HITs only a lower bound is known here: 50.
    #[rstest]
    #[case(Comparator::GreaterThanOrEqualTo, &[50], Judged::Yes)]
    #[case(Comparator::GreaterThanOrEqualTo, &[51], Judged::Unknown)]
    #[case(Comparator::GreaterThan, &[50], Judged::Unknown)]
    #[case(Comparator::GreaterThan, &[49], Judged::Yes)]
    #[case(Comparator::LessThan, &[50], Judged::No)]
    #[case(Comparator::LessThan, &[51], Judged::Unknown)]
    #[case(Comparator::LessThanOrEqualTo, &[49], Judged::No)]
    #[case(Comparator::LessThanOrEqualTo, &[50], Judged::Unknown)]
    #[case(Comparator::EqualTo, &[49], Judged::No)]
    #[case(Comparator::EqualTo, &[50], Judged::Unknown)]
    #[case(Comparator::NotEqualTo, &[49], Judged::Yes)]
    #[case(Comparator::In, &[1, 2], Judged::No)]
    #[case(Comparator::In, &[1, 60], Judged::Unknown)]
    #[case(Comparator::NotIn, &[1, 2], Judged::Yes)]
    #[case(Comparator::DoesNotExist, &[], Judged::No)]
    fn what_a_lower_bound_tells(#[case] comparator: Comparator, #[case] bounds: &[i32], #[case] judged: Judged) {
        let one = required(SystemType::HitsApproved.id(), comparator, bounds);
        assert_eq!(judge(&one, &Standing::None, Record { approved: 50, rejected: 0 }), judged);
    }

    /// Whatever more the market has counted, what is told from here is never wrong.
    #[test]
    fn what_is_told_of_a_lower_bound_holds_for_every_larger_number() {
        for comparator in Comparator::ALL.into_iter().filter(|one| !one.is_alone()) {
            for bound in 0..20 {
                let one = required(SystemType::HitsApproved.id(), comparator, &[bound]);
                for least in 0..20 {
                    let judged = judge(&one, &Standing::None, Record { approved: least, rejected: 0 });
                    let met = |value: u32| meets(&one, &Standing::Integer(value as i32));
                    for value in least..25 {
                        assert!(
                            judged == Judged::Unknown || judged == met(value).into(),
                            "{one} with {least}: {judged:?}"
                        );
                    }
                }
            }
        }
    }
}
