//! `ListWorkersWithQualificationType`: those who have it, unless those from whom it was taken are asked for.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use super::super::qualification::qualification;
use crate::market::Market;
use crate::market::rules::qualification::QualificationStatus;
use crate::market::service::known_qualification_type;
use crate::market::storage::RequesterKey;

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let id = input.required_entity("QualificationTypeId").to_owned();
    let names = QualificationStatus::ALL.map(QualificationStatus::name);
    let status = match input.one_of("Status", &names) {
        Some(name) if name == QualificationStatus::Revoked.name() => QualificationStatus::Revoked,
        _ => QualificationStatus::Granted,
    };
    let (token, limit) = input.page();
    let token = token.map(str::to_owned);
    input.finish()?;
    let paged = market.paged(format!("ListWorkersWithQualificationType {who:?} {id} {status:?}"));
    let after = paged.place(token.as_deref())?;
    let body = market.service.read(move |view| {
        let of = known_qualification_type(view, who, &id)?;
        let found = view.qualifications(of.key, status, after, limit)?;
        let mut json = paged.list(found.len() * 192);
        for shown in &found {
            qualification(json.open(), shown);
            json.close();
        }
        let last = found.last().map(|shown| shown.place);
        Ok(paged.answer("Qualifications", json, found.len() as u32, last))
    });
    Ok(body.await?)
}
