//! Writes `QuestionFormAnswers` documents, as the service does for the fields of an HTML form: one FreeText each, on one line,
//! characters beyond ASCII as decimal references.

const OPEN: &str = "<?xml version=\"1.0\" encoding=\"ASCII\"?><QuestionFormAnswers xmlns=\"http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2005-10-01/QuestionFormAnswers.xsd\">";
const CLOSE: &str = "</QuestionFormAnswers>";

/// Fields that a form carries for the market and not as answers.
const RESERVED: [&str; 4] = ["assignmentId", "hitId", "workerId", "turkSubmitTo"];

/// The document for fields in their order. Characters that XML cannot hold are left out.
pub fn from_fields<'f>(fields: impl IntoIterator<Item = (&'f str, &'f str)>) -> String {
    let mut text = String::from(OPEN);
    for (name, value) in fields {
        if RESERVED.contains(&name) {
            continue;
        }
        text.push_str("<Answer><QuestionIdentifier>");
        escape(&mut text, name);
        text.push_str("</QuestionIdentifier><FreeText>");
        escape(&mut text, value);
        text.push_str("</FreeText></Answer>");
    }
    text.push_str(CLOSE);
    text
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

    proptest! {
        #[test]
        fn is_always_a_document_in_ascii(fields in prop::collection::vec((any::<String>(), any::<String>()), 0..5)) {
            let text = from_fields(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
            prop_assert!(text.is_ascii());
            prop_assert_eq!(check_answer(&text), Ok(()));
        }
    }
}
