//! Keeping those who took part out of the next HITs: the two ways to ask for it, and how many of those who ever worked here
//! each would leave.

use super::{Comparator, Guard, Required};
use crate::domain::id::{QualificationTypeId, WorkerId};
use crate::domain::qualification::QualificationType;
use std::collections::HashMap;

/// How a HIT keeps out who holds a qualification at a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// It requires that nobody holds it.
    Absent,
    /// It requires a higher score, so that new workers have to ask for the qualification first.
    Above,
}

impl Way {
    /// What the HIT requires. Who does not hold what is to be held has to see the HIT, to learn what to ask for; who is kept
    /// out for good need not.
    pub fn required(self, of: &QualificationTypeId, score: i32) -> Required {
        let (comparator, integers, guard) = match self {
            Way::Absent => (Comparator::DoesNotExist, Vec::new(), Guard::DiscoverPreviewAndAccept),
            Way::Above => (Comparator::GreaterThan, vec![score], Guard::Accept),
        };
        Required { qualification: of.to_string(), comparator, integers, locales: Vec::new(), guard }
    }
}

/// The value that a type has to be granted with to everybody who asks, so that new workers come to have a higher score than
/// this one; none if they do already, or take its test for it.
pub fn grant_needed(of: &QualificationType, score: i32) -> Option<i32> {
    let enough = of.test.is_some() || of.auto_granted.is_some_and(|value| value > score);
    (!enough).then(|| score.saturating_add(1).max(1))
}

/// The two ways, for people, line by line. `past` are all who ever worked here, `held` who holds the type with which score
/// once everybody is excluded at `score`; `grant` says how that is changed: the type is granted to everybody who asks, with a value.
pub fn exclusion<'w>(
    of: &QualificationType,
    score: i32,
    past: impl Iterator<Item = &'w WorkerId>,
    held: &HashMap<WorkerId, Option<i32>>,
    grant: impl Fn(i32) -> String,
) -> Vec<String> {
    let (mut all, mut absent, mut above) = (0usize, 0usize, 0usize);
    for worker in past {
        let has = held.get(worker);
        all += 1;
        absent += usize::from(has.is_none());
        above += usize::from(has.is_some_and(|has| *has > Some(score)));
    }
    let share = |left: usize| match all {
        0 => "nobody has worked here yet, so that nothing can be measured".to_owned(),
        all => format!("{left} of the {all} who ever worked here would still qualify ({} %)", left * 100 / all),
    };
    let name = &of.name;
    let mut lines = vec![
        format!("every requirement makes the pool smaller. Two ways to keep those on \"{name}\" out of a HIT:"),
        format!(
            "  1. require that \"{name}\" does not exist (DoesNotExist): everybody who does not hold it may work. {}",
            share(absent)
        ),
        format!(
            "  2. require \"{name}\" > {score} (GreaterThan {score}): only those who hold it with a higher score. {}",
            share(above)
        ),
    ];
    lines.push(match of.auto_granted {
        _ if of.test.is_some() => format!(
            "     new workers have to take its test, and to reach more than {score} in it; many do not, so this reaches fewer people"
        ),
        Some(value) if value > score => format!(
            "     new workers can ask for it and are granted {value} at once; many never ask, so this reaches fewer people"
        ),
        Some(value) => format!(
            "     careful: it is granted to everybody who asks with {value}, which is no more than {score}: nobody new would \
             qualify; {}",
            grant(score.saturating_add(1).max(1))
        ),
        None => {
            format!("     nobody new can get it by themselves; {}", grant(score.saturating_add(1).max(1)))
        }
    });
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::QualificationTypeId;
    use crate::domain::qualification::TypeStatus;
    use crate::domain::time::Time;

    fn kind(auto_granted: Option<i32>) -> QualificationType {
        QualificationType {
            id: QualificationTypeId::parse("3TOOKPART").unwrap(),
            created: Time(0),
            name: "Took part".into(),
            description: String::new(),
            keywords: None,
            status: TypeStatus::Active,
            test: None,
            test_duration: None,
            answer_key: None,
            retry_delay: None,
            requestable: true,
            auto_granted,
        }
    }

    #[test]
    fn both_ways_are_measured_against_those_who_ever_worked_here() {
        let worker = |number: usize| WorkerId::parse(&format!("A{number}")).unwrap();
        let past: Vec<_> = (0..10).map(worker).collect();
        let held =
            HashMap::from([(worker(0), Some(0)), (worker(1), Some(0)), (worker(2), Some(100)), (worker(77), Some(9))]);
        let of = |auto| exclusion(&kind(auto), 0, past.iter(), &held, |value| format!("grant {value}"));
        let lines = of(Some(100));
        assert!(
            lines[1].contains("DoesNotExist")
                && lines[1].ends_with("7 of the 10 who ever worked here would still qualify (70 %)"),
            "{lines:?}"
        );
        assert!(lines[2].contains("GreaterThan 0") && lines[2].contains("1 of the 10"), "{lines:?}");
        assert!(lines[3].contains("granted 100 at once"), "{lines:?}");
        let tested = QualificationType { test: Some("<QuestionForm/>".into()), ..kind(None) };
        let lines = exclusion(&tested, 0, past.iter(), &held, |value| format!("grant {value}"));
        assert!(lines[3].contains("have to take its test"), "{lines:?}");
        assert!(of(Some(0))[3].contains("nobody new would qualify; grant 1"), "{:?}", of(Some(0)));
        assert!(of(None)[3].contains("by themselves; grant 1"), "{:?}", of(None));
        let nobody = exclusion(&kind(None), 0, std::iter::empty(), &held, |_| String::new());
        assert!(nobody[1].contains("nothing can be measured"), "{nobody:?}");
    }

    #[test]
    fn each_way_is_a_requirement_and_the_second_needs_a_grant_above_the_score() {
        let id = QualificationTypeId::parse("3TOOKPART").unwrap();
        assert_eq!(Way::Absent.required(&id, 7).to_string(), "3TOOKPART DoesNotExist");
        assert_eq!(Way::Above.required(&id, 7).to_string(), "3TOOKPART GreaterThan 7");
        assert_eq!(Way::Above.required(&id, 7).guard, Guard::Accept, "who has to ask for it must see the HIT");
        let needed = |auto, score| grant_needed(&kind(auto), score);
        assert_eq!((needed(None, 0), needed(None, -5), needed(None, 7)), (Some(1), Some(1), Some(8)));
        assert_eq!((needed(Some(100), 0), needed(Some(7), 7)), (None, Some(8)));
        let tested = QualificationType { test: Some("<QuestionForm/>".into()), ..kind(None) };
        assert_eq!(grant_needed(&tested, 0), None);
    }
}
