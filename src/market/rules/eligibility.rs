//! What a worker may do with HITs that require qualifications, and why not (reference, section 8.2).

use std::collections::BTreeMap;

use crate::domain::requirement::{Guard, Locale, Required, Standing, meets};
use crate::domain::system_type::SystemType;

/// While fewer assignments were handed in, a rejection says little: the approval rate is 100.
const MEANINGFUL: u32 = 100;

/// What a worker did in this market, for all requesters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Record {
    /// Assignments handed in.
    pub submitted: u32,
    /// Of them, approved.
    pub approved: u32,
    /// Of them, rejected.
    pub rejected: u32,
}

impl Record {
    /// The approval rate: of a hundred decided assignments so many whole ones were approved. Work that nobody has decided
    /// about yet does not count against its worker.
    pub fn percent_approved(self) -> i32 {
        let (approved, decided) = (u64::from(self.approved), u64::from(self.approved) + u64::from(self.rejected));
        if self.submitted < MEANINGFUL || decided == 0 {
            return 100;
        }
        // At most 100.
        i32::try_from(approved * 100 / decided).unwrap_or(100)
    }
}

/// What is known of a worker as a person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Profile {
    /// Where they live, if they said.
    pub locale: Option<Locale>,
    /// Whether they are of age and see such tasks.
    pub adult: bool,
    /// Whether they are among the market's best.
    pub masters: bool,
}

/// All that requirements are judged by.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standings {
    /// The person.
    pub profile: Profile,
    /// Their work.
    pub record: Record,
    /// Qualifications granted and not revoked: type and value.
    pub held: BTreeMap<String, i32>,
}

impl Standings {
    /// What the worker has of a type.
    pub fn of(&self, qualification: &str) -> Standing {
        match SystemType::of(qualification) {
            // It has no value; programs that compare it all the same compare it with 1.
            Some(SystemType::Masters) if self.profile.masters => Standing::Integer(1),
            Some(SystemType::Masters) => Standing::None,
            Some(SystemType::HitsApproved) => {
                Standing::Integer(i32::try_from(self.record.approved).unwrap_or(i32::MAX))
            }
            Some(SystemType::Locale) => self.profile.locale.clone().map_or(Standing::None, Standing::Place),
            Some(SystemType::Adult) => Standing::Integer(self.profile.adult.into()),
            Some(SystemType::PercentApproved) => Standing::Integer(self.record.percent_approved()),
            None => self.held.get(qualification).map_or(Standing::None, |value| Standing::Integer(*value)),
        }
    }
}

/// Something that a worker does with a HIT, and a requirement can guard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Finding it among others.
    Discover,
    /// Looking at it.
    Preview,
    /// Accepting it.
    Accept,
}

impl Action {
    /// All, in the order in which they are done.
    pub const ALL: [Action; 3] = [Action::Discover, Action::Preview, Action::Accept];

    /// Whether a requirement guards this action.
    pub fn is_guarded(self, guard: Guard) -> bool {
        match self {
            Action::Discover => guard == Guard::DiscoverPreviewAndAccept,
            Action::Preview => guard != Guard::Accept,
            Action::Accept => true,
        }
    }
}

/// What keeps a worker from a HIT.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// The requirements that the worker does not meet, with what the worker has of each.
    pub unmet: Vec<(Required, Standing)>,
}

impl Verdict {
    /// Judges a worker by the requirements of a HIT type: all of them must be met.
    pub fn of(requirements: &[Required], worker: &Standings) -> Verdict {
        let judged = requirements.iter().map(|required| (required, worker.of(&required.qualification)));
        let unmet = judged.filter(|(required, standing)| !meets(required, standing));
        Verdict { unmet: unmet.map(|(required, standing)| (required.clone(), standing)).collect() }
    }

    /// Whether nothing keeps the worker from an action.
    pub fn allows(&self, action: Action) -> bool {
        !self.unmet.iter().any(|(required, _)| action.is_guarded(required.guard))
    }

