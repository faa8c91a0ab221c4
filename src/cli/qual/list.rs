//! `hitdeck qual list` and `show`.

use super::super::context::Context;
use super::super::exit::{Exit, Failure};
use super::super::people::{Fresh, People};
use super::super::shape::Shape;
use crate::domain::qualification::KnownType;
use crate::domain::qualification::{Qualification, QualificationType};
use crate::exchange::output::{Cell, Column, Writer, records};
use std::io::Write;

fn columns(shape: Shape) -> Vec<Column> {
    let of_record = |name, title| shape.of_record(name, title);
    let mut columns = vec![
        Column::new("QualificationTypeId", "qualification type"),
        Column::new("Name", "name"),
        Column::new("QualificationTypeStatus", "status"),
        Column::new("AutoGrantedValue", "auto-grant"),
        Column::data("AutoGranted"),
        Column::shown("test"),
        Column::shown("key"),
        of_record("TestDurationInSeconds", "test time"),
        Column::new("RetryDelayInSeconds", "retry after"),
        Column::new("Holders", "holders"),
        Column::new("PendingRequests", "requests"),
        Column::data("IsOwn"),
        Column::data("IsRequestable"),
        Column::new("CreationTime", "created"),
        of_record("Keywords", "keywords"),
        Column::long("Description", "description"),
    ];
    if shape == Shape::Record {
        columns.extend([
            Column::shown("scores"),
            Column::data("Scores"),
            Column::new("HITs", "HITs"),
            Column::new("Test", "test"),
            Column::new("AnswerKey", "answer key"),
        ]);
    }
    columns
}

/// A type in the order of [`columns`], without what only a record has. How many hold another's type is not known.
fn cells(of: &KnownType) -> Vec<Cell> {
    let it = &of.it;
    let yes = |there: bool| Cell::from(there.then_some("yes"));
    vec![
        it.id.as_str().into(),
        it.name.as_str().into(),
        it.status.name().into(),
        it.auto_granted.map(i64::from).into(),
        it.auto_granted.is_some().into(),
        yes(it.test.is_some()),
        yes(it.answer_key.is_some()),
        it.test_duration.into(),
        it.retry_delay.into(),
        of.read_at.map(|_| of.holders).into(),
        of.own.then_some(of.requests).into(),
        of.own.into(),
        it.requestable.into(),
        it.created.into(),
        it.keywords.as_deref().into(),
        it.description.as_str().into(),
    ]
}

/// Runs `hitdeck qual list`.
pub async fn list(context: &Context, find: Option<&str>, offline: bool, out: &mut impl Write) -> Result<Exit, Failure> {
    let people = People::open(context, if offline { Fresh::Nothing } else { Fresh::People }).await?;
    for of in people.types.iter().filter(|of| of.own && !offline) {
        people.session.engine.sync_holders(&of.it.id).await?;
    }
    let mut types = people.session.engine.store().reading(|reader| reader.types()).await?;
    if let Some(text) = find {
        let others = people.session.engine.find_types(text).await?;
        let foreign = |it: &QualificationType| types.iter().all(|of| of.it.id != it.id);
        let foreign: Vec<KnownType> = others
            .into_iter()
            .filter(foreign)
            .map(|it| KnownType { it, own: false, holders: 0, requests: 0, read_at: None })
            .collect();
        types.extend(foreign);
    } else {
        types.retain(|of| of.own);
    }
    let mut writer = Writer::new(out, context.global.output, columns(Shape::List), super::super::width());
    for of in &types {
        writer.row(cells(of))?;
    }
    writer.finish()?;
    Ok(Exit::Done)
}

/// Runs `hitdeck qual show`.
pub async fn show(context: &Context, quals: &[String], offline: bool, out: &mut impl Write) -> Result<Exit, Failure> {
    let people = People::open(context, if offline { Fresh::Nothing } else { Fresh::People }).await?;
    let mut rows = Vec::new();
    for qual in quals {
        let id = people.find_type(qual)?.it.id.clone();
        let holders = if offline { people.stored_holders(&id).await? } else { people.read_holders(&id).await? };
        let of = id.clone();
        let stored = people.session.engine.store().reading(move |reader| reader.qualification_type(&of)).await?;
        let Some(stored) = stored else { continue };
        let hits = if offline { None } else { Some(people.session.engine.hits_requiring(&id).await?) };
        let mut row = cells(&stored);
        let held: Vec<&Qualification> = holders.iter().filter(|it| !it.revoked).collect();
        let scores: serde_json::Map<String, serde_json::Value> =
            held.iter().map(|it| (it.worker.to_string(), it.score.into())).collect();
        row.extend([
            Some(histogram(&held)).filter(|words| !words.is_empty()).into(),
            Cell::Json(scores.into()),
            hits.map(|hits| hits.iter().map(|hit| hit.id.as_str()).collect::<Vec<_>>().join(" ")).into(),
            stored.it.test.into(),
            stored.it.answer_key.into(),
        ]);
        rows.push(row);
    }
    records(out, context.global.output, columns(Shape::Record), rows)?;
    Ok(Exit::Done)
}

/// The widest bar.
const BAR: usize = 40;

/// How many hold which scores: a line for each score, or for ranges where there are many.
fn histogram(held: &[&Qualification]) -> String {
    let scores: Vec<i64> = held.iter().filter_map(|it| it.score.map(i64::from)).collect();
    let (Some(least), Some(most)) = (scores.iter().min().copied(), scores.iter().max().copied()) else {
        return String::new();
    };
    let width = (most - least) / 10 + 1;
    let mut counts = vec![0usize; ((most - least) / width + 1) as usize];
    for score in &scores {
        counts[((score - least) / width) as usize] += 1;
    }
    let highest = counts.iter().max().copied().unwrap_or(1).max(1);
    let bounds = |at: usize| (least + at as i64 * width, (least + (at as i64 + 1) * width - 1).min(most));
    let line = |(at, count): (usize, &usize)| {
        let (from, to) = bounds(at);
        let name = if from == to { from.to_string() } else { format!("{from} to {to}") };
        format!("{name:>12}  {count:>6}  {}", "#".repeat((count * BAR).div_ceil(highest)))
    };
    counts.iter().enumerate().filter(|(_, count)| **count > 0).map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{QualificationTypeId, WorkerId};

    #[test]
    fn scores_are_counted_in_at_most_eleven_ranges() {
        let held: Vec<Qualification> = [0, 0, 0, 5, 50, 100, i32::MIN, i32::MAX]
            .iter()
            .map(|score| Qualification {
                type_id: QualificationTypeId::parse("3Q").unwrap(),
                worker: WorkerId::parse("A1").unwrap(),
                granted: None,
                score: Some(*score),
                revoked: false,
            })
            .collect();
        let all: Vec<&Qualification> = held.iter().collect();
        let text = histogram(&all[..6]);
        assert_eq!(
            text.lines().map(|line| line.split_whitespace().last().unwrap().len()).collect::<Vec<_>>(),
            [40, 10, 10]
        );
        assert!(text.starts_with("     0 to 10       4  ####"), "{text}");
        assert_eq!(histogram(&all).lines().count(), 4, "over the whole range of scores");
        assert_eq!(histogram(&[]), "");
    }
}
