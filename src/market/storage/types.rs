//! HIT types.

use rusqlite::{OptionalExtension, params};

use super::{Change, HitKey, RequesterKey, StorageError, View};
use crate::domain::money::Usd;
use crate::domain::time::Seconds;

/// A HIT type's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeKey(pub(super) i64);

/// What the rules need to know of a HIT type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HitType {
    /// The row.
    pub key: TypeKey,
    /// `HITTypeId`.
    pub id: String,
    /// `Reward`.
    pub reward: Usd,
    /// Whether it requires Masters.
    pub masters: bool,
}

/// A HIT type to be found or made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewHitType {
    /// `HITTypeId`, where the caller knows it (imports).
    pub id: Option<String>,
    /// `HITGroupId`, where the caller knows it (imports).
    pub group: Option<String>,
    /// A hash of the seven attributes; equal types have equal ones.
    pub digest: [u8; 32],
    /// `Title`.
    pub title: String,
    /// `Description`.
    pub description: String,
    /// `Keywords`.
    pub keywords: Option<String>,
    /// `Reward`.
    pub reward: Usd,
    /// `AssignmentDurationInSeconds`.
    pub duration: Seconds,
    /// `AutoApprovalDelayInSeconds`.
    pub auto_approval: Seconds,
    /// `QualificationRequirements` as they go over the wire: a JSON array.
    pub requirements: String,
    /// Whether they require Masters.
    pub masters: bool,
}

fn hit_type(row: &rusqlite::Row<'_>) -> rusqlite::Result<HitType> {
    Ok(HitType { key: TypeKey(row.get(0)?), id: row.get(1)?, reward: Usd::cents(row.get(2)?), masters: row.get(3)? })
}

impl View<'_> {
    /// A requester's HIT type.
    pub fn hit_type(&self, who: RequesterKey, id: &str) -> Result<Option<HitType>, StorageError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id, type_id, reward, masters FROM hit_types WHERE type_id = ?2 AND requester = ?1",
        )?;
        Ok(statement.query_row(params![who.0, id], hit_type).optional()?)
    }

    fn hit_type_like(&self, who: RequesterKey, digest: &[u8; 32]) -> Result<Option<HitType>, StorageError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id, type_id, reward, masters FROM hit_types WHERE requester = ?1 AND digest = ?2",
        )?;
        Ok(statement.query_row(params![who.0, digest], hit_type).optional()?)
    }

    /// `AutoApprovalDelayInSeconds` and `AssignmentDurationInSeconds` of a type.
    pub fn delays(&self, key: TypeKey) -> Result<(Seconds, Seconds), StorageError> {
        let mut statement = self.conn.prepare_cached("SELECT auto_approval, duration FROM hit_types WHERE id = ?1")?;
        Ok(statement.query_row([key.0], |row| Ok((Seconds(row.get(0)?), Seconds(row.get(1)?))))?)
    }
}

impl Change<'_> {
    /// Makes a HIT one of another type.
    pub fn set_type(&mut self, key: HitKey, of: TypeKey) -> Result<(), StorageError> {
        self.conn.prepare_cached("UPDATE hits SET type = ?2 WHERE id = ?1")?.execute([key.0, of.0])?;
        Ok(())
    }

    /// The requester's type with these attributes, made if there is none. A type that comes with an ID keeps it.
    pub fn find_or_add_type(&mut self, who: RequesterKey, new: &NewHitType) -> Result<HitType, StorageError> {
        let known = match &new.id {
            Some(id) => self.hit_type(who, id)?,
            None => self.hit_type_like(who, &new.digest)?,
        };
        if let Some(known) = known {
            return Ok(known);
        }
        let id = match &new.id {
            Some(id) => id.clone(),
            None => self.mint.entity(),
        };
        let group = match &new.group {
            Some(group) => group.clone(),
            None => self.mint.entity(),
        };
        let mut digest = new.digest;
        if new.id.is_some() && self.hit_type_like(who, &digest)?.is_some() {
            // Same attributes, other ID: both are kept, and new HITs go to the one that was there first.
            for (byte, salt) in digest.iter_mut().zip(id.bytes().cycle()) {
                *byte ^= salt;
            }
        }
        self.conn
            .prepare_cached(
                "INSERT INTO hit_types (requester, type_id, group_id, digest, title, description, keywords, reward,
                 duration, auto_approval, requirements, masters)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            )?
            .execute(params![
                who.0,
                id,
                group,
                digest,
                new.title,
                new.description,
                new.keywords,
                new.reward.as_cents(),
                new.duration.0,
                new.auto_approval.0,
                new.requirements,
                new.masters,
            ])?;
        let key = TypeKey(self.conn.last_insert_rowid());
        Ok(HitType { key, id, reward: new.reward, masters: new.masters })
    }
}
