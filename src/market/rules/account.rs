//! Escrow: what moves between a requester's available balance, the money held for open work, and workers.
//!
//! Every payment leaves the held money, so that two sums describe an account for ever:
//! `available = deposit - withdraw - hold + release` and `held = hold - release - reward - bonus - fee`.

use crate::domain::money::Usd;

/// The kind of a movement, as the ledger names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Money comes into the account.
    Deposit,
    /// Available money is set aside for work.
    Hold,
    /// Money set aside becomes available again.
    Release,
    /// A worker is paid for an assignment.
    Reward,
    /// A worker is paid a bonus.
    Bonus,
    /// The marketplace is paid.
    Fee,
    /// Money leaves the account.
    Withdraw,
}

impl Kind {
    /// All, in the order in which storage numbers them.
    pub const ALL: [Kind; 7] =
        [Kind::Deposit, Kind::Hold, Kind::Release, Kind::Reward, Kind::Bonus, Kind::Fee, Kind::Withdraw];

    /// The ledger's word.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Deposit => "deposit",
            Kind::Hold => "hold",
            Kind::Release => "release",
            Kind::Reward => "reward",
            Kind::Bonus => "bonus",
            Kind::Fee => "fee",
            Kind::Withdraw => "withdraw",
        }
    }
}

/// One movement of money. The amount is never negative; the kind says which way it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Movement {
    /// Which way.
    pub kind: Kind,
    /// How much.
    pub amount: Usd,
}

impl Movement {
    /// A movement of `amount`.
    pub const fn new(kind: Kind, amount: Usd) -> Movement {
        Movement { kind, amount }
    }
}

/// A requester's money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Account {
    /// Free to spend: `AvailableBalance`.
    pub available: Usd,
    /// Set aside for open work: `OnHoldBalance`.
    pub held: Usd,
}

/// The account cannot cover a movement; nothing was moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{needed} is needed and {available} is available")]
pub struct Insufficient {
    /// What the movement takes.
    pub needed: Usd,
    /// What there is.
    pub available: Usd,
}

impl Account {
    /// The account after `movement`.
    pub fn after(self, movement: Movement) -> Result<Account, Insufficient> {
        let Movement { kind, amount } = movement;
        let take = |from: Usd| {
            if from >= amount { Ok(from - amount) } else { Err(Insufficient { needed: amount, available: from }) }
        };
        Ok(match kind {
            Kind::Deposit => Account { available: self.available + amount, ..self },
            Kind::Withdraw => Account { available: take(self.available)?, ..self },
            Kind::Hold => Account { available: take(self.available)?, held: self.held + amount },
            Kind::Release => Account { held: take(self.held)?, available: self.available + amount },
            Kind::Reward | Kind::Bonus | Kind::Fee => Account { held: take(self.held)?, ..self },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_goes_where_its_kind_says() {
        let start = Account { available: Usd::cents(100), held: Usd::cents(40) };
        let after = |kind| {
            start.after(Movement::new(kind, Usd::cents(30))).map(|a| (a.available.as_cents(), a.held.as_cents()))
        };
        assert_eq!(after(Kind::Deposit), Ok((130, 40)));
        assert_eq!(after(Kind::Withdraw), Ok((70, 40)));
        assert_eq!(after(Kind::Hold), Ok((70, 70)));
        assert_eq!(after(Kind::Release), Ok((130, 10)));
        for paid in [Kind::Reward, Kind::Bonus, Kind::Fee] {
            assert_eq!(after(paid), Ok((100, 10)), "{paid:?}");
        }
    }

    #[test]
    fn an_account_never_goes_below_nothing() {
        let start = Account { available: Usd::cents(100), held: Usd::cents(40) };
        for (kind, available) in
            [(Kind::Withdraw, 100), (Kind::Hold, 100), (Kind::Release, 40), (Kind::Reward, 40), (Kind::Fee, 40)]
        {
            let needed = Usd::cents(101);
            let error = start.after(Movement::new(kind, needed)).unwrap_err();
            assert_eq!(error, Insufficient { needed, available: Usd::cents(available) }, "{kind:?}");
        }
    }
}
