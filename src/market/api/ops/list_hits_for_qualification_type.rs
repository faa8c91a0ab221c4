//! `ListHITsForQualificationType`: all HITs that require a type but the deleted ones, those of one HIT type after the other,
//! oldest first.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use super::super::wire;
use crate::domain::system_type::SystemType;
use crate::market::Market;
use crate::market::service::known_qualification_type;
use crate::market::storage::{HitList, RequesterKey};

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let id = input.required_entity("QualificationTypeId").to_owned();
    let (token, limit) = input.page();
    let token = token.map(str::to_owned);
    input.finish()?;
    let paged = market.paged(format!("ListHITsForQualificationType {who:?} {id}"));
    let after = paged.place(token.as_deref())?;
    let body = market.service.read(move |view| {
        if SystemType::of(&id).is_none() {
            known_qualification_type(view, who, &id)?;
        }
        let from = match after {
            Some(place) => view.type_of_hit_at(place)?,
            None => None,
        };
        let mut json = paged.list(limit as usize * 2048);
        let (mut count, mut last) = (0, None);
        for of in view.types_requiring(who, &id)? {
            if count == limit || from.is_some_and(|from| of < from) {
                continue;
            }
            let after = after.filter(|_| from == Some(of));
            view.show_hits(who, HitList::OfType(of), after, limit - count, |hit| {
                wire::hit(json.open(), hit);
                json.close();
                count += 1;
                last = Some(hit.key.position());
            })?;
        }
        Ok(paged.answer("HITs", json, count, last))
    });
    Ok(body.await?)
}
