//! Review policies of HITs, and what they have found and done.

use rusqlite::params;

use super::{AssignmentKey, Change, HitKey, StorageError, View, numbered};
use crate::market::rules::assignment::Phase;
use crate::market::rules::review_policy::{KnownAnswers, Plurality};

/// The review policies that a HIT is made with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policies {
    /// `AssignmentReviewPolicy`.
    pub assignment: Option<KnownAnswers>,
    /// `HITReviewPolicy`.
    pub hit: Option<Plurality>,
}

impl Policies {
    /// As the row of the HIT tells it.
    pub(super) fn flags(&self) -> i64 {
        i64::from(self.assignment.is_some()) | i64::from(self.hit.is_some()) << 1
    }
}

/// `ReviewPolicyLevel`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Run at each submission.
    Assignment,
    /// Run when the HIT becomes Reviewable.
    Hit,
}

impl Level {
    /// All, in the order in which storage numbers them.
    pub const ALL: [Level; 2] = [Level::Assignment, Level::Hit];

    /// The API's name.
    pub const fn name(self) -> &'static str {
        match self {
            Level::Assignment => "Assignment",
            Level::Hit => "HIT",
        }
    }
}

/// What an entry of a report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// One of `ReviewResults`.
    Result,
    /// One of `ReviewActions`.
    Action,
}

impl EntryKind {
    /// All, in the order in which storage numbers them.
    pub const ALL: [EntryKind; 2] = [EntryKind::Result, EntryKind::Action];
}

/// An entry of a report, borrowed from the row it is read from.
#[derive(Debug)]
pub struct EntryView<'r> {
    /// Its place in the order in which things were found and done.
    pub place: i64,
    /// Of which report.
    pub level: Level,
    /// Of which of its lists.
    pub kind: EntryKind,
    /// The object that the API shows.
    pub json: &'r [u8],
}

/// An assignment that was handed in, with its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedIn {
    /// The row.
    pub key: AssignmentKey,
    /// `AssignmentId`.
    pub id: String,
    /// Where it stands.
    pub phase: Phase,
    /// `Answer`.
    pub answer: String,
}

/// What is wanted of an assignment as it is kept.
#[derive(serde::Deserialize)]
struct Fixed {
    #[serde(rename = "Answer")]
    answer: String,
}

fn damaged(what: &str) -> StorageError {
    StorageError::Database(format!("{what} cannot be read").into())
}

fn parsed<T: serde::de::DeserializeOwned>(json: Option<String>) -> Result<Option<T>, StorageError> {
    let Some(json) = json else { return Ok(None) };
    Ok(Some(serde_json::from_str(&json).map_err(|_| damaged("a review policy"))?))
}

fn written<T: serde::Serialize>(policy: Option<&T>) -> Result<Option<String>, StorageError> {
    policy.map(serde_json::to_string).transpose().map_err(|_| damaged("a review policy"))
}

impl View<'_> {
    /// The review policies of a HIT that has some.
    pub fn policies(&self, hit: HitKey) -> Result<Policies, StorageError> {
        let mut statement = self.conn.prepare_cached("SELECT assignment, hit_policy FROM policies WHERE hit = ?1")?;
        let (assignment, hit) = statement.query_row([hit.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(Policies { assignment: parsed(assignment)?, hit: parsed(hit)? })
    }

    /// What was handed in for a HIT, in order of submission.
    pub fn handed_in(&self, hit: HitKey) -> Result<Vec<HandedIn>, StorageError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT a.id, a.assignment_id, a.phase, s.answer FROM assignments a JOIN answers s ON s.seq = a.seq
             WHERE a.hit = ?1 AND a.seq IS NOT NULL ORDER BY a.seq",
        )?;
        let mut rows = statement.query([hit.0])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let members = row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?;
            let fixed: Fixed =
                serde_json::from_slice(&[b"{", members, b"}"].concat()).map_err(|_| damaged("an answer"))?;
            found.push(HandedIn {
                key: AssignmentKey(row.get(0)?),
                id: row.get(1)?,
                phase: numbered(&Phase::ALL, row, 2)?,
                answer: fixed.answer,
            });
        }
        Ok(found)
    }

    /// Shows what the policies of these levels have found and done to `show`: oldest first, at most `limit` entries, from
    /// behind the place `after` on.
    pub fn show_entries(
        &self,
        hit: HitKey,
        levels: &[Level],
        kinds: &[EntryKind],
        after: Option<i64>,
        limit: u32,
        mut show: impl FnMut(&EntryView<'_>),
    ) -> Result<(), StorageError> {
        let level = |level| if levels.contains(&level) { level as i64 } else { -1 };
        let kind = |kind| if kinds.contains(&kind) { kind as i64 } else { -1 };
        let mut statement = self.conn.prepare_cached(
            "SELECT id, level, kind, entry FROM review_entries
             WHERE hit = ?1 AND id > ?2 AND level IN (?3, ?4) AND kind IN (?5, ?6) ORDER BY id LIMIT ?7",
        )?;
        let mut rows = statement.query(params![
            hit.0,
            after.unwrap_or(0),
            level(Level::Assignment),
            level(Level::Hit),
            kind(EntryKind::Result),
            kind(EntryKind::Action),
            limit,
        ])?;
        while let Some(row) = rows.next()? {
            show(&EntryView {
                place: row.get(0)?,
                level: numbered(&Level::ALL, row, 1)?,
                kind: numbered(&EntryKind::ALL, row, 2)?,
                json: row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?,
            });
        }
        Ok(())
    }
}

impl Change<'_> {
    /// Writes down the policies of a new HIT.
    pub(super) fn add_policies(&mut self, hit: HitKey, policies: &Policies) -> Result<(), StorageError> {
        let (assignment, of_hit) = (written(policies.assignment.as_ref())?, written(policies.hit.as_ref())?);
        self.conn
            .prepare_cached("INSERT INTO policies (hit, assignment, hit_policy) VALUES (?1, ?2, ?3)")?
            .execute(params![hit.0, assignment, of_hit])?;
        Ok(())
    }

    /// Adds an entry to a report.
    pub fn add_entry(&mut self, hit: HitKey, level: Level, kind: EntryKind, json: &[u8]) -> Result<(), StorageError> {
        self.conn
            .prepare_cached("INSERT INTO review_entries (hit, level, kind, entry) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![hit.0, level as i64, kind as i64, json])?;
        Ok(())
    }

    /// A new `ActionId`.
    pub fn action_id(&mut self) -> String {
        self.mint.entity()
    }
}
