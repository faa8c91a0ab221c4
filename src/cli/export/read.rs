//! Work out of the mirror, as the writers of results take it.

use super::super::exit::Failure;
use super::super::session::Session;
use crate::domain::decision::{Decision, OutboxEntry};
use crate::domain::id::WorkerId;
use crate::domain::key::{AssignmentKey, WorkerKey};
use crate::domain::query::{Facts, Found, Query, Record};
use crate::domain::row::{AssignmentRow, Decider, HitRow};
use crate::domain::time::{Seconds, Time};
use crate::exchange::results::{Columns, Given, Layout, Mark, ResultHit, ResultsWriter, Tally, Work};
use crate::question::answer::posted;
use crate::question::item;
use crate::store::{ForExport, HitForExport, Reader, Store, StoreError, StoredAnswer, Which, WorkForExport};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::io::{self, Write};

/// Decoded answers that are kept: to a question of choices there are only a few.
const ANSWERS: usize = 1_024;

/// Which work is exported, and what is said of it beside what the mirror has in its rows.
pub struct Results {
    store: Store,
    offline: bool,
    batch: Option<String>,
    deleted: bool,
    query: Option<Query>,
    found: Found,
    /// Each worker's decided work: ever, in 30 days, in 7 days.
    records: [HashMap<WorkerKey, Record>; 3],
    people: Vec<String>,
    me: String,
    now: Time,
    /// Decisions of an account from files, which are never sent: they go into the file as marks.
    marks: HashMap<AssignmentKey, OutboxEntry>,
    worker_site: String,
}

/// What was exported.
pub struct Written {
    /// How much.
    pub tally: Tally,
    /// Which HITs, with as many of their assignments.
    pub hits: Vec<(String, u32)>,
}

impl Results {
    /// Looks up what the query needs, and what all rows need.
    pub async fn prepare(
        session: &Session,
        query: Option<Query>,
        batch: Option<&str>,
        deleted: bool,
    ) -> Result<Self, Failure> {
        let (offline, now) = (session.engine.is_offline(), session.engine.clock().now().time);
        let batch = batch.map(str::to_owned);
        let store = session.engine.store().clone();
        let (me, worker_site) = (session.who.clone(), session.settings.environment.worker_site.clone());
        let read = move |reader: &Reader| {
            let terms = query.as_ref().map_or(&[][..], Query::text_terms);
            let sets = terms.iter().map(|term| reader.find(term)).collect::<Result<Vec<_>, _>>()?;
            let day = Seconds::DAY.0;
            let since = |days: i64| reader.records_since(Time((now.0 - days * day).max(1)));
            let live = match offline {
                true => reader.open_entries()?.into_iter().filter(|entry| !entry.state.is_settled()).collect(),
                false => Vec::new(),
            };
            let marks = live.into_iter().filter_map(|entry| Some((entry.assignment?, entry)));
            Ok(Results {
                found: Found::new(sets.iter().map(Vec::as_slice)),
                records: [reader.records_since(Time(0))?, since(30)?, since(7)?],
                people: reader.people()?,
                marks: marks.filter(|(_, entry)| entry.decision.settles_assignment()).collect(),
                offline,
                batch,
                deleted,
                query,
                me,
                now,
                worker_site,
                store,
            })
        };
        let results: Results = session.engine.store().reading(read).await?;
        if let Some(name) = &results.batch
            && !results.store.read(|reader| reader.has_batch(name))?
        {
            return Err(Failure::Failed(format!("there is no batch \"{name}\"; `hitdeck batch list` shows them")));
        }
        Ok(results)
    }

