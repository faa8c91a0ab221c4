//! `ListHITs`: all HITs but the deleted ones, newest first.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use super::shared::hit_page;
use crate::market::Market;
use crate::market::storage::HitList;
use crate::market::storage::RequesterKey;

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let (token, limit) = input.page();
    let token = token.map(str::to_owned);
    input.finish()?;
    let paged = market.paged(format!("ListHITs {who:?}"));
    let after = paged.place(token.as_deref())?;
    Ok(market.service.read(move |view| hit_page(view, who, HitList::All, &paged, after, limit)).await?)
}
