//! Lists and records: the same columns, of which a list leaves people fewer.

use crate::exchange::output::Column;

/// Whether columns are those of a list, which has to be narrow for people, or of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Many rows.
    List,
    /// One below the other.
    Record,
}

impl Shape {
    /// A column that people see in a record only.
    pub const fn of_record(self, name: &'static str, title: &'static str) -> Column {
        match self {
            Shape::List => Column::data(name),
            Shape::Record => Column::new(name, title),
        }
    }
}