    /// The names of the columns that follow from the work.
    pub fn columns(&self, layout: Layout) -> Result<Columns, Failure> {
        let mut columns = Columns::default();
        if !layout.has_header() {
            return Ok(columns);
        }
        let (mut answers, mut shapes, mut inputs) = (BTreeSet::new(), HashSet::new(), HashSet::new());
        let mut hit = None;
        self.each(|next| {
            match next {
                ForExport::Hit(next) => hit = Some(next),
                ForExport::Work(work) => {
                    if let Some(hit) = hit.take() {
                        for (name, _) in inputs_of(&hit) {
                            if inputs.insert(name.clone()) {
                                columns.inputs.push(name);
                            }
                        }
                    }
                    let document = match work.answer {
                        StoredAnswer::Whole(document) => document,
                        // Its names are those of every answer of this shape.
                        StoredAnswer::Shaped { number, shape, .. } if shapes.insert(number) => shape,
                        StoredAnswer::Shaped { .. } => return Ok(()),
                    };
                    answers.extend(posted(document).into_iter().map(|(name, _)| name));
                }
            }
            Ok(())
        })?;
        columns.answers = answers.into_iter().collect();
        Ok(columns)
    }

    /// Writes everything.
    pub fn write<W: Write>(&self, mut writer: ResultsWriter<W>) -> Result<Written, Failure> {
        let mut hits: Vec<(String, u32)> = Vec::new();
        let mut answers: HashMap<i64, (String, Vec<(String, String)>)> = HashMap::new();
        // A HIT none of whose work is wanted is left out, unless everything is.
        let mut waiting: Option<Box<HitForExport>> = None;
        let written = self.each(|next| {
            match next {
                ForExport::Hit(hit) => {
                    if let Some(empty) = waiting.replace(hit) {
                        self.without_work(&mut writer, &empty)?;
                    }
                }
                ForExport::Work(work) => {
                    if let Some(hit) = waiting.take() {
                        writer.hit(self.result_hit(&hit));
                        hits.push((hit.row.id.to_string(), 0));
                    }
                    if let Some((_, count)) = hits.last_mut() {
                        *count += 1;
                    }
                    if answers.len() >= ANSWERS {
                        answers.clear();
                    }
                    let (document, posted) = answers.entry(work.answer_number).or_insert_with(|| {
                        let document = work.answer.document().into_owned();
                        let posted = posted(&document);
                        (document, posted)
                    });
                    self.work(&mut writer, &work, document, posted)?;
                }
            }
            Ok(())
        });
        written?;
        if let Some(empty) = waiting {
            self.without_work(&mut writer, &empty)?;
        }
        Ok(Written { tally: writer.finish()?, hits })
    }

    fn without_work<W: Write>(&self, writer: &mut ResultsWriter<W>, hit: &HitForExport) -> io::Result<()> {
        if self.query.is_some() {
            return Ok(());
        }
        writer.hit(self.result_hit(hit));
        writer.no_work()
    }

