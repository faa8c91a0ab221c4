//! The requester API: `POST /` with `X-Amz-Target`, AWS JSON 1.1, Signature Version 4.

mod buffers;
mod error;
mod input;
mod kept;
mod ops;
mod page;
mod qualification;
mod sigv4;
mod wire;

use std::sync::Arc;
use std::time::SystemTime;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::Value;

pub use error::Fault;
pub use kept::Pages;
pub use page::Paged;
pub use wire::requirements as requirements_json;

use super::Market;
use super::faults::Fate;
use super::id::request_id;

const TARGET: &str = "MTurkRequesterServiceV20170117.";
const CONTENT_TYPE: HeaderValue = HeaderValue::from_static("application/x-amz-json-1.1");
/// The largest body: a question may double in size when it is written as JSON, and more than one text may be large.
const MAX_BODY: usize = 1 << 20;

/// Marks a response that must not be sent: the connection is cut in its place.
#[derive(Debug, Clone, Copy)]
pub struct Cut;

/// Answers one request.
pub async fn answer(State(market): State<Arc<Market>>, request: Request) -> Response {
    let target = request.headers().get("x-amz-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let operation = target.strip_prefix(TARGET).unwrap_or_default().to_owned();
    let id = request_id();
    let fate = market.faults.draw();
    if let Some(delay) = market.faults.delay() {
        tokio::time::sleep(delay).await;
    }
    let result = match fate {
        Fate::ResetBefore => {
            market.tally.count(&operation, "reset_before");
            return cut();
        }
        Fate::Throttled => Err(Fault::Throttled),
        Fate::Error500 => Err(Fault::Injected),
        Fate::Answered | Fate::ResetAfter => serve(&market, &operation, request, &id).await,
    };
    let outcome = match &result {
        _ if fate == Fate::ResetAfter => "reset_after",
        Ok(_) => "ok",
        Err(fault) => fault.code(),
    };
    market.tally.count(&operation, outcome);
    if fate == Fate::ResetAfter {
        return cut();
    }
    match result {
        Ok(body) => respond(StatusCode::OK, body, &id),
        Err(fault) => respond(fault.status(), fault.body(market.service.clock().now()), &id),
    }
}

async fn serve(market: &Market, operation: &str, request: Request, id: &str) -> Result<Bytes, Fault> {
    let (parts, body) = request.into_parts();
    let body: Bytes = axum::body::to_bytes(body, MAX_BODY).await.map_err(|_| Fault::TooLarge)?;
    if !ops::is_known(operation) {
        return Err(Fault::FrontDoor("UnknownOperationException", "This market does not know that operation.".into()));
    }
    let who = sigv4::verify(&market.accounts, &parts.uri, &parts.headers, &body, SystemTime::now()).await?;
    let value = match serde_json::from_slice(&body) {
        Ok(Value::Object(members)) => members,
        Ok(_) => return Err(Fault::Malformed("The body must be a JSON object.".into())),
        Err(error) => return Err(Fault::Malformed(format!("The body is not JSON: {error}"))),
    };
    ops::call(market, who, operation, &value, id).await
}

fn respond(status: StatusCode, body: Bytes, id: &str) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, CONTENT_TYPE);
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert("x-amzn-requestid", id);
    }
    response
}

fn cut() -> Response {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(Cut);
    response
}
