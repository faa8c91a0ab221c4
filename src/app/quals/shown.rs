//! Which holders and requests are shown or marked: by score, by whether the qualification is still held, and by a query about
//! the workers.

use crate::domain::query::{WorkerFacts, WorkerQuery, parse_worker};

/// Which holders and requests are shown or marked.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shown {
    /// The smallest score.
    lower: Option<i32>,
    /// The largest score.
    upper: Option<i32>,
    /// Only those who hold it, or only those from whom it was taken.
    revoked: Option<bool>,
    /// Whose workers answer this.
    query: WorkerQuery,
    /// The query as it was typed.
    text: String,
}

impl Shown {
    /// Reads `50-80`, `>=90`, `>90`, `<=10`, `<10`, `7`, `held`, `revoked`, `all`, of which all must hold, and behind them a
    /// query about workers, such as `approved-rate<90`.
    pub fn parse(text: &str) -> Result<Shown, String> {
        let mut shown = Shown::default();
        let mut rest = text.trim();
        while let Some(part) = rest.split_whitespace().next() {
            match part {
                "all" => {}
                "held" => shown.revoked = Some(false),
                "revoked" => shown.revoked = Some(true),
                part => match range(part) {
                    Some(range) => (shown.lower, shown.upper) = range,
                    // No identifier of a worker and no field begins like a number: a range was meant.
                    None if part.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '<' | '>')) => {
                        return Err(unreadable(part, "it begins like a number"));
                    }
                    None => break,
                },
            }
            rest = rest[part.len()..].trim_start();
        }
        shown.query = parse_worker(rest).map_err(|error| unreadable(rest, &error.message))?;
        rest.clone_into(&mut shown.text);
        Ok(shown)
    }

    /// Whether a score is in the range, of what is held or was revoked; none of a request. What has no score is in no range.
    pub fn takes(&self, score: impl FnOnce() -> Option<i32>, revoked: Option<bool>) -> bool {
        if self.revoked.is_some() && revoked.is_some() && self.revoked != revoked {
            return false;
        }
        let ranged = self.lower.is_some() || self.upper.is_some();
        let above = |score| self.lower.is_none_or(|lower| score >= lower);
        let below = |score| self.upper.is_none_or(|upper| score <= upper);
        !ranged || score().is_some_and(|score| above(score) && below(score))
    }

    /// Whether a worker answers the query; nobody who is unknown does.
    pub fn asks_for(&self, facts: Option<WorkerFacts<'_>>) -> bool {
        self.query.is_all() || facts.is_some_and(|facts| self.query.matches(&facts))
    }

    /// Whether it asks about workers, so that these have to be known.
    pub fn asks(&self) -> bool {
        !self.query.is_all()
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
        let parts = [scores.as_str(), standing, self.text.as_str()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

fn unreadable(part: &str, why: &str) -> String {
    format!(
        "{part:?} is no range of scores (50-80, >=90, <10, 7, held, revoked, all), and no query about workers: {why}"
    )
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
    use crate::domain::money::Usd;
    use crate::domain::time::Time;
    use crate::domain::worker_stats::WorkerStats;
    use rstest::rstest;

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
        assert_eq!(all.filter(|score| shown.takes(|| Some(*score), Some(false))).collect::<Vec<_>>(), takes);
        assert_eq!(shown.words(), words);
        assert_eq!(Shown::parse(words).unwrap(), shown);
    }

    #[test]
    fn the_revoked_are_told_apart() {
        let shown = Shown::parse(">=1 revoked").unwrap();
        assert!(shown.takes(|| Some(1), Some(true)) && !shown.takes(|| Some(1), Some(false)));
        assert!(!shown.takes(|| None, Some(true)), "no score is in no range");
        assert!(Shown::parse("held").unwrap().takes(|| None, Some(false)));
        assert!(shown.takes(|| Some(1), None), "a request is neither held nor revoked");
    }

    #[test]
    fn a_query_about_the_workers_stands_behind_the_range() {
        let shown = Shown::parse(" >=50  held qual:\"took part\" sent>=10").unwrap();
        assert_eq!(shown.words(), ">=50 held qual:\"took part\" sent>=10");
        let stats = |submitted| WorkerStats { submitted, ..WorkerStats::default() };
        let asks_for = |submitted| {
            let (stats, qualifications) = (stats(submitted), ["took part".into()]);
            let (id, now) = ("A1", Time(0));
            shown.asks_for(Some(WorkerFacts {
                id,
                stats: &stats,
                bonuses: Usd::ZERO,
                blocked: false,
                noted: false,
                qualifications: &qualifications,
                now,
            }))
        };
        assert!(asks_for(10) && !asks_for(9) && !shown.asks_for(None) && shown.asks());
        assert!(Shown::default().asks_for(None) && !Shown::default().asks());
        assert!(Shown::parse("a1ex").unwrap().asks(), "a part of the identifier");
    }

    #[rstest]
    #[case("80-50", "\"80-50\" is no range of scores")]
    #[case(">", "50-80, >=90")]
    #[case(">2147483647", "is no range")]
    #[case("50-80 sentt>3", "did you mean sent?")]
    fn what_cannot_be_read_is_said(#[case] text: &str, #[case] why: &str) {
        let problem = Shown::parse(text).unwrap_err();
        assert!(problem.contains(why), "{problem}");
    }
}
