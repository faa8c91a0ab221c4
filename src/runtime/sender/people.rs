//! Decisions about workers and qualifications: how each is sent, and how one in doubt is settled.

use super::attempt::{Ask, Attempt, Went, plain, unread};
use crate::domain::decision::{Decision, OutboxState, Target};
use crate::domain::id::{QualificationRequestId, QualificationTypeId, WorkerId};
use crate::domain::qualification::{TypeDraft, TypeStatus};
use crate::domain::worker::failure_note;
use crate::mturk::Error;
use tokio_util::sync::CancellationToken;

impl Attempt {
    /// Carries out a decision that is about neither an assignment nor a HIT.
    pub(super) async fn carry_out_other(&self, stop: &CancellationToken) -> Went {
        let entry = &self.claimed.entry;
        let doubted = entry.state == OutboxState::Unknown;
        match (&entry.target, &entry.decision) {
            // Blocking twice is blocking once: what is in doubt is simply done again.
            (Target::Worker(worker), Decision::Block { reason }) => {
                plain(self.send(stop, self.client.block(worker, reason)).await)
            }
            (Target::Worker(worker), Decision::Unblock { reason }) => {
                plain(self.send(stop, self.client.unblock(worker, reason.as_deref())).await)
            }
            (Target::Workers(_), Decision::Notify { .. }) if doubted => Went::Maybe(CUT.into()),
            (Target::Workers(workers), Decision::Notify { subject, text }) => {
                self.notify(workers, (subject, text), stop).await
            }
            (Target::Qualification(of, worker), Decision::Grant { score, .. }) if doubted => {
                self.verify_score(of, worker, Some(*score), stop).await
            }
            (Target::Qualification(of, worker), Decision::Grant { score, tell }) => {
                plain(self.send(stop, self.client.grant(of, worker, *score, *tell)).await)
            }
            (Target::Qualification(of, worker), Decision::Revoke { .. }) if doubted => {
                self.verify_score(of, worker, None, stop).await
            }
            (Target::Qualification(of, worker), Decision::Revoke { reason }) => {
                let sent = self.send(stop, self.client.revoke(of, worker, reason.as_deref())).await;
                self.unless_ours(sent)
            }
            (Target::Request(id), Decision::AcceptRequest { .. } | Decision::RejectRequest { .. }) if doubted => {
                self.verify_request(id, stop).await
            }
            (Target::Request(id), Decision::AcceptRequest { score }) => {
                let sent = self.send(stop, self.client.accept_request(id, *score)).await;
                self.unless_ours(sent)
            }
            (Target::Request(id), Decision::RejectRequest { reason }) => {
                let sent = self.send(stop, self.client.reject_request(id, reason.as_deref())).await;
                self.unless_ours(sent)
            }
            (Target::NewType(name), Decision::CreateType(_)) if doubted => self.verify_created(name, stop).await,
            (Target::NewType(name), Decision::CreateType(draft)) => self.create(name, draft, stop).await,
            (Target::Type(id), Decision::UpdateType(draft)) => {
                plain(self.send(stop, self.client.update_type(id, draft)).await.map(|_| ()))
            }
            (Target::Type(id), Decision::DeleteType) if doubted => self.verify_type_deleted(id, stop).await,
            (Target::Type(id), Decision::DeleteType) => match self.send(stop, self.client.delete_type(id)).await {
                Err(Ask::Failed(error)) if error.is_missing() => Went::Done(Some("it no longer exists".into())),
                sent => plain(sent),
            },
            (target, decision) => Went::Failed(format!("cannot {} a {}", decision.verb(), target.kind())),
        }
    }

    /// An earlier request of ours that got through is why there is nothing left to do.
    fn unless_ours(&self, sent: Result<(), Ask>) -> Went {
        match sent {
            Err(Ask::Failed(error))
                if self.claimed.entry.attempts > 1 && (error.is_missing() || error.is_wrong_state()) =>
            {
                Went::Done(Some("an earlier request had carried it out".into()))
            }
            sent => plain(sent),
        }
    }

