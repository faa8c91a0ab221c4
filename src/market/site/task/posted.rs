//! What task pages post: any form, in any encoding, by any method.

use std::collections::HashMap;

use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{HeaderMap, StatusCode, header};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};

use crate::market::site::trouble::Trouble;

/// The largest form, in bytes: the largest answer, each of its characters escaped.
const MAX_BODY: usize = 16 << 20;
/// More fields than a form of anybody's has.
const MAX_FIELDS: usize = 20_000;
/// The field in which a browser says how it wrote the others.
const CHARSET: &str = "_charset_";

/// Names and values as bytes: nobody has said yet what they are.
type Raw = Vec<(Vec<u8>, Vec<u8>)>;

/// Reads what was posted, or stands in the query, in its order. A name may come more than once.
pub async fn read(request: Request) -> Result<Vec<(String, String)>, Trouble> {
    let (parts, body) = request.into_parts();
    let mut raw = urlencoded(parts.uri.query().unwrap_or_default().as_bytes());
    let (kind, charset) = kind(&parts.headers);
    let body = axum::body::to_bytes(body, MAX_BODY).await;
    let body = body.map_err(|_| Trouble::Refused(StatusCode::PAYLOAD_TOO_LARGE, "This is too long.".into()))?;
    raw.extend(match kind.as_str() {
        "multipart/form-data" => multipart(Request::from_parts(parts, Body::from(body))).await?,
        "text/plain" => plain(&body),
        _ => urlencoded(&body),
    });
    if raw.len() > MAX_FIELDS {
        return Err(Trouble::Refused(StatusCode::PAYLOAD_TOO_LARGE, "This form has too many fields.".into()));
    }
    Ok(decoded(raw, charset.as_deref()))
}

/// The type of the body, in lower case, and the encoding that stands with it.
fn kind(headers: &HeaderMap) -> (String, Option<String>) {
    let text = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = text.split(';');
    let kind = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    let charset = parts.find_map(|part| {
        let (name, value) = part.trim().split_once('=')?;
        name.eq_ignore_ascii_case("charset").then(|| value.trim_matches('"').to_owned())
    });
    (kind, charset)
}

fn urlencoded(text: &[u8]) -> Raw {
    let bytes = |text: &[u8]| {
        let spaced: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
        percent_encoding::percent_decode(&spaced).collect::<Vec<u8>>()
    };
    let pairs = text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| match pair.iter().position(|byte| *byte == b'=') {
            Some(at) => (bytes(&pair[..at]), bytes(&pair[at + 1..])),
            None => (bytes(pair), Vec::new()),
        })
        .collect()
}

/// `enctype="text/plain"`: a field a line.
fn plain(text: &[u8]) -> Raw {
    let lines = text.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    lines
        .filter(|line| !line.is_empty())
        .map(|line| match line.iter().position(|byte| *byte == b'=') {
            Some(at) => (line[..at].to_vec(), line[at + 1..].to_vec()),
            None => (line.to_vec(), Vec::new()),
        })
        .collect()
}

/// Of a file only its name is taken, as in a form that is not sent in parts.
async fn multipart(request: Request) -> Result<Raw, Trouble> {
    let broken = |_| Trouble::bad("This form is damaged.");
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| Trouble::bad("This form is damaged."))?;
    let mut raw = Raw::new();
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let name = part.name().unwrap_or_default().as_bytes().to_vec();
        let file = part.file_name().map(|name| name.as_bytes().to_vec());
        let value = part.bytes().await.map_err(broken)?;
        raw.push((name, file.unwrap_or_else(|| value.to_vec())));
        if raw.len() > MAX_FIELDS {
            break;
        }
    }
    Ok(raw)
}

/// Texts, in the encoding that is said, else in UTF-8 if they are, else in the one that fits best.
fn decoded(raw: Raw, charset: Option<&str>) -> Vec<(String, String)> {
    let named = raw.iter().find(|(name, value)| name == CHARSET.as_bytes() && !value.is_empty());
    let named = named.and_then(|(_, value)| Encoding::for_label(value));
    let said = named.or_else(|| Encoding::for_label(charset?.as_bytes()));
    let is_utf8 =
        raw.iter().all(|(name, value)| std::str::from_utf8(name).is_ok() && std::str::from_utf8(value).is_ok());
    let encoding = match said {
        Some(said) => said,
        None if is_utf8 => UTF_8,
        None => guessed(&raw),
    };
    let text = |bytes: &[u8]| encoding.decode_without_bom_handling(bytes).0.into_owned();
    raw.iter().filter(|(name, _)| name != CHARSET.as_bytes()).map(|(name, value)| (text(name), text(value))).collect()
}

