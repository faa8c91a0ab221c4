//! Decisions about HITs: how each is sent, and how one in doubt is settled by reading the HIT.

use super::attempt::{Ask, Attempt, Went, plain, unread};
use crate::domain::decision::{Decision, OutboxState};
use crate::domain::hit::{Hit, HitStatus};
use crate::domain::id::{HitId, HitTypeId};
use crate::domain::time::Time;
use crate::mturk::Error;
use tokio_util::sync::CancellationToken;

impl Attempt {
    /// Carries out a decision about a HIT.
    pub(super) async fn carry_out_on_hit(&self, id: &HitId, decision: &Decision, stop: &CancellationToken) -> Went {
        let doubted = self.claimed.entry.state == OutboxState::Unknown;
        match decision {
            Decision::Expire if doubted => self.verify_expired(id, stop).await,
            Decision::Expire => match self.send(stop, self.client.expire(id)).await {
                Err(Ask::Failed(error)) if error.is_repeated() => Went::Done(None),
                sent => plain(sent),
            },
            Decision::Delete if doubted => self.verify_deleted(id, stop).await,
            Decision::Delete => self.delete(id, stop).await,
            Decision::Extend { until } if doubted => self.verify_extended(id, *until, stop).await,
            Decision::Extend { until } => self.extend(id, *until, stop).await,
            Decision::AddAssignments { count, from } => self.add(id, (*count, *from), stop).await,
            Decision::Retype { to } if doubted => self.verify_type(id, to, stop).await,
            Decision::Retype { to } => plain(self.send(stop, self.client.set_hit_type(id, to)).await),
            Decision::Reviewing { on } if doubted => self.verify_reviewing(id, *on, stop).await,
            Decision::Reviewing { on } => self.set_reviewing(id, *on, stop).await,
            other => Went::Failed(format!("cannot {} a HIT", other.verb())),
        }
    }

    /// The HIT as it is now; none where it can tell nothing more.
    async fn look(&self, id: &HitId, stop: &CancellationToken) -> Result<Hit, Went> {
        match self.send(stop, self.client.get_hit(id)).await {
            Ok(hit) if hit.status == HitStatus::Disposed => Err(Went::Failed("the HIT was deleted".into())),
            Ok(hit) => Ok(hit),
            Err(Ask::Failed(error)) if error.is_missing() => Err(Went::Failed(error.to_string())),
            other => Err(unread(other)),
        }
    }

    async fn extend(&self, id: &HitId, until: Time, stop: &CancellationToken) -> Went {
        match self.send(stop, self.client.set_expiration(id, until)).await {
            // The service refuses the same time twice in a day: it says nothing of how the HIT stands now.
            Err(Ask::Failed(error)) if error.is_repeated() => match self.verify_extended(id, until, stop).await {
                Went::NotYet(_) => Went::Failed(format!("{error} Extend it to another minute.")),
                went => went,
            },
            sent => plain(sent),
        }
    }

    async fn verify_extended(&self, id: &HitId, until: Time, stop: &CancellationToken) -> Went {
        match self.look(id, stop).await {
            Ok(hit) if hit.expires == until => Went::Done(None),
            Ok(_) => Went::NotYet("it had not been carried out: the end is another"),
            Err(went) => went,
        }
    }

    /// Adds assignments. The token keeps a second request from adding again for as long as the service remembers it; after
    /// that the number that the HIT has now tells, which never falls.
    async fn add(&self, id: &HitId, (count, from): (u32, u32), stop: &CancellationToken) -> Went {
        let entry = &self.claimed.entry;
        let Some(token) = &entry.token else { return Went::Failed("the outbox row has no request token".into()) };
        let doubted = entry.state == OutboxState::Unknown;
        if doubted && self.is_token_forgotten() {
            match self.verify_added(id, (count, from), stop).await {
                Went::NotYet(_) => {}
                went => return went,
            }
        }
        match self.send(stop, self.client.add_assignments(id, count, token)).await {
            Err(Ask::Failed(error)) if error.is_repeated() => Went::Done(None),
            // The earlier request may have got through before whatever is in the way now.
            Err(Ask::Failed(error @ Error::Refused { .. })) if doubted => {
                match self.verify_added(id, (count, from), stop).await {
                    Went::NotYet(_) => Went::Failed(error.to_string()),
                    went => went,
                }
            }
            // Still in doubt: it must not become a staged row that could be taken back.
            Err(Ask::Failed(error)) if doubted => Went::Unclear(error),
            sent => plain(sent),
        }
    }

