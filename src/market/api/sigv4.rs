//! Signature Version 4, verified: the canonical request is built again from what was received, signed with the requester's key,
//! and compared in constant time. The Host header is whatever the client signed.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_sigv4::sign::v4::calculate_signature;
use axum::http::{HeaderMap, HeaderValue, Uri};
use sha2::{Digest, Sha256};

use super::error::Fault;
use crate::market::accounts::{Accounts, REGION, SIGNING_NAME};
use crate::market::storage::Licence;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const SKEW: i64 = 15 * 60;
/// What must be under the signature, so that nothing that matters can be changed on the way.
const MUST_SIGN: [&str; 3] = ["host", "x-amz-date", "x-amz-target"];

/// An `Authorization` header, taken apart.
#[derive(Debug, PartialEq, Eq)]
struct Authorization<'h> {
    access_key: &'h str,
    day: &'h str,
    region: &'h str,
    service: &'h str,
    signed: &'h str,
    signature: &'h str,
}

fn parse(header: &str) -> Option<Authorization<'_>> {
    let rest = header.strip_prefix(ALGORITHM)?.trim_start();
    let (mut credential, mut signed, mut signature) = (None, None, None);
    for part in rest.split(',') {
        let (name, value) = part.trim().split_once('=')?;
        match name {
            "Credential" => credential = Some(value),
            "SignedHeaders" => signed = Some(value),
            "Signature" => signature = Some(value),
            _ => return None,
        }
    }
    let mut scope = credential?.rsplitn(5, '/');
    let (end, service, region, day, access_key) =
        (scope.next()?, scope.next()?, scope.next()?, scope.next()?, scope.next()?);
    if end != "aws4_request" {
        return None;
    }
    Some(Authorization { access_key, day, region, service, signed: signed?, signature: signature? })
}

/// The access key that a request claims to be signed with, if it looks like one.
pub fn claimed(headers: &HeaderMap) -> Option<String> {
    let key = parse(headers.get("authorization")?.to_str().ok()?)?.access_key;
    let fine = (1..=128).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_alphanumeric());
    fine.then(|| key.to_owned())
}

/// What is signed of a request of `POST`.
pub struct Signed<'r> {
    /// Path and query.
    pub uri: &'r Uri,
    /// The headers, as they arrived.
    pub headers: &'r HeaderMap,
    /// The host that the client asked for, where a proxy says that it has put another one into the Host header.
    pub host: Option<&'r HeaderValue>,
    /// The body.
    pub body: &'r [u8],
}

/// Who signed a request, or why it is nobody's. `now` is wall time.
pub async fn verify(accounts: &Accounts, request: &Signed<'_>, now: SystemTime) -> Result<Licence, Fault> {
    let headers = request.headers;
    let Some(header) = headers.get("authorization") else {
        return Err(Fault::FrontDoor("MissingAuthenticationTokenException", "Missing Authentication Token".into()));
    };
    let authorization = header.to_str().ok().and_then(parse).ok_or_else(|| {
        let expected = format!(
            "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters of {ALGORITHM}."
        );
        Fault::FrontDoor("IncompleteSignatureException", expected)
    })?;
    if (authorization.region, authorization.service) != (REGION, SIGNING_NAME) {
        return Err(invalid(format!(
            "Credential should be scoped to region '{REGION}' and service '{SIGNING_NAME}', not '{}' and '{}'.",
            authorization.region, authorization.service
        )));
    }
    let date = headers.get("x-amz-date").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Some(signed_at) = parse_date(date) else {
        return Err(Fault::FrontDoor(
            "IncompleteSignatureException",
            format!("X-Amz-Date must be a date such as 20261122T140300Z, not '{date}'."),
        ));
    };
    if !date.starts_with(authorization.day) || authorization.day.len() != 8 {
        return Err(invalid("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date.".into()));
    }
    for name in MUST_SIGN {
        if !authorization.signed.split(';').any(|signed| signed == name) {
            return Err(invalid(format!("'{name}' must be a 'SignedHeader' in the AWS Authorization.")));
        }
    }
    let wall = now.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs() as i64;
    if (wall - signed_at).abs() > SKEW {
        let (state, than) = if signed_at < wall { ("expired", "earlier") } else { ("not yet current", "later") };
        return Err(invalid(format!(
            "Signature {state}: {date} is now {than} than 15 minutes from the market's wall clock."
        )));
    }
    let Some((licence, signer)) = accounts.signer(authorization.access_key).await? else {
        return Err(Fault::FrontDoor(
            "UnrecognizedClientException",
            "The security token included in the request is invalid.".into(),
        ));
    };
    let canonical = canonical_request(request, authorization.signed);
    let scope = format!("{}/{REGION}/{SIGNING_NAME}/aws4_request", authorization.day);
    let to_sign = format!("{ALGORITHM}\n{date}\n{scope}\n{}", hash(canonical.as_bytes()));
    let key = signer.signing_key(authorization.day, UNIX_EPOCH + Duration::from_secs(signed_at.max(0) as u64));
    let expected = calculate_signature(key, to_sign.as_bytes());
    if !equal(expected.as_bytes(), authorization.signature.as_bytes()) {
        return Err(invalid(
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.".into(),
        ));
    }
    Ok(licence)
}

