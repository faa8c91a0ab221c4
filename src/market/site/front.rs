//! What everybody sees: the landing page, the privacy notice, whether the market is well.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use minijinja::context;

use super::guard::protect;
use super::session::Visitor;
use super::trouble::Trouble;
use crate::market::{Market, api};

/// `GET /`
pub async fn landing(State(market): State<Arc<Market>>, visitor: Visitor) -> Response {
    visitor.page(&market, "landing.html", context! {})
}

/// `GET /privacy`
pub async fn privacy(State(market): State<Arc<Market>>, visitor: Visitor) -> Response {
    let options = &market.site.options;
    visitor.page(&market, "privacy.html", context! { notice => &options.notice, retention => options.retention })
}

/// `GET /healthz`: 200 when the data can be read and is up to date, else 503 and why not.
pub async fn health(State(market): State<Arc<Market>>) -> (StatusCode, String) {
    match market.service.key_check().await {
        Ok(_) => (StatusCode::OK, "ok\n".to_owned()),
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")),
    }
}

/// Any other path: a page for people, and what the API says for programs.
pub async fn nowhere(state: State<Arc<Market>>, method: Method, headers: HeaderMap) -> Response {
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if method == Method::GET && accepts.contains("text/html") {
        let mut page = Trouble::Nowhere("There is no page at this address.").into_response();
        // What no path leads to passes no guard.
        protect(page.headers_mut(), false);
        return page;
    }
    api::nowhere(state).await
}
