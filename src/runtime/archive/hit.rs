//! One HIT with the work on it, and one qualification type with those who hold it.

use super::pull::{Pull, unnamed};
use crate::domain::hit::purge_time;
use crate::domain::id::{HitId, QualificationTypeId};
use crate::domain::time::Time;
use crate::exchange::archive::{Kind, Missing, Record, Soonest};
use crate::exchange::output::iso;
use crate::mturk::{Ask, Error};
use serde_json::{Map, Value};
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

/// Pages of a HIT that may wait to be handed over.
const PIECES: usize = 4;

/// What reading a unit ends with.
#[derive(Debug, Default)]
pub struct Read {
    /// When the HIT may be gone.
    pub gone: Option<Soonest>,
    /// What of it could not be had.
    pub missing: Vec<Missing>,
}

/// Something that is being read.
pub struct Unit {
    /// Its records, page by page.
    pub pieces: mpsc::Receiver<Vec<Record>>,
    task: AbortOnDropHandle<Result<Read, Error>>,
}

impl Unit {
    /// Begins to read.
    pub fn begin<W>(read: impl FnOnce(Pieces) -> W) -> Self
    where
        W: Future<Output = Result<Read, Error>> + Send + 'static,
    {
        let (send, pieces) = mpsc::channel(PIECES);
        Unit { pieces, task: AbortOnDropHandle::new(tokio::spawn(read(Pieces(send)))) }
    }

    /// How it ended; none when the program is ending.
    pub async fn end(self) -> Result<Option<Read>, Error> {
        self.task.await.ok().transpose()
    }
}

/// Where the records of a unit go.
pub struct Pieces(mpsc::Sender<Vec<Record>>);

impl Pieces {
    async fn hand(&self, records: Vec<Record>) {
        if !records.is_empty() {
            // Nobody takes them when the whole archive has failed; its error is told elsewhere.
            let _ = self.0.send(records).await;
        }
    }
}

/// Reads what belongs to a HIT, and hands the HIT over after it.
pub async fn read_hit(pull: Pull, hit: Record, pieces: Pieces) -> Result<Read, Error> {
    let name = hit.text("HITId").unwrap_or_default().to_owned();
    let id = HitId::parse(&name).map_err(|error| malformed("ListHITs", "HITId", error))?;
    let mut read = Read::default();
    let (mut count, mut last_in) = (0, None);
    let promised = promised(&hit.members);
    let (what, mut next) = (Ask::Assignments(id.clone()), None);
    loop {
        let page = match pull.ask(&what, next).await {
            Ok(page) => page,
            Err(error) if refused(&error) => {
                read.missing.push(lost(format!("assignments of HIT {id}"), &error));
                break;
            }
            Err(error) => return Err(error),
        };
        let last = page.next.is_none() || page.records.is_empty();
        let full = page.is_full();
        count += page.records.len() as u64;
        let records: Vec<Record> =
            page.records.into_iter().map(|members| Record::of(Kind::Assignments, members)).collect();
        last_in = last_in.max(records.iter().filter_map(|record| time(record, "SubmitTime")).max());
        pieces.hand(records).await;
        // Every page but an empty one carries a token; a short page that brings what the counters promised is the last.
        if last || (!full && promised.is_some_and(|promised| count >= promised)) {
            break;
        }
        next = page.next;
    }
    // Bonuses belong to assignments, and review policies judge them.
    if count > 0 {
        let (bonuses, results) =
            tokio::join!(all(&pull, Ask::Bonuses(id.clone()), Kind::Bonuses, &id), reviewed(&pull, &id));
        for (records, missing) in [bonuses?, results?] {
            read.missing.extend(missing);
            pieces.hand(records).await;
        }
    }
    read.gone = gone(&hit, &name, last_in);
    pieces.hand(vec![Record::hit_type_of(&hit), hit]).await;
    Ok(read)
}

/// Reads a qualification type whole, with those who hold or held it.
pub async fn read_type(pull: Pull, listed: Record, pieces: Pieces) -> Result<Read, Error> {
    let name = listed.text("QualificationTypeId").unwrap_or_default();
    let id = QualificationTypeId::parse(name)
        .map_err(|error| malformed("ListQualificationTypes", "QualificationTypeId", error))?;
    let mut read = Read::default();
    let whole = match pull.ask(&Ask::QualificationType(id.clone()), None).await {
        Ok(answer) => answer.records.into_iter().next(),
        // The list has told of it; only test and key may be missing.
        Err(error) if refused(&error) || error.is_unknown_operation() => None,
        Err(error) => return Err(error),
    };
    let mut members = listed.members;
    members.extend(whole.unwrap_or_default());
    pieces.hand(vec![Record::of(Kind::QualificationTypes, members)]).await;
    for what in [Ask::Holders(id.clone()), Ask::Former(id.clone())] {
        let mut next = None;
        loop {
            match pull.ask(&what, next).await {
                Ok(page) => {
                    let empty = page.records.is_empty();
                    let record = |members| Record::of(Kind::Qualifications, members);
                    pieces.hand(page.records.into_iter().map(record).collect()).await;
                    next = page.next;
                    if next.is_none() || empty {
                        break;
                    }
                }
                Err(error) if refused(&error) || error.is_unknown_operation() => {
                    let whom = if matches!(what, Ask::Holders(_)) { "who holds" } else { "who held" };
                    read.missing.push(lost(format!("{whom} qualification type {id}"), &error));
                    break;
                }
                Err(error) => return Err(error),
            }
        }
    }
    Ok(read)
}

