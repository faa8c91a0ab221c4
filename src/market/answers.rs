//! Writes `QuestionFormAnswers` documents, as the service does for the fields of an HTML form: one FreeText each, on one line,
//! characters beyond ASCII as decimal references.

const OPEN: &str = "<?xml version=\"1.0\" encoding=\"ASCII\"?><QuestionFormAnswers xmlns=\"http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2005-10-01/QuestionFormAnswers.xsd\">";
const CLOSE: &str = "</QuestionFormAnswers>";

/// Fields that a form carries for the market and not as answers.
const RESERVED: [&str; 4] = ["assignmentId", "hitId", "workerId", "turkSubmitTo"];

/// What was given to one question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given<'g> {
    /// A text.
    Text(&'g str),
    /// Selections; none of them is an answer too.
    Selected(&'g [String]),
    /// Selections, and what was written beside them, if it was.
    Chosen {
        /// The selections.
        selected: &'g [String],
        /// In the worker's own words.
        other: &'g str,
    },
}

/// The document for fields in their order. Characters that XML cannot hold are left out.
pub fn from_fields<'f>(fields: impl IntoIterator<Item = (&'f str, &'f str)>) -> String {
    let kept = fields.into_iter().filter(|(name, _)| !RESERVED.contains(name));
    from_given(kept.map(|(name, value)| (name, Given::Text(value))))
}

/// The document for the questions of a form in their order.
pub fn from_given<'g>(answers: impl IntoIterator<Item = (&'g str, Given<'g>)>) -> String {
    let mut text = String::from(OPEN);
    for (question, given) in answers {
        text.push_str("<Answer>");
        element(&mut text, "QuestionIdentifier", question);
        match given {
            Given::Text(value) => element(&mut text, "FreeText", value),
            Given::Selected(values) => selections(&mut text, values),
            Given::Chosen { selected, other } => {
                selections(&mut text, selected);
                if !other.is_empty() {
                    element(&mut text, "OtherSelectionText", other);
                }
            }
        }
        text.push_str("</Answer>");
    }
    text.push_str(CLOSE);
    text
}

fn selections(out: &mut String, values: &[String]) {
    values.iter().for_each(|value| element(out, "SelectionIdentifier", value));
}

fn element(out: &mut String, name: &str, text: &str) {
    out.push_str(&format!("<{name}>"));
    escape(out, text);
    out.push_str(&format!("</{name}>"));
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // A parser would turn a bare carriage return into a line feed.
            '\r' => out.push_str("&#13;"),
            '\t' | '\n' | ' '..='~' => out.push(c),
            '\u{fffe}' | '\u{ffff}' => {}
            c if u32::from(c) < 0x20 => {}
            c => out.push_str(&format!("&#{};", u32::from(c))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::rules::question::check_answer;
    use proptest::prelude::*;

    #[test]
    fn looks_as_the_services_own() {
        let text = from_fields([("part_no", "0"), ("workerId", "A1"), ("note", "a < b & \"c\" \u{2014}\r\n\u{1b}[0m")]);
        assert_eq!(
            text.strip_prefix(OPEN).unwrap(),
            "<Answer><QuestionIdentifier>part_no</QuestionIdentifier><FreeText>0</FreeText></Answer><Answer><QuestionIdentifier>note</QuestionIdentifier><FreeText>a &lt; b &amp; \"c\" &#8212;&#13;\n[0m</FreeText></Answer></QuestionFormAnswers>"
        );
    }

    #[test]
    fn selections_are_elements_of_their_own() {
        let chosen = ["a<b".to_owned(), "c".to_owned()];
        let own = Given::Chosen { selected: &chosen[1..], other: "d&e" };
        let answers =
            [("q1", Given::Selected(&chosen)), ("q2", Given::Text("x")), ("q3", Given::Selected(&[])), ("q4", own)];
        let text = from_given(answers);
        let inner = text.strip_prefix(OPEN).and_then(|text| text.strip_suffix(CLOSE)).unwrap();
        assert_eq!(
            inner,
            "<Answer><QuestionIdentifier>q1</QuestionIdentifier><SelectionIdentifier>a&lt;b</SelectionIdentifier><SelectionIdentifier>c</SelectionIdentifier></Answer><Answer><QuestionIdentifier>q2</QuestionIdentifier><FreeText>x</FreeText></Answer><Answer><QuestionIdentifier>q3</QuestionIdentifier></Answer><Answer><QuestionIdentifier>q4</QuestionIdentifier><SelectionIdentifier>c</SelectionIdentifier><OtherSelectionText>d&amp;e</OtherSelectionText></Answer>"
        );
        assert_eq!(check_answer(&text), Ok(()));
    }

    proptest! {
        #[test]
        fn is_always_a_document_in_ascii(fields in prop::collection::vec((any::<String>(), any::<String>()), 0..5)) {
            let text = from_fields(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
            prop_assert!(text.is_ascii());
            prop_assert_eq!(check_answer(&text), Ok(()));
        }
    }
}
