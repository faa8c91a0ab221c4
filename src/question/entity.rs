//! HTML character references (`&amp;`, `&#44;`, `&eacute;`): in answers, questions and cells of batch-results files.

mod names;

use names::NAMED;
use std::borrow::Cow;

/// The longest text between `&` and `;` that is looked at.
const LONGEST: usize = 10;

/// The character that a reference (without `&` and `;`) stands for. None for unknown names, surrogates and NUL.
pub fn resolve(name: &str) -> Option<char> {
    let Some(number) = name.strip_prefix('#') else {
        let at = NAMED.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
        return Some(NAMED[at].1);
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(code).filter(|c| *c != '\0')
}

/// Replaces the references that are known and leaves everything else as it stands. One pass: what comes out of a
/// reference is never looked at again.
pub fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let tail = &rest[at + 1..];
        let end = tail.bytes().take(LONGEST + 1).position(|byte| byte == b';');
        match end.and_then(|end| Some((resolve(&tail[..end])?, end))) {
            Some((c, end)) => {
                out.push(c);
                rest = &tail[end + 1..];
            }
            None => {
                out.push('&');
                rest = tail;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_replaced_once() {
        assert_eq!(decode("a&#44; &#34;b&#x22; &amp;lt; &eacute;"), "a, \"b\" &lt; é");
        assert_eq!(decode("AT&T; a & b &bogus; &#0; &#xd800; &"), "AT&T; a & b &bogus; &#0; &#xd800; &");
        assert!(matches!(decode("nothing"), Cow::Borrowed(_)));
    }

    #[test]
    fn the_table_can_be_searched() {
        assert!(NAMED.is_sorted_by_key(|(name, _)| *name));
    }
}
