//! The form for a qualification type: every field of CreateQualificationType and UpdateQualificationType, what cannot
//! be changed and why, and what a change comes to.

use super::span;
use crate::app::event::RequestId;
use crate::domain::qualification::{QualificationType, TypeDraft, TypeStatus};
use crate::question::answer_key;
use crate::question::question_form;
use similar::TextDiff;
use tui_input::Input;

/// A field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// `Name`.
    Name,
    /// `Description`.
    Description,
    /// `Keywords`.
    Keywords,
    /// `QualificationTypeStatus`.
    Status,
    /// `AutoGranted` and `AutoGrantedValue`: empty is not granted to everybody.
    AutoGrant,
    /// `RetryDelayInSeconds`: empty is one request ever.
    Retry,
    /// `Test`.
    Test,
    /// `TestDurationInSeconds`.
    Duration,
    /// `AnswerKey`.
    Key,
}

impl Field {
    /// All of them, from the top.
    pub const ALL: [Field; 9] = [
        Field::Name,
        Field::Description,
        Field::Keywords,
        Field::Status,
        Field::AutoGrant,
        Field::Retry,
        Field::Test,
        Field::Duration,
        Field::Key,
    ];

    /// The words for people.
    pub const fn title(self) -> &'static str {
        match self {
            Field::Name => "name",
            Field::Description => "description",
            Field::Keywords => "keywords",
            Field::Status => "status",
            Field::AutoGrant => "auto-grant value",
            Field::Retry => "ask again after",
            Field::Test => "test",
            Field::Duration => "time for the test",
            Field::Key => "answer key",
        }
    }

    /// What an empty field means.
    pub const fn empty(self) -> &'static str {
        match self {
            Field::AutoGrant => "not granted to everybody who asks",
            Field::Retry => "never: one request ever",
            Field::Duration => "it is needed with a test, such as 40m",
            Field::Test => "none; enter opens $EDITOR, f reads a file",
            Field::Key => "none: you decide; enter writes it, f reads a file",
            _ => "",
        }
    }

    /// Whether it is a document, which is written in `$EDITOR` or read from a file.
    pub const fn is_document(self) -> bool {
        matches!(self, Field::Test | Field::Key)
    }
}

/// The texts of the fields, in the order of [`Field::ALL`].
type Values = [String; Field::ALL.len()];

/// The form.
#[derive(Debug, Clone)]
pub struct TypeForm {
    /// The type that is changed; none: a new one.
    pub of: Option<QualificationType>,
    /// The field under the cursor, by its place in [`Field::ALL`].
    pub cursor: usize,
    /// The line that is being typed for it.
    pub typing: Option<Input>,
    /// The line is the path of a file that is to be read.
    pub from_file: bool,
    /// The document that is being edited outside, or read.
    pub editing: Option<(RequestId, Field)>,
    /// The file that each document was last read from.
    files: [String; 2],
    /// What is wrong, and what is doubtful.
    pub remarks: Vec<String>,
    values: Values,
    before: Values,
}

/// So many lines that stay are shown on each side of those that change.
const CONTEXT: usize = 2;

/// One field that changes: its name, the text before, the text after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Which.
    pub field: Field,
    /// As it was; empty for a new type.
    pub before: String,
    /// As it will be.
    pub after: String,
}

impl TypeForm {
    /// The form of a type, or of a new one.
    pub fn new(of: Option<QualificationType>) -> TypeForm {
        let mut values = Values::default();
        let mut set = |field: Field, text: String| values[field as usize] = text;
        set(Field::Status, of.as_ref().map_or(TypeStatus::Active, |it| it.status).name().to_owned());
        if let Some(it) = of.clone() {
            set(Field::Name, it.name);
            set(Field::Description, it.description);
            set(Field::Keywords, it.keywords.unwrap_or_default());
            set(Field::AutoGrant, it.auto_granted.map_or(String::new(), |value| value.to_string()));
            set(Field::Retry, it.retry_delay.map_or(String::new(), |delay| span::write(delay.0)));
            set(Field::Test, it.test.unwrap_or_default());
            set(Field::Duration, it.test_duration.map_or(String::new(), |span| span::write(span.0)));
            set(Field::Key, it.answer_key.unwrap_or_default());
        }
        let before = if of.is_some() { values.clone() } else { Values::default() };
        let (remarks, files) = (Vec::new(), Default::default());
        TypeForm { of, cursor: 0, typing: None, from_file: false, editing: None, files, remarks, values, before }
    }

