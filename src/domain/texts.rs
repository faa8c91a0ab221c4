//! Many short texts behind one another: a text is found by its place, and most are written by a [`Codebook`].

use super::codebook::Codebook;
use super::row::TextRef;
use std::borrow::Cow;
use std::sync::Arc;

/// The number of the book that has not been used: the text is as it is.
pub const PLAIN: u8 = 0;
/// A longer text says its length in two more bytes.
const LONG: u8 = 255;

/// Texts, and the books that they are written by. The text of [`TextRef::default`] is empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Texts {
    books: Vec<Option<Arc<Codebook>>>,
    bytes: Vec<u8>,
}

impl Default for Texts {
    fn default() -> Self {
        Texts { books: Vec::new(), bytes: vec![PLAIN, 0] }
    }
}

impl Texts {
    /// Makes a book known by its number.
    pub fn learn(&mut self, number: u8, book: Arc<Codebook>) {
        let at = usize::from(number);
        if self.books.len() <= at {
            self.books.resize(at + 1, None);
        }
        self.books[at] = Some(book);
    }

    /// Keeps a text as it is.
    pub fn push(&mut self, text: &str) -> TextRef {
        if text.is_empty() {
            return TextRef::default();
        }
        let at = self.bytes.len();
        append(PLAIN, text.as_bytes(), &mut self.bytes);
        TextRef(u32::try_from(at).unwrap_or_default())
    }

    /// Keeps texts that were written by [`append`]; the place of the first one. None when there is no room for more.
    pub fn extend(&mut self, texts: &[u8]) -> Option<u32> {
        u32::try_from(self.bytes.len() + texts.len()).ok()?;
        let at = self.bytes.len() as u32;
        self.bytes.extend_from_slice(texts);
        Some(at)
    }

    /// A text.
    pub fn get(&self, at: TextRef) -> Cow<'_, str> {
        let texts = self.bytes.get(at.0 as usize..).unwrap_or_default();
        let (book, bytes) = split(texts).unwrap_or_default();
        read(self.books.get(usize::from(book)).and_then(Option::as_deref), book, bytes)
    }
}

/// Appends one text: the number of its book, its length, its bytes.
pub fn append(book: u8, bytes: &[u8], out: &mut Vec<u8>) {
    out.push(book);
    match u8::try_from(bytes.len()).ok().filter(|length| *length != LONG) {
        Some(length) => out.push(length),
        None => {
            out.push(LONG);
            out.extend(u16::try_from(bytes.len()).unwrap_or(u16::MAX).to_le_bytes());
        }
    }
    out.extend_from_slice(&bytes[..bytes.len().min(usize::from(u16::MAX))]);
}

/// The first of some texts: the number of its book and its bytes.
pub fn split(texts: &[u8]) -> Option<(u8, &[u8])> {
    let (length, from) = match texts {
        [_, LONG, low, high, ..] => (u16::from_le_bytes([*low, *high]).into(), 4),
        [_, length, ..] => (usize::from(*length), 2),
        _ => return None,
    };
    Some((texts[0], texts.get(from..from + length)?))
}

/// A text out of its bytes; a book that is not known leaves nothing.
pub fn read<'a>(with: Option<&Codebook>, book: u8, bytes: &'a [u8]) -> Cow<'a, str> {
    match with {
        _ if book == PLAIN => String::from_utf8_lossy(bytes),
        Some(with) => Cow::Owned(with.read(bytes)),
        None => Cow::Borrowed(""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_by_their_place() {
        let mut texts = Texts::default();
        let long = "x".repeat(300);
        let places = ["", "yes", &long, "Größe"].map(|text| (texts.push(text), text));
        for (place, text) in places {
            assert_eq!(texts.get(place), text);
        }
        assert_eq!(texts.get(TextRef::default()), "");
        assert_eq!(texts.get(TextRef(u32::MAX)), "");
    }

    #[test]
    fn texts_of_a_book_are_read_with_it() {
        let book = Arc::new(Codebook::of(["label: yes", "label: no", "label: yes"]));
        let mut codes = Vec::new();
        book.write("label: yes", &mut codes);
        let mut packed = Vec::new();
        append(7, &codes, &mut packed);
        append(PLAIN, b"as it is", &mut packed);
        let mut texts = Texts::default();
        texts.push("before");
        let first = texts.extend(&packed).unwrap();
        let second = TextRef(first + 2 + codes.len() as u32);
        assert_eq!((texts.get(TextRef(first)).as_ref(), texts.get(second).as_ref()), ("", "as it is"));
        texts.learn(7, book);
        assert_eq!((texts.get(TextRef(first)).as_ref(), texts.get(second).as_ref()), ("label: yes", "as it is"));
    }
}
