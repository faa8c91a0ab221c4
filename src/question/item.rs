//! What a worker was asked, as label/value pairs and text: the type. (The reader comes beside it.)

/// The item of a HIT, read out of its `Question`. All text is raw.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Item {
    /// Label and value, in document order: rows of tables, definition lists, `label`s, labelled paragraphs.
    pub pairs: Vec<(String, String)>,
    /// The rest of the document as paragraphs of plain text.
    pub text: Vec<String>,
    /// The address of an ExternalQuestion.
    pub url: Option<String>,
    /// What could not be read, in words for people.
    pub problem: Option<String>,
}
