//! Writing new decisions down: the one place where a decision comes into being.

use super::audit::{By, log, words};
use super::outbox::{next_rev, read_entry};
use super::row::{DONE, STAGED, detail, stamp, status_code, status_of};
use super::{Store, StoreError};
use crate::domain::assignment::AssignmentStatus;
use crate::domain::decision::{Decision, DecisionId, NewDecision, OutboxEntry, Subject, Target};
use crate::domain::id::AssignmentId;
use crate::domain::key::AssignmentKey;
use crate::domain::money::Usd;
use crate::domain::policy::{self, Case, Refusal};
use crate::domain::time::{Millis, Now, Time};
use rusqlite::{OptionalExtension, Transaction};

/// What became of a new decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decided {
    /// It is in the outbox.
    Staged(OutboxEntry),
    /// Nothing to do: it is decided, or on its way, the same way.
    Already {
        /// The subject.
        subject: Subject,
        /// In words.
        why: String,
    },
    /// It may not be done.
    Refused {
        /// The subject.
        subject: Subject,
        /// In words.
        why: String,
    },
}

pub(super) enum No {
    Already(String),
    Refused(String),
}

impl Store {
    /// Writes decisions down in one transaction, to leave at `due`. What is already decided or queued the same way is
    /// left alone, what may not be done is refused with the reason; both are in the answer, in the order of asking.
    /// On an error nothing was written.
    pub async fn decide(
        &self,
        entries: Vec<NewDecision>,
        group: i64,
        due: Millis,
        now: Now,
    ) -> Result<Vec<Decided>, StoreError> {
        let (who, name) = (self.shared.who, self.shared.name.clone());
        self.shared
            .journal
            .write(move |transaction| {
                let desk = Desk { transaction, by: By { who, at: now.wall }, store: &name, group, due, now };
                let rev = next_rev(transaction)?;
                entries.into_iter().map(|entry| desk.decide(entry, rev)).collect()
            })
            .await
    }
}

struct Desk<'a> {
    transaction: &'a Transaction<'a>,
    by: By,
    store: &'a str,
    group: i64,
    due: Millis,
    now: Now,
}

