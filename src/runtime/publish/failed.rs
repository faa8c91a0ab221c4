//! The rows that were refused, as a file in the layout of the rows themselves.

use crate::exchange::batch::data::{Table, write_failed};
use std::fs::OpenOptions;
use std::io::{BufWriter, Result};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// `items.failed.csv` beside `items.csv`.
pub fn beside(data: &Path) -> PathBuf {
    let stem = data.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let end = data.extension().map_or_else(|| "csv".to_owned(), |end| end.to_string_lossy().into_owned());
    data.with_file_name(format!("{stem}.failed.{end}"))
}

/// Writes the refused rows, each with its reason, in place of what stood in the file. Only its owner may read it.
pub fn put(file: &Path, table: &Table, refused: &[(usize, String)]) -> Result<()> {
    let made = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(file)?;
    write_failed(BufWriter::new(made), table, refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failed_rows_lie_beside_the_data() {
        for (data, failed) in [
            ("a/items.csv", "a/items.failed.csv"),
            ("items.v2.jsonl", "items.v2.failed.jsonl"),
            ("items.failed.csv", "items.failed.failed.csv"),
            ("rows", "rows.failed.csv"),
        ] {
            assert_eq!(beside(Path::new(data)), Path::new(failed));
        }
    }
}
