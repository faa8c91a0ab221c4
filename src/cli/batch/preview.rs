//! `hitdeck batch preview`: a row as the worker will see it, as text here or as a page in a browser on this machine.

mod serve;

use super::super::context::Context;
use super::super::exit::{Exit, Failure};
use super::args::BatchFiles;
use super::read;
use crate::app::format::plural;
use crate::domain::span;
use crate::domain::text::SafeText;
use crate::exchange::batch::Draft;
use crate::question::form;
use crate::question::item;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;

/// Text is wrapped to at most so many columns.
const WIDEST: usize = 100;

/// Runs `hitdeck batch preview`.
pub async fn run(
    context: &Context,
    files: &BatchFiles,
    row: usize,
    listen: Option<SocketAddr>,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    let draft = read(files)?;
    let count = draft.table.rows.len();
    if row == 0 || row > count {
        let file = &draft.files.data;
        return Err(Failure::Usage(format!("--row {row}: {file} has {}, from 1", plural(count, "row"))));
    }
    match listen {
        None => {
            let width = super::super::width().unwrap_or(WIDEST).min(WIDEST);
            for line in text(&draft, row - 1, width)? {
                writeln!(out, "{line}")?;
            }
            Ok(Exit::Done)
        }
        Some(listen) => serve::run(context, Arc::new(draft), row, listen, out).await,
    }
}

/// The question of a row; an error where its columns are missing.
fn question(draft: &Draft, row: usize) -> Result<String, Failure> {
    let filling = draft.task.filling(&draft.table.columns);
    filling.question(&draft.table.rows[row]).map_err(|missing| {
        Failure::Failed(format!("{}: {missing}; {} has no such column", draft.files.source, draft.files.data))
    })
}

/// A row as text: what is offered, what is shown, what comes back.
fn text(draft: &Draft, row: usize, width: usize) -> Result<Vec<SafeText>, Failure> {
    let spec = &draft.spec;
    let question = question(draft, row)?;
    let item = item::read(&question);
    let mut lines = Vec::new();
    let offer = format!(
        "{}, at most {}, row {} of {}",
        spec.reward.display(),
        span::words(spec.time_limit.0 * 1_000),
        row + 1,
        draft.table.rows.len()
    );
    lines.extend(SafeText::line(&spec.title).wrap(width));
    lines.push(SafeText::line(&offer));
    if !item.pairs.is_empty() || item.url.is_some() || item.problem.is_some() {
        lines.push(SafeText::default());
    }
    let label = item.pairs.iter().map(|(label, _)| SafeText::line(label).width()).max().unwrap_or(0).min(24);
    for (name, value) in &item.pairs {
        let mut name = SafeText::line(name).clip(label);
        for line in SafeText::lines(value).iter().flat_map(|line| line.wrap(width.saturating_sub(label + 2))) {
            let gap = " ".repeat(label.saturating_sub(name.width()) + 2);
            lines.push(SafeText::line(&format!("{name}{gap}{line}")));
            name = SafeText::default();
        }
    }
    for paragraph in &item.text {
        lines.push(SafeText::default());
        lines.extend(SafeText::lines(paragraph).iter().flat_map(|line| line.wrap(width)));
    }
    lines.extend(item.url.iter().map(|url| SafeText::line(url)));
    lines.extend(item.problem.iter().map(|problem| SafeText::line(problem)));
    let fields = form::read(&question).fields;
    if !fields.is_empty() {
        let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        lines.push(SafeText::default());
        lines.extend(SafeText::line(&format!("Answers: {}", names.join(", "))).wrap(width));
    }
    Ok(lines)
}
