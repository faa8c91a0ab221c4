//! What a question or an answer must be before the market takes it: well-formed XML with a known root in its namespace.

use quick_xml::events::Event;
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

/// The largest question, in bytes.
pub const MAX_BYTES: usize = 65_535;

const SCHEMAS: &str = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/";
const MAX_DEPTH: usize = 256;

/// Root element and the schema files under [`SCHEMAS`] that may define it.
const QUESTIONS: [(&str, &[&str]); 3] = [
    ("HTMLQuestion", &["2011-11-11/HTMLQuestion.xsd"]),
    ("ExternalQuestion", &["2006-07-14/ExternalQuestion.xsd"]),
    ("QuestionForm", &["2017-11-06/QuestionForm.xsd", "2005-10-01/QuestionForm.xsd"]),
];

const ANSWERS: [(&str, &[&str]); 1] = [("QuestionFormAnswers", &["2005-10-01/QuestionFormAnswers.xsd"])];

/// What is wrong with a document, in words for the requester.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadDocument(pub String);

/// Checks a `Question`: size, form, root element and namespace.
pub fn check_question(text: &str) -> Result<(), BadDocument> {
    if text.len() > MAX_BYTES {
        let length = text.len();
        return Err(BadDocument(format!("The document has {length} bytes; at most {MAX_BYTES} are allowed.")));
    }
    check(text, &QUESTIONS)
}

/// Checks an answer document: form, root element and namespace.
pub fn check_answer(text: &str) -> Result<(), BadDocument> {
    check(text, &ANSWERS)
}

fn check(text: &str, known: &[(&str, &[&str])]) -> Result<(), BadDocument> {
    let mut reader = NsReader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut depth = 0_usize;
    let mut rooted = false;
    loop {
        let at = reader.buffer_position();
        let wrong = |what: &str| Err(BadDocument(format!("{what} (at byte {at})")));
        match reader.read_resolved_event() {
            Err(error) => return wrong(&error.to_string()),
            Ok((_, Event::Eof)) if depth > 0 => return wrong("The document ends before its elements are closed."),
            Ok((_, Event::Eof)) if !rooted => return wrong("The document has no element."),
            Ok((_, Event::Eof)) => return Ok(()),
            Ok((_, Event::DocType(_))) => return wrong("A document type declaration is not allowed."),
            Ok((space, Event::Start(element))) => {
                if depth == 0 {
                    root(rooted, space, element.local_name().as_ref(), known)?;
                }
                rooted = true;
                depth += 1;
                if depth > MAX_DEPTH {
                    return wrong("The elements are nested too deeply.");
                }
            }
            Ok((space, Event::Empty(element))) => {
                if depth == 0 {
                    root(rooted, space, element.local_name().as_ref(), known)?;
                }
                rooted = true;
            }
            Ok((_, Event::End(_))) => depth = depth.saturating_sub(1),
            Ok((_, Event::Text(text))) if depth == 0 && !text.bytes().all(|b| b.is_ascii_whitespace()) => {
                return wrong("There is text outside the document's element.");
            }
            Ok((_, Event::CData(_) | Event::GeneralRef(_))) if depth == 0 => {
                return wrong("There is text outside the document's element.");
            }
            Ok(_) => {}
        }
    }
}

fn root(seen: bool, space: ResolveResult<'_>, name: &str, known: &[(&str, &[&str])]) -> Result<(), BadDocument> {
    if seen {
        return Err(BadDocument(format!("A second root element <{name}> is not allowed.")));
    }
    let Some((_, schemas)) = known.iter().find(|(root, _)| *root == name) else {
        let names: Vec<&str> = known.iter().map(|(root, _)| *root).collect();
        return Err(BadDocument(format!("The root element <{name}> is not one of: {}.", names.join(", "))));
    };
    let found = match space {
        ResolveResult::Bound(space) => space.as_ref().to_owned(),
        _ => String::new(),
    };
    let matches = found.strip_prefix(SCHEMAS).is_some_and(|file| schemas.contains(&file));
    if matches {
        return Ok(());
    }
    let expected: Vec<String> = schemas.iter().map(|file| format!("{SCHEMAS}{file}")).collect();
    Err(BadDocument(format!("<{name}> is in the namespace \"{found}\"; expected {}.", expected.join(" or "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(inner: &str) -> String {
        format!("<HTMLQuestion xmlns=\"{SCHEMAS}2011-11-11/HTMLQuestion.xsd\">{inner}</HTMLQuestion>")
    }

    #[test]
    fn takes_the_three_kinds_of_question() {
        let body = "<HTMLContent><![CDATA[<!DOCTYPE html><p>&nbsp;</p>]]></HTMLContent><FrameHeight>0</FrameHeight>";
        assert_eq!(check_question(&html(body)), Ok(()));
        assert_eq!(check_question(&format!("<?xml version=\"1.0\"?>\n<!-- a -->{}\n", html(body))), Ok(()));
        let external = format!("<ExternalQuestion xmlns='{SCHEMAS}2006-07-14/ExternalQuestion.xsd'/>");
        assert_eq!(check_question(&external), Ok(()));
        for year in ["2005-10-01", "2017-11-06"] {
            let form = format!("<q:QuestionForm xmlns:q='{SCHEMAS}{year}/QuestionForm.xsd'></q:QuestionForm>");
            assert_eq!(check_question(&form), Ok(()), "{year}");
        }
    }

    #[test]
    fn refuses_what_is_not_a_question() {
        let table = [
            (String::new(), "no element"),
            ("hello".into(), "text outside"),
            ("<a>".into(), "not one of"),
            (html("<HTMLContent>"), "at byte"),
            (html("<a></b>"), "at byte"),
            ("<HTMLQuestion></HTMLQuestion>".into(), "namespace \"\""),
            (format!("<HTMLQuestion xmlns:tns='{SCHEMAS}2011-11-11/HTMLQuestion.xsd'/>"), "namespace"),
            (format!("<HTMLQuestion xmlns='{SCHEMAS}2012-01-01/HTMLQuestion.xsd'/>"), "expected http"),
            (format!("{}{}", html(""), html("")), "second root"),
            (format!("<!DOCTYPE a [<!ENTITY b 'c'>]>{}", html("")), "document type"),
            (html(&"<a>".repeat(300)), "too deeply"),
            (html(&"x".repeat(70_000)), "at most 65535"),
        ];
        for (text, why) in table {
            let error = check_question(&text).unwrap_err().0;
            assert!(error.contains(why), "{error:?} should say {why:?}");
        }
    }

    #[test]
    fn an_answer_is_a_question_form_answers_document() {
        let good = format!("<QuestionFormAnswers xmlns='{SCHEMAS}2005-10-01/QuestionFormAnswers.xsd'/>");
        assert_eq!(check_answer(&good), Ok(()));
        assert!(check_answer(&html("")).is_err());
    }
}