    async fn verify_added(&self, id: &HitId, (count, from): (u32, u32), stop: &CancellationToken) -> Went {
        let wanted = from.saturating_add(count);
        match self.look(id, stop).await {
            Ok(hit) if hit.max_assignments < wanted => Went::NotYet("it had not been carried out: still as many"),
            Ok(hit) if hit.max_assignments == wanted => Went::Done(None),
            Ok(hit) => Went::Maybe(format!(
                "the HIT has {} assignments, more than the {wanted} that were wanted: somebody else added some, and this \
                 addition may be among them",
                hit.max_assignments
            )),
            Err(went) => went,
        }
    }

    async fn verify_type(&self, id: &HitId, to: &HitTypeId, stop: &CancellationToken) -> Went {
        match self.look(id, stop).await {
            Ok(hit) if hit.type_id == *to => Went::Done(None),
            Ok(_) => Went::NotYet("it had not been carried out: the type is another"),
            Err(went) => went,
        }
    }

    async fn set_reviewing(&self, id: &HitId, on: bool, stop: &CancellationToken) -> Went {
        match self.send(stop, self.client.set_reviewing(id, on)).await {
            Err(Ask::Failed(error)) if error.is_wrong_state() => match self.verify_reviewing(id, on, stop).await {
                Went::NotYet(_) => Went::Failed(error.to_string()),
                went => went,
            },
            sent => plain(sent),
        }
    }

    async fn verify_reviewing(&self, id: &HitId, on: bool, stop: &CancellationToken) -> Went {
        let wanted = if on { HitStatus::Reviewing } else { HitStatus::Reviewable };
        match self.look(id, stop).await {
            Ok(hit) if hit.status == wanted => Went::Done(None),
            Ok(_) => Went::NotYet("it had not been carried out: the status is another"),
            Err(went) => went,
        }
    }

    async fn verify_expired(&self, id: &HitId, stop: &CancellationToken) -> Went {
        match self.send(stop, self.client.get_hit(id)).await {
            Ok(hit) if hit.status != HitStatus::Assignable || hit.expires <= self.engine.clock().now().time => {
                Went::Done(None)
            }
            Ok(_) => Went::NotYet("it had not been carried out: still assignable"),
            Err(Ask::Failed(error)) if error.is_missing() => Went::Failed(error.to_string()),
            other => unread(other),
        }
    }

    async fn verify_deleted(&self, id: &HitId, stop: &CancellationToken) -> Went {
        match self.send(stop, self.client.get_hit(id)).await {
            Ok(hit) if hit.status == HitStatus::Disposed => Went::Done(None),
            Ok(_) => Went::NotYet("it had not been carried out: still there"),
            Err(Ask::Failed(error)) if error.is_missing() => Went::Done(None),
            other => unread(other),
        }
    }

    async fn delete(&self, id: &HitId, stop: &CancellationToken) -> Went {
        match self.send(stop, self.client.delete_hit(id)).await {
            Err(Ask::Failed(error)) if error.is_missing() => Went::Done(Some("it no longer exists".into())),
            Err(Ask::Failed(error)) if error.is_wrong_state() => match self.send(stop, self.client.get_hit(id)).await {
                Ok(hit) => self.clear_away(&hit, error, stop).await,
                Err(Ask::Failed(error)) if error.is_missing() => Went::Done(None),
                other => unread(other),
            },
            sent => plain(sent),
        }
    }

    /// Expires what is in the way of deleting and tries again; says what is in the way otherwise.
    async fn clear_away(&self, hit: &Hit, refusal: Error, stop: &CancellationToken) -> Went {
        match hit.status {
            HitStatus::Disposed => return Went::Done(Some("it was deleted already".into())),
            _ if hit.pending > 0 => {
                return Went::Failed(format!("{} of its assignments are being worked on", hit.pending));
            }
            HitStatus::Reviewable | HitStatus::Reviewing => {
                return Went::Failed(match hit.undecided() {
                    0 => refusal.to_string(),
                    undecided => format!("{undecided} of its assignments are undecided: approve or reject them first"),
                });
            }
            HitStatus::Assignable if hit.undecided() > 0 => {
                let undecided = hit.undecided();
                return Went::Failed(format!(
                    "{undecided} of its assignments are undecided: approve or reject them first"
                ));
            }
            HitStatus::Assignable | HitStatus::Unassignable => {}
        }
        match self.send(stop, self.client.expire(&hit.id)).await {
            Ok(()) => match self.send(stop, self.client.delete_hit(&hit.id)).await {
                Err(Ask::Failed(error)) if error.is_wrong_state() => Went::Odd(error),
                Err(Ask::Failed(error)) if error.is_missing() => Went::Done(None),
                sent => plain(sent),
            },
            sent => plain(sent),
        }
    }
}
