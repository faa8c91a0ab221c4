//! Decisions about HITs: what the mirror and the outbox say against a new one, and what one changes when it was carried out.

use super::decide::No;
use super::mirror::Changes;
use super::row::{HIT_COLUMNS, HIT_WIDTH, hit_row, hit_status_code};
use super::{Reader, Store, StoreError};
use crate::domain::decision::{Decision, DecisionId, OutboxEntry, OutboxState, Target};
use crate::domain::hit::HitStatus;
use crate::domain::id::HitId;
use crate::domain::key::HitKey;
use crate::domain::policy::{self, HitCase, Refusal};
use crate::domain::row::HitRow;
use crate::domain::time::Time;
use rusqlite::{Connection, OptionalExtension, Transaction};

/// Whether a decision may be made about a HIT of the mirror, as far as this store knows.
pub(super) fn check(
    connection: &Connection,
    key: HitKey,
    decision: &Decision,
    now: Time,
) -> Result<Result<Target, No>, StoreError> {
    let mut find = connection.prepare_cached(&format!("SELECT {HIT_COLUMNS}, gone FROM mirror.hit WHERE key = ?1"))?;
    let found = find.query_row([key.0], |row| Ok((hit_row(row)?, row.get::<_, bool>(HIT_WIDTH)?))).optional()?;
    let Some((hit, gone)) = found else { return Ok(Err(No::Refused("it is not in this store".into()))) };
    if !decision.is_about_hit() {
        return Ok(Err(No::Refused(format!("cannot {} a HIT", decision.verb()))));
    }
    if gone {
        return Ok(Err(No::Already("already deleted".into())));
    }
    if let Some(live) = waited_for(connection, hit.id.as_str(), decision)? {
        let (verb, who) = (live.decision.verb(), &live.who);
        return Ok(Err(match live.decision == *decision {
            true => No::Already(format!("already on its way: {verb} by {who}")),
            false => No::Refused(Refusal::Live(verb).to_string()),
        }));
    }
    let case = HitCase::of(&hit, None);
    let allowed = match decision {
        Decision::Extend { until } => policy::may_extend(&case, *until, now),
        Decision::AddAssignments { count, .. } => policy::may_add(&case, *count),
        Decision::Retype { to } => policy::may_retype(&case, *to == hit.type_id),
        Decision::Reviewing { on } => policy::may_review(&case, *on),
        // The endpoint decides: the mirror may be behind with what is in the way of them.
        _ => Ok(()),
    };
    Ok(match allowed {
        Ok(()) => Ok(Target::Hit(hit.id)),
        Err(refusal @ (Refusal::OpenLonger | Refusal::SameType | Refusal::ReviewedSo(_))) => {
            Err(No::Already(refusal.to_string()))
        }
        Err(refusal) => Err(No::Refused(refusal.to_string())),
    })
}

/// The decision on its way that a new one has to wait for.
fn waited_for(connection: &Connection, hit: &str, decision: &Decision) -> Result<Option<OutboxEntry>, StoreError> {
    let mut find = connection.prepare_cached("SELECT id, verb FROM outbox WHERE target = ?1 AND state <= 2")?;
    let live = find.query_map([hit], |row| Ok((DecisionId(row.get(0)?), row.get::<_, String>(1)?)))?;
    for live in live {
        let (id, verb) = live?;
        if policy::waits_for(decision, &verb) {
            return super::outbox::read_entry(connection, id).map(Some);
        }
    }
    Ok(None)
}

impl Store {
    /// Notes what decisions about HITs have changed, `at` on the endpoint's clock: the next reading of the endpoint says the
    /// same, or better. Deleted HITs are noted by [`Store::put_gone`].
    pub async fn put_changed_hits(&self, done: Vec<OutboxEntry>, at: Time) -> Result<Changes, StoreError> {
        let put = move |transaction: &Transaction<'_>| {
            let mut changes = Changes::default();
            for entry in done.iter().filter(|entry| entry.state == OutboxState::Done) {
                if let Target::Hit(id) = &entry.target
                    && let Some(hit) = read(transaction, id)?
                    && let Some(hit) = after(hit, &entry.decision, at)
                {
                    write(transaction, &hit)?;
                    changes.hits.push(hit);
                }
            }
            Ok(changes)
        };
        self.shared.mirror.write(put).await
    }
}

impl Reader {
    /// A HIT as the lists have it, by its identifier; none if it is not there any more.
    pub fn hit_row(&self, id: &HitId) -> Result<Option<HitRow>, StoreError> {
        read(&self.connection, id)
    }
}

fn read(connection: &Connection, id: &HitId) -> Result<Option<HitRow>, StoreError> {
    let mut find = connection.prepare_cached(&format!("SELECT {HIT_COLUMNS} FROM hit WHERE id = ?1 AND gone = 0"))?;
    Ok(find.query_row([id.as_str()], hit_row).optional()?)
}

/// The HIT after a decision about it; none where nothing changes that the mirror knows.
fn after(hit: HitRow, decision: &Decision, at: Time) -> Option<HitRow> {
    let opened = |hit: HitRow| {
        let open = hit.available > 0 && hit.expires > at;
        HitRow { status: if open { HitStatus::Assignable } else { hit.status }, ..hit }
    };
    Some(match decision {
        Decision::Expire => {
            let status = match hit.status {
                HitStatus::Reviewing | HitStatus::Disposed => hit.status,
                _ if hit.pending > 0 => HitStatus::Unassignable,
                _ => HitStatus::Reviewable,
            };
            HitRow { status, expires: hit.expires.min(at), ..hit }
        }
        Decision::Extend { until } => opened(HitRow { expires: *until, ..hit }),
        Decision::AddAssignments { count, .. } => {
            let (maximum, available) =
                (hit.max_assignments.saturating_add(*count), hit.available.saturating_add(*count));
            opened(HitRow { max_assignments: maximum, available, ..hit })
        }
        Decision::Reviewing { on: true } => HitRow { status: HitStatus::Reviewing, ..hit },
        Decision::Reviewing { on: false } => HitRow { status: HitStatus::Reviewable, ..hit },
        // The HIT gets all that the other type has: only the endpoint tells what that is.
        _ => return None,
    })
}

fn write(connection: &Connection, hit: &HitRow) -> Result<(), StoreError> {
    let mut write = connection
        .prepare_cached("UPDATE hit SET (status, expires, maximum, available) = (?2, ?3, ?4, ?5) WHERE key = ?1")?;
    let HitRow { key, status, expires, max_assignments, available, .. } = hit;
    write.execute((key.0, hit_status_code(*status), expires.0, max_assignments, available))?;
    Ok(())
}
