//! What a marketplace charges on top of rewards and bonuses. The Amazon schedule is the last one published: 20 % of the
//! reward, another 20 % for HITs of ten assignments and more, 5 % with Masters, at least one cent, rounded once, half up.

use super::money::Usd;
use super::row::HitRow;

/// A fee schedule. Rates are basis points (2,000 = 20 %).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeeSchedule {
    /// On every reward.
    pub reward: u32,
    /// On top, for a HIT created with at least `many_from` assignments.
    pub many: u32,
    /// From how many assignments on `many` is due.
    pub many_from: u32,
    /// On top, when the HIT requires the Masters qualification.
    pub masters: u32,
    /// On every bonus.
    pub bonus: u32,
    /// The least fee of one assignment or bonus.
    pub minimum: Usd,
}

impl FeeSchedule {
    /// Amazon's schedule, in force from 2015-07-22 until the closure.
    pub const AMAZON: FeeSchedule =
        FeeSchedule { reward: 2_000, many: 2_000, many_from: 10, masters: 500, bonus: 2_000, minimum: Usd::cents(1) };

    /// No fees: a lab that pays its people another way.
    pub const NONE: FeeSchedule =
        FeeSchedule { reward: 0, many: 0, many_from: u32::MAX, masters: 0, bonus: 0, minimum: Usd::ZERO };

    /// The fee for one assignment of a HIT created with `assignments` of them.
    pub fn of_assignment(&self, reward: Usd, assignments: u32, masters: bool) -> Usd {
        let many = if assignments >= self.many_from { self.many } else { 0 };
        let masters = if masters { self.masters } else { 0 };
        reward.share(self.reward + many + masters).max(self.minimum)
    }

    /// The fee for approving one assignment of a HIT.
    pub fn of_hit(&self, hit: &HitRow) -> Usd {
        self.of_assignment(hit.reward, hit.max_assignments, hit.masters)
    }

    /// The fee for one bonus payment.
    pub fn of_bonus(&self, amount: Usd) -> Usd {
        amount.share(self.bonus).max(self.minimum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reward, then the fee below ten, from ten, Masters below ten, Masters from ten (cents).
    const TABLE: [(i64, i64, i64, i64, i64); 18] = [
        (1, 1, 1, 1, 1),
        (2, 1, 1, 1, 1),
        (3, 1, 1, 1, 1),
        (5, 1, 2, 1, 2),
        (7, 1, 3, 2, 3),
        (8, 2, 3, 2, 4),
        (10, 2, 4, 3, 5),
        (12, 2, 5, 3, 5),
        (13, 3, 5, 3, 6),
        (15, 3, 6, 4, 7),
        (25, 5, 10, 6, 11),
        (33, 7, 13, 8, 15),
        (50, 10, 20, 13, 23),
        (75, 15, 30, 19, 34),
        (100, 20, 40, 25, 45),
        (111, 22, 44, 28, 50),
        (250, 50, 100, 63, 113),
        (1000, 200, 400, 250, 450),
    ];

    #[test]
    fn amazon_fees_are_right_to_the_cent() {
        for (reward, few, many, few_masters, many_masters) in TABLE {
            let fee = |assignments, masters| {
                FeeSchedule::AMAZON.of_assignment(Usd::cents(reward), assignments, masters).as_cents()
            };
            assert_eq!(fee(9, false), few, "{reward}");
            assert_eq!(fee(10, false), many, "{reward}");
            assert_eq!(fee(9, true), few_masters, "{reward}");
            assert_eq!(fee(10, true), many_masters, "{reward}");
        }
    }

    #[test]
    fn a_lab_may_charge_nothing() {
        assert_eq!(FeeSchedule::NONE.of_assignment(Usd::cents(100), 50, true), Usd::ZERO);
        assert_eq!(FeeSchedule::NONE.of_bonus(Usd::cents(100)), Usd::ZERO);
    }
}
