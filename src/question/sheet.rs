//! An answer document as what was given to which question: for scoring and for comparing with known answers.

use super::answer::entries;
use std::collections::{BTreeMap, BTreeSet};

/// What was given to one question.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Given {
    /// The selections.
    pub selected: BTreeSet<String>,
    /// Texts: FreeText, and what was entered beside the selections. More than one when a question was answered twice.
    pub texts: Vec<String>,
    /// The key of an uploaded file, and its size in bytes.
    pub upload: Option<(String, u64)>,
}

impl Given {
    /// Everything that was given as one set of values, blanks around them dropped, empty ones left out.
    pub fn values(&self) -> BTreeSet<&str> {
        let all = self.selected.iter().chain(&self.texts).chain(self.upload.iter().map(|(key, _)| key));
        all.map(|value| value.trim()).filter(|value| !value.is_empty()).collect()
    }

    /// Whether nothing was given.
    pub fn is_empty(&self) -> bool {
        self.values().is_empty()
    }

    /// Whether exactly these values were given: as sets, blanks around them dropped, upper and lower case told apart.
    /// Nothing given matches nothing. One text that joins its values with `|`, as fields of one name come out of an
    /// HTML form, is the set of its parts for a key of several values.
    pub fn matches<'k>(&self, known: impl IntoIterator<Item = &'k str>) -> bool {
        let known: BTreeSet<&str> = known.into_iter().map(str::trim).filter(|value| !value.is_empty()).collect();
        let given = self.values();
        if known.is_empty() || given.is_empty() {
            return false;
        }
        let joined = || -> Option<BTreeSet<&str>> {
            let [text] = self.texts.as_slice() else { return None };
            (known.len() > 1 && self.selected.is_empty()).then(|| text.split('|').map(str::trim).collect())
        };
        known == given || joined().is_some_and(|parts| parts == known)
    }
}

/// The answers of one assignment or test, by question.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AnswerSheet {
    given: BTreeMap<String, Given>,
}

impl AnswerSheet {
    /// Reads a QuestionFormAnswers document. Never fails: what is broken is read as far as it goes, and no document is
    /// no answers.
    pub fn read(xml: &str) -> AnswerSheet {
        let mut sheet = AnswerSheet::default();
        for entry in entries::read(xml).entries {
            let given = sheet.given.entry(entry.name).or_default();
            given.selected.extend(entry.selected);
            given.texts.extend(entry.other);
            given.texts.extend(entry.text);
            given.upload = entry.upload.or(given.upload.take());
        }
        sheet
    }

    /// What was given to a question; nothing if the document does not mention it.
    pub fn given(&self, question: &str) -> Option<&Given> {
        self.given.get(question)
    }

    /// All questions that the document mentions, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Given)> {
        self.given.iter().map(|(name, given)| (name.as_str(), given))
    }

    /// The set of values of each question, as [`Given::values`] has it.
    pub fn values(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        self.iter().map(|(name, given)| (name, given.values())).collect()
    }
}

impl<N: Into<String>> FromIterator<(N, Given)> for AnswerSheet {
    fn from_iter<I: IntoIterator<Item = (N, Given)>>(given: I) -> AnswerSheet {
        AnswerSheet { given: given.into_iter().map(|(name, given)| (name.into(), given)).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question::answer;
    use rstest::rstest;

    fn read(answers: &str) -> AnswerSheet {
        AnswerSheet::read(&format!("<QuestionFormAnswers xmlns='u'>{answers}</QuestionFormAnswers>"))
    }

    #[test]
    fn each_question_is_a_set_of_values() {
        let sheet = read(
            "<Answer><QuestionIdentifier> s </QuestionIdentifier><SelectionIdentifier>b</SelectionIdentifier>\
             <SelectionIdentifier> a</SelectionIdentifier><OtherSelectionText>mine </OtherSelectionText></Answer>\
             <Answer><QuestionIdentifier>t</QuestionIdentifier><FreeText> x &amp; y </FreeText></Answer>\
             <Answer><QuestionIdentifier>e</QuestionIdentifier><FreeText/></Answer>\
             <Answer><QuestionIdentifier>f</QuestionIdentifier><UploadedFileSizeInBytes>7</UploadedFileSizeInBytes>\
             <UploadedFileKey>k</UploadedFileKey></Answer>",
        );
        let values = sheet.values();
        let of = |name: &str| values[name].iter().copied().collect::<Vec<_>>();
        assert_eq!([of("s"), of("t"), of("e"), of("f")], [vec!["a", "b", "mine"], vec!["x & y"], vec![], vec!["k"]]);
        assert_eq!(sheet.given("f").unwrap().upload, Some(("k".to_owned(), 7)));
        assert!(sheet.given("e").unwrap().is_empty() && sheet.given("none").is_none());
    }

    #[test]
    fn a_question_that_is_answered_twice_has_the_values_of_both() {
        let one = |value: &str| {
            format!("<Answer><QuestionIdentifier>q</QuestionIdentifier><FreeText>{value}</FreeText></Answer>")
        };
        let sheet = read(&(one("a") + &one("b")));
        assert_eq!(sheet.values()["q"], BTreeSet::from(["a", "b"]));
    }

    #[rstest]
    #[case("yes", &["yes"], true)]
    #[case(" yes ", &["  yes"], true)]
    #[case("Yes", &["yes"], false)]
    #[case("yes", &["yes", "no"], false)]
    #[case("no|yes", &["yes", "no"], true)]
    #[case("no|yes", &["no|yes"], true)]
    #[case("no|yes|maybe", &["yes", "no"], false)]
    #[case("", &[""], false)]
    #[case("", &[], false)]
    #[case("x", &[], false)]
    fn known_answers_match_as_sets(#[case] given: &str, #[case] known: &[&str], #[case] matches: bool) {
        let sheet = AnswerSheet::read(&answer::write(&[("q", given)]));
        assert_eq!(sheet.given("q").unwrap().matches(known.iter().copied()), matches);
    }

    #[test]
    fn no_document_is_no_answers() {
        for text in ["", " ", "hello", "<", "<a/>"] {
            assert_eq!(AnswerSheet::read(text), AnswerSheet::default(), "{text:?}");
        }
    }
}
