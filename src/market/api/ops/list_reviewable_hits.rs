//! `ListReviewableHITs`.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use super::shared::hit_page;
use crate::domain::hit::HitStatus;
use crate::market::Market;
use crate::market::error::Refusal;
use crate::market::storage::HitList;
use crate::market::storage::RequesterKey;

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let hit_type = input.entity("HITTypeId").map(str::to_owned);
    let status = match input.one_of("Status", &["Reviewable", "Reviewing"]) {
        Some("Reviewing") => HitStatus::Reviewing,
        _ => HitStatus::Reviewable,
    };
    let (token, limit) = input.page();
    let token = token.map(str::to_owned);
    input.finish()?;
    let paged = market.paged(format!("ListReviewableHITs {who:?} {status:?} {hit_type:?}"));
    let after = paged.place(token.as_deref())?;
    let body = market.service.read(move |view| {
        let list = match hit_type {
            None => HitList::InReview(status),
            Some(id) => {
                let of = view.hit_type(who, &id)?.ok_or(Refusal::NoHitType(id))?;
                HitList::InReviewOfType(status, of.key)
            }
        };
        hit_page(view, who, list, &paged, after, limit)
    });
    Ok(body.await?)
}
