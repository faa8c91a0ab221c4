//! Which holders are shown: by their score, and by whether they still hold the qualification.

use crate::domain::qualification::Qualification;

/// Which holders are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shown {
    /// The smallest score.
    pub lower: Option<i32>,
    /// The largest score.
    pub upper: Option<i32>,
    /// Only those who hold it, or only those from whom it was taken.
    pub revoked: Option<bool>,
}

impl Shown {
    /// Reads `50-80`, `>=90`, `>90`, `<=10`, `<10`, `7`, `held`, `revoked`, `all`; several parts must all hold.
    pub fn parse(text: &str) -> Result<Shown, String> {
        let mut shown = Shown::default();
        for part in text.split_whitespace() {
            match part {
                "all" => {}
                "held" => shown.revoked = Some(false),
                "revoked" => shown.revoked = Some(true),
                part => (shown.lower, shown.upper) = range(part).ok_or_else(|| unreadable(part))?,
            }
        }
        Ok(shown)
    }

    /// Whether a holder is shown. A qualification without a score is in no range of scores.
    pub fn takes(&self, held: &Qualification) -> bool {
        let ranged = self.lower.is_some() || self.upper.is_some();
        let above = |score| self.lower.is_none_or(|lower| score >= lower);
        let below = |score| self.upper.is_none_or(|upper| score <= upper);
        let fits = held.score.map_or(!ranged, |score| above(score) && below(score));
        fits && self.revoked.is_none_or(|revoked| held.revoked == revoked)
    }

    /// In words, as it could have been typed; empty when all are shown.
    pub fn words(&self) -> String {
        let scores = match (self.lower, self.upper) {
            (Some(lower), Some(upper)) if lower == upper => lower.to_string(),
            (Some(lower), Some(upper)) => format!("{lower}-{upper}"),
            (Some(lower), None) => format!(">={lower}"),
            (None, Some(upper)) => format!("<={upper}"),
            (None, None) => String::new(),
        };
        let standing = match self.revoked {
            None => "",
            Some(false) => "held",
            Some(true) => "revoked",
        };
        [scores.as_str(), standing].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

fn unreadable(part: &str) -> String {
    format!("{part:?} is no range of scores; expected: 50-80, >=90, <10, 7, held, revoked or all")
}

fn range(part: &str) -> Option<(Option<i32>, Option<i32>)> {
    if let Some(score) = part.strip_prefix(">=") {
        return Some((Some(score.parse().ok()?), None));
    }
    if let Some(score) = part.strip_prefix("<=") {
        return Some((None, Some(score.parse().ok()?)));
    }
    if let Some(score) = part.strip_prefix('>') {
        return Some((Some(score.parse::<i32>().ok()?.checked_add(1)?), None));
    }
    if let Some(score) = part.strip_prefix('<') {
        return Some((None, Some(score.parse::<i32>().ok()?.checked_sub(1)?)));
    }
    if let Ok(score) = part.parse() {
        return Some((Some(score), Some(score)));
    }
    // The first character may be a minus.
    let dash = part.char_indices().skip(1).find(|(_, c)| *c == '-')?.0;
    let (lower, upper) = (part[..dash].parse().ok()?, part[dash + 1..].parse().ok()?);
    (lower <= upper).then_some((Some(lower), Some(upper)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{QualificationTypeId, WorkerId};
    use rstest::rstest;

    fn held(score: Option<i32>, revoked: bool) -> Qualification {
        let type_id = QualificationTypeId::parse("3TYPE").unwrap();
        Qualification { type_id, worker: WorkerId::parse("A1").unwrap(), granted: None, score, revoked }
    }

    #[rstest]
    #[case("50-80", &[50, 80], "50-80")]
    #[case("-5--1", &[-5, -1], "-5--1")]
    #[case(">=80", &[80, 81], ">=80")]
    #[case(">80", &[81], ">=81")]
    #[case("<=0", &[-5, -1, 0], "<=0")]
    #[case("<0", &[-5, -1], "<=-1")]
    #[case("80", &[80], "80")]
    #[case("all", &[-5, -1, 0, 50, 80, 81], "")]
    fn scores_are_chosen_by_range(#[case] text: &str, #[case] takes: &[i32], #[case] words: &str) {
        let shown = Shown::parse(text).unwrap();
        let all = [-5, -1, 0, 50, 80, 81].into_iter();
        assert_eq!(all.filter(|score| shown.takes(&held(Some(*score), false))).collect::<Vec<_>>(), takes);
        assert_eq!(shown.words(), words);
        assert_eq!(Shown::parse(words).unwrap(), shown);
    }

    #[test]
    fn the_revoked_are_told_apart() {
        let shown = Shown::parse(">=1 revoked").unwrap();
        assert!(shown.takes(&held(Some(1), true)) && !shown.takes(&held(Some(1), false)));
        assert!(!shown.takes(&held(None, true)), "no score is in no range");
        assert!(Shown::parse("held").unwrap().takes(&held(None, false)));
    }

    #[rstest]
    #[case("80-50")]
    #[case("many")]
    #[case(">")]
    #[case(">2147483647")]
    fn what_is_no_range_is_said(#[case] text: &str) {
        assert!(Shown::parse(text).unwrap_err().contains("expected: 50-80"));
    }
}
