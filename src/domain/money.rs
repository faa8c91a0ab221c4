//! Exact money: whole cents of a US dollar, never a float.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

/// An amount in whole US cents. May be negative (a balance, a ledger movement).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Usd(i64);

/// Why a text is not an amount of money.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not an amount in dollars: expected digits with at most two decimals, such as 0.05")]
pub struct UsdError(pub String);

impl Usd {
    /// Nothing.
    pub const ZERO: Usd = Usd(0);

    /// An amount of whole cents.
    pub const fn cents(cents: i64) -> Self {
        Usd(cents)
    }

    /// The amount in whole cents.
    pub const fn as_cents(self) -> i64 {
        self.0
    }

    /// Parses the API's `CurrencyAmount`: `^[0-9]+(\.)?[0-9]{0,2}$`, so "5", "5.", "0.1" and "101.42". No sign, no symbol,
    /// no third decimal, nothing above 10^13 dollars.
    pub fn parse(text: &str) -> Result<Self, UsdError> {
        let error = || UsdError(text.chars().take(40).collect());
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || whole.len() > 13 || part.len() > 2 || !digits(whole) || !digits(part) {
            return Err(error());
        }
        let dollars: i64 = whole.parse().map_err(|_| error())?;
        let cents: i64 = format!("{part:0<2}").parse().map_err(|_| error())?;
        Ok(Usd(dollars * 100 + cents))
    }

    /// This amount `count` times; saturates rather than wraps.
    pub const fn times(self, count: u64) -> Self {
        let count = if count > i64::MAX as u64 { i64::MAX } else { count as i64 };
        Usd(self.0.saturating_mul(count))
    }

    /// `basis_points` hundredths of a percent of this amount, rounded half up to the cent.
    pub const fn share(self, basis_points: u32) -> Self {
        Usd((self.0 as i128 * basis_points as i128 + 5_000).div_euclid(10_000) as i64)
    }

    /// With the dollar sign and thousands separators, for people: `$9,871.20`, `-$0.05`.
    pub fn display(self) -> String {
        let plain = Usd(self.0.saturating_abs()).to_string();
        let (whole, cents) = plain.split_once('.').unwrap_or((&plain, "00"));
        let mut grouped = String::new();
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        format!("{}${grouped}.{cents}", if self.0 < 0 { "-" } else { "" })
    }
}

/// As the API writes it: two decimals, no symbol.
impl fmt::Display for Usd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        f.pad(&format!("{sign}{}.{:02}", cents / 100, cents % 100))
    }
}

impl std::str::FromStr for Usd {
    type Err = UsdError;

    fn from_str(text: &str) -> Result<Self, UsdError> {
        Self::parse(text)
    }
}

impl Add for Usd {
    type Output = Usd;
    fn add(self, other: Usd) -> Usd {
        Usd(self.0.saturating_add(other.0))
    }
}

impl Sub for Usd {
    type Output = Usd;
    fn sub(self, other: Usd) -> Usd {
        Usd(self.0.saturating_sub(other.0))
    }
}

impl Neg for Usd {
    type Output = Usd;
    fn neg(self) -> Usd {
        Usd(self.0.saturating_neg())
    }
}

impl AddAssign for Usd {
    fn add_assign(&mut self, other: Usd) {
        *self = *self + other;
    }
}

impl SubAssign for Usd {
    fn sub_assign(&mut self, other: Usd) {
        *self = *self - other;
    }
}

impl Sum for Usd {
    fn sum<I: Iterator<Item = Usd>>(iter: I) -> Usd {
        iter.fold(Usd::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn parses_what_the_api_accepts() {
        for (text, cents) in [("5", 500), ("5.", 500), ("0.1", 10), ("101.42", 10142), ("0.05", 5), ("00.5", 50)] {
            assert_eq!(Usd::parse(text), Ok(Usd::cents(cents)), "{text}");
        }
        for text in ["", ".5", "-1", "+1", "$1", "1.234", "1,000", "1.0.0", "１", "99999999999999"] {
            assert!(Usd::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn is_shown_with_separators_to_people() {
        assert_eq!(Usd::cents(987_120).display(), "$9,871.20");
        assert_eq!(Usd::cents(-5).display(), "-$0.05");
        assert_eq!(Usd::cents(100_000_000).display(), "$1,000,000.00");
    }

    proptest! {
        #[test]
        fn text_and_back(cents in 0i64..1_000_000_000_000) {
            prop_assert_eq!(Usd::parse(&Usd::cents(cents).to_string()), Ok(Usd::cents(cents)));
        }

        #[test]
        fn a_share_is_within_half_a_cent(cents in 0i64..1_000_000_000, points in 0u32..20_000) {
            let exact = cents as i128 * points as i128;
            let got = Usd::cents(cents).share(points).as_cents() as i128 * 10_000;
            prop_assert!((got - exact).abs() <= 5_000);
        }
    }
}
