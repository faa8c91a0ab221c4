//! `QuestionFormAnswers` decoded to fields: the types. (The decoder comes beside them.)

/// The value of one field of an answer. All text is raw: untrusted, not yet safe to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing was entered.
    Empty,
    /// A text.
    Text(String),
    /// One of several options that arrived as one boolean each, or a selection: what was chosen.
    Choice(Vec<String>),
    /// A yes/no that stands alone.
    Flag(bool),
    /// An uploaded file.
    Upload {
        /// `UploadedFileKey`.
        key: String,
        /// `UploadedFileSizeInBytes`.
        bytes: u64,
    },
}

/// One field of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// `QuestionIdentifier`, or the path inside a JSON answer joined with dots.
    pub name: String,
    /// What was answered.
    pub value: Value,
}

/// An answer, decoded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// In document order.
    pub fields: Vec<Field>,
    /// What was wrong with the document, in words for people; the fields hold what could be read all the same.
    pub problem: Option<String>,
}
