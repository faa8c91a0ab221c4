//! An account, opened: settings, engine, and its rows read from the store.

use super::context::Context;
use super::exit::Failure;
use crate::config::{OFFLINE, Settings};
use crate::domain::assignment::AssignmentStatus;
use crate::domain::decision::OutboxEntry;
use crate::domain::id::WorkerId;
use crate::domain::key::{AssignmentKey, HitKey, WorkerKey};
use crate::domain::query::{Facts, Found, Query, Record};
use crate::domain::row::{AssignmentRow, HitRow};
use crate::mturk::{Error, Source};
use crate::runtime::clock::Clock;
use crate::runtime::engine::{Engine, EngineError, Options};
use crate::store::StoreError;
use std::collections::HashMap;
use std::path::PathBuf;

/// An account at an endpoint, open.
pub struct Session {
    /// What it was opened with.
    pub settings: Settings,
    /// Store, client and limiter.
    pub engine: Engine,
    /// The person, as the store will know them.
    pub who: String,
}

impl Session {
    /// Finds the account by its credentials and opens its store. Sends nothing.
    pub async fn open(context: &Context) -> Result<Self, Failure> {
        let settings = context.settings()?;
        if settings.environment.is_offline() {
            return Session::open_offline(context, settings);
        }
        let source = Source::Chain { profile: settings.environment.profile.clone() };
        let account = match source.quick_account(|name| context.vars.get(name).map(str::to_owned)) {
            Some(account) => account,
            None => source.account().await?,
        };
        Session::open_as(context, settings, source, account, Clock::system())
    }

    /// Opens an account that was read from files.
    fn open_offline(context: &Context, settings: Settings) -> Result<Self, Failure> {
        if !folder(&settings, FILES).is_dir() {
            let name = &settings.environment.name;
            let known = offline_names(&settings);
            let known = if known.is_empty() { "there is none yet".to_owned() } else { known.join(", ") };
            return Err(Failure::Usage(format!(
                "there is no account {name}; `hitdeck import FILE` makes one out of results files ({known})"
            )));
        }
        Session::open_files(context, settings)
    }

    /// Opens an account that was read from files, or is about to be.
    pub fn open_files(context: &Context, settings: Settings) -> Result<Self, Failure> {
        // Nobody is asked, so that nobody has to prove anything.
        let key = || FILES.to_owned();
        let source = Source::Given { access_key_id: key(), secret_access_key: key(), session_token: None };
        Session::open_as(context, settings, source, key(), Clock::system())
    }

    /// Opens the store of an account that is known already.
    pub fn open_as(
        context: &Context,
        settings: Settings,
        source: Source,
        account: String,
        clock: Clock,
    ) -> Result<Self, Failure> {
        let who = context.who();
        let engine = Engine::open(Options {
            dir: folder(&settings, &account),
            endpoint: match settings.environment.is_offline() {
                true => settings.environment.name.clone(),
                false => settings.environment.endpoint.to_string(),
            },
            source,
            account,
            who: who.clone(),
            clock,
            read_only: settings.read_only,
            seed: rand::random(),
            probe: None,
        })?;
        Ok(Session { settings, engine, who })
    }

    /// Everything the store knows, as rows.
    pub async fn rows(&self) -> Result<Rows, Failure> {
        let mut rows = self
            .engine
            .store()
            .reading(|reader| {
                let mut rows = Rows { people: reader.people()?, ..Rows::default() };
                for entry in reader.open_entries()?.into_iter().filter(|entry| !entry.state.is_settled()) {
                    rows.live.extend(entry.assignment.map(|key| (key, entry)));
                }
                reader.stream(|chunk| {
                    rows.hits.extend(chunk.hits.into_iter().map(|hit| (hit.key, hit)));
                    rows.workers.extend(chunk.workers.into_iter().map(|worker| (worker.key, worker.id)));
                    rows.assignments.extend(chunk.assignments);
                    true
                })?;
                Ok(rows)
            })
            .await?;
        rows.assignments.sort_by_key(|row| (row.auto_approval, row.hit, row.submitted, row.key));
        Ok(rows)
    }

