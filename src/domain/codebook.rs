//! Short texts in few bytes: summaries are kept by the million, and those of one account say much the same.
//!
//! A codebook gives the 255 most useful pieces of some sample texts one byte each; a byte that no piece begins with is
//! written after [`ESCAPE`]. Any text can be read alone, and costs about as much to read as to copy.

use std::borrow::Cow;
use std::collections::HashMap;

/// The code before a byte that stands for itself.
const ESCAPE: u8 = 255;
/// The longest piece.
const LONGEST: usize = 8;
/// How often the pieces are made of the pieces before: each time they can be twice as long.
const ROUNDS: usize = 5;
/// As much text as a codebook is made of.
const SAMPLE: usize = 24 << 10;

/// The pieces that have a byte of their own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Codebook {
    pieces: Vec<Box<[u8]>>,
    /// For each first byte the pieces that begin with it, the longest first.
    by_first: Vec<Vec<u8>>,
}

impl Codebook {
    /// The pieces that make these texts short. The same texts make the same book.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Codebook {
        let mut sample = Vec::new();
        let mut size = 0;
        for text in texts {
            if size > SAMPLE {
                break;
            }
            size += text.len();
            sample.push(text.as_bytes());
        }
        let mut book = Codebook::default();
        for _ in 0..ROUNDS {
            book = book.better(&sample);
        }
        book
    }

    /// Pieces out of this book's pieces and pairs of them, those that save the most.
    fn better(&self, sample: &[&[u8]]) -> Codebook {
        let mut counts: HashMap<&[u8], usize> = HashMap::new();
        for text in sample {
            let (mut before, mut at) = (0, 0);
            while at < text.len() {
                let next = at + self.step(&text[at..]).1;
                *counts.entry(&text[at..next]).or_default() += 1;
                if at > before && next - before <= LONGEST {
                    *counts.entry(&text[before..next]).or_default() += 1;
                }
                (before, at) = (at, next);
            }
        }
        // A byte that would have to be escaped costs two.
        let gain = |(piece, count): &(&[u8], usize)| if piece.len() == 1 { *count } else { (piece.len() - 1) * count };
        let mut best: Vec<(&[u8], usize)> = counts.into_iter().filter(|(_, count)| *count > 1).collect();
        best.sort_unstable_by(|a, b| gain(b).cmp(&gain(a)).then(a.0.cmp(b.0)));
        best.truncate(usize::from(ESCAPE));
        Codebook::with(best.into_iter().map(|(piece, _)| piece.into()).collect())
    }

    fn with(pieces: Vec<Box<[u8]>>) -> Codebook {
        let mut by_first = vec![Vec::new(); 256];
        for (code, piece) in (0..ESCAPE).zip(&pieces) {
            by_first[usize::from(piece[0])].push(code);
        }
        for codes in &mut by_first {
            codes.sort_unstable_by_key(|code| std::cmp::Reverse(pieces[usize::from(*code)].len()));
        }
        Codebook { pieces, by_first }
    }

    /// The code of the longest piece that the text begins with, if there is one, and how many bytes it stands for.
    fn step(&self, text: &[u8]) -> (Option<u8>, usize) {
        let codes = self.by_first.get(usize::from(text[0])).map_or(&[][..], Vec::as_slice);
        let found = codes.iter().find(|code| text.starts_with(&self.pieces[usize::from(**code)]));
        found.map_or((None, 1), |code| (Some(*code), self.pieces[usize::from(*code)].len()))
    }

    /// Appends a text in few bytes.
    pub fn write(&self, text: &str, out: &mut Vec<u8>) {
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            let (code, length) = self.step(rest);
            match code {
                Some(code) => out.push(code),
                None => out.extend([ESCAPE, rest[0]]),
            }
            rest = &rest[length..];
        }
    }

    /// The text again. What no book has written comes out as something, never as a panic.
    pub fn read(&self, codes: &[u8]) -> String {
        let mut bytes = Vec::with_capacity(codes.len() * 4);
        let mut codes = codes.iter();
        while let Some(code) = codes.next() {
            match self.pieces.get(usize::from(*code)) {
                Some(piece) if *code != ESCAPE => bytes.extend_from_slice(piece),
                _ => bytes.extend(codes.next()),
            }
        }
        match String::from_utf8_lossy(&bytes) {
            Cow::Borrowed(text) => text.to_owned(),
            Cow::Owned(text) => text,
        }
    }

    /// The book as bytes: each piece after its length.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for piece in &self.pieces {
            bytes.push(piece.len() as u8);
            bytes.extend_from_slice(piece);
        }
        bytes
    }

    /// The book out of its bytes; none if they are no book.
    pub fn from_bytes(mut bytes: &[u8]) -> Option<Codebook> {
        let mut pieces: Vec<Box<[u8]>> = Vec::new();
        while let [length, rest @ ..] = bytes {
            let length = usize::from(*length);
            if !(1..=LONGEST).contains(&length) || pieces.len() == usize::from(ESCAPE) {
                return None;
            }
            pieces.push(rest.get(..length)?.into());
            bytes = &rest[length..];
        }
        Some(Codebook::with(pieces))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn round_trip(book: &Codebook, text: &str) -> usize {
        let mut codes = Vec::new();
        book.write(text, &mut codes);
        assert_eq!(book.read(&codes), text);
        codes.len()
    }

    #[test]
    fn texts_that_say_much_the_same_become_short() {
        let texts: Vec<String> = ["yes", "no", "unsure"]
            .iter()
            .flat_map(|label| {
                ["customer", "picture", "bicycle"].map(|word| format!("label: {label}; comment: {word} wall"))
            })
            .collect();
        let book = Codebook::of(texts.iter().map(String::as_str));
        for text in &texts {
            assert!(round_trip(&book, text) * 3 < text.len(), "{text}");
        }
        assert_eq!(Codebook::from_bytes(&book.to_bytes()), Some(book));
    }

    #[test]
    fn a_book_of_nothing_writes_everything() {
        let book = Codebook::of([]);
        assert_eq!(round_trip(&book, "Größe"), 14);
        assert_eq!(round_trip(&book, ""), 0);
        assert_eq!(Codebook::from_bytes(&[]), Some(book));
    }

    #[test]
    fn what_is_no_book_is_seen() {
        assert_eq!(Codebook::from_bytes(&[3, b'a', b'b']), None);
        assert_eq!(Codebook::from_bytes(&[0]), None);
        assert_eq!(Codebook::from_bytes(&[9; 20]), None);
    }

    proptest! {
        #[test]
        fn any_text_comes_back(sample in prop::collection::vec("\\PC{0,40}", 0..20), text in "\\PC{0,80}") {
            let book = Codebook::of(sample.iter().map(String::as_str));
            round_trip(&book, &text);
            sample.iter().for_each(|text| { round_trip(&book, text); });
            prop_assert_eq!(Codebook::from_bytes(&book.to_bytes()), Some(book));
        }

        #[test]
        fn any_bytes_are_read_as_something(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            Codebook::of(["some text", "some more text"]).read(&bytes);
            Codebook::from_bytes(&bytes);
        }
    }
}
