//! The control interface, for tests: workers' hands, the clock, faults, and the books. JSON in and out, on loopback only, and not
//! for browsers.

mod qualify;

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use super::access_log::Told;
use super::error::{Refusal, ServiceError};
use super::faults::Faults;
use super::id::request_id;
use super::json::Json;
use super::operator::check_name;
use super::storage::{DestinationRecord, LedgerRow, Quota};
use super::{Market, answers};
use crate::domain::id::{AssignmentId, HitId, WorkerId};
use crate::domain::money::Usd;

/// Where the interface is.
pub const PREFIX: &str = "/_control/";
const MAX_BODY: usize = 16 << 20;

/// Why a call is refused: the status and the reason.
struct Refused(StatusCode, String);

impl From<ServiceError> for Refused {
    fn from(error: ServiceError) -> Refused {
        let status = match &error {
            ServiceError::Refused(Refusal::NoHit(_) | Refusal::NoAssignment(_) | Refusal::NoQualificationType(_)) => {
                StatusCode::NOT_FOUND
            }
            ServiceError::Refused(_) => StatusCode::CONFLICT,
            ServiceError::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Refused(status, error.to_string())
    }
}

/// Answers one call.
pub async fn answer(State(market): State<Arc<Market>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let name = parts.uri.path().strip_prefix(PREFIX).unwrap_or_default();
    let known = name.len() <= 40 && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    let mut told = Told { request_id: request_id(), ..Told::default() };
    told.operation = format!("{PREFIX}{}", if known { name } else { "unknown" });
    let result = match foreign(&parts.headers) {
        Some(why) => Err(Refused(StatusCode::FORBIDDEN, why.into())),
        None => match axum::body::to_bytes(body, MAX_BODY).await {
            Ok(body) => {
                told.received = body.len();
                call(&market, &parts.method, name, body).await
            }
            Err(error) => Err(Refused(StatusCode::PAYLOAD_TOO_LARGE, error.to_string())),
        },
    };
    let (status, json) = match result {
        Ok(json) => (StatusCode::OK, json),
        Err(Refused(status, why)) => {
            let mut json = Json::default();
            json.open().text("error", &why).close();
            (status, json.into_bytes())
        }
    };
    let mut response = (status, [(header::CONTENT_TYPE, "application/json")], json).into_response();
    response.extensions_mut().insert(told);
    response
}

/// Why a request may come from a web page and is not served.
fn foreign(headers: &HeaderMap) -> Option<&'static str> {
    if headers.keys().any(|name| name == header::ORIGIN || name.as_str().starts_with("sec-fetch-")) {
        return Some("requests of web pages are not served here");
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name.trim_start_matches('[').trim_end_matches(']');
    let loopback = name.eq_ignore_ascii_case("localhost")
        || address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    if loopback { None } else { Some("the Host header must name a loopback address") }
}

async fn call(market: &Market, method: &Method, name: &str, body: Bytes) -> Result<Bytes, Refused> {
    let wanted = match name {
        "ledger" | "requests" | "notifications" => Method::GET,
        _ => Method::POST,
    };
    if *method != wanted && !(name == "clock" && *method == Method::GET) {
        return Err(Refused(StatusCode::METHOD_NOT_ALLOWED, format!("{PREFIX}{name} is called with {wanted}")));
    }
    match name {
        "accept" => accept(market, &object(&body)?).await,
        "submit" => submit(market, &object(&body)?).await,
        "return" => {
            market.service.give_back(&assignment(&object(&body)?)?).await?;
            Ok(Bytes::from_static(b"{}"))
        }
        "clock" if *method == Method::GET => Ok(now(market)),
        "clock" => clock(market, &object(&body)?).await,
        "faults" => faults(market, &body),
        "ledger" => Ok(ledger(&market.service.ledger().await?)),
        "notifications" => Ok(notifications(&market.service.destinations().await?)),
        "requests" => Ok(requests(market)),
        "requester" => requester(market, &object(&body)?).await,
        "layout" => layout(market, &object(&body)?).await,
        "worker" => qualify::worker(market, &object(&body)?).await,
        "request-qualification" => qualify::request(market, &object(&body)?).await,
        _ => Err(Refused(StatusCode::NOT_FOUND, format!("there is no {PREFIX}{name}"))),
    }
}

fn bad(why: impl Into<String>) -> Refused {
    Refused(StatusCode::BAD_REQUEST, why.into())
}

fn object(body: &[u8]) -> Result<Map<String, Value>, Refused> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(bad("the body must be a JSON object")),
        Err(error) => Err(bad(format!("the body is not JSON: {error}"))),
    }
}

