//! Workers and qualifications for the desk: first what the mirror holds, then what the endpoint says.

use crate::app::event::{Event, Level};
use crate::app::people::Known;
use crate::runtime::engine::{Engine, EngineError};
use crate::store::{Reader, StoreError};
use tokio::sync::mpsc;

/// Tells the desk what the mirror holds; where it is wanted, reads the endpoint, and tells it again.
pub async fn load(engine: Engine, data: mpsc::Sender<Event>, at_endpoint: bool) {
    let told = async {
        tell(&engine, &data).await?;
        if !at_endpoint {
            return Ok(());
        }
        engine.sync_people().await?;
        tell(&engine, &data).await?;
        for of in engine.store().reading(Reader::types).await?.into_iter().filter(|of| of.own) {
            engine.sync_holders(&of.it.id).await?;
        }
        tell(&engine, &data).await
    };
    if let Err(error) = told.await {
        let text = format!("workers and qualifications could not be read: {error}");
        // A desk that is gone needs no news.
        let _ = data.send(Event::Notice { level: Level::Error, text }).await;
    }
}

async fn tell(engine: &Engine, data: &mpsc::Sender<Event>) -> Result<(), EngineError> {
    let known = engine.store().reading(known).await?;
    // A desk that is gone needs no news.
    let _ = data.send(Event::People(Box::new(known))).await;
    Ok(())
}

fn known(reader: &Reader) -> Result<Known, StoreError> {
    Ok(Known {
        types: reader.types()?,
        requests: reader.requests()?,
        qualifications: reader.qualifications()?,
        uses: reader.hit_uses()?,
        blocks: reader.blocks()?.into_iter().map(|block| (block.worker, block.reason)).collect(),
        notes: reader.worker_notes()?.into_iter().collect(),
        gone: reader.gone_work()?,
    })
}
