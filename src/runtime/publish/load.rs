//! The files of a batch, read from the disk.

use crate::domain::batch::{Consent, Source};
use crate::exchange::batch::data::{self, DataFaults};
use crate::exchange::batch::task::Task;
use crate::exchange::batch::{Draft, Files, SpecFaults, read_spec};
use std::fs;
use std::path::{Path, PathBuf};

/// A larger table is no batch.
const LARGEST: u64 = 1 << 30;

/// Why the files are no batch.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The batch file.
    #[error(transparent)]
    Spec(#[from] SpecFaults),
    /// The rows.
    #[error(transparent)]
    Data(#[from] DataFaults),
    /// A file cannot be read.
    #[error("{}: {reason}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// The system's words, and what named the file.
        reason: String,
    },
    /// No rows were named.
    #[error("{0}: there is no data: name a CSV or JSONL file there (data = \"items.csv\") or on the command line")]
    NoData(String),
}

/// Reads a batch: the batch file, what it names beside it, and the rows, which `data` names if the command line does.
pub fn load(path: &Path, data: Option<&Path>) -> Result<Draft, LoadError> {
    let name = path.display().to_string();
    let spec_text = text(path, None)?;
    let spec = read_spec(&name, &spec_text)?;
    let beside = |file: &str| path.parent().unwrap_or(Path::new("")).join(file);
    let (source_file, source_text) = match &spec.source {
        Source::Template(file) | Source::Question(file) => {
            let file = beside(file);
            let text = text(&file, Some(&name))?;
            (file.display().to_string(), text)
        }
        Source::Url(url) => (name.clone(), url.clone()),
    };
    let consent = match &spec.consent {
        Consent::File(file) => Some(text(&beside(file), Some(&name))?),
        Consent::Text(text) => Some(text.clone()),
        Consent::Inside | Consent::None => None,
    };
    if let (Some(consent), Consent::File(file)) = (&consent, &spec.consent)
        && consent.trim().is_empty()
    {
        let reason = "it is empty, and is to ask workers for their consent".to_owned();
        return Err(LoadError::File { path: beside(file), reason });
    }
    let rows = match (data, &spec.data) {
        (Some(data), _) => data.to_owned(),
        (None, Some(data)) => beside(data),
        (None, None) => return Err(LoadError::NoData(name)),
    };
    let data_file = rows.display().to_string();
    let table = data::read(&data_file, &bytes(&rows, Some(&name).filter(|_| data.is_none()))?)?;
    let task = Task::new(&spec, &source_text, consent.as_deref());
    let files = Files { spec: name, source: source_file, data: data_file };
    Ok(Draft { spec, spec_text, source_text, task, table, files })
}

/// The files that a batch file names, itself first; without it, or when it cannot be read, itself alone.
pub fn files(path: &Path) -> Vec<PathBuf> {
    let mut files = vec![path.to_owned()];
    let Some(spec) = fs::read_to_string(path).ok().and_then(|text| read_spec("", &text).ok()) else { return files };
    let beside = |file: &String| path.parent().unwrap_or(Path::new("")).join(file);
    if let Source::Template(file) | Source::Question(file) = &spec.source {
        files.push(beside(file));
    }
    if let Consent::File(file) = &spec.consent {
        files.push(beside(file));
    }
    files.extend(spec.data.iter().map(beside));
    files
}

fn bytes(path: &Path, named_by: Option<&String>) -> Result<Vec<u8>, LoadError> {
    let wrong = |reason: String| {
        let named = named_by.map_or_else(String::new, |by| format!(" (named in {by})"));
        LoadError::File { path: path.to_owned(), reason: format!("{reason}{named}") }
    };
    let length = fs::metadata(path).map_err(|error| wrong(error.to_string()))?.len();
    if length > LARGEST {
        return Err(wrong(format!("{length} bytes; a batch has at most {LARGEST}")));
    }
    fs::read(path).map_err(|error| wrong(error.to_string()))
}

fn text(path: &Path, named_by: Option<&String>) -> Result<String, LoadError> {
    String::from_utf8(bytes(path, named_by)?).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        let reason = format!("line {line}: no UTF-8; save the file as UTF-8");
        LoadError::File { path: path.to_owned(), reason }
    })
}