fn text<'m>(members: &'m Map<String, Value>, name: &str) -> Result<&'m str, Refused> {
    members.get(name).and_then(Value::as_str).ok_or_else(|| bad(format!("\"{name}\" must be given, as a text")))
}

fn assignment(members: &Map<String, Value>) -> Result<AssignmentId, Refused> {
    AssignmentId::parse(text(members, "AssignmentId")?).map_err(|error| bad(error.to_string()))
}

fn worker(members: &Map<String, Value>) -> Result<WorkerId, Refused> {
    WorkerId::parse(text(members, "WorkerId")?).map_err(|error| bad(error.to_string()))
}

async fn accept(market: &Market, members: &Map<String, Value>) -> Result<Bytes, Refused> {
    let hit = HitId::parse(text(members, "HITId")?).map_err(|error| bad(error.to_string()))?;
    let worker = worker(members)?;
    let accepted = market.service.accept(&hit, &worker).await?;
    let mut json = Json::default();
    json.open().text("AssignmentId", accepted.assignment.as_str()).close();
    Ok(json.into_bytes())
}

async fn submit(market: &Market, members: &Map<String, Value>) -> Result<Bytes, Refused> {
    let assignment = assignment(members)?;
    let answer = match (members.get("Answer"), members.get("Fields")) {
        (Some(Value::String(answer)), None) => answer.clone(),
        (None, Some(Value::Object(fields))) => {
            let mut texts = Vec::with_capacity(fields.len());
            for (name, value) in fields {
                let value =
                    value.as_str().ok_or_else(|| bad(format!("the value of field \"{name}\" must be a text")))?;
                texts.push((name.as_str(), value));
            }
            answers::from_fields(texts)
        }
        _ => return Err(bad("give either \"Answer\", a text, or \"Fields\", an object of texts")),
    };
    market.service.submit(&assignment, answer).await?;
    Ok(Bytes::from_static(b"{}"))
}

fn now(market: &Market) -> Bytes {
    let mut json = Json::default();
    json.open().number("now", market.service.clock().now().time().0).close();
    json.into_bytes()
}

async fn clock(market: &Market, members: &Map<String, Value>) -> Result<Bytes, Refused> {
    let seconds = members.get("advance_seconds").and_then(Value::as_f64);
    let Some(by) = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()) else {
        return Err(bad("\"advance_seconds\" must be a number that is not negative: time never runs backwards"));
    };
    market.service.advance(by).await?;
    Ok(now(market))
}

fn faults(market: &Market, body: &[u8]) -> Result<Bytes, Refused> {
    let text = std::str::from_utf8(body).map_err(|_| bad("the body must be text"))?;
    let faults: Faults = text.trim().parse().map_err(|error: super::faults::FaultsError| bad(error.to_string()))?;
    market.faults.set(faults);
    let mut json = Json::default();
    json.open().text("faults", &faults.to_string()).close();
    Ok(json.into_bytes())
}

fn ledger(rows: &[LedgerRow]) -> Bytes {
    let mut json = Json::with_capacity(rows.len() * 200 + 2);
    json.open_bare_list();
    for row in rows {
        json.open()
            .number("id", row.id)
            .number("at", row.at.0)
            .text("kind", row.movement.kind.name())
            .text("amount", &row.movement.amount.to_string())
            .optional("AssignmentId", row.assignment.as_deref())
            .optional("WorkerId", row.worker.as_deref())
            .optional("HITId", row.hit.as_deref())
            .optional("token", row.token.as_deref())
            .text("requester", &row.requester)
            .close();
    }
    json.close_list();
    json.into_bytes()
}

