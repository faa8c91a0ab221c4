//! The requester API: `POST /` with `X-Amz-Target`, AWS JSON 1.1, Signature Version 4.

mod body;
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
use std::time::{Instant, SystemTime};

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::Value;

pub use body::Bodies;
pub use error::Fault;
pub use kept::Pages;
pub use page::Paged;
pub use wire::requirements as requirements_json;

use super::Market;
use super::access_log::Told;
use super::connection::Caller;
use super::faults::Fate;
use super::id::request_id;
use super::storage::StorageError;

const TARGET: &str = "MTurkRequesterServiceV20170117.";
const CONTENT_TYPE: HeaderValue = HeaderValue::from_static("application/x-amz-json-1.1");

/// Marks a response that must not be sent: the connection is cut in its place.
#[derive(Debug, Clone, Copy)]
pub struct Cut;

/// Answers one request.
pub async fn answer(State(market): State<Arc<Market>>, request: Request) -> Response {
    // On a task of its own: what was begun is finished and counted also when the client has gone.
    let finished = tokio::spawn(finish(Arc::clone(&market), request)).await;
    finished.unwrap_or_else(|_| {
        // The market is stopping, or the operation panicked.
        let fault = Fault::Failed(StorageError::Stopped);
        let told = Told { request_id: request_id(), error: Some(fault.code()), ..Told::default() };
        respond(fault.status(), fault.body(market.service.clock().now()), told)
    })
}

async fn finish(market: Arc<Market>, request: Request) -> Response {
    let target = request.headers().get("x-amz-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let operation = target.strip_prefix(TARGET).unwrap_or_default().to_owned();
    let mut told = Told { request_id: request_id(), ..Told::default() };
    let fate = market.faults.draw();
    if let Some(delay) = market.faults.delay() {
        tokio::time::sleep(delay).await;
    }
    let result = match fate {
        Fate::ResetBefore => {
            market.tally.count(&operation, "reset_before");
            return cut(told);
        }
        Fate::Throttled => Err(Fault::Throttled),
        Fate::Error500 => Err(Fault::Injected),
        Fate::Answered | Fate::ResetAfter => serve(&market, &operation, request, &mut told).await,
    };
    let outcome = match &result {
        _ if fate == Fate::ResetAfter => "reset_after",
        Ok(_) => "ok",
        Err(fault) => fault.code(),
    };
    market.tally.count(&operation, outcome);
    told.operation = if ops::is_known(&operation) { operation } else { "unknown".into() };
    if fate == Fate::ResetAfter {
        return cut(told);
    }
    match result {
        Ok(body) => respond(StatusCode::OK, body, told),
        Err(fault) => {
            told.error = Some(fault.code());
            respond(fault.status(), fault.body(market.service.clock().now()), told)
        }
    }
}

/// Refuses what is asked for where nothing is.
pub async fn nowhere(State(market): State<Arc<Market>>) -> Response {
    refuse(&market, StatusCode::NOT_FOUND, "There is nothing at this path: the API is POST / with X-Amz-Target.")
}

/// Refuses a method that means nothing there.
pub async fn no_method(State(market): State<Arc<Market>>) -> Response {
    refuse(&market, StatusCode::METHOD_NOT_ALLOWED, "This method means nothing at this path: the API is POST /.")
}

fn refuse(market: &Market, status: StatusCode, words: &str) -> Response {
    let fault = Fault::FrontDoor("UnknownOperationException", words.into());
    let told =
        Told { request_id: request_id(), operation: "unknown".into(), error: Some(fault.code()), ..Told::default() };
    respond(status, fault.body(market.service.clock().now()), told)
}

async fn serve(market: &Market, operation: &str, request: Request, told: &mut Told) -> Result<Bytes, Fault> {
    let (parts, body) = request.into_parts();
    let body = market.bodies.read(body).await?;
    told.received = body.bytes.len();
    if !ops::is_known(operation) {
        return Err(Fault::FrontDoor("UnknownOperationException", "This market does not know that operation.".into()));
    }
    told.access_key = sigv4::claimed(&parts.headers);
    let host = parts.extensions.get::<Caller>().and_then(|caller| caller.host.as_ref());
    let signed = sigv4::Signed { uri: &parts.uri, headers: &parts.headers, host, body: &body.bytes };
    let licence = sigv4::verify(&market.accounts, &signed, SystemTime::now()).await?;
    if !market.accounts.admit(licence, Instant::now()) {
        return Err(Fault::Throttled);
    }
    let value = match serde_json::from_slice(&body.bytes) {
        Ok(Value::Object(members)) => members,
        Ok(_) => return Err(Fault::Malformed("The body must be a JSON object.".into())),
        Err(error) => return Err(Fault::Malformed(format!("The body is not JSON: {error}"))),
    };
    ops::call(market, licence.requester, operation, &value, &told.request_id).await
}

fn respond(status: StatusCode, body: Bytes, told: Told) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, CONTENT_TYPE);
    if let Ok(id) = HeaderValue::from_str(&told.request_id) {
        headers.insert("x-amzn-requestid", id);
    }
    response.extensions_mut().insert(told);
    response
}

fn cut(told: Told) -> Response {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(told);
    response.extensions_mut().insert(Cut);
    response
}
