//! Paying a worker who has no payable assignment: a qualification that only this worker holds, a HIT of one assignment that
//! requires it, a message with the link, approval of what is handed in, and clearing all of it away.
//!
//! The journal says what was promised and what was made for it; whatever else is needed is read at the endpoint. So it goes
//! on wherever it was cut off: each step is done only if it has not been done, and the HIT, which is what pays, is made
//! with a token, is looked for among those that require the qualification, and is never made again once it was seen.

mod task;

use super::engine::{Engine, EngineError, Step};
use crate::app::event::Event;
use crate::domain::assignment::{Assignment, AssignmentStatus};
use crate::domain::decision::{Decision, NewDecision, OutboxEntry, OutboxState, Subject, Target};
use crate::domain::hit::Hit;
use crate::domain::id::{AssignmentId, HitId, QualificationTypeId};
use crate::domain::qualification::{TypeDraft, TypeStatus};
use crate::domain::time::Seconds;
use crate::domain::worker::{Payment, PaymentState};
use crate::mturk::Error;
use crate::store::StoreError;
use std::time::Duration;
use task::{draft, link};
use tokio::sync::mpsc;

/// How long the worker has to find the HIT.
pub const LIFETIME: Seconds = Seconds(14 * 86_400);
/// How long after submission the endpoint approves by itself, if nobody comes back.
const AUTO_APPROVAL: Seconds = Seconds::HOUR;
/// How long a step goes on while nothing gets through.
const PATIENCE: Duration = Duration::from_secs(60);

/// How far a payment has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Paying {
    /// The worker has to take the HIT.
    Waiting {
        /// It.
        hit: HitId,
        /// Where the worker finds it.
        link: String,
    },
    /// The worker was paid, and everything is cleared away.
    Paid,
    /// It was taken back, and everything is cleared away.
    Withdrawn,
}

/// Why a payment does not go on.
#[derive(Debug, thiserror::Error)]
pub enum PayError {
    /// The store or the endpoint.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A step was refused.
    #[error("{step}: {why}")]
    Refused {
        /// Which.
        step: &'static str,
        /// In words.
        why: String,
    },
    /// A step did not get through.
    #[error("{step} did not get through{why}; run the same command again to go on")]
    Unsettled {
        /// Which.
        step: &'static str,
        /// In words, with a colon before them; empty if nobody knows.
        why: String,
    },
}

impl From<StoreError> for PayError {
    fn from(error: StoreError) -> Self {
        PayError::Engine(error.into())
    }
}

impl From<Error> for PayError {
    fn from(error: Error) -> Self {
        PayError::Engine(error.into())
    }
}

/// Carries payments out.
pub struct Payer<'a> {
    /// With what.
    pub engine: &'a Engine,
    /// Is told what happens.
    pub tell: &'a (dyn Fn(String) + Sync),
    /// What becomes of its decisions goes there, as [`Engine::spawn_sender`] sends it.
    pub events: Option<mpsc::Sender<Event>>,
}

