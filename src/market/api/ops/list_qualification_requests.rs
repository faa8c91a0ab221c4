//! `ListQualificationRequests`: those that wait for the requester, oldest first.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use super::super::qualification::request;
use crate::market::Market;
use crate::market::service::own_qualification_type;
use crate::market::storage::RequesterKey;

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let id = input.entity("QualificationTypeId").map(str::to_owned);
    let (token, limit) = input.page();
    let token = token.map(str::to_owned);
    input.finish()?;
    let paged = market.paged(format!("ListQualificationRequests {who:?} {id:?}"));
    let after = paged.place(token.as_deref())?;
    let body = market.service.read(move |view| {
        let of = match id {
            Some(id) => Some(own_qualification_type(view, who, &id)?.key),
            None => None,
        };
        let mut json = paged.list(limit as usize * 1024);
        let (mut count, mut last) = (0, None);
        view.show_qualification_requests(who, of, after, limit, |shown| {
            request(json.open(), shown);
            json.close();
            count += 1;
            last = Some(shown.place);
        })?;
        Ok(paged.answer("QualificationRequests", json, count, last))
    });
    Ok(body.await?)
}
