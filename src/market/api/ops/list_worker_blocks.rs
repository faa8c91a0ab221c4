//! `ListWorkerBlocks`: oldest first.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use crate::market::Market;
use crate::market::storage::RequesterKey;

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let (token, limit) = input.page();
    let token = token.map(str::to_owned);
    input.finish()?;
    let paged = market.paged(format!("ListWorkerBlocks {who:?}"));
    let after = paged.place(token.as_deref())?;
    let body = market.service.read(move |view| {
        let mut json = paged.list(4096);
        let (mut count, mut last) = (0, None);
        view.show_blocks(who, after, limit, |block| {
            json.open().text("WorkerId", block.worker).text("Reason", block.reason).close();
            count += 1;
            last = Some(block.place);
        })?;
        Ok(paged.answer("WorkerBlocks", json, count, last))
    });
    Ok(body.await?)
}