impl Desk<'_> {
    fn decide(&self, NewDecision { subject, decision }: NewDecision, rev: i64) -> Result<Decided, StoreError> {
        let checked = match &subject {
            Subject::Assignment(key) => self.check_assignment(*key, &decision)?,
            Subject::Hit(key) => super::hits::check(self.transaction, *key, &decision, self.now.time)?,
            Subject::Other(target) => self.check_other(target, &decision)?,
        };
        Ok(match checked {
            Ok(target) => Decided::Staged(self.insert(&target, &decision, rev)?),
            Err(No::Already(why)) => Decided::Already { subject, why },
            Err(No::Refused(why)) => Decided::Refused { subject, why },
        })
    }

    fn check_assignment(&self, key: AssignmentKey, decision: &Decision) -> Result<Result<Target, No>, StoreError> {
        let mut find = self.transaction.prepare_cached(
            "SELECT a.id, a.status, a.submitted, a.gone, w.id FROM mirror.assignment a
             JOIN mirror.worker w ON w.key = a.worker WHERE a.key = ?1",
        )?;
        let found = find.query_row([key.0], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, i64>(1)?,
                row.get::<_, i64>(2)?,
                row.get::<_, bool>(3)?,
                row.get::<_, String>(4)?,
            ))
        });
        let Some((id, status, submitted, gone, worker)) = found.optional()? else {
            return Ok(Err(No::Refused("it is not in this store".into())));
        };
        if let Decision::Bonus { worker: to, .. } = decision
            && to.as_str() != worker
        {
            return Ok(Err(No::Refused(format!("the assignment was done by {worker}, not by {to}"))));
        }
        let mut live = None;
        if decision.settles_assignment()
            && let Some((verb, who)) = self.live(&id, "verb IN ('approve', 'override', 'reject')")?
        {
            if pays(&verb) == pays(decision.verb()) {
                return Ok(Err(No::Already(format!("already on its way: {verb} by {who}"))));
            }
            live = Some(if pays(&verb) { "approve" } else { "reject" });
        }
        // What was sent through this store counts also before the mirror has heard of it.
        let status = status_of(status.max(self.done_status(&id)?))?;
        let case = Case { status, submitted: stamp(submitted), live, hit_deleted: gone };
        let id = AssignmentId::parse(&id).map_err(|error| StoreError::Damaged(error.to_string()))?;
        Ok(allowed(decision, &case, self.now.time).map(|()| Target::Assignment(id)))
    }

    fn check_other(&self, target: &Target, decision: &Decision) -> Result<Result<Target, No>, StoreError> {
        if let Err(refusal) = policy::may_decide_other(target, decision) {
            return Ok(Err(No::Refused(refusal.to_string())));
        }
        if matches!(decision, Decision::Notify { .. }) {
            return Ok(Ok(target.clone()));
        }
        let mut find = self.transaction.prepare_cached(
            "SELECT id FROM outbox WHERE target = ?1 AND state <= 2
             AND verb <> 'bonus' AND verb <> 'notify' LIMIT 1",
        )?;
        let live: Option<i64> = find.query_row([target.to_string()], |row| row.get(0)).optional()?;
        let Some(live) = live else { return Ok(Ok(target.clone())) };
        let live = read_entry(self.transaction, DecisionId(live))?;
        let (verb, who) = (live.decision.verb(), &live.who);
        Ok(Err(match live.decision == *decision {
            true => No::Already(format!("already on its way: {verb} by {who}")),
            false => No::Refused(Refusal::Live(verb).to_string()),
        }))
    }

    fn live(&self, target: &str, verbs: &str) -> Result<Option<(String, String)>, StoreError> {
        let mut find = self.transaction.prepare_cached(&format!(
            "SELECT verb, (SELECT name FROM people WHERE id = who) FROM outbox
             WHERE target = ?1 AND state <= 2 AND {verbs} LIMIT 1"
        ))?;
        Ok(find.query_row([target], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
    }

    fn done_status(&self, target: &str) -> Result<i64, StoreError> {
        let mut find = self.transaction.prepare_cached(
            "SELECT verb FROM outbox WHERE target = ?1 AND state = ?2 AND verb IN ('approve', 'override', 'reject')
             ORDER BY id DESC LIMIT 1",
        )?;
        let verb: Option<String> = find.query_row((target, DONE), |row| row.get(0)).optional()?;
        Ok(verb.map_or(0, |verb| {
            status_code(if pays(&verb) { AssignmentStatus::Approved } else { AssignmentStatus::Rejected })
        }))
    }

    fn insert(&self, target: &Target, decision: &Decision, rev: i64) -> Result<OutboxEntry, StoreError> {
        let (worker, amount) = match decision {
            Decision::Bonus { worker, amount, .. } => (Some(worker.as_str()), Some(amount.as_cents())),
            _ => (None, None),
        };
        let detail = detail(decision).map_err(|error| StoreError::Damaged(error.to_string()))?;
        let mut insert = self.transaction.prepare_cached(
            "INSERT INTO outbox (target, verb, text, worker, amount, state, due, grp, who, decided, changed, rev, detail)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, ?11, ?12)",
        )?;
        let verb = decision.verb();
        insert.execute(rusqlite::params![
            target.to_string(),
            verb,
            decision.text(),
            worker,
            amount,
            STAGED,
            self.due.0,
            self.group,
            self.by.who,
            self.by.at.0,
            rev,
            detail
        ])?;
        let id = DecisionId(self.transaction.last_insert_rowid());
        if decision.takes_token() {
            // Never made anew: whatever happens to this row, its request is the same request.
            let token = format!("hitdeck-{}-{}", self.store, id.0);
            self.transaction.execute("UPDATE outbox SET token = ?2 WHERE id = ?1", (id.0, token))?;
        }
        if let Target::Workers(workers) = target {
            let mut insert = self.transaction.prepare_cached("INSERT OR IGNORE INTO message VALUES (?1, ?2)")?;
            for worker in workers.iter() {
                insert.execute((worker.as_str(), id.0))?;
            }
        }
        log(self.transaction, self.by, (id, target), "decided", &words(decision))?;
        read_entry(self.transaction, id)
    }
}

fn pays(verb: &str) -> bool {
    verb != "reject"
}

fn allowed(decision: &Decision, case: &Case, now: Time) -> Result<(), No> {
    let allowed = match decision {
        Decision::Approve { override_rejection: true, .. } => policy::may_override(case, now),
        Decision::Approve { .. } => policy::may_approve(case),
        Decision::Reject { .. } => policy::may_reject(case),
        Decision::Bonus { amount, .. } => policy::may_bonus(*amount, Usd::cents(i64::MAX)),
        _ => return Err(No::Refused(Refusal::NotOfThat(decision.verb(), "assignment").to_string())),
    };
    let worded = allowed.and_then(|()| match decision {
        Decision::Approve { feedback, .. } => policy::check_feedback(feedback.as_deref().unwrap_or_default()),
        Decision::Reject { feedback } => policy::check_reason(feedback),
        Decision::Bonus { reason, .. } => policy::check_bonus_reason(reason),
        _ => Ok(()),
    });
    worded.map_err(|refusal| match (&refusal, pays(decision.verb())) {
        (Refusal::AlreadyApproved, true) | (Refusal::AlreadyRejected, false) => No::Already(refusal.to_string()),
        _ => No::Refused(refusal.to_string()),
    })
}
