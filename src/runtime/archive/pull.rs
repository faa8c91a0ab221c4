//! Reading an account from its endpoint: several lists side by side, the HITs many at a time, everything handed over in
//! order and in pieces, so that neither an account nor a HIT has to fit into memory.

use super::hit::{Unit, read_hit, read_type, refused};
use crate::exchange::archive::{Kind, Missing, Record, Soonest};
use crate::mturk::{Answer, Ask, Client, Error};
use crate::runtime::engine::Engine;
use crate::runtime::limiter::Priority;
use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use tokio::sync::mpsc;

/// HITs, or qualification types, that are read at once; more would only cost memory.
const AHEAD: usize = 128;

/// What is read one after the other, beside the other lanes. A lane's files are its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lane {
    /// HITs, with their types and the work on them.
    Hits,
    /// Qualification types with those who hold or held them.
    Types,
    /// Qualification requests.
    Requests,
    /// Blocks.
    Blocks,
    /// The balance.
    Balance,
}

impl Lane {
    /// The lanes that are one list, with the kind of it.
    const LISTS: [(Lane, Kind, Ask); 3] = [
        (Lane::Requests, Kind::Requests, Ask::Requests),
        (Lane::Blocks, Kind::Blocks, Ask::Blocks),
        (Lane::Balance, Kind::Balance, Ask::Balance),
    ];

    /// Whose files these are.
    pub const fn kinds(self) -> &'static [Kind] {
        match self {
            Lane::Hits => &[Kind::HitTypes, Kind::Hits, Kind::Assignments, Kind::Bonuses, Kind::ReviewResults],
            Lane::Types => &[Kind::QualificationTypes, Kind::Qualifications],
            Lane::Requests => &[Kind::Requests],
            Lane::Blocks => &[Kind::Blocks],
            Lane::Balance => &[Kind::Balance],
        }
    }
}

/// What reading hands over.
#[derive(Debug)]
pub enum Message {
    /// Records, in order.
    Records(Vec<Record>),
    /// A part of a lane is whole: a HIT, a qualification type, a list.
    Whole {
        /// Of which lane.
        lane: Lane,
        /// The HIT's date, for a HIT.
        gone: Option<Soonest>,
        /// What of it could not be had.
        missing: Vec<Missing>,
    },
}

/// What need not be read again.
#[derive(Debug, Default)]
pub struct Skip {
    /// Identifiers of HITs and qualification types.
    pub ids: HashSet<String>,
    /// Lists.
    pub lists: HashSet<Kind>,
}

/// How far it is.
#[derive(Debug, Default)]
pub struct Progress {
    /// HITs that were listed.
    pub listed: AtomicU32,
}

/// Reads an account.
#[derive(Clone)]
pub struct Pull {
    engine: Engine,
    client: Client,
    out: mpsc::Sender<Message>,
    progress: Arc<Progress>,
    /// Operations without which an archive is worth having too.
    optional: Arc<[Optional; 5]>,
}

/// How an endpoint has answered an operation that it need not have.
#[derive(Debug)]
struct Optional {
    operation: &'static str,
    /// It has answered at least once.
    answered: AtomicBool,
    refused: AtomicU32,
    /// It is not asked again.
    absent: AtomicBool,
}

const OPTIONAL: [&str; 5] = [
    "ListBonusPayments",
    "ListReviewPolicyResultsForHIT",
    "ListQualificationTypes",
    "ListQualificationRequests",
    "ListWorkerBlocks",
];
/// An operation that was refused so often, and never answered, is not asked for again.
const ENOUGH: u32 = 16;

impl Pull {
    /// From the engine's endpoint into `out`.
    pub async fn new(engine: &Engine, out: mpsc::Sender<Message>, progress: Arc<Progress>) -> Self {
        let unasked = |operation| Optional {
            operation,
            answered: AtomicBool::default(),
            refused: AtomicU32::default(),
            absent: AtomicBool::default(),
        };
        let optional = Arc::new(OPTIONAL.map(unasked));
        Pull { engine: engine.clone(), client: engine.client().await, out, progress, optional }
    }

    /// Reads everything but `skip`. Ends early, without an error, when nobody takes what it hands over.
    pub async fn run(self, skip: Skip) -> Result<(), Error> {
        let Skip { ids, lists } = skip;
        let types = ids.clone();
        let [requests, blocks, balance] = Lane::LISTS.map(|list| self.list(list, &lists));
        tokio::try_join!(self.hits(ids), self.types(types), requests, blocks, balance)?;
        Ok(())
    }

    /// Asks; a page of a list goes before what is asked for single HITs.
    pub(super) async fn ask(&self, what: &Ask, next: Option<String>) -> Result<Answer, Error> {
        let priority = match what {
            Ask::Hits | Ask::QualificationTypes => Priority::List,
            _ => Priority::Read,
        };
        self.engine.ask_as(priority, || self.client.ask(what, next.clone())).await
    }

