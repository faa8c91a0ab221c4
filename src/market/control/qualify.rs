//! Who workers are, and what they ask for.

use axum::body::Bytes;
use serde_json::{Map, Value};

use super::{Refused, bad, text, worker as worker_id};
use crate::domain::requirement::Locale;
use crate::market::Market;
use crate::market::json::Json;
use crate::market::service::{ProfileChange, Requested};

/// `POST /_control/worker`
pub async fn worker(market: &Market, members: &Map<String, Value>) -> Result<Bytes, Refused> {
    let worker = worker_id(members)?;
    let draft = ProfileChange {
        locale: locale(members)?,
        adult: truth(members, "Adult")?,
        masters: truth(members, "Masters")?,
    };
    let profile = market.service.save_profile(&worker, draft).await?;
    let mut json = Json::default();
    json.open().text("WorkerId", worker.as_str());
    if let Some(locale) = &profile.locale {
        json.text("Country", &locale.country).optional("Subdivision", locale.subdivision.as_deref());
    }
    json.boolean("Adult", profile.adult).boolean("Masters", profile.masters).close();
    Ok(json.into_bytes())
}

/// `POST /_control/request-qualification`
pub async fn request(market: &Market, members: &Map<String, Value>) -> Result<Bytes, Refused> {
    let qualification = text(members, "QualificationTypeId")?;
    let worker = worker_id(members)?;
    let answer = match members.get("Answer") {
        None | Some(Value::Null) => None,
        Some(Value::String(answer)) => Some(answer.clone()),
        Some(_) => return Err(bad("\"Answer\" must be a text")),
    };
    let requested = market.service.request_qualification(qualification, &worker, answer).await?;
    let mut json = Json::default();
    json.open();
    match &requested {
        Requested::Granted { value } => json.text("Status", "Granted").number("IntegerValue", i64::from(*value)),
        Requested::Pending { request } => json.text("Status", "Pending").text("QualificationRequestId", request),
        Requested::Test { test, deadline } => {
            json.text("Status", "Testing").text("Test", test).number("Deadline", deadline.0)
        }
    };
    json.close();
    Ok(json.into_bytes())
}

/// Where the worker lives: nothing when it is not said, none when it is said to be null.
fn locale(members: &Map<String, Value>) -> Result<Option<Option<Locale>>, Refused> {
    let two = |name: &str| match members.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(code)) if code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()) => {
            Ok(Some(code.clone()))
        }
        Some(_) => Err(bad(format!("\"{name}\" must be a text of two capital letters"))),
    };
    match (two("Country")?, two("Subdivision")?) {
        (Some(country), subdivision) => Ok(Some(Some(Locale { country, subdivision }))),
        (None, Some(_)) => Err(bad("\"Subdivision\" can be given with \"Country\" only")),
        (None, None) => Ok(members.contains_key("Country").then_some(None)),
    }
}

fn truth(members: &Map<String, Value>, name: &str) -> Result<Option<bool>, Refused> {
    match members.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(truth)) => Ok(Some(*truth)),
        Some(_) => Err(bad(format!("\"{name}\" must be true or false"))),
    }
}
