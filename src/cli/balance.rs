//! `hitdeck balance`.

use super::context::Context;
use super::exit::{Exit, Failure};
use super::session::Session;
use crate::exchange::output::{Column, record};
use crate::mturk::Error;
use std::io::Write;

/// Prints what is available, and what is on hold where the endpoint says so.
pub async fn run(context: &Context, out: &mut impl Write) -> Result<Exit, Failure> {
    let session = Session::open(context).await?;
    if session.engine.is_offline() {
        return Err(Error::Offline.into());
    }
    let balance = session.engine.client().await.balance().await?;
    let cells = vec![
        (Column::new("AvailableBalance", "available"), balance.available.into()),
        (Column::new("OnHoldBalance", "on hold"), balance.on_hold.into()),
    ];
    record(out, context.global.output, cells)?;
    Ok(Exit::Done)
}