impl Payer<'_> {
    /// Goes on with a payment as far as it goes. `site` is where workers find HITs.
    pub async fn pay(&self, mut payment: Payment, site: &str) -> Result<Paying, PayError> {
        self.engine.may_write()?;
        if payment.state == PaymentState::UnderWay {
            let of = self.payment_type(&mut payment).await?;
            let hit = self.payment_hit(&mut payment, &of).await?;
            let link = link(site, &hit);
            self.tell_worker(&payment, &link).await?;
            match self.handed_in(&hit.id).await? {
                None => return Ok(Paying::Waiting { hit: hit.id, link }),
                Some(work) => self.approve_payment(&work).await?,
            }
            payment.state = PaymentState::Paid;
            self.keep_payment(&payment).await?;
        }
        self.clear_away_payment(&mut payment).await?;
        Ok(if payment.state == PaymentState::Paid { Paying::Paid } else { Paying::Withdrawn })
    }

    /// Takes a payment back that the worker has not taken.
    pub async fn withdraw(&self, mut payment: Payment) -> Result<Paying, PayError> {
        self.engine.may_write()?;
        if payment.state == PaymentState::UnderWay {
            // A HIT may have been made whose answer never came.
            if payment.hit.is_none() && payment.type_id.is_some() {
                payment.hit = self.found_hit(&payment).await?.map(|hit| hit.id);
                self.keep_payment(&payment).await?;
            }
            if let Some(id) = &payment.hit {
                if let Some(key) = self.engine.find_hit(id).await? {
                    self.carry("expiring the HIT", Subject::Hit(key), Decision::Expire).await?;
                }
                let client = self.engine.client().await;
                let hit = self.engine.ask(|| client.get_hit(id)).await?;
                if hit.pending > 0 || self.handed_in(id).await?.is_some() {
                    let why = "the worker has taken it: run the command without --cancel to go on".to_owned();
                    return Err(PayError::Refused { step: "taking the payment back", why });
                }
            }
            payment.state = PaymentState::Withdrawn;
            self.keep_payment(&payment).await?;
        }
        self.clear_away_payment(&mut payment).await?;
        Ok(if payment.state == PaymentState::Paid { Paying::Paid } else { Paying::Withdrawn })
    }

    async fn keep_payment(&self, payment: &Payment) -> Result<(), PayError> {
        let at = self.engine.clock().now().wall;
        Ok(self.engine.store().put_payment(payment.clone(), at).await?)
    }

    /// The qualification, made and granted.
    async fn payment_type(&self, payment: &mut Payment) -> Result<QualificationTypeId, PayError> {
        let id = match payment.type_id.clone() {
            Some(id) => id,
            None => {
                let name = format!("Payment {}", payment.token);
                let draft = TypeDraft {
                    name: Some(name.clone()),
                    description: Some("Held by one worker, who is paid with a HIT that requires it.".to_owned()),
                    status: Some(TypeStatus::Active),
                    ..TypeDraft::default()
                };
                let of = name.clone();
                let before = self.engine.store().reading(move |reader| reader.last_entry(&of)).await?;
                let made = match before.filter(|entry| entry.state == OutboxState::Done) {
                    Some(entry) => Some(entry),
                    None => {
                        let target = Target::NewType(name.as_str().into());
                        let decision = Decision::CreateType(Box::new(draft));
                        self.carry("making the qualification", Subject::Other(target), decision).await?
                    }
                };
                let id = made.and_then(|entry| QualificationTypeId::parse(entry.note?.rsplit(' ').next()?).ok());
                let id = id.ok_or_else(|| PayError::Refused {
                    step: "making the qualification",
                    why: format!("the identifier of \"{name}\" is not known"),
                })?;
                payment.type_id = Some(id.clone());
                self.keep_payment(payment).await?;
                (self.tell)(format!("made the qualification {id}, which only {} holds", payment.worker));
                id
            }
        };
        let target = Target::Qualification(id.clone(), payment.worker.clone());
        let name = target.to_string();
        let granted = self.engine.store().reading(move |reader| reader.last_entry(&name)).await?;
        if granted.is_none_or(|entry| entry.state != OutboxState::Done) {
            let decision = Decision::Grant { score: 1, tell: false };
            self.carry("granting the qualification", Subject::Other(target), decision).await?;
        }
        Ok(id)
    }

    /// The HIT, made if there is none yet.
    async fn payment_hit(&self, payment: &mut Payment, of: &QualificationTypeId) -> Result<Hit, PayError> {
        let client = self.engine.client().await;
        if let Some(id) = &payment.hit {
            return Ok(self.engine.ask(|| client.get_hit(id)).await?);
        }
        let hit = match self.found_hit(payment).await? {
            Some(hit) => hit,
            None => {
                let draft = draft(payment, of);
                self.engine.probe(Step::Send);
                let made = self.engine.ask(|| client.create_hit(&draft)).await;
                self.engine.probe(Step::Answered);
                match made {
                    Ok(hit) => hit,
                    // An earlier request of ours had got through.
                    Err(error) if error.is_taken() => self.found_hit(payment).await?.ok_or(error)?,
                    Err(error) => return Err(error.into()),
                }
            }
        };
        payment.hit = Some(hit.id.clone());
        self.keep_payment(payment).await?;
        (self.tell)(format!("made the HIT {} over {}", hit.id, payment.amount.display()));
        Ok(hit)
    }

    /// The HIT that requires the payment's qualification: there is never more than one.
    async fn found_hit(&self, payment: &Payment) -> Result<Option<Hit>, PayError> {
        let Some(of) = &payment.type_id else { return Ok(None) };
        let client = self.engine.client().await;
        let found = self.engine.all(|next| client.list_hits_of_type(of, next)).await?;
        Ok(found.into_iter().next())
    }

    /// Writes to the worker, once.
    async fn tell_worker(&self, payment: &Payment, link: &str) -> Result<(), PayError> {
        let worker = payment.worker.clone();
        let messages = self.engine.store().reading(move |reader| reader.messages(&worker)).await?;
        let about_it = |entry: &&OutboxEntry| entry.decision.text().is_some_and(|text| text.contains(link));
        let step = "writing to the worker";
        let mut sent = messages.iter().rfind(about_it).cloned();
        if sent.as_ref().is_none_or(|entry| !entry.state.is_settled() || entry.state == OutboxState::Undone) {
            let amount = payment.amount.display();
            let text = format!(
                "{}\n\nYou are paid {amount} with a HIT that only you can see: {link}\nPlease accept it and submit it as it is.",
                payment.reason
            );
            let decision = Decision::Notify { subject: format!("A payment of {amount} for you"), text };
            let target = Target::Workers([payment.worker.clone()].into());
            sent = match sent.filter(|entry| !entry.state.is_settled()) {
                // Cut off before: it is settled, not written once more.
                Some(entry) => self.settle(step, entry).await?,
                None => self.carry(step, Subject::Other(target), decision).await?,
            };
            match sent.map(|entry| (entry.state.clone(), entry)) {
                Some((OutboxState::Done, _)) => (self.tell)(format!("wrote to {}", payment.worker)),
                Some((state, entry)) => (self.tell)(format!(
                    "the message to {} is {} ({}); it is not sent again: give them the link {link}",
                    payment.worker,
                    state.name(),
                    reason(&entry)
                )),
                None => {}
            }
        }
        Ok(())
    }

    /// What the worker has handed in, if anything.
    async fn handed_in(&self, hit: &HitId) -> Result<Option<Assignment>, PayError> {
        let client = self.engine.client().await;
        let found = self.engine.all(|next| client.list_assignments(hit, next)).await?;
        Ok(found.into_iter().next())
    }

    async fn approve_payment(&self, work: &Assignment) -> Result<(), PayError> {
        let step = "approving what the worker handed in";
        if work.status == AssignmentStatus::Submitted {
            let key = self.engine.find_assignment(&work.id).await?.ok_or_else(|| missing(step, &work.id))?;
            let decision = Decision::Approve { feedback: None, override_rejection: false };
            self.carry(step, Subject::Assignment(key), decision).await?;
        } else if work.status == AssignmentStatus::Rejected {
            let why = format!("{} was rejected; `hitdeck assignment approve --override {}`", work.id, work.id);
            return Err(PayError::Refused { step, why });
        }
        (self.tell)(format!("approved {}", work.id));
        Ok(())
    }

    /// Deletes HIT and qualification, if they are still there.
    async fn clear_away_payment(&self, payment: &mut Payment) -> Result<(), PayError> {
        if payment.cleaned {
            return Ok(());
        }
        if let Some(id) = &payment.hit
            && let Some(key) = self.engine.find_hit(id).await?
        {
            self.carry("deleting the HIT", Subject::Hit(key), Decision::Delete).await?;
        }
        if let Some(id) = &payment.type_id {
            let target = Target::Type(id.clone());
            self.carry("deleting the qualification", Subject::Other(target), Decision::DeleteType).await?;
        }
        payment.cleaned = true;
        self.keep_payment(payment).await?;
        (self.tell)("cleared the HIT and the qualification away".to_owned());
        Ok(())
    }

    /// Decides, sends, and answers how it ended: done, or a message that did not arrive. None: there was nothing to do.
    async fn carry(
        &self,
        step: &'static str,
        subject: Subject,
        decision: Decision,
    ) -> Result<Option<OutboxEntry>, PayError> {
        let now = self.engine.clock().now().wall;
        let name = if let Subject::Other(target) = &subject { Some(target.to_string()) } else { None };
        let mut written =
            self.engine.decide(vec![NewDecision { subject, decision }], self.engine.new_group(), now).await?;
        if let Some((_, why)) = written.refused.pop() {
            return Err(PayError::Refused { step, why });
        }
        match (written.staged.pop(), name) {
            (Some(entry), _) => self.settle(step, entry).await,
            (None, Some(name)) => {
                let before = self.engine.store().reading(move |reader| reader.last_entry(&name)).await?;
                match before {
                    Some(entry) => self.settle(step, entry).await,
                    None => Ok(None),
                }
            }
            // An assignment or a HIT with the same decision on its way, or done.
            (None, None) => {
                self.engine.send_until_idle_with(PATIENCE, self.events.clone()).await?;
                Ok(None)
            }
        }
    }

    async fn settle(&self, step: &'static str, entry: OutboxEntry) -> Result<Option<OutboxEntry>, PayError> {
        let left = self.engine.send_until_idle_with(PATIENCE, self.events.clone()).await?;
        let id = entry.id;
        let entry = self.engine.store().reading(move |reader| reader.entry(id)).await?.unwrap_or(entry);
        let is_message = matches!(entry.decision, Decision::Notify { .. });
        match &entry.state {
            OutboxState::Done | OutboxState::MaybeSent => Ok(Some(entry)),
            OutboxState::Failed { .. } if is_message => Ok(Some(entry)),
            OutboxState::Failed { reason } => Err(PayError::Refused { step, why: reason.clone() }),
            OutboxState::Undone => Err(PayError::Refused { step, why: "it was taken back".to_owned() }),
            OutboxState::Staged { .. } | OutboxState::Sending | OutboxState::Unknown => {
                let why = left.trouble.map_or(String::new(), |trouble| format!(": {trouble}"));
                Err(PayError::Unsettled { step, why })
            }
        }
    }
}

fn reason(entry: &OutboxEntry) -> String {
    match &entry.state {
        OutboxState::Failed { reason } => reason.clone(),
        _ => entry.note.clone().unwrap_or_default(),
    }
}

fn missing(step: &'static str, id: &AssignmentId) -> PayError {
    PayError::Refused { step, why: format!("{id} does not exist any more") }
}
