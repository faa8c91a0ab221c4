//! Columns: what a value is called for programs, and for people.

use super::Format;

/// A column of rows, or a value of a record. Programs read the names of the MTurk API, people short titles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// In JSON and CSV; empty: in tables only.
    name: &'static str,
    /// In tables; empty: in JSON and CSV only.
    title: &'static str,
    /// Long text, which a narrow table clips before anything else.
    long: bool,
    /// The fields that CSV makes columns of.
    fields: Option<Vec<String>>,
}

impl Column {
    /// A column with a name for programs and a title for people.
    pub const fn new(name: &'static str, title: &'static str) -> Self {
        Column { name, title, long: false, fields: None }
    }

    /// A column for programs only.
    pub const fn data(name: &'static str) -> Self {
        Column::new(name, "")
    }

    /// A column for people only.
    pub const fn shown(title: &'static str) -> Self {
        Column::new("", title)
    }

    /// A column of long text: a narrow table clips it before anything else.
    pub const fn long(name: &'static str, title: &'static str) -> Self {
        Column { name, title, long: true, fields: None }
    }

    /// A column of objects, for programs only: in CSV there is a column `name.field` for each of these fields.
    pub const fn fields(name: &'static str, fields: Vec<String>) -> Self {
        Column { name, title: "", long: false, fields: Some(fields) }
    }

    pub(super) const fn is_in(&self, format: Format) -> bool {
        match format {
            Format::Table => !self.title.is_empty(),
            Format::Json | Format::Jsonl | Format::Csv => !self.name.is_empty(),
        }
    }

    pub(super) const fn name(&self) -> &'static str {
        self.name
    }

    pub(super) const fn title(&self) -> &'static str {
        self.title
    }

    pub(super) const fn is_long(&self) -> bool {
        self.long
    }

    /// The fields that CSV makes columns of.
    pub(super) fn csv_fields(&self) -> Option<&[String]> {
        self.fields.as_deref()
    }
}

/// The same for programs and people.
impl From<&'static str> for Column {
    fn from(name: &'static str) -> Self {
        Column::new(name, name)
    }
}
