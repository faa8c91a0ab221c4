//! Worker identifiers replaced in everything that leaves the house: each becomes a keyed pseudonym, wherever it stands.

use crate::domain::pseudonym::Pseudonyms;
use std::borrow::Cow;
use std::collections::HashSet;

/// An identifier this long is found inside longer words too; shorter ones would be found in words that mean nothing.
const CERTAIN: usize = 10;

/// Replaces the identifiers of workers.
#[derive(Debug, Clone)]
pub struct Redactor {
    names: Pseudonyms,
    /// Those that are known, in capitals.
    known: HashSet<Box<str>>,
    /// The lengths of those that are found inside words, the longest first.
    lengths: Vec<usize>,
    /// Those with other characters than letters and digits, as other programs have them, the longest first.
    odd: Vec<Box<str>>,
}

impl Redactor {
    /// With a key, for these workers; other words that have the form of a worker's identifier are replaced too.
    pub fn new<'a>(names: Pseudonyms, workers: impl IntoIterator<Item = &'a str>) -> Self {
        let (mut known, mut odd): (HashSet<Box<str>>, Vec<Box<str>>) = Default::default();
        for worker in workers.into_iter().filter(|worker| is_telling(worker)) {
            match worker.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                true => drop(known.insert(worker.to_ascii_uppercase().into())),
                false => odd.push(worker.into()),
            }
        }
        odd.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        odd.dedup();
        let lengths: HashSet<usize> = known.iter().map(|worker| worker.len()).filter(|len| *len >= CERTAIN).collect();
        let mut lengths: Vec<usize> = lengths.into_iter().collect();
        lengths.sort_unstable_by(|a, b| b.cmp(a));
        Redactor { names, known, lengths, odd }
    }

    /// The pseudonym of a worker.
    pub fn worker(&self, id: &str) -> String {
        self.names.of(id)
    }

    /// A text without identifiers: those of known workers in any case and inside longer words, and every word that could
    /// be one.
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut text = Cow::Borrowed(text);
        for id in &self.odd {
            if text.contains(&**id) {
                text = text.replace(&**id, &self.names.of(id)).into();
            }
        }
        let text = after(text, |text| self.without_known(text));
        after(text, |text| self.names.scrub(text))
    }

    fn without_known<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric();
        let bytes = text.as_bytes();
        let (mut out, mut kept, mut at) = (String::new(), 0, 0);
        while let Some(start) = bytes[at..].iter().position(|byte| is_part(*byte)).map(|found| at + found) {
            let end = bytes[start..].iter().position(|byte| !is_part(*byte)).map_or(text.len(), |found| start + found);
            for (from, to) in self.found_in(&text[start..end]) {
                let (from, to) = (start + from, start + to);
                out.push_str(&text[kept..from]);
                out.push_str(&self.names.of(&text[from..to].to_ascii_uppercase()));
                kept = to;
            }
            at = end;
        }
        if kept == 0 {
            return Cow::Borrowed(text);
        }
        out.push_str(&text[kept..]);
        Cow::Owned(out)
    }

    /// Where known identifiers stand in a word.
    fn found_in(&self, word: &str) -> Vec<(usize, usize)> {
        // No telling identifier is shorter.
        if word.len() < 2 || self.known.is_empty() {
            return Vec::new();
        }
        let capitals = word.to_ascii_uppercase();
        if self.known.contains(capitals.as_str()) {
            return vec![(0, word.len())];
        }
        let mut found = Vec::new();
        let mut at = 0;
        while at < word.len() {
            let length = self
                .lengths
                .iter()
                .find(|length| capitals.get(at..at + **length).is_some_and(|part| self.known.contains(part)));
            match length {
                Some(length) => {
                    found.push((at, at + length));
                    at += length;
                }
                None => at += 1,
            }
        }
        found
    }
}

/// A text after one more change, which may leave it as it is.
fn after<'a>(text: Cow<'a, str>, change: impl for<'b> Fn(&'b str) -> Cow<'b, str>) -> Cow<'a, str> {
    match text {
        Cow::Borrowed(text) => change(text),
        Cow::Owned(text) => match change(&text) {
            Cow::Owned(changed) => Cow::Owned(changed),
            Cow::Borrowed(_) => Cow::Owned(text),
        },
    }
}

/// Whether a word tells who somebody is. A bare number, as some files have it for identifiers, stands everywhere.
fn is_telling(worker: &str) -> bool {
    worker.len() >= 2 && worker.bytes().any(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redactor() -> Redactor {
        Redactor::new(Pseudonyms::new([7; 32]), ["A1EXAMPLE0WRKR", "AXYZ", "A1W0", "7", "worker_b", "worker_bb"])
    }

    #[test]
    fn known_workers_are_found_wherever_they_stand() {
        let redactor = redactor();
        let one = redactor.worker("A1EXAMPLE0WRKR");
        for (text, expected) in [
            ("I am A1EXAMPLE0WRKR.", format!("I am {one}.")),
            ("a1example0wrkr", one.clone()),
            ("https://x.example/?workerId=A1EXAMPLE0WRKR&x=1", format!("https://x.example/?workerId={one}&x=1")),
            ("idA1EXAMPLE0WRKRandmore", format!("id{one}andmore")),
            ("{\"worker\":\"A1EXAMPLE0WRKR\"}", format!("{{\"worker\":\"{one}\"}}")),
            ("A1EXAMPLE0WRKRA1EXAMPLE0WRKR", format!("{one}{one}")),
            ("axyz and A1W0", format!("{} and {}", redactor.worker("AXYZ"), redactor.worker("A1W0"))),
            (
                "by worker_b, not worker_bb",
                format!("by {}, not {}", redactor.worker("worker_b"), redactor.worker("worker_bb")),
            ),
            ("é A1EXAMPLE0WRKR é", format!("é {one} é")),
        ] {
            assert_eq!(redactor.text(text), expected, "{text}");
        }
    }

    #[test]
    fn strangers_are_replaced_and_words_are_not() {
        let redactor = redactor();
        assert_eq!(redactor.text("like A2OTHERWORKER9"), format!("like {}", redactor.worker("A2OTHERWORKER9")));
        for text in ["", "7 of 10", "galaxyz", "An answer", "3MXUWSJ6ZRFVXZTXW7AZ5UKJKSLR7V", "A1W00"] {
            assert_eq!(redactor.text(text), text);
        }
    }

    #[test]
    fn nothing_is_replaced_twice() {
        let redactor = redactor();
        let once = redactor.text("A1EXAMPLE0WRKR A2OTHERWORKER9 axyz").into_owned();
        assert_eq!(redactor.text(&once), once);
    }
}