    /// Goes through all HITs and the work that the query finds.
    fn each(&self, mut take: impl FnMut(ForExport<'_>) -> io::Result<()>) -> Result<(), Stopped> {
        let mut row: Option<HitRow> = None;
        let mut failed = None;
        let which = Which { batch: self.batch.as_deref(), deleted: self.deleted };
        self.store.read(|reader| {
            reader.for_export(which, |next| {
                let wanted = match &next {
                    ForExport::Hit(hit) => {
                        row = Some(hit.row.clone());
                        true
                    }
                    ForExport::Work(work) => row.as_ref().is_some_and(|hit| self.fits(hit, work)),
                };
                if wanted && let Err(error) = take(next) {
                    failed = Some(error);
                }
                failed.is_none()
            })
        })?;
        failed.map_or(Ok(()), |error| Err(Stopped::Writing(error)))
    }

    fn fits(&self, hit: &HitRow, work: &WorkForExport<'_>) -> bool {
        let Some(query) = &self.query else { return true };
        let Ok(worker) = WorkerId::parse(work.worker) else { return false };
        let record = self.records[0].get(&work.row.worker).copied().unwrap_or_default();
        let (row, now, people, me) = (&work.row.light(), self.now, self.people.as_slice(), self.me.as_str());
        query.matches(&Facts { row, hit, worker: &worker, record, now, people, me }, &self.found)
    }

    fn result_hit(&self, hit: &HitForExport) -> ResultHit {
        let row = &hit.row;
        let given = given(hit.given.as_deref());
        let known = |time: Time| (time.0 != 0).then_some(time);
        let site = &self.worker_site;
        ResultHit {
            id: row.id.to_string(),
            type_id: Some(row.type_id.to_string()),
            preview: hit.group.as_ref().map(|group| format!("{site}/mturk/preview?groupId={group}")),
            group: hit.group.clone(),
            batch: row.batch.to_string(),
            title: row.title.to_string(),
            description: hit.description.clone(),
            keywords: hit.keywords.clone(),
            reward: row.reward,
            created: known(row.created),
            expires: known(row.expires),
            max_assignments: row.max_assignments,
            counters: [row.available, row.pending, row.completed],
            status: row.status.name(),
            review_status: hit.review_status.clone(),
            annotation: hit.annotation.clone().unwrap_or_default(),
            duration: hit.duration,
            auto_approval_delay: row.auto_approval_delay,
            inputs: inputs_of(hit),
            given,
        }
    }

    fn work<W: Write>(
        &self,
        writer: &mut ResultsWriter<W>,
        work: &WorkForExport<'_>,
        answer: &str,
        posted: &[(String, String)],
    ) -> io::Result<()> {
        let row = &work.row;
        let rate = |records: &HashMap<WorkerKey, Record>| {
            records.get(&row.worker).map_or((0, 0), |record| (record.approved, record.rejected))
        };
        let mark = self.marks.get(&row.key).map(|entry| match &entry.decision {
            Decision::Reject { feedback } => Mark::Reject(feedback),
            _ => Mark::Approve,
        });
        writer.work(&Work {
            id: work.id,
            worker: work.worker,
            status: row.status,
            accepted: row.accepted.get(),
            submitted: row.submitted.get(),
            auto_approval: row.auto_approval.get(),
            decided: row.decided.get(),
            by: self.decider(row),
            feedback: work.feedback.unwrap_or_default(),
            note: work.note,
            // A file tells only a part of what a worker has done.
            rates: (!self.offline).then(|| [rate(&self.records[0]), rate(&self.records[1]), rate(&self.records[2])]),
            answer,
            posted,
            mark,
            given: &given(work.given),
        })
    }

    fn decider(&self, row: &AssignmentRow) -> Option<&str> {
        match row.by {
            Decider::Unknown => None,
            Decider::Person(number) => self.people.get(usize::from(number)).map(String::as_str),
            Decider::Elsewhere => Some("elsewhere"),
            Decider::Clock => Some("auto-approval"),
        }
    }
}

/// Why the export ended early.
enum Stopped {
    Reading(StoreError),
    Writing(io::Error),
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Self {
        Stopped::Reading(error)
    }
}

impl From<Stopped> for Failure {
    fn from(stopped: Stopped) -> Self {
        match stopped {
            Stopped::Reading(error) => error.into(),
            Stopped::Writing(error) => error.into(),
        }
    }
}

/// Cells as a file had them. What this program has written is read; anything else is as good as nothing.
fn given(json: Option<&str>) -> Given {
    json.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
}

/// The input row: as a batch or a file has it, else the label/value pairs that the question shows.
fn inputs_of(hit: &HitForExport) -> Vec<(String, String)> {
    let row = hit.inputs.as_deref().and_then(|json| serde_json::from_str(json).ok());
    if let Some(serde_json::Value::Object(cells)) = row {
        let text = |value: serde_json::Value| match value {
            serde_json::Value::String(text) => text,
            serde_json::Value::Null => String::new(),
            other => other.to_string(),
        };
        return cells.into_iter().map(|(name, value)| (name, text(value))).collect();
    }
    let mut seen: HashMap<String, u32> = HashMap::new();
    let pairs = item::read(&hit.question).pairs.into_iter().map(|(label, value)| {
        let times = seen.entry(label.clone()).or_default();
        *times += 1;
        (if *times == 1 { label } else { format!("{label}.{times}") }, value)
    });
    pairs.collect()
}