    /// What is required and what the worker has, in words.
    pub fn reasons(&self) -> String {
        let reasons: Vec<String> = self
            .unmet
            .iter()
            .map(|(required, standing)| match standing {
                Standing::None => format!("{required} is required, and the worker has no such qualification"),
                Standing::Integer(value) => format!("{required} is required, and the worker has {value}"),
                Standing::Place(place) => format!("{required} is required, and the worker has {place}"),
            })
            .collect();
        reasons.join("; ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::requirement::Comparator;
    use proptest::prelude::*;

    fn place(text: &str) -> Locale {
        let (country, part) = text.split_once('-').map_or((text, None), |(c, s)| (c, Some(s.to_owned())));
        Locale { country: country.into(), subdivision: part }
    }

    fn number(comparator: Comparator, integers: &[i32]) -> Required {
        let integers = integers.to_vec();
        Required { qualification: "3Q".into(), comparator, integers, locales: vec![], guard: Guard::Accept }
    }

    fn located(comparator: Comparator, locales: &[&str]) -> Required {
        let locales = locales.iter().map(|text| place(text)).collect();
        let qualification = SystemType::Locale.id().into();
        Required { qualification, comparator, integers: vec![], locales, guard: Guard::Accept }
    }

    #[test]
    fn every_comparator_with_less_as_much_and_more_than_asked() {
        use Comparator::*;
        // The requirement, and whether 4, 5, 6 and nothing at all meet it.
        let table = [
            (number(LessThan, &[5]), [true, false, false, false]),
            (number(LessThanOrEqualTo, &[5]), [true, true, false, false]),
            (number(GreaterThan, &[5]), [false, false, true, false]),
            (number(GreaterThanOrEqualTo, &[5]), [false, true, true, false]),
            (number(EqualTo, &[5]), [false, true, false, false]),
            (number(NotEqualTo, &[5]), [true, false, true, false]),
            (number(Exists, &[]), [true, true, true, false]),
            (number(DoesNotExist, &[]), [false, false, false, true]),
            (number(In, &[4, 5]), [true, true, false, false]),
            (number(NotIn, &[4, 5]), [false, false, true, false]),
        ];
        for (required, expected) in table {
            let standings = [Standing::Integer(4), Standing::Integer(5), Standing::Integer(6), Standing::None];
            assert_eq!(standings.map(|standing| meets(&required, &standing)), expected, "{required}");
        }
    }

    #[test]
    fn a_country_holds_its_parts_and_a_part_only_itself() {
        use Comparator::*;
        // The requirement, and whether US-NY, US-CA, the US at large, DE and nowhere meet it.
        let table = [
            (located(EqualTo, &["US"]), [true, true, true, false, false]),
            (located(EqualTo, &["US-NY"]), [true, false, false, false, false]),
            (located(NotEqualTo, &["US"]), [false, false, false, true, false]),
            (located(NotEqualTo, &["US-NY"]), [false, true, true, true, false]),
            (located(In, &["US-NY", "DE"]), [true, false, false, true, false]),
            (located(NotIn, &["US-NY", "DE"]), [false, true, true, false, false]),
            (located(Exists, &[]), [true, true, true, true, false]),
            (located(DoesNotExist, &[]), [false, false, false, false, true]),
        ];
        for (required, expected) in table {
            let mut standings: Vec<Standing> =
                ["US-NY", "US-CA", "US", "DE"].map(|text| Standing::Place(place(text))).to_vec();
            standings.push(Standing::None);
            let met: Vec<bool> = standings.iter().map(|standing| meets(&required, standing)).collect();
            assert_eq!(met, expected, "{required}");
        }
    }

    #[test]
    fn the_systems_types_follow_from_profile_and_record() {
        let mut worker = Standings::default();
        assert_eq!(worker.of(SystemType::Masters.id()), Standing::None);
        assert_eq!(worker.of(SystemType::Locale.id()), Standing::None);
        assert_eq!(worker.of(SystemType::Adult.id()), Standing::Integer(0));
        assert_eq!(worker.of(SystemType::HitsApproved.id()), Standing::Integer(0));
        assert_eq!(worker.of(SystemType::PercentApproved.id()), Standing::Integer(100));
        assert_eq!(worker.of("3Q"), Standing::None);
        worker.profile = Profile { locale: Some(place("US-NY")), adult: true, masters: true };
        worker.record = Record { submitted: 120, approved: 90, rejected: 10 };
        worker.held.insert("3Q".into(), -7);
        assert_eq!(worker.of("2ARFPLSP75KLA8M8DH1HTEQVJT3SY6"), Standing::Integer(1));
        assert_eq!(worker.of(SystemType::Locale.id()), Standing::Place(place("US-NY")));
        assert_eq!(worker.of(SystemType::Adult.id()), Standing::Integer(1));
        assert_eq!(worker.of(SystemType::HitsApproved.id()), Standing::Integer(90));
        assert_eq!(worker.of(SystemType::PercentApproved.id()), Standing::Integer(90));
        assert_eq!(worker.of("3Q"), Standing::Integer(-7));
    }

    #[test]
    fn the_approval_rate_needs_a_hundred_assignments_and_is_rounded_down() {
        let rate = |submitted, approved, rejected| Record { submitted, approved, rejected }.percent_approved();
        assert_eq!(rate(0, 0, 0), 100);
        assert_eq!(rate(99, 0, 99), 100);
        assert_eq!(rate(100, 0, 0), 100, "nobody has decided");
        assert_eq!(rate(100, 0, 1), 0);
        assert_eq!(rate(200, 199, 1), 99, "99.5");
        assert_eq!(rate(100, 95, 5), 95);
        assert_eq!(rate(300, 95, 5), 95, "what waits does not count");
    }

    #[test]
    fn a_guard_keeps_from_its_actions_and_from_no_others() {
        let worker = Standings::default();
        let verdict = |guard| Verdict::of(&[Required { guard, ..number(Comparator::Exists, &[]) }], &worker);
        let allowed = |guard| Action::ALL.map(|action| verdict(guard).allows(action));
        assert_eq!(allowed(Guard::Accept), [true, true, false]);
        assert_eq!(allowed(Guard::PreviewAndAccept), [true, false, false]);
        assert_eq!(allowed(Guard::DiscoverPreviewAndAccept), [false, false, false]);
    }

    #[test]
    fn a_verdict_says_what_is_missing() {
        let mut worker =
            Standings { profile: Profile { locale: Some(place("DE")), ..Profile::default() }, ..Standings::default() };
        worker.held.insert("3Q".into(), 3);
        let required = [
            number(Comparator::GreaterThan, &[5]),
            located(Comparator::EqualTo, &["US"]),
            Required { qualification: "3R".into(), ..number(Comparator::Exists, &[]) },
            number(Comparator::Exists, &[]),
        ];
        assert_eq!(
            Verdict::of(&required, &worker).reasons(),
            "3Q GreaterThan 5 is required, and the worker has 3; Worker_Locale EqualTo US is required, and the worker \
             has DE; 3R Exists is required, and the worker has no such qualification"
        );
    }

    fn standing() -> impl Strategy<Value = Standing> {
        prop_oneof![Just(Standing::None), (-3..3).prop_map(Standing::Integer)]
    }

    proptest! {
        #[test]
        fn who_has_something_meets_a_comparator_or_its_opposite(value in -3..3_i32, bound in -3..3_i32, more in prop::collection::vec(-3..3_i32, 1..4)) {
            use Comparator::*;
            let standing = Standing::Integer(value);
            for (one, other) in [(LessThan, GreaterThanOrEqualTo), (GreaterThan, LessThanOrEqualTo), (EqualTo, NotEqualTo)] {
                prop_assert_ne!(meets(&number(one, &[bound]), &standing), meets(&number(other, &[bound]), &standing));
            }
            prop_assert_ne!(meets(&number(In, &more), &standing), meets(&number(NotIn, &more), &standing));
            prop_assert_eq!(meets(&number(In, &[bound]), &standing), meets(&number(EqualTo, &[bound]), &standing));
        }

        #[test]
        fn who_has_nothing_meets_only_that_it_does_not_exist(comparator in prop::sample::select(&Comparator::ALL[..]), bound in any::<i32>()) {
            prop_assert_eq!(meets(&number(comparator, &[bound]), &Standing::None), comparator == Comparator::DoesNotExist);
        }

        #[test]
        fn one_more_requirement_never_allows_more(
            comparators in prop::collection::vec((prop::sample::select(&Comparator::ALL[..]), prop::sample::select(&Guard::ALL[..]), -3..3_i32), 1..6),
            had in standing(),
        ) {
            let mut worker = Standings::default();
            if let Standing::Integer(value) = had {
                worker.held.insert("3Q".into(), value);
            }
            let all: Vec<Required> =
                comparators.into_iter().map(|(comparator, guard, bound)| Required { guard, ..number(comparator, &[bound]) }).collect();
            let (fewer, more) = (Verdict::of(&all[1..], &worker), Verdict::of(&all, &worker));
            for action in Action::ALL {
                prop_assert!(fewer.allows(action) || !more.allows(action));
            }
            // Who may accept may look, and who may look may find.
            prop_assert!(!more.allows(Action::Accept) || more.allows(Action::Preview));
            prop_assert!(!more.allows(Action::Preview) || more.allows(Action::Discover));
            prop_assert_eq!(more.allows(Action::Accept), more.unmet.is_empty());
        }
    }
}