fn guessed(raw: &Raw) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    for (name, value) in raw {
        detector.feed(name, false);
        detector.feed(b" ", false);
        detector.feed(value, false);
        detector.feed(b"\n", false);
    }
    detector.feed(b"", true);
    detector.guess(None, Utf8Detection::Allow)
}

/// Fields as they are kept: those of one name are joined with `|`, at the place of the first.
pub fn joined(fields: Vec<(String, String)>) -> Vec<(String, String)> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut kept: Vec<(String, String)> = Vec::new();
    for (name, value) in fields {
        match places.get(&name) {
            Some(at) => {
                kept[*at].1.push('|');
                kept[*at].1.push_str(&value);
            }
            None => {
                places.insert(name.clone(), kept.len());
                kept.push((name, value));
            }
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    async fn posted(kind: &str, query: &str, body: impl Into<Body>) -> Vec<(String, String)> {
        let request = Request::builder().method("POST").uri(format!("/x?{query}")).header("content-type", kind);
        read(request.body(body.into()).unwrap()).await.unwrap()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    const FORM: &str = "application/x-www-form-urlencoded";

    #[tokio::test]
    async fn forms_of_every_kind_are_read_in_their_order() {
        let found = posted(FORM, "z=1&a=%2B", "b=1+2&a=%C3%A9%0D%0A&b&=x&").await;
        assert_eq!(found, pairs(&[("z", "1"), ("a", "+"), ("b", "1 2"), ("a", "é\r\n"), ("b", ""), ("", "x")]));
        let found = posted("text/plain", "", "a=1=2\r\nb=\r\n").await;
        assert_eq!(found, pairs(&[("a", "1=2"), ("b", "")]));
        let body = "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nline 1\r\nline 2\r\n--X\r\n\
                    Content-Disposition: form-data; name=\"f\"; filename=\"cat.png\"\r\nContent-Type: image/png\r\n\r\nPNG\r\n\
                    --X--\r\n";
        let found = posted("multipart/form-data; boundary=X", "", body).await;
        assert_eq!(found, pairs(&[("a", "line 1\r\nline 2"), ("f", "cat.png")]));
        assert_eq!(posted("", "q=1", "").await, pairs(&[("q", "1")]), "GET has a query only");
    }

    #[tokio::test]
    async fn forms_in_every_encoding_are_read() {
        // As it is said with the form, or in it.
        assert_eq!(posted(&format!("{FORM}; charset=windows-1251"), "", "a=%CF%F0").await, pairs(&[("a", "Пр")]));
        assert_eq!(posted(FORM, "", "_charset_=Shift_JIS&a=%93%FA%96%7B").await, pairs(&[("a", "日本")]));
        // As it can be guessed.
        assert_eq!(posted(FORM, "", "a=caf%E9+cr%E8me").await, pairs(&[("a", "café crème")]));
        let japanese = "%82%B1%82%CC%95%B6%8F%CD%82%CD%93%FA%96%7B%8C%EA%82%C5%82%B7";
        assert_eq!(posted(FORM, "", format!("a={japanese}")).await, pairs(&[("a", "この文章は日本語です")]));
        assert_eq!(posted(FORM, "", "a=%F0%9F%98%80%D8%B9").await, pairs(&[("a", "😀ع")]));
    }

    #[tokio::test]
    async fn what_is_too_long_or_damaged_is_refused() {
        let long = "a=".to_owned() + &"x".repeat(1 << 20);
        assert_eq!(posted(FORM, "", long).await[0].1.len(), 1 << 20, "a megabyte of text is none too long");
        let refuse = async |kind: &str, body: String| {
            let request = Request::builder().uri("/x").header("content-type", kind).body(Body::from(body)).unwrap();
            read(request).await.unwrap_err();
        };
        refuse(FORM, "x".repeat(MAX_BODY + 1)).await;
        refuse(FORM, "a&".repeat(MAX_FIELDS + 1)).await;
        refuse("multipart/form-data; boundary=X", "--X\r\nContent-Disp".into()).await;
        refuse("multipart/form-data", "--X--".into()).await;
    }

    #[test]
    fn repeated_names_are_joined_at_the_first_ones_place() {
        let fields = pairs(&[("a", "1"), ("b", "x"), ("a", "2"), ("a", "")]);
        assert_eq!(joined(fields), pairs(&[("a", "1|2|"), ("b", "x")]));
    }

    proptest! {
        #[test]
        fn what_a_browser_writes_is_read(fields in prop::collection::vec((any::<String>(), any::<String>()), 0..6)) {
            let fields: Vec<_> = fields.into_iter().filter(|(name, _)| name != CHARSET).collect();
            let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
            prop_assert_eq!(decoded(urlencoded(body.as_bytes()), None), fields);
        }
    }
}
