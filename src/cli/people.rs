//! What commands about workers and qualifications work with: the account's rows, workers, types, blocks and bonuses.

use super::context::Context;
use super::decide::{Item, Plan};
use super::exit::Failure;
use super::progress::Progress;
use super::selection::{ids, parse_query, unread};
use super::session::{Rows, Session};
use super::sync;
use super::worker::args::WorkerSelection;
use crate::domain::assignment::BonusPayment;
use crate::domain::decision::{Decision, Target};
use crate::domain::id::{QualificationTypeId, WorkerId};
use crate::domain::key::WorkerKey;
use crate::domain::money::Usd;
use crate::domain::nearest::nearest;
use crate::domain::policy;
use crate::domain::qualification::KnownType;
use crate::domain::qualification::{Qualification, QualificationRequest};
use crate::domain::query::{self, Query, WorkerFacts, WorkerQuery};
use crate::domain::row::{AssignmentRow, LightRow};
use crate::domain::worker::bonus_sums;
use crate::domain::worker_stats::{GoneWork, WorkerStats, worker_stats};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What is read at the endpoint first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fresh {
    /// Nothing: what the last sync brought.
    Nothing,
    /// Types, requests and blocks.
    People,
    /// Assignments too.
    Work,
    /// And who holds each of the account's types.
    Holders,
}

impl Fresh {
    /// This, or more where a selection asks for it: a query looks at work, and perhaps at qualifications.
    pub fn for_selection(self, selection: &WorkerSelection) -> Fresh {
        self.max(match selection.query.as_deref() {
            Some(query) if query.contains("qual") => Fresh::Holders,
            Some(_) => Fresh::Work,
            None => Fresh::Nothing,
        })
    }
}

/// An account with its people.
pub struct People {
    /// The account.
    pub session: Session,
    /// HITs, workers, assignments.
    pub rows: Rows,
    /// The qualification types, own ones first.
    pub types: Vec<KnownType>,
    /// Requests that wait, oldest first.
    pub requests: Vec<QualificationRequest>,
    /// Who is blocked, and why.
    pub blocks: HashMap<WorkerId, String>,
    /// What was written about workers.
    pub notes: HashMap<WorkerId, String>,
    /// Every bonus that is known, oldest first.
    pub bonuses: Vec<BonusPayment>,
    /// Each worker's work.
    pub stats: HashMap<WorkerId, WorkerStats>,
}

impl People {
    /// Opens the account and reads what is wanted.
    pub async fn open(context: &Context, fresh: Fresh) -> Result<Self, Failure> {
        let session = Session::open(context).await?;
        if matches!(fresh, Fresh::Work | Fresh::Holders) {
            sync::refresh(&session).await?;
        }
        if fresh != Fresh::Nothing {
            session.engine.sync_people().await?;
        }
        let people = People::of(session).await?;
        if fresh == Fresh::Holders {
            let mut progress = Progress::begin("reading holders of", "qualifications");
            let own: Vec<QualificationTypeId> =
                people.types.iter().filter(|of| of.own).map(|of| of.it.id.clone()).collect();
            for (done, of) in own.iter().enumerate() {
                progress.show(done, own.len());
                people.session.engine.sync_holders(of).await?;
            }
        }
        Ok(people)
    }

    /// What the store knows.
    async fn of(session: Session) -> Result<Self, Failure> {
        let rows = session.rows().await?;
        let read = |reader: &crate::store::Reader| {
            Ok((reader.types()?, reader.requests()?, reader.blocks()?, reader.worker_notes()?, reader.bonuses()?))
        };
        let (types, requests, blocks, notes, bonuses) = session.engine.store().reading(read).await?;
        let blocks = blocks.into_iter().map(|block| (block.worker, block.reason)).collect();
        let gone = session.engine.store().reading(crate::store::Reader::gone_work).await?;
        let stats = stats(&session, &rows, &gone);
        let notes = notes.into_iter().collect();
        Ok(People { session, rows, types, requests, blocks, notes, bonuses, stats })
    }

    /// Reads the bonuses that were paid for these HITs.
    pub async fn read_bonuses(&mut self, hits: &[crate::domain::id::HitId]) -> Result<(), Failure> {
        let mut progress = Progress::begin("reading bonuses of", "HITs");
        for (done, hit) in hits.iter().enumerate() {
            progress.show(done, hits.len());
            self.session.engine.sync_bonuses(std::slice::from_ref(hit)).await?;
        }
        self.bonuses = self.session.engine.store().reading(|reader| reader.bonuses()).await?;
        Ok(())
    }

    /// A type by its identifier, else by its name.
    pub fn find_type(&self, text: &str) -> Result<&KnownType, Failure> {
        let by_id = self.types.iter().find(|of| of.it.id.as_str() == text);
        let found = by_id.or_else(|| self.types.iter().find(|of| of.own && of.it.name == text));
        found.ok_or_else(|| {
            let names = self.types.iter().filter(|of| of.own).map(|of| of.it.name.as_str());
            let meant = nearest(text, names).map_or(String::new(), |name| format!("; is \"{name}\" meant?"));
            Failure::Failed(format!(
                "there is no qualification type \"{text}\" in this account{meant} (`hitdeck qual list` shows them)"
            ))
        })
    }

