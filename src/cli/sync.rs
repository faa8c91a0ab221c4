//! `hitdeck sync`: reads the account into the local mirror.

use super::context::Context;
use super::exit::{Exit, Failure};
use super::progress::Progress;
use super::session::Session;
use crate::app::event::{Event, SyncState};
use crate::exchange::output::{Column, record};
use crate::runtime::sync::Synced;
use std::io::Write;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Events that wait to be shown; the refresh waits for who is slower.
const WAITING: usize = 64;

/// Runs `hitdeck sync`.
pub async fn run(context: &Context, out: &mut impl Write) -> Result<Exit, Failure> {
    let session = Session::open(context).await?;
    let synced = refresh(&session).await?;
    let (assignments, undecided) = session.engine.store().reading(|reader| reader.tally()).await?;
    let cells = vec![
        (Column::new("HITs", "HITs"), synced.hits.into()),
        (Column::new("Assignments", "assignments"), assignments.into()),
        (Column::new("Undecided", "undecided"), undecided.into()),
        (Column::new("HITsRead", "HITs read"), synced.read.into()),
        (Column::new("AssignmentsChanged", "assignments changed"), synced.changed.into()),
        (Column::new("HITsGone", "HITs gone"), synced.gone.into()),
    ];
    record(out, context.global.output, cells)?;
    Ok(Exit::Done)
}

/// Reads what can have changed, unless the account was read from files; with a bar on a terminal when it takes long.
pub async fn refresh(session: &Session) -> Result<Synced, Failure> {
    let (events, mut news) = mpsc::channel(WAITING);
    let watch = async move {
        let mut progress = Progress::begin("reading", "HITs");
        while let Some(event) = news.recv().await {
            if let Event::Sync(SyncState::Running { done, of }) = event {
                progress.show(done as usize, of as usize);
            }
        }
    };
    let (synced, ()) = tokio::join!(session.engine.sync(Some(events), CancellationToken::new()), watch);
    // It is not cancelled, so that there is a result.
    Ok(synced?.unwrap_or_default())
}
