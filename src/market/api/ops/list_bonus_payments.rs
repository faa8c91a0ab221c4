//! `ListBonusPayments`: of a HIT or of an assignment, oldest first.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use super::super::wire;
use crate::market::Market;
use crate::market::error::Refusal;
use crate::market::service::{own_assignment, own_hit};
use crate::market::storage::RequesterKey;

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let hit = input.entity("HITId").map(str::to_owned);
    let assignment = input.entity("AssignmentId").map(str::to_owned);
    let (token, limit) = input.page();
    let token = token.map(str::to_owned);
    input.finish()?;
    if hit.is_none() && assignment.is_none() {
        return Err(Refusal::Parameters("HITId or AssignmentId must be given.".into()).into());
    }
    let paged = market.paged(format!("ListBonusPayments {who:?} {hit:?} {assignment:?}"));
    let after = paged.place(token.as_deref())?;
    let body = market.service.read(move |view| {
        let (hit, assignment) = match assignment {
            Some(id) => {
                let found = own_assignment(view, who, &id)?;
                if hit.is_some_and(|hit| hit != found.hit.id) {
                    return Err(Refusal::NoAssignment(id).into());
                }
                (found.hit.key, Some(found.key))
            }
            None => (own_hit(view, who, hit.as_deref().unwrap_or_default())?.key, None),
        };
        let mut json = paged.list(4096);
        let (mut count, mut last) = (0, None);
        view.show_bonuses(hit, assignment, after, limit, |shown| {
            wire::bonus(json.open(), shown);
            json.close();
            count += 1;
            last = Some(shown.place);
        })?;
        Ok(paged.answer("BonusPayments", json, count, last))
    });
    Ok(body.await?)
}