    /// A type of the account's own.
    pub fn find_own_type(&self, text: &str) -> Result<&KnownType, Failure> {
        let found = self.find_type(text)?;
        if found.own {
            return Ok(found);
        }
        Err(Failure::Failed(format!("{} is not this account's: only its owner grants or changes it", found.it.name)))
    }

    /// The workers who answer a query about workers.
    async fn who_are(&self, query: &WorkerQuery) -> Result<Vec<WorkerId>, Failure> {
        let all = self.session.engine.store().reading(|reader| reader.qualifications()).await?;
        let names: HashMap<&QualificationTypeId, Arc<str>> =
            self.types.iter().map(|of| (&of.it.id, Arc::from(of.it.name.as_str()))).collect();
        let mut held: HashMap<WorkerId, Vec<Arc<str>>> = HashMap::new();
        for it in all.into_iter().filter(|it| !it.revoked) {
            if let Some(name) = names.get(&it.type_id) {
                held.entry(it.worker).or_default().push(name.clone());
            }
        }
        let now = self.session.engine.clock().now().time;
        let bonuses = bonus_sums(&self.bonuses);
        let answers = |(worker, stats): &(&WorkerId, &WorkerStats)| {
            query.matches(&WorkerFacts {
                id: worker.as_str(),
                stats,
                bonuses: bonuses.get(*worker).map_or(Usd::ZERO, |paid| paid.sum),
                blocked: self.blocks.contains_key(*worker),
                noted: self.notes.contains_key(*worker),
                qualifications: held.get(*worker).map(Vec::as_slice).unwrap_or_default(),
                now,
            })
        };
        let mut found: Vec<WorkerId> = self.stats.iter().filter(answers).map(|(worker, _)| worker.clone()).collect();
        found.sort();
        Ok(found)
    }

    /// Who holds a type, and from whom it was taken, as read just now.
    pub async fn read_holders(&self, of: &QualificationTypeId) -> Result<Vec<Qualification>, Failure> {
        self.session.engine.sync_holders(of).await?;
        self.stored_holders(of).await
    }

    /// The same, as the store has it.
    pub async fn stored_holders(&self, of: &QualificationTypeId) -> Result<Vec<Qualification>, Failure> {
        let of = of.clone();
        Ok(self.session.engine.store().reading(move |reader| reader.holders(&of)).await?)
    }

    /// Whether the worker ever worked for this account.
    pub fn is_known(&self, worker: &WorkerId) -> bool {
        self.stats.contains_key(worker)
    }

    /// The workers of a selection, each once: as named, as in the file, as the query finds their assignments. `everybody`
    /// says that an empty selection means all who ever worked here.
    pub async fn chosen(&self, selection: &WorkerSelection, everybody: bool) -> Result<Vec<WorkerId>, Failure> {
        if selection.is_empty() {
            if everybody {
                return Ok(self.stats.keys().cloned().collect());
            }
            return Err(Failure::Usage("which workers? give IDs, --file FILE or --where QUERY".into()));
        }
        let mut workers = ids(&selection.workers, selection.file.as_deref(), WorkerId::parse)?;
        match selection.query.as_deref().map(parse_who).transpose()? {
            None => {}
            Some(Who::Are(query)) => workers.extend(self.who_are(&query).await?),
            Some(Who::Did(query)) => {
                let found = self.session.query(&self.rows, &query).await?;
                workers.extend(found.iter().filter_map(|row| self.rows.workers.get(&row.worker).cloned()));
            }
        }
        let mut seen = HashSet::new();
        workers.retain(|worker| seen.insert(worker.clone()));
        Ok(workers)
    }
}

/// A query that chooses workers.
enum Who {
    /// By what is known of them, as on the Workers screen.
    Are(WorkerQuery),
    /// By their assignments.
    Did(Query),
}

/// Reads `--where` of a command about workers: in the fields of workers, else in those of assignments.
fn parse_who(text: &str) -> Result<Who, Failure> {
    match (query::parse_worker(text), parse_query(text)) {
        (Ok(query), _) => Ok(Who::Are(query)),
        (Err(_), Ok(query)) => Ok(Who::Did(query)),
        (Err(worker), Err(assignment)) => match query::parse(text) {
            // The error of the language that understood more of it.
            Err(other) if other.column >= worker.column => Err(assignment),
            _ => Err(unread(text, &worker)),
        },
    }
}

fn stats(session: &Session, rows: &Rows, gone: &[GoneWork]) -> HashMap<WorkerId, WorkerStats> {
    let now = session.engine.clock().now().time;
    let light: Vec<_> = rows.assignments.iter().map(AssignmentRow::light).collect();
    let reward = |row: &LightRow| rows.hits.get(&row.hit).map_or(Usd::ZERO, |hit| hit.reward);
    let gone = gone.iter().map(|work| (&work.row, work.reward));
    let all = worker_stats(light.iter().map(|row| (row, reward(row))).chain(gone), now);
    let named = |(key, stats): (WorkerKey, WorkerStats)| Some((rows.workers.get(&key)?.clone(), stats));
    all.into_iter().filter_map(named).collect()
}

impl Plan {
    /// Adds a decision that costs nothing, if it may be made by itself; says what is in the way otherwise.
    pub fn add(&mut self, target: Target, decision: Decision, change: Option<String>) {
        match policy::may_decide_other(&target, &decision) {
            Ok(()) => self.items.push(Item { change, ..Item::free(target, decision) }),
            Err(refusal) => self.refused.push((target.to_string(), refusal.to_string())),
        }
    }
}
