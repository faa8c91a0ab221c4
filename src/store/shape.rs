//! An answer document without its values. The values are kept beside it for searching, and both together make the document
//! again, so that no text is stored twice.

use super::answers::{RECORD, UNIT};

/// Where a value stands as it is.
const PLAIN: char = '\u{1f}';
/// Where a value stands with `&`, `<` and `>` as entities.
const ESCAPED: char = '\u{1e}';

/// Cuts the values out of a document. None if [`fill`] would not make exactly this document again, or if little is won.
pub(super) fn cut(document: &str, fields: &str) -> Option<String> {
    let mut shape = String::with_capacity(512);
    let mut rest = document;
    for (name, value) in named(fields) {
        // Behind its name, which may be the same word.
        let from = place(rest, name, 0).map_or(0, |at| at + name.len());
        let (at, length, mark) = match place(rest, value, from) {
            Some(at) => (at, value.len(), PLAIN),
            None => {
                let escaped = escape(value);
                (place(rest, &escaped, from)?, escaped.len(), ESCAPED)
            }
        };
        shape.push_str(&rest[..at]);
        shape.push(mark);
        rest = &rest[at + length..];
    }
    shape.push_str(rest);
    (shape.len() < document.len() && fill(&shape, fields) == document).then_some(shape)
}

/// The document again.
pub(super) fn fill(shape: &str, fields: &str) -> String {
    let mut document = String::with_capacity(shape.len() + fields.len());
    let mut values = named(fields).map(|(_, value)| value);
    let mut rest = shape;
    while let Some(at) = rest.find([PLAIN, ESCAPED]) {
        document.push_str(&rest[..at]);
        let value = values.next().unwrap_or_default();
        if rest[at..].starts_with(PLAIN) {
            document.push_str(value);
        } else {
            document.push_str(&escape(value));
        }
        // Both marks are one byte long.
        rest = &rest[at + 1..];
    }
    document.push_str(rest);
    document
}

/// Names and values of those that leave a hole: an empty one cannot be seen to be missing.
fn named(fields: &str) -> impl Iterator<Item = (&str, &str)> {
    fields.split(RECORD).filter_map(|field| field.split_once(UNIT)).filter(|(_, value)| !value.is_empty())
}

/// Where the text stands between two tags, from `from` on. Only there: a short word also stands in names.
fn place(document: &str, text: &str, from: usize) -> Option<usize> {
    let mut starts = document[from..].match_indices('>').map(|(at, _)| from + at + 1);
    starts.find(|at| document[*at..].strip_prefix(text).is_some_and(|behind| behind.starts_with("</")))
}

fn escape(value: &str) -> String {
    value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(fields: &[(&str, &str)]) -> String {
        let answer = |(name, value): &(&str, &str)| {
            format!("<Answer><QuestionIdentifier>{name}</QuestionIdentifier><FreeText>{value}</FreeText></Answer>")
        };
        format!("<QuestionFormAnswers>{}</QuestionFormAnswers>", fields.iter().map(answer).collect::<String>())
    }

    #[test]
    fn answers_to_one_task_share_a_shape() {
        let first = cut(&document(&[("no", "no"), ("why", "a &lt; b &amp; c")]), "no\u{1f}no\u{1e}why\u{1f}a < b & c");
        let second = cut(&document(&[("no", "yes"), ("why", "x &gt; y")]), "no\u{1f}yes\u{1e}why\u{1f}x > y");
        assert!(first.as_deref().is_some_and(|shape| !shape.contains("a &lt;")), "{first:?}");
        assert_eq!(first, second);
    }

    #[test]
    fn what_cannot_be_made_again_is_not_cut() {
        for (inside, value) in [
            ("a&#38;b", "a&b"),
            ("a\r\nb", "a\nb"),
            ("&quot;a&quot; &lt;", "\"a\" <"),
            ("a\u{1f}b", "a b"),
            ("", "elsewhere"),
        ] {
            assert_eq!(cut(&document(&[("q", inside)]), &format!("q\u{1f}{value}")), None, "{inside}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_cut_document_is_made_again(values in proptest::collection::vec("[a<>&\u{1e}\u{1f} é]{0,6}", 0..5)) {
            let pairs: Vec<(&str, String)> = values.iter().map(|value| ("a", escape(value))).collect();
            let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let clean = |value: &String| format!("a\u{1f}{}", value.replace(['\u{1e}', '\u{1f}'], " "));
            let fields: Vec<String> = values.iter().map(clean).collect();
            let (document, fields) = (document(&pairs), fields.join("\u{1e}"));
            if let Some(shape) = cut(&document, &fields) {
                proptest::prop_assert_eq!(fill(&shape, &fields), document);
            }
        }
    }
}
