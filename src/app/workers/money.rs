//! What the desk knows of money that workers are paid beside rewards: bonuses, and payments to who has no payable assignment.

use crate::app::format;
use crate::domain::fees::FeeSchedule;
use crate::domain::id::WorkerId;
use crate::domain::money::Usd;
use crate::domain::worker::{BonusSum, Payment, share_out};
use std::collections::HashMap;

/// Bonuses that were paid, and payments that are under way.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Money {
    /// Each worker's bonuses, as far as they are known: paid from here, or read at the endpoint.
    pub bonuses: HashMap<WorkerId, BonusSum>,
    /// Payments without an assignment that are not over.
    pub open: HashMap<WorkerId, Payment>,
    /// How far the endpoint has been asked for bonuses that were paid elsewhere.
    pub read: Read,
}

/// How many of the HITs that were asked about have been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Read {
    /// So many.
    pub done: usize,
    /// Of so many; 0 before anything was asked.
    pub all: usize,
}

impl Read {
    /// For people: whether all is known that the endpoint knows.
    pub fn words(self) -> Option<String> {
        let all = format::plural(self.all, "HIT");
        match self {
            Read { all: 0, .. } => None,
            Read { done, all: count } if done < count => {
                Some(format!("bonuses paid elsewhere: {} of {all} read, there may be more", format::count(done)))
            }
            Read { .. } => Some(format!("bonuses paid elsewhere: {all} read, these are all of them")),
        }
    }
}

/// What is done about paying a worker without an assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PayStep {
    /// It is begun.
    Begin {
        /// How much, without the fee.
        amount: Usd,
        /// What the worker reads.
        reason: String,
    },
    /// The one that is under way goes on.
    GoOn,
    /// The one that is under way is taken back.
    TakeBack,
}

/// How a bonus is divided over workers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// Each gets this.
    Each(Usd),
    /// All together get this.
    Total(Usd),
}

impl Share {
    /// Reads `0.50`, `$0.50` or `total 10`.
    pub fn parse(text: &str) -> Result<Share, String> {
        let text = text.trim();
        let is_total = |word: &&str| word.eq_ignore_ascii_case("total");
        let words: Vec<&str> = text.split_whitespace().collect();
        let amount = |word: &str| Usd::parse(word.trim_start_matches('$')).map_err(|error| error.to_string());
        match words.as_slice() {
            [one] => amount(one).map(Share::Each),
            [total, sum] | [sum, total] if is_total(total) => amount(sum).map(Share::Total),
            _ => Err("an amount for each, such as 0.50, or for all together, such as total 10".to_owned()),
        }
    }

    /// What each of so many gets.
    pub fn amounts(self, count: usize) -> Vec<Usd> {
        match self {
            Share::Each(amount) => vec![amount; count],
            Share::Total(total) => share_out(total, count),
        }
    }

    /// In words: "$0.50 for each of 3 workers", "$10.00 shared out among 3 workers".
    pub fn words(self, who: &str) -> String {
        match self {
            Share::Each(amount) => format!("{} for {who}", amount.display()),
            Share::Total(total) => format!("{} in all for {who}", total.display()),
        }
    }
}

/// What amounts come to with the fees of bonuses: "$1.50 and $0.30 in Amazon's fees, $1.80 in all".
pub fn cost_of_bonuses(amounts: &[Usd]) -> String {
    let sum: Usd = amounts.iter().copied().sum();
    let fees: Usd = amounts.iter().map(|amount| FeeSchedule::AMAZON.of_bonus(*amount)).sum();
    format!("{} and {} in Amazon's fees, {} in all", sum.display(), fees.display(), (sum + fees).display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_for_each_unless_it_says_total() {
        let parse = |text: &str| Share::parse(text);
        assert_eq!(parse(" $0.50 "), Ok(Share::Each(Usd::cents(50))));
        assert_eq!(parse("total 10"), Ok(Share::Total(Usd::cents(1_000))));
        assert_eq!(parse("$10 Total"), Ok(Share::Total(Usd::cents(1_000))));
        assert!(parse("").unwrap_err().contains("such as 0.50"));
        assert!(parse("10 each please").is_err() && parse("much").is_err());
        assert_eq!(Share::Total(Usd::cents(100)).amounts(3), [34, 33, 33].map(Usd::cents));
    }
}