fn notifications(destinations: &[DestinationRecord]) -> Bytes {
    let mut json = Json::default();
    json.open_bare_list();
    for destination in destinations {
        json.open()
            .text("Destination", &destination.address)
            .text("Transport", destination.transport.name())
            .number("waiting", destination.waiting)
            .number("failures", destination.failures)
            .number("delivered", destination.delivered)
            .number("dropped", destination.dropped)
            .optional("last_error", destination.last_error.as_deref())
            .text("requester", &destination.requester)
            .close();
    }
    json.close_list();
    json.into_bytes()
}

fn requests(market: &Market) -> Bytes {
    let mut json = Json::default();
    json.open();
    for (operation, outcomes) in market.tally.counts() {
        json.open_member(&operation);
        for (outcome, count) in outcomes {
            json.number(outcome, i64::try_from(count).unwrap_or(i64::MAX));
        }
        json.close();
    }
    json.close();
    json.into_bytes()
}

async fn requester(market: &Market, members: &Map<String, Value>) -> Result<Bytes, Refused> {
    let name = text(members, "name")?;
    let balance = match members.get("balance") {
        None => market.balance,
        Some(value) => {
            let amount = value.as_str().and_then(|text| Usd::parse(text).ok());
            amount.ok_or_else(|| bad("\"balance\" must be a text such as \"100.00\""))?
        }
    };
    check_name(name).map_err(|error| bad(error.to_string()))?;
    let quota = Quota { rate: at_most(members, "rate")?, open_hits: at_most(members, "open_hits")? };
    let Some(added) = market.service.add_requester(name, balance).await? else {
        return Err(Refused(StatusCode::CONFLICT, format!("there is a requester named \"{name}\" already")));
    };
    if quota != Quota::default() {
        market.service.limit(added.key, quota).await?;
    }
    let secret = market.accounts.ring().secret(&added.access_key);
    let mut json = Json::default();
    json.open().text("name", name).text("access_key_id", &added.access_key).text("secret_access_key", &secret).close();
    Ok(json.into_bytes())
}

/// Registers a HIT layout for a requester, the first one unless named.
async fn layout(market: &Market, members: &Map<String, Value>) -> Result<Bytes, Refused> {
    let (name, page) = (text(members, "name")?, text(members, "page")?);
    let height = match members.get("frame_height") {
        None => 0,
        Some(value) => value
            .as_u64()
            .and_then(|height| u32::try_from(height).ok())
            .ok_or_else(|| bad("\"frame_height\" must be a number of pixels"))?,
    };
    let wanted = members.get("requester").map(|_| text(members, "requester")).transpose()?;
    let requesters = market.service.requesters().await?;
    let found = requesters.iter().find(|requester| wanted.is_none_or(|name| name == requester.name));
    let who = found.ok_or_else(|| Refused(StatusCode::NOT_FOUND, "there is no such requester".into()))?;
    let added = market.service.add_layout(who.key, name, page, height).await?;
    Ok(serde_json::json!({"HITLayoutId": added.layout, "parameters": added.parameters}).to_string().into())
}

/// A quota; none when it is not given.
fn at_most(members: &Map<String, Value>, name: &str) -> Result<Option<u32>, Refused> {
    let Some(value) = members.get(name) else { return Ok(None) };
    let number = value.as_u64().and_then(|number| u32::try_from(number).ok()).filter(|number| *number > 0);
    number.map(Some).ok_or_else(|| bad(format!("\"{name}\" must be a whole number above 0")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn web_pages_and_other_hosts_are_kept_out() {
        let with = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, value.parse().unwrap());
            }
            foreign(&headers).is_none()
        };
        for host in ["127.0.0.1:80", "127.0.0.1", "localhost:7878", "LOCALHOST", "[::1]:80", "[::1]"] {
            assert!(with(&[("host", host)]), "{host}");
        }
        for host in ["", "example.org", "127.0.0.1.example.org", "10.0.0.1:80", "localhost.example.org:80"] {
            assert!(!with(&[("host", host)]), "{host}");
        }
        assert!(!with(&[("host", "localhost"), ("origin", "http://localhost")]));
        assert!(!with(&[("host", "localhost"), ("sec-fetch-site", "none")]));
    }
}
