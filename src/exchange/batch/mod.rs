//! Batches out of files: the TOML that describes one, the table of its rows, the question that each row becomes, and what
//! is to be known of all that before anybody sees it.

mod changed;
pub mod check;
pub mod data;
mod require;
mod spec;
pub mod task;

pub use require::{Addition, RequireError, require};
pub use spec::{SpecFault, SpecFaults, read as read_spec};

use crate::domain::batch::{BatchSpec, NewBatch, NewRow, RowContent, RowKey, contents, keys};
use data::Table;
use task::Task;

/// The names of a batch's files, as messages name them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Files {
    /// The batch file.
    pub spec: String,
    /// The template or question; the batch file again for an address.
    pub source: String,
    /// The rows.
    pub data: String,
}

/// A batch, read from its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What the batch file says.
    pub spec: BatchSpec,
    /// The batch file as it is written.
    pub spec_text: String,
    /// The template as it is written.
    pub source_text: String,
    /// What becomes a question for each row.
    pub task: Task,
    /// The rows.
    pub table: Table,
    /// Where all that was read.
    pub files: Files,
}

impl Draft {
    /// Hashes of what stands in the rows.
    pub fn contents(&self) -> Vec<RowContent> {
        contents(&self.table.columns, self.spec.gold.as_deref(), self.table.rows.iter().map(Vec::as_slice))
    }

    /// The keys of the rows.
    pub fn keys(&self) -> Vec<RowKey> {
        keys(&self.spec.name, &self.contents())
    }

    /// The batch and its rows as they are written down.
    pub fn plan(&self) -> (NewBatch, Vec<NewRow>) {
        let spec = &self.spec;
        let batch = NewBatch {
            name: spec.name.clone(),
            spec: self.spec_text.clone(),
            source: self.source_text.clone(),
            digest: self.task.digest(),
            terms: spec.terms(),
            columns: self.table.columns.clone(),
            gold: spec.gold.clone(),
            title: spec.title.clone(),
            reward: spec.reward,
            assignments: spec.assignments,
            split: spec.split,
            expected: spec.expected,
            target_wage: spec.target_wage,
        };
        let contents = self.contents();
        let keys = keys(&spec.name, &contents);
        let row = |((number, cells), (content, key)): ((u32, &Vec<String>), (RowContent, _))| NewRow {
            number,
            key,
            content,
            cells: cells.clone(),
        };
        (batch, (1..).zip(&self.table.rows).zip(contents.into_iter().zip(keys)).map(row).collect())
    }
}
