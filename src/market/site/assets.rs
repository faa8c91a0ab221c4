//! The style sheet and the script. Their addresses hold a part of their hash, so that browsers keep them for good.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::trouble::Trouble;

struct Asset {
    name: &'static str,
    kind: &'static str,
    content: &'static str,
}

const ASSETS: [Asset; 3] = [
    Asset { name: "site.css", kind: "text/css; charset=utf-8", content: include_str!("../../../assets/site/site.css") },
    Asset {
        name: "site.js",
        kind: "text/javascript; charset=utf-8",
        content: include_str!("../../../assets/site/site.js"),
    },
    Asset { name: "icon.svg", kind: "image/svg+xml", content: include_str!("../../../assets/site/icon.svg") },
];

/// The names under which they are served.
static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let name = |asset: &Asset| {
        let digest = Sha256::digest(asset.content.as_bytes());
        let digits: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        format!("{digits}-{}", asset.name)
    };
    ASSETS.iter().map(name).collect()
});

/// The path of a file.
pub fn path(name: &str) -> String {
    let at = ASSETS.iter().position(|asset| asset.name == name);
    at.and_then(|at| NAMES.get(at)).map_or_else(String::new, |name| format!("/site/{name}"))
}

/// `GET /site/{file}`
pub async fn file(Path(file): Path<String>) -> Result<Response, Trouble> {
    let at = NAMES.iter().position(|name| *name == file);
    let asset = at.map(|at| &ASSETS[at]).ok_or(Trouble::Nowhere("There is no such file."))?;
    let mut response = asset.content.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    Ok(response)
}
