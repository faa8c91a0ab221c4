//! `CreateHIT`.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use super::shared::{hit_draft, show_hit, type_draft};
use crate::market::Market;
use crate::market::storage::RequesterKey;

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let of = type_draft(&mut input);
    let draft = hit_draft(&mut input);
    input.finish()?;
    Ok(market.service.create_hit(who, of?, draft?, show_hit).await?)
}
