//! `hitdeck batch new`: examples that run as they are, to begin with.

use super::super::context::Context;
use super::super::exit::{Exit, Failure};
use crate::domain::nearest::nearest;
use crate::exchange::output::{Column, Writer};
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// An example: files that belong together.
struct Example {
    name: &'static str,
    about: &'static str,
    /// Names and texts; the batch file first.
    files: &'static [(&'static str, &'static str)],
    /// What to do before it is checked, if something.
    first: Option<&'static str>,
}

macro_rules! file {
    ($example:literal, $name:literal) => {
        ($name, include_str!(concat!("../../../assets/batches/", $example, "/", $name)))
    };
}

/// The batch file of every example.
const SPEC: &str = "batch.toml";

const EXAMPLES: &[Example] = &[
    Example {
        name: "relations",
        about: "which relation holds between two entities: a knowledge graph, with gold answers and a consent page",
        files: &[
            file!("relations", "batch.toml"),
            file!("relations", "task.html"),
            file!("relations", "consent.html"),
            file!("relations", "items.csv"),
        ],
        first: None,
    },
    Example {
        name: "sentiment",
        about: "is a sentence positive or negative: a crowd-form with a classifier",
        files: &[file!("sentiment", "batch.toml"), file!("sentiment", "task.html"), file!("sentiment", "items.csv")],
        first: None,
    },
    Example {
        name: "images",
        about: "what is in a picture: radio buttons and a box for what is odd",
        files: &[file!("images", "batch.toml"), file!("images", "task.html"), file!("images", "items.csv")],
        first: None,
    },
    Example {
        name: "text",
        about: "write a summary: free text with a least length, rows as JSON lines",
        files: &[file!("text", "batch.toml"), file!("text", "task.html"), file!("text", "items.jsonl")],
        first: None,
    },
    Example {
        name: "survey",
        about: "a survey of one HIT that many answer, with a consent page",
        files: &[
            file!("survey", "batch.toml"),
            file!("survey", "task.html"),
            file!("survey", "consent.html"),
            file!("survey", "items.csv"),
        ],
        first: None,
    },
    Example {
        name: "qualification",
        about: "a question form for workers who passed a test: the test and its answer key",
        files: &[
            file!("qualification", "batch.toml"),
            file!("qualification", "question.xml"),
            file!("qualification", "items.csv"),
            file!("qualification", "test.xml"),
            file!("qualification", "key.xml"),
        ],
        first: Some(
            "hitdeck qual create --name 'Careful reader' --description 'Reads a short text with care.' --test DIR/test.xml \
             --answer-key DIR/key.xml --test-duration 15m",
        ),
    },
];

/// Runs `hitdeck batch new`.
pub fn run(
    context: &Context,
    example: Option<&str>,
    folder: Option<PathBuf>,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    let Some(wanted) = example else {
        return list(context, out);
    };
    // A path of a batch file is where the first example goes.
    let (example, spec) = match wanted.strip_suffix(".toml") {
        Some(_) => (EXAMPLES.first(), PathBuf::from(wanted)),
        None => {
            let found = EXAMPLES.iter().find(|example| example.name == wanted);
            (found, folder.unwrap_or_else(|| PathBuf::from(wanted)).join(SPEC))
        }
    };
    let Some(example) = example else {
        let names = EXAMPLES.iter().map(|example| example.name);
        let hint = match nearest(wanted, names.clone()) {
            Some(near) => format!("did you mean {near}?"),
            None => format!("there are: {}", names.collect::<Vec<_>>().join(", ")),
        };
        return Err(Failure::Usage(format!("there is no example {wanted:?}; {hint}")));
    };
    for path in put(example, &spec, context.global.dry_run)? {
        writeln!(out, "{}", path.display())?;
    }
    let folder = spec.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if context.global.dry_run {
        context.say("dry run: nothing was written");
        return Ok(Exit::Done);
    }
    context.say("now:");
    if let Some(first) = example.first {
        context.say(format_args!("  {}", first.replace("DIR", &folder.display().to_string())));
    }
    for verb in ["check", "preview --serve", "publish"] {
        let (verb, option) = verb.split_once(' ').unwrap_or((verb, ""));
        let option = if option.is_empty() { String::new() } else { format!(" {option}") };
        context.say(format_args!("  hitdeck batch {verb} {}{option}", spec.display()));
    }
    Ok(Exit::Done)
}

fn list(context: &Context, out: &mut impl Write) -> Result<Exit, Failure> {
    let columns = vec![Column::new("Example", "example"), Column::long("About", "about")];
    let mut writer = Writer::new(out, context.global.output, columns, super::super::width());
    for example in EXAMPLES {
        writer.row(vec![example.name.into(), example.about.into()])?;
    }
    writer.finish()?;
    context.say("`hitdeck batch new EXAMPLE` writes one into a folder of its name");
    Ok(Exit::Done)
}

/// Writes the files of an example; none that is there is overwritten.
fn put(example: &Example, spec: &Path, dry_run: bool) -> Result<Vec<PathBuf>, Failure> {
    let folder = spec.parent().unwrap_or(Path::new(""));
    let path = |name: &str| if name == SPEC { spec.to_owned() } else { folder.join(name) };
    let paths: Vec<PathBuf> = example.files.iter().map(|(name, _)| path(name)).collect();
    if let Some(there) = paths.iter().find(|path| path.exists()) {
        let words = format!("{} is there already: give another folder, or remove it", there.display());
        return Err(Failure::Failed(words));
    }
    if dry_run {
        return Ok(paths);
    }
    let wrong = |path: &Path| {
        let what = format!("writing {}", path.display());
        move |reason| Failure::File { what, reason }
    };
    if !folder.as_os_str().is_empty() {
        fs::create_dir_all(folder).map_err(wrong(folder))?;
    }
    for (path, (_, text)) in paths.iter().zip(example.files) {
        match fs::OpenOptions::new().write(true).create_new(true).open(path) {
            Ok(mut file) => file.write_all(text.as_bytes()).map_err(wrong(path))?,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                return Err(Failure::Failed(format!("{} is there already", path.display())));
            }
            Err(error) => return Err(wrong(path)(error)),
        }
    }
    Ok(paths)
}