    async fn notify(&self, workers: &[WorkerId], (subject, text): (&str, &str), stop: &CancellationToken) -> Went {
        match self.send(stop, self.client.notify(workers, subject, text)).await {
            Ok(failures) if failures.is_empty() => Went::Done(None),
            Ok(failures) => {
                let words = failure_note(&failures, workers.len());
                if failures.len() == workers.len() { Went::Failed(words) } else { Went::Done(Some(words)) }
            }
            Err(ask) => match plain(Err(ask)) {
                // Neither a token nor anything to read back: it is not sent again by itself.
                Went::Unclear(error) => Went::Maybe(format!("{CUT} ({error})")),
                went => went,
            },
        }
    }

    /// Whether the worker holds the score, or (none) no longer holds anything.
    async fn verify_score(
        &self,
        of: &QualificationTypeId,
        worker: &WorkerId,
        wanted: Option<i32>,
        stop: &CancellationToken,
    ) -> Went {
        let held = match self.send(stop, self.client.get_score(of, worker)).await {
            Ok(held) => Some(held).filter(|held| !held.revoked),
            Err(Ask::Failed(error)) if error.is_missing() => None,
            other => return unread(other),
        };
        match (held, wanted) {
            (None, None) => Went::Done(None),
            (Some(held), Some(score)) if held.score == Some(score) => Went::Done(None),
            (Some(_), None) => Went::NotYet("it had not been carried out: still held"),
            (_, Some(_)) => Went::NotYet("it had not been carried out: the score is another"),
        }
    }

    async fn verify_request(&self, id: &QualificationRequestId, stop: &CancellationToken) -> Went {
        let mut next = None;
        loop {
            let page = match self.send(stop, self.client.list_requests(None, next)).await {
                Ok(page) => page,
                other => return unread(other),
            };
            if page.items.iter().any(|request| request.id == *id) {
                return Went::NotYet("it had not been carried out: still waiting");
            }
            next = page.next;
            if next.is_none() || page.items.is_empty() {
                return Went::Done(Some("the request no longer waits".into()));
            }
        }
    }

    async fn create(&self, name: &str, draft: &TypeDraft, stop: &CancellationToken) -> Went {
        match self.send(stop, self.client.create_type(draft)).await {
            Ok(made) => Went::Done(Some(created(&made.id))),
            Err(Ask::Failed(error)) if error.is_taken() && self.claimed.entry.attempts > 1 => {
                match self.verify_created(name, stop).await {
                    Went::NotYet(_) => Went::Odd(error),
                    went => went,
                }
            }
            Err(ask) => plain(Err(ask)),
        }
    }

    async fn verify_created(&self, name: &str, stop: &CancellationToken) -> Went {
        let mut next = None;
        loop {
            let page = match self.send(stop, self.client.list_types(true, None, next)).await {
                Ok(page) => page,
                other => return unread(other),
            };
            let ours = |it: &&crate::domain::qualification::QualificationType| {
                it.name == name && it.status != TypeStatus::Disposing
            };
            if let Some(found) = page.items.iter().find(ours) {
                return Went::Done(Some(created(&found.id)));
            }
            next = page.next;
            if next.is_none() || page.items.is_empty() {
                return Went::NotYet("it had not been carried out: there is no such type");
            }
        }
    }

    async fn verify_type_deleted(&self, id: &QualificationTypeId, stop: &CancellationToken) -> Went {
        match self.send(stop, self.client.get_type(id)).await {
            Ok(found) if found.status == TypeStatus::Disposing => Went::Done(None),
            Ok(_) => Went::NotYet("it had not been carried out: still there"),
            Err(Ask::Failed(Error::Refused { .. })) => Went::Done(None),
            other => unread(other),
        }
    }
}

const CUT: &str = "the request was cut off: the message may have been sent, and is not sent again by itself";

/// The note of a new qualification type; it ends with the identifier.
fn created(id: &QualificationTypeId) -> String {
    format!("created {id}")
}
