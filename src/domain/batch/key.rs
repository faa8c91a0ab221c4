//! The key of a row: a hash of the batch's name and of what stands in the row. The same row is the same key wherever the
//! file is read again, so that a row is published once; another word in it is another row.

use super::BatchName;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt;

/// 80 bits: no two of a million rows are likely to share them.
const BYTES: usize = 10;

macro_rules! hash {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; BYTES]);

        impl $name {
            /// Reads it as it is written.
            pub fn parse(text: &str) -> Option<Self> {
                let mut bytes = [0; BYTES];
                let is_hex = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
                if text.len() != 2 * BYTES || !text.bytes().all(is_hex) {
                    return None;
                }
                for (at, byte) in bytes.iter_mut().enumerate() {
                    *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()?;
                }
                Some(Self(bytes))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }
    };
}

hash!(
    /// A row's key, written as 20 hexadecimal digits.
    RowKey
);
hash!(
    /// A hash of what stands in a row, whichever batch it is in: equal rows have equal ones.
    RowContent
);

impl RowKey {
    /// The `UniqueRequestToken` of the HIT of this row, or of a part of it.
    pub fn token(&self, part: u32) -> String {
        format!("hitdeck-{self}-{part}")
    }
}

/// A hash of texts, in hexadecimal: of all that a worker sees beside the row, for example.
pub fn digest<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let mut hash = Sha256::new();
    texts.into_iter().for_each(|text| add(&mut hash, text));
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Texts follow each other with their lengths, so that none runs into the next.
fn add(hash: &mut Sha256, text: &str) {
    hash.update((text.len() as u64).to_be_bytes());
    hash.update(text);
}

/// Hashes of what stands in rows. The order of the columns does not matter, and neither does the gold column, which no
/// worker sees.
pub fn contents<'r, R>(columns: &[String], gold: Option<&str>, rows: R) -> Vec<RowContent>
where
    R: IntoIterator<Item = &'r [String]>,
{
    let mut order: Vec<usize> = (0..columns.len()).filter(|at| gold != Some(columns[*at].as_str())).collect();
    order.sort_by_key(|at| &columns[*at]);
    let content_of = |row: &[String]| {
        let mut hash = Sha256::new();
        for at in &order {
            add(&mut hash, &columns[*at]);
            add(&mut hash, row.get(*at).map_or("", String::as_str));
        }
        RowContent(cut(hash))
    };
    rows.into_iter().map(content_of).collect()
}

/// The keys of a batch's rows. Of equal rows each has its own key: the second is the second of its kind.
pub fn keys(name: &BatchName, contents: &[RowContent]) -> Vec<RowKey> {
    let mut seen: HashMap<RowContent, u32> = HashMap::new();
    let key_of = |content: &RowContent| {
        let count = seen.entry(*content).or_insert(0);
        *count += 1;
        let mut hash = Sha256::new();
        add(&mut hash, name.as_str());
        hash.update(content.0);
        hash.update(count.to_be_bytes());
        RowKey(cut(hash))
    };
    contents.iter().map(key_of).collect()
}

fn cut(hash: Sha256) -> [u8; BYTES] {
    let mut key = [0; BYTES];
    key.iter_mut().zip(hash.finalize()).for_each(|(to, from)| *to = from);
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn row(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    fn of(name: &str, columns: &[&str], gold: Option<&str>, rows: &[Vec<String>]) -> Vec<RowKey> {
        let contents = contents(&row(columns), gold, rows.iter().map(Vec::as_slice));
        keys(&BatchName::parse(name).unwrap(), &contents)
    }

    #[test]
    fn a_key_follows_from_batch_and_content() {
        let rows = [row(&["Rome", "Italy"]), row(&["Bonn", "Germany"])];
        let keys = of("kg", &["city", "country"], None, &rows);
        assert_ne!(keys[0], keys[1]);
        let turned = [row(&["Germany", "Bonn"]), row(&["Italy", "Rome"])];
        let swapped = of("kg", &["country", "city"], None, &turned);
        assert_eq!((keys[0], keys[1]), (swapped[1], swapped[0]));
        assert_ne!(of("kg-2", &["city", "country"], None, &rows), keys);
        assert_ne!(of("kg", &["city", "land"], None, &rows), keys);
        assert_eq!(RowKey::parse(&keys[0].to_string()), Some(keys[0]));
        assert!(keys[0].token(12).len() <= 64);
        assert_eq!((RowKey::parse("9F"), RowKey::parse(&"G".repeat(20))), (None, None));
    }

    #[test]
    fn known_answers_can_be_corrected() {
        let with = |gold: &str| of("kg", &["a", "gold"], Some("gold"), &[row(&["x", gold])]);
        assert_eq!(with("yes"), with("no"));
    }

    #[test]
    fn equal_rows_have_keys_of_their_own() {
        let keys = of("kg", &["a"], None, &[row(&["x"]), row(&["x"]), row(&["y"]), row(&["x"])]);
        let different: std::collections::HashSet<_> = keys.iter().collect();
        assert_eq!(different.len(), 4);
        assert_eq!(keys[0], of("kg", &["a"], None, &[row(&["x"])])[0]);
    }

    proptest! {
        #[test]
        fn cells_never_run_into_each_other(a in ".{0,4}", b in ".{0,4}", c in ".{0,4}", d in ".{0,4}") {
            let (left, right) = (row(&[&a, &b]), row(&[&c, &d]));
            let keys = of("n", &["p", "q"], None, &[left.clone(), right.clone()]);
            prop_assert!(keys[0] != keys[1]);
            let one = |cells: &[String]| of("n", &["p", "q"], None, &[cells.to_vec()])[0];
            prop_assert_eq!(one(&left) == one(&right), left == right);
        }
    }
}
