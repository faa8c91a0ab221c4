//! Splits HTML into tags and text. Knows nothing of what they mean, save which elements hold no markup.

/// A part of the document.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::question) enum Token<'a> {
    /// An element begins; its name as written, and the rest of the tag.
    Open(&'a str, Attributes<'a>),
    /// An element ends.
    Close(&'a str),
    /// Characters, references not yet decoded.
    Text(&'a str),
}

/// The inside of a tag, behind its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::question) struct Attributes<'a>(&'a str);

impl<'a> Attributes<'a> {
    /// The raw value of an attribute; empty when it has none.
    pub(in crate::question) fn get(&self, name: &str) -> Option<&'a str> {
        let mut rest = self.0;
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
            if rest.is_empty() {
                return None;
            }
            let end = rest.find(|c: char| c.is_ascii_whitespace() || c == '=' || c == '/').unwrap_or(rest.len());
            let key = &rest[..end.max(1).min(rest.len())];
            rest = rest[key.len()..].trim_start();
            let value = match rest.strip_prefix('=') {
                None => "",
                Some(tail) => {
                    let tail = tail.trim_start();
                    let quote = tail.chars().next().filter(|c| matches!(c, '"' | '\''));
                    let (value, after) = match quote {
                        Some(quote) => tail[1..].split_once(quote).unwrap_or((&tail[1..], "")),
                        None => tail.split_at(tail.find(|c: char| c.is_ascii_whitespace()).unwrap_or(tail.len())),
                    };
                    rest = after;
                    value
                }
            };
            if key.eq_ignore_ascii_case(name) {
                return Some(value);
            }
        }
    }
}

/// Walks over a document.
pub(in crate::question) struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Tokens<'a> {
    pub(in crate::question) fn new(html: &'a str) -> Self {
        Tokens { rest: html }
    }

    /// Skips to the end tag of an element that holds no markup; returns what was inside.
    pub(in crate::question) fn skip_raw(&mut self, name: &str) -> &'a str {
        let mut from = 0;
        while let Some(at) = self.rest[from..].find("</") {
            let start = from + at;
            let after = &self.rest.as_bytes()[start + 2..];
            if after.len() >= name.len() && after[..name.len()].eq_ignore_ascii_case(name.as_bytes()) {
                let inside = &self.rest[..start];
                let tag = &self.rest[start..];
                self.rest = tag.find('>').map_or("", |end| &tag[end + 1..]);
                return inside;
            }
            from = start + 2;
        }
        std::mem::take(&mut self.rest)
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            let is_tag = |at: usize| {
                let next = self.rest.as_bytes().get(at + 1);
                next.is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'/' | b'!' | b'?'))
            };
            let mut from = 0;
            let start = loop {
                match self.rest[from..].find('<').map(|at| from + at) {
                    Some(at) if is_tag(at) => break Some(at),
                    Some(at) => from = at + 1,
                    None => break None,
                }
            };
            match start {
                None => return Some(Token::Text(std::mem::take(&mut self.rest))),
                Some(at) if at > 0 => {
                    let (text, rest) = self.rest.split_at(at);
                    self.rest = rest;
                    return Some(Token::Text(text));
                }
                Some(_) => {}
            }
            if let Some(comment) = self.rest.strip_prefix("<!--") {
                self.rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
                continue;
            }
            let end = tag_end(self.rest);
            let tag = &self.rest[1..end];
            self.rest = self.rest.get(end + 1..).unwrap_or("");
            if tag.starts_with(['!', '?']) {
                continue;
            }
            let closing = tag.starts_with('/');
            let tag = tag.trim_start_matches('/');
            let end = tag.find(|c: char| c.is_ascii_whitespace() || c == '/').unwrap_or(tag.len());
            let (name, attributes) = tag.split_at(end);
            return Some(if closing { Token::Close(name) } else { Token::Open(name, Attributes(attributes)) });
        }
    }
}

/// Quotes in a tag are followed over so many bytes.
const QUOTED: usize = 8_192;

/// Where the tag at the front ends: at the first `>` outside quotes that belong to an attribute.
fn tag_end(text: &str) -> usize {
    let mut quote = None;
    let mut after_equals = false;
    for (at, byte) in text.bytes().take(QUOTED).enumerate() {
        match (quote, byte) {
            (Some(open), _) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'>') => return at,
            (None, b'"' | b'\'') if after_equals => quote = Some(byte),
            _ => {}
        }
        after_equals = byte == b'=' || (after_equals && byte.is_ascii_whitespace());
    }
    // A quote that never closes must not swallow the document (and an inline image holds no `>`).
    text.find('>').unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_attributes_and_text() {
        let html = "a < b <p class=x title='1 > 0'>t<br/></P><!-- <i> --><!DOCTYPE html>z";
        let tokens: Vec<_> = Tokens::new(html).collect();
        assert_eq!(tokens.len(), 6);
        let Token::Open("p", attributes) = tokens[1] else { panic!("{tokens:?}") };
        assert_eq!((attributes.get("TITLE"), attributes.get("class")), (Some("1 > 0"), Some("x")));
        assert_eq!(attributes.get("id"), None);
        assert_eq!(tokens[4], Token::Close("P"));
        assert_eq!(tokens[5], Token::Text("z"));
    }

    #[test]
    fn quotes_that_never_close_swallow_one_tag_only() {
        let tokens: Vec<_> = Tokens::new("<a href=\"x>text</a>").collect();
        assert!(matches!(tokens.as_slice(), [Token::Open("a", _), Token::Text("text"), Token::Close("a")]));
    }

    #[test]
    fn raw_elements_are_skipped_whole() {
        let mut tokens = Tokens::new("<script>if (a < b) '<p>'</SCRIPT >x");
        assert!(matches!(tokens.next(), Some(Token::Open("script", _))));
        assert_eq!(tokens.skip_raw("script"), "if (a < b) '<p>'");
        assert_eq!(tokens.next(), Some(Token::Text("x")));
    }
}
