//! What a browser sees, and a monitor. The worker site comes here; for now a page that says what this is.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Html;

use super::Market;

const LANDING: &str = include_str!("landing.html");

/// `GET /`
pub async fn landing() -> Html<&'static str> {
    Html(LANDING)
}

/// `GET /healthz`: 200 when the data can be read and is up to date, else 503 and why not.
pub async fn health(State(market): State<Arc<Market>>) -> (StatusCode, String) {
    match market.service.key_check().await {
        Ok(_) => (StatusCode::OK, "ok\n".to_owned()),
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")),
    }
}