    /// The assignments that answer a query, the most urgent first.
    pub async fn query(&self, rows: &Rows, query: &Query) -> Result<Vec<AssignmentRow>, Failure> {
        let terms = query.text_terms().to_vec();
        let sets = self
            .engine
            .store()
            .reading(move |reader| terms.iter().map(|term| reader.find(term)).collect::<Result<Vec<_>, _>>())
            .await?;
        let found = Found::new(sets.iter().map(Vec::as_slice));
        let mut records = rows.records();
        if query.needs_blocks() {
            for key in self.engine.store().reading(|reader| reader.blocked_workers()).await? {
                records.entry(key).or_default().blocked = true;
            }
        }
        let now = self.engine.clock().now().time;
        let matches = |row: &&AssignmentRow| {
            let (Some(hit), Some(worker)) = (rows.hits.get(&row.hit), rows.workers.get(&row.worker)) else {
                return false;
            };
            let record = records.get(&row.worker).copied().unwrap_or_default();
            query.matches(
                &Facts { row: &row.light(), hit, worker, record, now, people: &rows.people, me: &self.who },
                &found,
            )
        };
        Ok(rows.assignments.iter().filter(matches).cloned().collect())
    }
}

/// The rows of an account.
#[derive(Debug, Default)]
pub struct Rows {
    /// HITs by key.
    pub hits: HashMap<HitKey, HitRow>,
    /// Workers by key.
    pub workers: HashMap<WorkerKey, WorkerId>,
    /// Assignments, the most urgent first.
    pub assignments: Vec<AssignmentRow>,
    /// Decisions on their way, by assignment.
    pub live: HashMap<AssignmentKey, OutboxEntry>,
    /// The people that decided through this store.
    pub people: Vec<String>,
}

impl Rows {
    /// How each worker's work was decided.
    pub fn records(&self) -> HashMap<WorkerKey, Record> {
        let mut records: HashMap<WorkerKey, Record> = HashMap::new();
        for row in &self.assignments {
            let record = records.entry(row.worker).or_default();
            match row.status {
                AssignmentStatus::Submitted => {}
                AssignmentStatus::Approved => record.approved += 1,
                AssignmentStatus::Rejected => record.rejected += 1,
            }
        }
        records
    }
}

/// The account of everything that was read from files.
const FILES: &str = "files";

/// Where the store of an account is.
fn folder(settings: &Settings, account: &str) -> PathBuf {
    settings.paths.data.join(folder_name(&settings.environment.name)).join(folder_name(account))
}

/// The accounts that were read from files, as `--env` takes them.
fn offline_names(settings: &Settings) -> Vec<String> {
    let begin = folder_name(OFFLINE);
    let found = std::fs::read_dir(&settings.paths.data).into_iter().flatten().filter_map(|entry| {
        let name = entry.ok()?.file_name().into_string().ok()?;
        Some(format!("{OFFLINE}{}", name.strip_prefix(&begin)?))
    });
    let mut names: Vec<String> = found.collect();
    names.sort();
    names
}

/// A folder's name out of an environment's or account's: nothing that leaves the folder or needs quoting.
fn folder_name(text: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') { c } else { '_' };
    let name: String = text.chars().map(safe).take(80).collect();
    if name.is_empty() { "_".to_owned() } else { name }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Credentials { why } => Failure::Credentials(why),
            Error::Offline => Failure::Failed(error.to_string()),
            other => Failure::Endpoint(other.to_string()),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            // These name their place themselves.
            StoreError::Foreign { .. } | StoreError::File { .. } | StoreError::DamagedMirror { .. } => {
                Failure::Failed(error.to_string())
            }
            error => Failure::Store(error.to_string()),
        }
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Endpoint(error) => error.into(),
            EngineError::Store(error) => error.into(),
            EngineError::ReadOnly => Failure::Failed(error.to_string()),
        }
    }
}
