//! What a batch costs, with each term of the fee, and what an hour of it pays.

use crate::domain::fees::FeeSchedule;
use crate::domain::money::Usd;
use crate::domain::time::Seconds;

/// The most assignments of a HIT that the lower fee is due for, and that a HIT made with fewer than ten can ever have.
const FEW: u32 = 9;

/// The assignments of the HITs that one row becomes: one HIT, or when it is split several of at most nine.
pub fn parts(assignments: u32, split: bool) -> Vec<u32> {
    if !split || assignments <= FEW {
        return vec![assignments];
    }
    let whole = assignments / FEW;
    let rest = assignments % FEW;
    (0..whole).map(|_| FEW).chain((rest > 0).then_some(rest)).collect()
}

/// A share of the reward that the marketplace takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeeTerm {
    /// In hundredths of a percent.
    pub basis_points: u32,
    /// Why it is due.
    pub why: String,
}

/// What rows cost: to the cent, if all of it is done and approved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    /// HITs.
    pub hits: u64,
    /// Assignments in all of them.
    pub assignments: u64,
    /// What the workers get.
    pub rewards: Usd,
    /// What the marketplace takes.
    pub fees: Usd,
    /// The fee of one assignment of the first HIT of a row.
    pub fee: Usd,
    /// The terms it consists of, before it is rounded.
    pub terms: Vec<FeeTerm>,
    /// Whether it is the least fee there is, and more than the terms come to.
    pub at_minimum: bool,
}

impl Cost {
    /// What `rows` rows of a batch cost.
    pub fn of(
        rows: u64,
        reward: Usd,
        (assignments, split): (u32, bool),
        masters: bool,
        schedule: &FeeSchedule,
    ) -> Cost {
        let parts = parts(assignments, split);
        let fee_of = |size: u32| schedule.of_assignment(reward, size, masters);
        let fees: Usd = parts.iter().map(|size| fee_of(*size).times(u64::from(*size))).sum();
        let first = parts.first().copied().unwrap_or(assignments);
        let mut terms = vec![FeeTerm { basis_points: schedule.reward, why: "of the reward".to_owned() }];
        if first >= schedule.many_from {
            let why = format!("as each HIT has {} assignments or more", schedule.many_from);
            terms.push(FeeTerm { basis_points: schedule.many, why });
        }
        if masters {
            terms.push(FeeTerm { basis_points: schedule.masters, why: "for Masters".to_owned() });
        }
        terms.retain(|term| term.basis_points > 0);
        let fee = fee_of(first);
        let exact = reward.share(terms.iter().map(|term| term.basis_points).sum());
        Cost {
            hits: rows * parts.len() as u64,
            assignments: rows * u64::from(assignments),
            rewards: reward.times(rows * u64::from(assignments)),
            fees: fees.times(rows),
            fee,
            terms,
            at_minimum: fee > exact,
        }
    }

    /// Rewards and fees.
    pub fn total(&self) -> Usd {
        self.rewards + self.fees
    }
}

/// What an hour pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wage {
    /// An hour of such work, cut off to the cent.
    pub hourly: Usd,
    /// What it is to be.
    pub target: Usd,
    /// The least reward of one assignment with which it is.
    pub needed: Usd,
}

impl Wage {
    /// The wage of a reward for so much time. None for no time.
    pub fn of(reward: Usd, time: Seconds, target: Usd) -> Option<Wage> {
        let hour = i128::from(Seconds::HOUR.0);
        let time = i128::from(time.0);
        if time <= 0 {
            return None;
        }
        let cents = |amount: i128| Usd::cents(i64::try_from(amount).unwrap_or(i64::MAX));
        Some(Wage {
            hourly: cents(i128::from(reward.as_cents()) * hour / time),
            target,
            needed: cents((i128::from(target.as_cents()) * time + hour - 1).div_euclid(hour)),
        })
    }

    /// Whether it is what it is to be.
    pub fn is_fair(&self) -> bool {
        self.hourly >= self.target
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_tutorials_batch_costs_thirty_cents_a_row() {
        let cost = Cost::of(1, Usd::cents(5), (5, false), false, &FeeSchedule::AMAZON);
        assert_eq!((cost.hits, cost.rewards, cost.fees), (1, Usd::cents(25), Usd::cents(5)));
        assert_eq!((cost.fee, cost.at_minimum, cost.terms.len()), (Usd::cents(1), false, 1));
        let small = Cost::of(10, Usd::cents(2), (5, false), false, &FeeSchedule::AMAZON);
        assert_eq!((small.total(), small.at_minimum), (Usd::cents(150), true));
    }

    #[test]
    fn ten_assignments_cost_more_than_nine_and_one() {
        let cost = |split| Cost::of(3, Usd::cents(5), (10, split), false, &FeeSchedule::AMAZON);
        assert_eq!((cost(false).total(), cost(false).hits), (Usd::cents(3 * 70), 3));
        assert_eq!((cost(true).total(), cost(true).hits), (Usd::cents(3 * 60), 6));
        assert_eq!(parts(20, true), [9, 9, 2]);
        assert_eq!((parts(9, true), parts(20, false)), (vec![9], vec![20]));
        let masters = Cost::of(1, Usd::cents(100), (10, false), true, &FeeSchedule::AMAZON);
        let points: Vec<u32> = masters.terms.iter().map(|term| term.basis_points).collect();
        assert_eq!((points, masters.fee), (vec![2_000, 2_000, 500], Usd::cents(45)));
        assert!(Cost::of(1, Usd::cents(100), (10, false), true, &FeeSchedule::NONE).terms.is_empty());
    }

    #[test]
    fn a_wage_says_which_reward_would_reach_the_target() {
        let wage = Wage::of(Usd::cents(5), Seconds(30), Usd::cents(1_500)).unwrap();
        assert_eq!((wage.hourly, wage.needed, wage.is_fair()), (Usd::cents(600), Usd::cents(13), false));
        assert_eq!(Wage::of(Usd::cents(5), Seconds(0), Usd::cents(1)), None);
    }

    proptest! {
        #[test]
        fn the_needed_reward_is_the_least_fair_one(time in 1i64..100_000, target in 1i64..100_000) {
            let wage = |reward| Wage::of(Usd::cents(reward), Seconds(time), Usd::cents(target)).unwrap();
            let needed = wage(0).needed.as_cents();
            prop_assert!(wage(needed).is_fair());
            prop_assert!(needed == 0 || !wage(needed - 1).is_fair());
        }

        #[test]
        fn parts_hold_all_assignments(assignments in 1u32..500, split: bool) {
            prop_assert_eq!(parts(assignments, split).iter().sum::<u32>(), assignments);
        }
    }
}