    /// Asks for what not every endpoint has, or tells of every HIT. Nothing, and a note of it the first time, where it does
    /// not; once the endpoint has answered, a refusal is the caller's to tell.
    pub(super) async fn ask_for(
        &self,
        what: &Ask,
        next: Option<String>,
        missing: &mut Vec<Missing>,
    ) -> Result<Option<Answer>, Error> {
        let operation = what.operation();
        let Some(known) = self.optional.iter().find(|known| known.operation == operation) else {
            return self.ask(what, next).await.map(Some);
        };
        if known.absent.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let error = match self.ask(what, next).await {
            Ok(answer) => {
                known.answered.store(true, Ordering::Relaxed);
                return Ok(Some(answer));
            }
            Err(error) => error,
        };
        let unknown = error.is_unknown_operation();
        // Nobody knows what Amazon says of a HIT that has no review policy.
        let expected = matches!(what, Ask::ReviewResults(_)) || !known.answered.load(Ordering::Relaxed);
        if !unknown && (error.is_missing() || !refused(&error) || !expected) {
            return Err(error);
        }
        let refusals = known.refused.fetch_add(1, Ordering::Relaxed) + 1;
        if unknown || (refusals >= ENOUGH && !known.answered.load(Ordering::Relaxed)) {
            known.absent.store(true, Ordering::Relaxed);
        }
        if refusals == 1 {
            missing.push(Missing { what: format!("what {operation} tells, at least in part"), why: error.to_string() });
        }
        Ok(None)
    }

    async fn hits(&self, skip: HashSet<String>) -> Result<(), Error> {
        let mut units = Units::new(self, Lane::Hits);
        let (mut seen, mut next) = (skip, None);
        loop {
            let page = self.ask(&Ask::Hits, next).await?;
            for members in page.records {
                let hit = Record::of(Kind::Hits, members);
                let id = hit.id().ok_or_else(|| unnamed("ListHITs", "HITId"))?;
                // A list that changes while it is read can show a HIT twice.
                if !seen.insert(id.clone()) {
                    continue;
                }
                self.progress.listed.fetch_add(1, Ordering::Relaxed);
                let pull = self.clone();
                if !units.add(Unit::begin(|pieces| read_hit(pull, hit, pieces))).await? {
                    return Ok(());
                }
            }
            next = page.next;
            if next.is_none() {
                break;
            }
        }
        units.finish().await
    }

    async fn types(&self, skip: HashSet<String>) -> Result<(), Error> {
        let mut units = Units::new(self, Lane::Types);
        let (mut seen, mut next, mut missing) = (skip, None, Vec::new());
        loop {
            let Some(page) = self.ask_for(&Ask::QualificationTypes, next, &mut missing).await? else { break };
            for members in page.records {
                let of = Record::of(Kind::QualificationTypes, members);
                let id = of.id().ok_or_else(|| unnamed("ListQualificationTypes", "QualificationTypeId"))?;
                if !seen.insert(id) {
                    continue;
                }
                let pull = self.clone();
                if !units.add(Unit::begin(|pieces| read_type(pull, of, pieces))).await? {
                    return Ok(());
                }
            }
            next = page.next;
            if next.is_none() {
                break;
            }
        }
        units.finish().await?;
        let _ = self.out.send(Message::Whole { lane: Lane::Types, gone: None, missing }).await;
        Ok(())
    }

    async fn list(&self, (lane, kind, what): (Lane, Kind, Ask), done: &HashSet<Kind>) -> Result<(), Error> {
        if done.contains(&kind) {
            return Ok(());
        }
        let (mut next, mut missing) = (None, Vec::new());
        while let Some(page) = self.ask_for(&what, next, &mut missing).await? {
            let empty = page.records.is_empty();
            let records = page.records.into_iter().map(|members| Record::of(kind, members)).collect();
            if self.out.send(Message::Records(records)).await.is_err() {
                return Ok(());
            }
            next = page.next;
            if next.is_none() || empty {
                break;
            }
        }
        let _ = self.out.send(Message::Whole { lane, gone: None, missing }).await;
        Ok(())
    }
}

/// An answer that leaves out what everything hangs on.
pub(super) fn unnamed(operation: &'static str, member: &'static str) -> Error {
    Error::Malformed { operation, member, came: "it is not there".to_owned() }
}

/// Units that are being read, handed over in the order in which they were begun.
struct Units<'p> {
    pull: &'p Pull,
    lane: Lane,
    begun: VecDeque<Unit>,
}

impl<'p> Units<'p> {
    fn new(pull: &'p Pull, lane: Lane) -> Self {
        Units { pull, lane, begun: VecDeque::new() }
    }

    /// Whether somebody still takes what is handed over.
    async fn add(&mut self, unit: Unit) -> Result<bool, Error> {
        self.begun.push_back(unit);
        while self.begun.len() >= AHEAD {
            if !self.hand_over().await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn finish(mut self) -> Result<(), Error> {
        while !self.begun.is_empty() && self.hand_over().await? {}
        Ok(())
    }

    async fn hand_over(&mut self) -> Result<bool, Error> {
        let Some(mut unit) = self.begun.pop_front() else { return Ok(true) };
        while let Some(records) = unit.pieces.recv().await {
            if self.pull.out.send(Message::Records(records)).await.is_err() {
                return Ok(false);
            }
        }
        let Some(read) = unit.end().await? else { return Ok(false) };
        let whole = Message::Whole { lane: self.lane, gone: read.gone, missing: read.missing };
        Ok(self.pull.out.send(whole).await.is_ok())
    }
}
