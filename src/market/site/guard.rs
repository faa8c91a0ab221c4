//! What every request of the site passes: limits, headers, the access log.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::page::{PERMISSIONS, WITHOUT_DEVICES};
use super::trouble::Trouble;
use crate::market::Market;
use crate::market::access_log::Told;
use crate::market::connection::Caller;
use crate::market::id::request_id;

/// What every answer has that does not say otherwise. `same-origin` and not `no-referrer`: with that browsers would not say which
/// site a form comes from.
const HEADERS: [(HeaderName, HeaderValue); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (PERMISSIONS, WITHOUT_DEVICES),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    ),
];

/// Lets a request through to its page.
pub async fn guard(State(market): State<Arc<Market>>, request: Request, next: Next) -> Response {
    let caller = request.extensions().get::<Caller>().cloned();
    let path = request.extensions().get::<MatchedPath>().map_or("unknown", MatchedPath::as_str);
    // The path as it is routed: what stands in its places may be a secret.
    let operation = format!("{} {path}", request.method());
    let is_admitted = caller.as_ref().is_none_or(|from| market.site.rates.admit_address(from.address, Instant::now()));
    let mut response = if is_admitted { next.run(request).await } else { Trouble::TooMuch(1).into_response() };
    protect(response.headers_mut(), caller.is_some_and(|caller| caller.is_secure));
    response.extensions_mut().insert(Told { request_id: request_id(), operation, ..Told::default() });
    response
}

/// Keeps what is no page of the site, as the API's answers are, out of frames: nothing but a requester's page stands in one.
pub async fn unframed(mut response: Response) -> Response {
    let headers = response.headers_mut();
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        let [nosniff, .., policy] = HEADERS;
        for (name, value) in [nosniff, policy, (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"))] {
            headers.entry(name).or_insert(value);
        }
    }
    response
}

/// Adds the headers that an answer does not say otherwise.
pub fn protect(headers: &mut HeaderMap, is_secure: bool) {
    let policy = headers.get(header::CONTENT_SECURITY_POLICY);
    if policy.is_none() || is_unframed(policy) {
        headers.entry(header::X_FRAME_OPTIONS).or_insert(HeaderValue::from_static("DENY"));
    }
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(value);
    }
    if is_secure {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(year);
    }
}

fn is_unframed(policy: Option<&HeaderValue>) -> bool {
    policy.and_then(|policy| policy.to_str().ok()).is_some_and(|policy| policy.contains("frame-ancestors 'none'"))
}