fn invalid(message: String) -> Fault {
    Fault::FrontDoor("InvalidSignatureException", message)
}

/// Seconds since the epoch of `20261122T140300Z`.
fn parse_date(text: &str) -> Option<i64> {
    if text.len() != 16 || !text.is_ascii() {
        return None;
    }
    let zoneless = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", text).ok()?;
    Some(zoneless.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second())
}

fn canonical_request(request: &Signed<'_>, signed: &str) -> String {
    let Signed { uri, headers, host, body } = request;
    let mut text = String::with_capacity(512);
    text.push_str("POST\n");
    text.push_str(uri.path());
    text.push('\n');
    let mut query: Vec<&str> = uri.query().unwrap_or_default().split('&').collect();
    query.sort_unstable();
    text.push_str(&query.join("&"));
    text.push('\n');
    for name in signed.split(';') {
        text.push_str(name);
        text.push(':');
        let forwarded = host.filter(|_| name == "host");
        let received = headers.get_all(name).iter().filter(|_| forwarded.is_none());
        for (number, value) in forwarded.into_iter().chain(received).enumerate() {
            if number > 0 {
                text.push(',');
            }
            let value = String::from_utf8_lossy(value.as_bytes());
            for (number, word) in value.split_ascii_whitespace().enumerate() {
                if number > 0 {
                    text.push(' ');
                }
                text.push_str(word);
            }
        }
        text.push('\n');
    }
    text.push('\n');
    text.push_str(signed);
    text.push('\n');
    text.push_str(&hash(body));
    text
}

fn hash(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// Compares in a time that does not depend on where the two differ.
fn equal(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |difference, (x, y)| difference | (x ^ y)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_an_authorization_apart() {
        let header = "AWS4-HMAC-SHA256 Credential=AK/20261122/us-east-1/mturk-requester/aws4_request, SignedHeaders=host;x-amz-date, Signature=ab";
        let parsed = parse(header).unwrap();
        assert_eq!((parsed.access_key, parsed.day, parsed.region), ("AK", "20261122", "us-east-1"));
        assert_eq!((parsed.service, parsed.signed, parsed.signature), ("mturk-requester", "host;x-amz-date", "ab"));
        for wrong in [
            "",
            "Basic abc",
            "AWS4-HMAC-SHA256 Credential=AK",
            "AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=h, Signature=s",
        ] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn reads_the_date_of_a_signature() {
        assert_eq!(parse_date("20190520T230824Z"), Some(1_558_393_704));
        for wrong in ["", "2019-05-20T23:08:24Z", "20190520T230824", "20191320T230824Z"] {
            assert_eq!(parse_date(wrong), None, "{wrong}");
        }
    }

    /// The example of the Signature Version 4 test suite, `post-header-value-trim` with an empty body.
    #[test]
    fn the_canonical_request_has_trimmed_headers_in_the_signed_order() {
        let mut headers = HeaderMap::new();
        headers.insert("host", "example.amazonaws.com".parse().unwrap());
        headers.append("my-header1", " value1 ".parse().unwrap());
        headers.append("my-header1", "\"a   b   c\"".parse().unwrap());
        let uri = Uri::from_static("/");
        let mut request = Signed { uri: &uri, headers: &headers, host: None, body: b"" };
        let text = canonical_request(&request, "host;my-header1");
        assert_eq!(
            text,
            "POST\n/\n\nhost:example.amazonaws.com\nmy-header1:value1,\"a b c\"\n\nhost;my-header1\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        let forwarded = HeaderValue::from_static("market.example.org");
        request.host = Some(&forwarded);
        assert_eq!(
            canonical_request(&request, "host;my-header1"),
            text.replace("host:example.amazonaws.com", "host:market.example.org")
        );
    }

    #[test]
    fn comparison_is_exact() {
        assert!(equal(b"abc", b"abc"));
        assert!(!equal(b"abc", b"abd") && !equal(b"abc", b"ab") && !equal(b"", b"a"));
    }
}
