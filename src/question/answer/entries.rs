//! The document as it stands: for each `Answer` what was selected, written and uploaded. Not yet interpreted.

use crate::question::xml::{self, Part};

/// A document may be so long; what is behind is not read.
const BYTES: usize = 8 << 20;
/// An answer may have so many fields; the rest is not read.
pub(super) const FIELDS: usize = 10_000;

/// One `Answer`.
#[derive(Debug, Default)]
pub(in crate::question) struct Entry {
    /// `QuestionIdentifier`.
    pub(in crate::question) name: String,
    /// `SelectionIdentifier`, each.
    pub(in crate::question) selected: Vec<String>,
    /// `OtherSelectionText`, each.
    pub(in crate::question) other: Vec<String>,
    /// `FreeText`.
    pub(in crate::question) text: Option<String>,
    /// `UploadedFileKey` and `UploadedFileSizeInBytes`.
    pub(in crate::question) upload: Option<(String, u64)>,
}

/// A document that was read.
#[derive(Debug, Default)]
pub(in crate::question) struct Entries {
    /// In document order.
    pub(in crate::question) entries: Vec<Entry>,
    /// What is wrong with the document, in words for people.
    pub(in crate::question) problems: Vec<String>,
}

/// Reads what can be read. A document that is no XML has no entries.
pub(in crate::question) fn read(xml: &str) -> Entries {
    let mut reader = Reader::default();
    let document = clip(xml);
    if document.len() < xml.len() {
        reader.out.problems.push(format!("the document is {} bytes long; only the first {BYTES} were read", xml.len()));
    }
    if document.trim().is_empty() {
        return reader.out;
    }
    let broken = xml::read(document, |part| reader.part(part));
    reader.finish_answer();
    let Reader { mut out, root_seen, too_many, stray_markup, .. } = reader;
    if !root_seen {
        out.problems.push("not a QuestionFormAnswers document".to_owned());
    }
    if too_many {
        out.problems.push(format!("more than {FIELDS} fields; the rest is not shown"));
    }
    if stray_markup {
        out.problems.push("markup inside a text, shown as it stands".to_owned());
    }
    out.problems.extend(broken);
    out
}

/// So much of a document as is read.
pub(super) fn clip(document: &str) -> &str {
    &document[..document.floor_char_boundary(BYTES)]
}

/// The elements that hold characters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Slot {
    Identifier,
    FreeText,
    Selection,
    Other,
    FileKey,
    FileSize,
}

impl Slot {
    fn named(name: &str) -> Option<Slot> {
        Some(match name {
            "QuestionIdentifier" => Slot::Identifier,
            "FreeText" => Slot::FreeText,
            "SelectionIdentifier" => Slot::Selection,
            "OtherSelectionText" => Slot::Other,
            "UploadedFileKey" => Slot::FileKey,
            "UploadedFileSizeInBytes" => Slot::FileSize,
            _ => return None,
        })
    }
}

#[derive(Default)]
struct Reader {
    out: Entries,
    root_seen: bool,
    too_many: bool,
    stray_markup: bool,
    open: bool,
    slot: Option<Slot>,
    buffer: String,
    entry: Entry,
    file_bytes: u64,
}

impl Reader {
    fn part(&mut self, part: Part<'_>) {
        match part {
            Part::Open("QuestionFormAnswers", _) => self.root_seen = true,
            Part::Open("Answer", _) => {
                self.finish_answer();
                self.open = true;
            }
            Part::Close("Answer" | "QuestionFormAnswers") => self.finish_answer(),
            Part::Open(name, tag) => match Slot::named(name) {
                Some(slot) => {
                    self.finish_slot();
                    self.open = true;
                    self.slot = Some(slot);
                }
                None if self.slot.is_some() => {
                    self.stray_markup = true;
                    self.buffer.extend(["<", tag, ">"]);
                }
                None => {}
            },
            Part::Close(name) => match Slot::named(name) {
                Some(_) => self.finish_slot(),
                None if self.slot.is_some() => self.buffer.extend(["</", name, ">"]),
                None => {}
            },
            Part::Text(text) if self.slot.is_some() => self.buffer.push_str(text),
            Part::Char(c) if self.slot.is_some() => self.buffer.push(c),
            Part::Text(_) | Part::Char(_) => {}
        }
    }

    fn finish_slot(&mut self) {
        let Some(slot) = self.slot.take() else { return };
        let text = std::mem::take(&mut self.buffer);
        match slot {
            Slot::Identifier => self.entry.name = text.trim().to_owned(),
            Slot::FreeText => self.entry.text = Some(text),
            Slot::Selection => self.entry.selected.push(text.trim().to_owned()),
            Slot::Other => self.entry.other.push(text),
            Slot::FileKey => self.entry.upload = Some((text.trim().to_owned(), 0)),
            Slot::FileSize => self.file_bytes = text.trim().parse().unwrap_or(0),
        }
    }

    fn finish_answer(&mut self) {
        self.finish_slot();
        if !std::mem::take(&mut self.open) {
            return;
        }
        let bytes = std::mem::take(&mut self.file_bytes);
        let mut entry = std::mem::take(&mut self.entry);
        if let Some((_, size)) = &mut entry.upload {
            *size = bytes;
        }
        if self.out.entries.len() >= FIELDS {
            self.too_many = true;
        } else {
            self.out.entries.push(entry);
        }
    }
}
