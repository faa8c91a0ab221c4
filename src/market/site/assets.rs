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

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    /// The colours that a block of the sheet names.
    fn colours(block: &str) -> HashMap<&str, [f64; 3]> {
        let named = |line: &'static str| {
            let (name, value) = line.trim().strip_prefix("--")?.split_once(": #")?;
            let digits = value.strip_suffix(';')?;
            let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok().map(f64::from);
            Some((name, [part(0)?, part(2)?, part(4)?]))
        };
        let at = ASSETS[0].content.find(block).unwrap();
        ASSETS[0].content[at..].lines().skip(1).take_while(|line| line.trim() != "}").filter_map(named).collect()
    }

    /// As the Web Content Accessibility Guidelines reckon it.
    fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
        let light = |colour: [f64; 3]| {
            let [r, g, b] = colour.map(|part| {
                let part = part / 255.0;
                if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
            });
            0.2126 * r + 0.7152 * g + 0.0722 * b
        };
        let (one, other) = (light(one), light(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn every_text_can_be_read_on_every_ground_it_stands_on() {
        let grounds = ["ground", "sheet", "sunk"];
        let mut pairs: Vec<(&str, &str, f64)> = Vec::new();
        for ground in grounds {
            pairs.extend(["ink", "quiet", "main", "bad", "good", "warn"].map(|ink| (ink, ground, 4.5)));
            pairs.push(("focus", ground, 3.0));
        }
        for (soft, own) in [("good-soft", "good"), ("bad-soft", "bad"), ("warn-soft", "warn"), ("main-soft", "main")] {
            pairs.extend([("ink", soft, 4.5), (own, soft, 4.5)]);
        }
        pairs.extend([("main-ink", "main", 4.5), ("strong-line", "sheet", 3.0), ("strong-line", "ground", 3.0)]);
        for (look, block) in [("light", ":root {\n  color-scheme"), ("dark", "  :root {\n    --ground")] {
            let colours = colours(block);
            assert_eq!(colours.len(), 17, "{look}: {colours:?}");
            for (ink, ground, least) in &pairs {
                let found = contrast(colours[ink], colours[ground]);
                assert!(found >= *least, "{look}: {ink} on {ground} has {found:.2}, and needs {least}");
            }
        }
    }
}
