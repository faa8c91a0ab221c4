//! What a browser sees. The worker site comes here; for now a page that says what this is.

use axum::response::Html;

const LANDING: &str = include_str!("landing.html");

/// `GET /`
pub async fn landing() -> Html<&'static str> {
    Html(LANDING)
}