type Found = (Vec<Record>, Vec<Missing>);

async fn all(pull: &Pull, what: Ask, kind: Kind, hit: &HitId) -> Result<Found, Error> {
    let (mut records, mut missing, mut next) = (Vec::new(), Vec::new(), None);
    loop {
        match pull.ask_for(&what, next, &mut missing).await {
            Ok(None) => break,
            Ok(Some(page)) => {
                let empty = page.records.is_empty();
                records.extend(page.records.into_iter().map(|members| Record::of(kind, members)));
                next = page.next;
                if next.is_none() || empty {
                    break;
                }
            }
            Err(error) if refused(&error) => {
                missing.push(lost(format!("{} of HIT {hit}", kind.title()), &error));
                break;
            }
            Err(error) => return Err(error),
        }
    }
    Ok((records, missing))
}

/// The review policies' results, all pages as one record; none where the HIT has no policy.
async fn reviewed(pull: &Pull, hit: &HitId) -> Result<Found, Error> {
    let what = Ask::ReviewResults(hit.clone());
    let (mut whole, mut missing, mut next): (Map<String, Value>, _, _) = (Map::new(), Vec::new(), None);
    loop {
        let page = match pull.ask_for(&what, next, &mut missing).await {
            Ok(None) => break,
            Ok(Some(page)) => page,
            Err(error) if refused(&error) => {
                missing.push(lost(format!("review policy results of HIT {hit}"), &error));
                break;
            }
            Err(error) => return Err(error),
        };
        let came = page.records.into_iter().next().unwrap_or_default();
        let more = append(&mut whole, came);
        next = page.next;
        if next.is_none() || !more {
            break;
        }
    }
    let has_policy = ["AssignmentReviewPolicy", "HITReviewPolicy"].iter().any(|name| whole.contains_key(*name));
    if !has_policy && !whole.values().any(has_entries) {
        return Ok((Vec::new(), missing));
    }
    whole.entry("HITId").or_insert_with(|| Value::String(hit.to_string()));
    Ok((vec![Record::of(Kind::ReviewResults, whole)], missing))
}

/// Puts a page of reports behind the earlier ones; whether it brought any entry.
fn append(whole: &mut Map<String, Value>, page: Map<String, Value>) -> bool {
    let mut more = false;
    for (name, value) in page {
        more |= has_entries(&value);
        match (whole.get_mut(&name), value) {
            (Some(Value::Object(report)), Value::Object(came)) => {
                for (list, entries) in came {
                    match (report.get_mut(&list), entries) {
                        (Some(Value::Array(known)), Value::Array(entries)) => known.extend(entries),
                        (_, entries) => drop(report.insert(list, entries)),
                    }
                }
            }
            (_, value) => drop(whole.insert(name, value)),
        }
    }
    more
}

fn has_entries(report: &Value) -> bool {
    let lists = report.as_object().into_iter().flat_map(Map::values);
    lists.into_iter().any(|list| list.as_array().is_some_and(|entries| !entries.is_empty()))
}

/// How many assignments the counters of a HIT promise.
fn promised(hit: &Map<String, Value>) -> Option<u64> {
    let count = |name: &str| hit.get(name)?.as_u64();
    let open = count("NumberOfAssignmentsPending")? + count("NumberOfAssignmentsAvailable")?;
    Some(count("MaxAssignments")?.saturating_sub(open))
}

fn gone(hit: &Record, id: &str, last_in: Option<Time>) -> Option<Soonest> {
    let read = hit.hit().ok()?;
    let from = purge_time(read.status, read.created, read.expires, last_in)?;
    Some(Soonest { from: iso(from), hit: id.to_owned() })
}

fn time(record: &Record, member: &str) -> Option<Time> {
    Some(Time(record.text(member)?.parse::<jiff::Timestamp>().ok()?.as_second()))
}

/// Whether the endpoint does not tell this one thing, and everything else can be had all the same.
pub(super) fn refused(error: &Error) -> bool {
    matches!(error, Error::Refused { .. })
}

fn lost(what: String, error: &Error) -> Missing {
    let why =
        if error.is_missing() { "it was deleted while the archive was made".to_owned() } else { error.to_string() };
    Missing { what, why }
}

fn malformed(operation: &'static str, member: &'static str, error: impl std::fmt::Display) -> Error {
    match unnamed(operation, member) {
        Error::Malformed { operation, member, .. } => Error::Malformed { operation, member, came: error.to_string() },
        other => other,
    }
}
