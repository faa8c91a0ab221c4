//! What an operator does about workers: invitations, suspensions, and what is kept of people.

use super::Operator;
use crate::domain::id::WorkerId;
use crate::market::clock::wall_millis;
use crate::market::error::{MarketError, ServiceError};
use crate::market::secret::Secret;
use crate::market::service::NewInvitation;
use crate::market::storage::{Invitation, SiteRow, WorkerAccount, WorkerRow};

/// A link that was made, for a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The number under which the invitation can be taken back.
    pub number: i64,
    /// The address to send to them. It is shown once: only a hash of its secret part is kept.
    pub address: String,
    /// The worker it is for; a new one when none.
    pub worker: Option<String>,
    /// Until when it is good, in wall time.
    pub expires_ms: i64,
}

impl Operator {
    /// Invites somebody to be a worker: a new one, or one whom the market knows without an account (imported, or from an archive).
    pub async fn invite(&self, new: NewInvitation) -> Result<Link, MarketError> {
        let (secret, now) = (Secret::random(), wall_millis());
        let (worker, lasts) = (new.worker.as_ref().map(WorkerId::to_string), new.lasts_ms);
        let number = self.service.invite(new, &secret, now).await?;
        self.link(number, &secret, worker, now.saturating_add(lasts)).await
    }

    /// Lets a worker choose another passcode; the old one and all sessions are over at once.
    pub async fn reset(&self, worker: &WorkerId, lasts_ms: i64) -> Result<Link, MarketError> {
        let (secret, now) = (Secret::random(), wall_millis());
        let number = self.service.reset(worker, lasts_ms, &secret, now).await?;
        self.link(number, &secret, Some(worker.to_string()), now.saturating_add(lasts_ms)).await
    }

    async fn link(
        &self,
        number: i64,
        secret: &Secret,
        worker: Option<String>,
        expires_ms: i64,
    ) -> Result<Link, MarketError> {
        let site: Option<SiteRow> = self.service.site().await?;
        let url = site.map(|site| site.url).unwrap_or_default();
        Ok(Link { number, address: format!("{url}/join/{}", secret.reveal()), worker, expires_ms })
    }

    /// The invitations that are still good.
    pub async fn invitations(&self) -> Result<Vec<Invitation>, MarketError> {
        Ok(self.service.invitations(wall_millis()).await?)
    }

    /// Takes an invitation back.
    pub async fn uninvite(&self, number: i64) -> Result<(), MarketError> {
        if self.service.uninvite(number).await? { Ok(()) } else { Err(MarketError::NoInvitation(number)) }
    }

    /// The workers with an account, or all that the market knows, the first one first.
    pub async fn workers(&self, all: bool) -> Result<Vec<WorkerRow>, MarketError> {
        let rows = self.service.read(|view| Ok(view.worker_rows()?)).await.map_err(MarketError::from)?;
        Ok(rows.into_iter().filter(|row| all || row.account.is_some()).collect())
    }

    /// Suspends a worker, who reads why, or lets them work again.
    pub async fn suspend(&self, worker: &WorkerId, why: Option<String>) -> Result<WorkerAccount, MarketError> {
        Ok(self.service.suspend(worker, why, wall_millis()).await?)
    }

    /// Takes away what tells who a worker is; the new ID under which their work stays.
    pub async fn anonymize(&self, worker: &WorkerId) -> Result<String, MarketError> {
        Ok(self.service.anonymize(worker).await?)
    }

    /// Everything that is kept of a worker.
    pub async fn export(&self, worker: &WorkerId) -> Result<serde_json::Value, MarketError> {
        self.service.export_worker_by_id(worker).await.map_err(|error: ServiceError| error.into())
    }
}