    /// The field under the cursor.
    pub fn field(&self) -> Field {
        Field::ALL[self.cursor.min(Field::ALL.len() - 1)]
    }

    /// What a field holds.
    pub fn value(&self, field: Field) -> &str {
        &self.values[field as usize]
    }

    /// Gives a field a text.
    pub fn set(&mut self, field: Field, text: String) {
        self.values[field as usize] = text;
        // What is wrong in a document is said before what is still to be filled in.
        let wrong = self.check_documents().and_then(|()| self.check()).err();
        self.remarks = wrong.into_iter().chain(self.doubts()).collect();
    }

    /// The path of the file that a document was last read from; empty before.
    pub fn file(&self, field: Field) -> &str {
        &self.files[usize::from(field == Field::Key)]
    }

    /// Keeps the path of the file that a document is read from.
    pub fn set_file(&mut self, field: Field, path: String) {
        self.files[usize::from(field == Field::Key)] = path;
    }

    /// Why a field cannot be changed now.
    pub fn locked(&self, field: Field) -> Option<&'static str> {
        let empty = |field| self.value(field).trim().is_empty();
        match field {
            Field::Name if self.of.is_some() => Some("a type cannot be renamed: the API has no such change"),
            Field::Keywords if self.of.is_some() => Some("the keywords of a type stay as they were created"),
            Field::AutoGrant if !empty(Field::Test) => Some("what is tested is never granted to everybody who asks"),
            Field::Test if !empty(Field::AutoGrant) => {
                Some("what everybody is granted has no test: empty the auto-grant value first")
            }
            Field::Duration | Field::Key if empty(Field::Test) => Some("there is no test"),
            _ => None,
        }
    }

    /// The fields that differ from the type as it is.
    pub fn changes(&self) -> Vec<Change> {
        let change = |field: Field| Change {
            field,
            before: self.before[field as usize].clone(),
            after: self.value(field).to_owned(),
        };
        Field::ALL.into_iter().map(change).filter(|change| change.before != change.after).collect()
    }

    /// The changes line by line, for the question before anything is staged: what is long comes last.
    pub fn diff(&self) -> Vec<String> {
        let (mut lines, mut documents) = (Vec::new(), Vec::new());
        for change in self.changes() {
            let name = change.field.title();
            if change.field.is_document() {
                documents.extend(document_diff(name, &change.before, &change.after));
            } else if change.before.is_empty() {
                lines.push(format!("+ {name}: {}", change.after));
            } else if change.after.is_empty() {
                lines.push(format!("- {name}: {}", change.before));
            } else {
                lines.push(format!("~ {name}: {} -> {}", change.before, change.after));
            }
        }
        if self.of.is_some() && self.had(Field::Key) && self.value(Field::Key).trim().is_empty() {
            lines.push("! without a key, tests wait for you from now on".to_owned());
        }
        lines.append(&mut documents);
        lines
    }

    fn had(&self, field: Field) -> bool {
        !self.before[field as usize].trim().is_empty()
    }

    /// What is asked of the API, or what is wrong, with its field's name and, in documents, line and column.
    pub fn draft(&self) -> Result<TypeDraft, String> {
        self.check()?;
        let text = |field: Field| Some(self.value(field).trim().to_owned()).filter(|text| !text.is_empty());
        let document = |field: Field| Some(self.value(field).to_owned()).filter(|text| !text.trim().is_empty());
        let span = |field: Field| text(field).map(|text| span::parse(&text)).transpose();
        let new = self.of.is_none();
        let changed = |field: Field| self.before[field as usize] != self.values[field as usize];
        // The API takes a test, its time and its key together: a part that is not sent again is lost.
        let test = [Field::Test, Field::Duration, Field::Key].into_iter().any(changed);
        let auto = text(Field::AutoGrant);
        Ok(TypeDraft {
            name: text(Field::Name).filter(|_| new),
            keywords: text(Field::Keywords).filter(|_| new),
            description: text(Field::Description).filter(|_| changed(Field::Description)),
            status: TypeStatus::from_name(self.value(Field::Status)).filter(|_| changed(Field::Status)),
            retry_delay: span(Field::Retry)?.filter(|_| changed(Field::Retry)),
            test: document(Field::Test).filter(|_| test),
            answer_key: document(Field::Key).filter(|_| test),
            test_duration: span(Field::Duration)?.filter(|_| test),
            auto_granted: changed(Field::AutoGrant).then_some(auto.is_some()),
            auto_granted_value: auto.filter(|_| changed(Field::AutoGrant)).and_then(|text| text.parse().ok()),
        })
    }

    /// What the API would refuse.
    fn check(&self) -> Result<(), String> {
        for (field, most) in [(Field::Name, 200), (Field::Description, 2_000), (Field::Keywords, 1_000)] {
            let count = self.value(field).chars().count();
            if count > most {
                return Err(format!("{}: {count} characters; at most {most} are allowed", field.title()));
            }
        }
        for field in [Field::Name, Field::Description] {
            if self.value(field).trim().is_empty() {
                return Err(format!("{}: it is needed", field.title()));
            }
        }
        for field in [Field::Retry, Field::Duration] {
            let text = self.value(field);
            if !text.trim().is_empty() {
                span::parse(text).map_err(|problem| format!("{}: {problem}", field.title()))?;
            }
        }
        let auto = self.value(Field::AutoGrant).trim();
        if !auto.is_empty() && auto.parse::<i32>().is_err() {
            return Err(format!("auto-grant value: {auto:?} is no whole number"));
        }
        for field in [Field::Test, Field::Retry] {
            if self.had(field) && self.value(field).trim().is_empty() {
                return Err(format!("{}: it can be changed but never taken away again", field.title()));
            }
        }
        self.check_test()
    }

    /// Test and key by themselves and against each other, with line and column.
    fn check_documents(&self) -> Result<(), String> {
        let (test, key) = (self.value(Field::Test), self.value(Field::Key));
        let scored = !key.trim().is_empty();
        if test.trim().is_empty() {
            return Ok(());
        }
        let form = question_form::read_test(test, scored).map_err(|faults| format!("test: {faults}"))?.value;
        if scored {
            let key = answer_key::read(key).map_err(|faults| format!("answer key: {faults}"))?.value;
            answer_key::check(&key, &form).map_err(|faults| format!("answer key: {faults}"))?;
        }
        Ok(())
    }

    fn check_test(&self) -> Result<(), String> {
        let (test, key) = (self.value(Field::Test), self.value(Field::Key));
        let scored = !key.trim().is_empty();
        if test.trim().is_empty() {
            return if scored { Err("answer key: there is no test for it".to_owned()) } else { Ok(()) };
        }
        if !self.value(Field::AutoGrant).trim().is_empty() {
            return Err("auto-grant value: what is tested is never granted to everybody who asks".to_owned());
        }
        self.check_documents()?;
        if span::parse(self.value(Field::Duration)).is_ok_and(|span| span > 0) {
            Ok(())
        } else {
            Err("time for the test: it is needed, such as 40m".to_owned())
        }
    }

    /// What is accepted and probably not meant.
    fn doubts(&self) -> Vec<String> {
        let (test, key) = (self.value(Field::Test), self.value(Field::Key));
        let say = |name: &str, fault: &crate::question::fault::Fault| format!("{name}, doubtful: {fault}");
        let Ok(form) = question_form::read_test(test, !key.trim().is_empty()) else { return Vec::new() };
        let mut doubts: Vec<_> = form.warnings.iter().map(|fault| say("test", fault)).collect();
        if let Ok(read) = answer_key::read(key) {
            doubts.extend(read.warnings.iter().map(|fault| say("answer key", fault)));
            let checked = answer_key::check(&read.value, &form.value).map(|checked| checked.warnings);
            doubts.extend(checked.unwrap_or_default().iter().map(|fault| say("answer key", fault)));
        }
        doubts
    }
}

/// A document line by line: what changes, with what stands around it.
fn document_diff(name: &str, before: &str, after: &str) -> Vec<String> {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let sign = if before.is_empty() {
        "+"
    } else if after.is_empty() {
        "-"
    } else {
        "~"
    };
    let mut lines = vec![format!("{sign} {name}: {} lines before, {} after", old.len(), new.len())];
    let diff = TextDiff::from_slices(&old, &new);
    for group in diff.grouped_ops(CONTEXT) {
        let first = group.first().map_or(0, |op| op.new_range().start);
        lines.push(format!("  from line {}:", first + 1));
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            lines.push(format!("{}   {}", change.tag(), change.value().trim_end()));
        }
    }
    lines
}

#[cfg(test)]
mod tests;
