//! `hitdeck qual holders` and `scores export`.

use super::super::context::Context;
use super::super::exit::{Exit, Failure};
use super::super::people::{Fresh, People};
use super::args::FileLayout;
use crate::domain::qualification::Qualification;
use crate::exchange::output::{Column, Format, Writer};
use crate::exchange::scores::{self, Held, Layout};
use std::io::Write;

/// Which of the holders.
#[derive(Debug, Clone, Copy)]
pub struct Range {
    /// At least this.
    pub min: Option<i32>,
    /// At most this.
    pub max: Option<i32>,
    /// Also those from whom it was taken.
    pub revoked: bool,
}

impl Range {
    fn holds(self, it: &Qualification) -> bool {
        let at_least = self.min.is_none_or(|min| it.score.is_some_and(|score| score >= min));
        let at_most = self.max.is_none_or(|max| it.score.is_some_and(|score| score <= max));
        at_least && at_most && (self.revoked || !it.revoked)
    }
}

/// Runs `hitdeck qual holders`.
pub async fn list(
    context: &Context,
    qual: &str,
    range: Range,
    offline: bool,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    let people = People::open(context, if offline { Fresh::Nothing } else { Fresh::People }).await?;
    let of = if offline { people.find_type(qual)? } else { people.find_own_type(qual)? }.it.clone();
    let holders = if offline { people.stored_holders(&of.id).await? } else { people.read_holders(&of.id).await? };
    let columns = [
        Column::new("WorkerId", "worker"),
        Column::new("IntegerValue", "score"),
        Column::new("Status", "status"),
        Column::new("GrantTime", "granted"),
        Column::data("QualificationTypeId"),
    ];
    let mut writer = Writer::new(out, context.global.output, columns, super::super::width());
    for it in holders.iter().filter(|it| range.holds(it)) {
        writer.row(vec![
            it.worker.as_str().into(),
            it.score.map(i64::from).into(),
            if it.revoked { "Revoked" } else { "Granted" }.into(),
            it.granted.into(),
            of.id.as_str().into(),
        ])?;
    }
    writer.finish()?;
    Ok(Exit::Done)
}

/// Runs `hitdeck qual scores export`.
pub async fn export(context: &Context, qual: &str, layout: FileLayout, out: &mut impl Write) -> Result<Exit, Failure> {
    if context.global.output != Format::Table {
        let message = "a score file has its layout (--layout); `hitdeck qual holders QUAL -o json` writes JSON";
        return Err(Failure::Usage(message.into()));
    }
    let fresh = if layout == FileLayout::Website { Fresh::Work } else { Fresh::People };
    let people = People::open(context, fresh).await?;
    let of = people.find_own_type(qual)?.it.clone();
    let scores = super::holding(&people.read_holders(&of.id).await?);
    let held = |worker: &crate::domain::id::WorkerId| Held {
        worker: worker.clone(),
        score: scores.get(worker).copied().flatten(),
        blocked: people.blocks.contains_key(worker),
    };
    let mut rows: Vec<Held> = scores.keys().map(held).collect();
    if layout == FileLayout::Website {
        // The website's file has everybody who ever worked here.
        rows.extend(people.stats.keys().filter(|worker| !scores.contains_key(worker)).map(held));
    }
    rows.sort_by(|a, b| a.worker.cmp(&b.worker));
    let layout = match layout {
        FileLayout::Csv => Layout::Csv,
        FileLayout::Tab => Layout::Tab,
        FileLayout::Website => Layout::Website,
        FileLayout::List => Layout::List,
    };
    scores::write(out, layout, &of.name, &rows)?;
    Ok(Exit::Done)
}
