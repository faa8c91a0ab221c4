//! `GetAccountBalance`.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use crate::domain::money::Usd;
use crate::market::Market;
use crate::market::json::Json;
use crate::market::storage::RequesterKey;

pub async fn call(market: &Market, who: RequesterKey, input: Input<'_>) -> Result<Bytes, Fault> {
    input.finish()?;
    let account = market.service.account(who).await?;
    let mut json = Json::default();
    json.open().text("AvailableBalance", &account.available.to_string());
    if account.held > Usd::ZERO {
        json.text("OnHoldBalance", &account.held.to_string());
    }
    json.close();
    Ok(json.into_bytes())
}
