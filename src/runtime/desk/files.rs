//! Files that the person names: read whole, written anew, or given another text.

use crate::app::effect::Effect;
use crate::app::event::{Event, Level};
use crate::app::overlay::Replacement;
use crate::runtime::replace;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// The longest file that is read: a score file of a million workers.
const LONGEST: u64 = 32 << 20;

/// The path that was meant: `~` is the person's own folder.
fn path_of(typed: &str, home: Option<&Path>) -> PathBuf {
    let typed = typed.trim();
    match (typed.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(typed),
    }
}

/// Carries out what is wanted of a file, and says what came of it.
pub fn carry_out(effect: Effect, home: Option<&Path>) -> Event {
    let told = |done: Result<String, String>| match done {
        Ok(text) => Event::Notice { level: Level::Info, text },
        Err(text) => Event::Notice { level: Level::Error, text },
    };
    match effect {
        Effect::ReadText { request, path } => Event::TextRead { request, text: read(&path, home) },
        Effect::ReadToChange { request, path } => {
            let text = replace::read(&path_of(&path, home)).map_err(|error| error.to_string());
            Event::TextRead { request, text }
        }
        Effect::ReplaceText(Replacement { path, before, after }) => {
            let done = replace::replace(&path_of(&path, home), &before, &after);
            Event::TextReplaced {
                done: done.map(|()| format!("written: {path}")).map_err(|error| error.to_string()),
                path,
            }
        }
        Effect::WriteText { path, text } => told(write(&path, home, &text)),
        other => told(Err(format!("no work with files: {other:?}"))),
    }
}

/// Reads a file of text. The error names it.
pub fn read(typed: &str, home: Option<&Path>) -> Result<String, String> {
    let path = path_of(typed, home);
    let name = path.display();
    let fault = |error: std::io::Error| format!("{name} cannot be read: {error}");
    // Looked at before it is opened: a pipe would be waited for.
    if !path.metadata().map_err(fault)?.is_file() {
        return Err(format!("{name} is no file"));
    }
    let mut bytes = Vec::new();
    File::open(&path).and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes)).map_err(fault)?;
    if bytes.len() as u64 > LONGEST {
        return Err(format!("{name} has more than {} MB: no file of this kind is so long", LONGEST >> 20));
    }
    String::from_utf8(bytes).map_err(|_| format!("{name} is no text in UTF-8"))
}

/// Writes a file that is not there yet. The answer is for the person.
pub fn write(typed: &str, home: Option<&Path>, text: &str) -> Result<String, String> {
    let path = path_of(typed, home);
    let name = path.display();
    let written = OpenOptions::new().write(true).create_new(true).open(&path).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    match written {
        Ok(()) => Ok(format!("written: {name}")),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            Err(format!("{name} is there already, and was left as it is: give another name"))
        }
        Err(error) => Err(format!("{name} cannot be written: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let home = Some(folder.path());
        assert!(write("~/test.xml", home, "<a/>\n").unwrap().contains("test.xml"));
        assert_eq!(read(" ~/test.xml ", home), Ok("<a/>\n".to_owned()));
        assert!(write("~/test.xml", home, "other").unwrap_err().contains("is there already"));
        assert_eq!(read("~/test.xml", home), Ok("<a/>\n".to_owned()));
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let home = Some(folder.path());
        assert!(read("~/none.xml", home).unwrap_err().contains("none.xml cannot be read: No such file"));
        assert!(read("~/", home).unwrap_err().contains("is no file"));
        std::fs::write(folder.path().join("latin"), b"caf\xe9").unwrap();
        assert!(read("~/latin", home).unwrap_err().contains("no text in UTF-8"));
    }
}
