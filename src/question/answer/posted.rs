//! An answer as it was posted, for files that keep one column for each field.

use super::entries::{self, Entry};

/// Name and text of each field, in document order, nothing interpreted: a crowd-form is one field of JSON, an option of a
/// radio group its own field. Selections are joined with `|`; an uploaded file is its key. Of a document that is no
/// XML nothing.
pub fn posted(xml: &str) -> Vec<(String, String)> {
    entries::read(xml).entries.into_iter().map(text_of).collect()
}

fn text_of(entry: Entry) -> (String, String) {
    let Entry { name, mut selected, other, text, upload } = entry;
    selected.extend(other);
    let text = match upload {
        Some((key, _)) => key,
        None if selected.is_empty() => text.unwrap_or_default(),
        None => selected.join("|"),
    };
    (name, text)
}

#[cfg(test)]
mod tests {
    use super::posted;
    use crate::question::answer::write;

    #[test]
    fn nothing_is_interpreted() {
        let fields = [("taskAnswers", "[{\"a\":true}]"), ("age.18-25", "false"), ("tags", "x|y"), ("none", "")];
        let pairs: Vec<(String, String)> = posted(&write(&fields));
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        assert_eq!(pairs, fields);
    }

    #[test]
    fn selections_are_joined_and_files_are_their_keys() {
        let answer = "<QuestionFormAnswers><Answer><QuestionIdentifier>q</QuestionIdentifier><SelectionIdentifier>a\
            </SelectionIdentifier><SelectionIdentifier>b</SelectionIdentifier><OtherSelectionText>mine\
            </OtherSelectionText></Answer><Answer><QuestionIdentifier>f</QuestionIdentifier><UploadedFileKey>k/1\
            </UploadedFileKey><UploadedFileSizeInBytes>7</UploadedFileSizeInBytes></Answer></QuestionFormAnswers>";
        let expected = [("q".to_owned(), "a|b|mine".to_owned()), ("f".to_owned(), "k/1".to_owned())];
        assert_eq!(posted(answer), expected);
        assert_eq!(posted("plain words"), []);
    }
}
