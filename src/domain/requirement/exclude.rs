//! Keeping those who took part out of the next HITs: the two ways to ask for it, and how many of those who ever worked here
//! each would leave.

use crate::domain::id::WorkerId;
use crate::domain::qualification::QualificationType;
use std::collections::HashMap;

/// The two ways, for people, line by line. `past` are all who ever worked here, `held` who holds the type with which score
/// once everybody is excluded at `score`; `grant` says how the type is made to be granted to everybody who asks, with a value.
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
        format!("  1. require {} DoesNotExist: everybody who does not hold it may work. {}", of.id, share(absent)),
        format!(
            "  2. require {} GreaterThan {score}: only those who hold it with a higher score. {}",
            of.id,
            share(above)
        ),
    ];
    lines.push(match of.auto_granted {
        Some(value) if value > score => format!(
            "     new workers can ask for it and are granted {value} at once; many never ask, so this reaches fewer people"
        ),
        Some(value) => format!(
            "     careful: it is granted to everybody who asks with {value}, which is no more than {score}: nobody new would \
             qualify; {}",
            grant(score.saturating_add(1))
        ),
        None => format!(
            "     nobody new can get it by themselves: for this way {} first",
            grant(score.saturating_add(1).max(1))
        ),
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
        assert!(of(Some(0))[3].contains("nobody new would qualify; grant 1"), "{:?}", of(Some(0)));
        assert!(of(None)[3].contains("for this way grant 1 first"), "{:?}", of(None));
        let nobody = exclusion(&kind(None), 0, std::iter::empty(), &held, |_| String::new());
        assert!(nobody[1].contains("nothing can be measured"), "{nobody:?}");
    }
}
