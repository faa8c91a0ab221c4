//! What task pages load: our crowd elements, the helper script, the style of question forms.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::market::site::trouble::Trouble;
use crate::question::{crowd, render};

static CROWD: LazyLock<String> = LazyLock::new(crowd::script);

/// `GET /crowd/{file}`
pub async fn file(Path(file): Path<String>) -> Result<Response, Trouble> {
    let script = "text/javascript; charset=utf-8";
    let (kind, content): (_, &'static str) = match file.as_str() {
        "crowd-html-elements.js" => (script, CROWD.as_str()),
        "externalHIT_v1.js" => (script, include_str!("../../../../assets/site/crowd/externalHIT_v1.js")),
        "question.css" => ("text/css; charset=utf-8", render::STYLE),
        "task.css" => ("text/css; charset=utf-8", include_str!("../../../../assets/site/crowd/task.css")),
        "task.js" => (script, include_str!("../../../../assets/site/crowd/task.js")),
        _ => return Err(Trouble::Nowhere("There is no such file.")),
    };
    let mut response = content.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    // Frames without an origin load them too.
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    Ok(response)
}
