//! What a check needs to know of the account.

use crate::domain::fees::FeeSchedule;
use crate::domain::requirement::Written;
use crate::domain::system_type::SystemType;
use crate::exchange::batch::Draft;
use crate::exchange::batch::check::Facts;
use crate::runtime::engine::{Engine, EngineError};
use std::sync::Arc;

/// What is known where there is no account: nothing.
pub fn unknown_facts(rows: usize) -> Facts {
    Facts {
        types: Vec::new(),
        sandbox: false,
        amazon: false,
        balance: None,
        fees: FeeSchedule::AMAZON,
        workers: Vec::new(),
        scores: Vec::new(),
        earlier: Vec::new(),
        rows: rows as u64,
    }
}

impl Engine {
    /// What the account says to a batch of which `rows` are to be published: the balance, and where types are required, the
    /// types and who holds them. Workers and their record are those of the last sync.
    pub async fn batch_facts(&self, draft: &Arc<Draft>, rows: usize) -> Result<Facts, EngineError> {
        let host = self.store().stamp().endpoint.clone();
        let amazon = host.contains(".amazonaws.com");
        let client = self.client().await;
        let balance = self.ask(|| client.balance()).await?;
        if draft.spec.requirements.iter().any(is_own) {
            self.sync_people().await?;
        }
        let types = self.store().reading(crate::store::Reader::types).await?;
        for written in draft.spec.requirements.iter().filter(|written| is_own(written)) {
            let sandbox = host.contains("-sandbox.");
            if let Ok(required) = written.required(&types, sandbox)
                && let Some(kind) = types.iter().find(|kind| kind.own && kind.it.id.as_str() == required.qualification)
            {
                self.sync_holders(&kind.it.id).await?;
            }
        }
        let draft = Arc::clone(draft);
        let read = move |reader: &crate::store::Reader| {
            Ok(Facts {
                types: reader.types()?,
                sandbox: amazon && host.contains("-sandbox."),
                amazon,
                balance: Some(balance.available),
                workers: reader.records()?,
                scores: reader.qualifications()?,
                earlier: reader.rows_elsewhere(&draft.spec.name, &draft.contents())?,
                ..unknown_facts(rows)
            })
        };
        Ok(self.store().reading(read).await?)
    }
}

/// Whether a requirement names a type that is not the system's.
fn is_own(written: &Written) -> bool {
    let name = written.qualification.trim().trim_start_matches("Worker_");
    SystemType::of(name).is_none() && SystemType::ALL.into_iter().all(|system| system.short_name() != name)
}
