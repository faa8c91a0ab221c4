//! `SendBonus`.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use crate::domain::money::Usd;
use crate::market::Market;
use crate::market::error::Refusal;
use crate::market::service::NewBonus;
use crate::market::storage::RequesterKey;

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let bonus = NewBonus {
        worker: input.required_customer("WorkerId").to_owned(),
        amount: input.required_currency("BonusAmount"),
        assignment: input.required_entity("AssignmentId").to_owned(),
        reason: input.required_text("Reason").to_owned(),
        token: input.token(),
    };
    input.finish()?;
    if bonus.amount == Usd::ZERO {
        let hint = "A bonus is at least 0.01.".into();
        return Err(Refusal::Parameter { parameter: "BonusAmount", value: bonus.amount.to_string(), hint }.into());
    }
    market.service.send_bonus(who, bonus).await?;
    Ok(super::nothing())
}
