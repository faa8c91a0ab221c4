//! Reading workers' blocks, qualification types, their holders and requests into the mirror.

use super::engine::{Engine, EngineError};
use crate::domain::decision::{Decision, OutboxEntry, Target};
use crate::domain::hit::Hit;
use crate::domain::id::{HitId, QualificationTypeId};
use crate::domain::qualification::{QualificationType, TypeStatus};
use crate::domain::time::Time;
use crate::mturk::{Error, Page};

impl Engine {
    /// Reads the account's qualification types, the waiting requests and the blocks. Holders are read with
    /// [`Engine::sync_holders`], type by type: there may be many.
    pub async fn sync_people(&self) -> Result<(), EngineError> {
        if self.is_offline() {
            return Ok(());
        }
        let client = self.client().await;
        let types = self.all(|next| client.list_types(true, None, next)).await?;
        let types = types.into_iter().filter(|it| it.status != TypeStatus::Disposing).collect();
        self.store().put_types(types, true, true).await?;
        let requests = self.all(|next| client.list_requests(None, next)).await?;
        self.store().put_requests(requests).await?;
        let blocks = self.all(|next| client.list_blocks(next)).await?;
        Ok(self.store().put_blocks(blocks).await?)
    }

    /// Reads who holds a qualification type, and from whom it was taken.
    pub async fn sync_holders(&self, of: &QualificationTypeId) -> Result<(), EngineError> {
        if self.is_offline() {
            return Ok(());
        }
        let client = self.client().await;
        let at = self.clock().now().wall;
        // Not every endpoint lists from whom a qualification was taken. What was taken from here, the journal knows; what the
        // endpoint says comes later and wins.
        let id = of.clone();
        let mut holders = self.store().reading(move |reader| reader.revocations(&id)).await?;
        holders.extend(self.all(|next| client.list_holders(of, true, next)).await?);
        // Those who hold it now come last: a worker whose qualification came back in between counts as a holder.
        holders.extend(self.all(|next| client.list_holders(of, false, next)).await?);
        Ok(self.store().put_holders(of.clone(), holders, at).await?)
    }

    /// Qualification types, of whomever, whose words hold a text.
    pub async fn find_types(&self, text: &str) -> Result<Vec<QualificationType>, EngineError> {
        let client = self.client().await;
        Ok(self.all(|next| client.list_types(false, Some(text), next)).await?)
    }

    /// The HITs that require a qualification type.
    pub async fn hits_requiring(&self, of: &QualificationTypeId) -> Result<Vec<Hit>, EngineError> {
        let client = self.client().await;
        Ok(self.all(|next| client.list_hits_of_type(of, next)).await?)
    }

    /// Reads the bonuses that were paid for these HITs.
    pub async fn sync_bonuses(&self, hits: &[HitId]) -> Result<(), EngineError> {
        if self.is_offline() {
            return Ok(());
        }
        let client = self.client().await;
        for hit in hits {
            match self.all(|next| client.list_bonuses_of_hit(hit, next)).await {
                Ok(paid) => self.store().put_bonuses(hit.clone(), paid).await?,
                Err(error) if error.is_missing() => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// All pages of a list.
    pub(super) async fn all<T, A>(&self, page: impl Fn(Option<String>) -> A) -> Result<Vec<T>, Error>
    where
        A: Future<Output = Result<Page<T>, Error>>,
    {
        let mut items = Vec::new();
        let mut next = None;
        loop {
            let page = self.ask(|| page(next.clone())).await?;
            let empty = page.items.is_empty();
            items.extend(page.items);
            next = page.next;
            if next.is_none() || empty {
                return Ok(items);
            }
        }
    }

    /// Lets the mirror know which decisions about workers and qualifications were carried out.
    pub(super) async fn keep_people(&self, done: Vec<OutboxEntry>, at: Time) -> Result<(), EngineError> {
        let changed: Vec<QualificationTypeId> = done.iter().filter_map(changed_type).collect();
        self.store().put_carried_out(done, at).await?;
        let client = self.client().await;
        for id in changed {
            let it = self.ask(|| client.get_type(&id)).await?;
            self.store().put_types(vec![it], true, false).await?;
        }
        Ok(())
    }
}

/// The type that a decision made or changed. The note of a new one ends with its identifier.
fn changed_type(entry: &OutboxEntry) -> Option<QualificationTypeId> {
    match (&entry.target, &entry.decision) {
        (Target::Type(id), Decision::UpdateType(_)) => Some(id.clone()),
        (Target::NewType(_), Decision::CreateType(_)) => {
            QualificationTypeId::parse(entry.note.as_deref()?.rsplit(' ').next()?).ok()
        }
        _ => None,
    }
}
