//! Requests to queues, topics and web hooks.
//!
//! Queues and topics are spoken to in the query protocol (a form): Amazon's own services take it, and so does every local
//! stand-in, of which some know nothing newer.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use axum::body::Body;
use axum::http::{HeaderValue, Request, header};

use super::Keys;
use super::address::{Route, Speech};
use super::http::SendError;

/// What a request is signed with where the operator gave nothing: local stand-ins want a signature and do not check it.
const NOBODY: &str = "hitdeck";

/// The request that brings a document to the end of a route.
pub fn request(
    route: &Route,
    keys: Option<&Keys>,
    document: &str,
    now: SystemTime,
) -> Result<Request<Body>, SendError> {
    let (service, region, kind, text) = match &route.speech {
        Speech::Queue { queue, region } => {
            let form =
                [("Action", "SendMessage"), ("Version", "2012-11-05"), ("QueueUrl", queue), ("MessageBody", document)];
            (Some("sqs"), region.as_str(), "application/x-www-form-urlencoded; charset=utf-8", encode(&form))
        }
        Speech::Topic { arn, region } => {
            let form = [("Action", "Publish"), ("Version", "2010-03-31"), ("TopicArn", arn), ("Message", document)];
            (Some("sns"), region.as_str(), "application/x-www-form-urlencoded; charset=utf-8", encode(&form))
        }
        Speech::Plain { .. } => (None, "", "application/json", document.to_owned()),
    };
    let url = route.url.text();
    let mut request = Request::post(&route.url.path)
        .header(header::HOST, &route.url.authority)
        .header(header::CONTENT_TYPE, kind)
        .header(header::CONTENT_LENGTH, text.len())
        .header(header::USER_AGENT, concat!("hitdeck/", env!("CARGO_PKG_VERSION")))
        .body(Body::empty())
        .map_err(|error| SendError::Request(error.to_string()))?;
    if let Speech::Plain { destination: Some(destination) } = &route.speech
        && let Ok(value) = HeaderValue::from_str(destination)
    {
        request.headers_mut().insert("x-mturk-destination", value);
    }
    if let Some(service) = service {
        let signed = |error: &dyn std::fmt::Display| SendError::Request(format!("it cannot be signed: {error}"));
        let credentials = match keys {
            Some(Keys { access_key, secret, session }) => {
                Credentials::new(access_key, secret, session.clone(), None, "environment")
            }
            None => Credentials::new(NOBODY, NOBODY, None, None, "none"),
        };
        let identity = credentials.into();
        let parameters = SigningParams::builder()
            .identity(&identity)
            .region(region)
            .name(service)
            .time(now)
            .settings(SigningSettings::default())
            .build()
            .map_err(|error| signed(&error))?
            .into();
        let headers = [("content-type", kind), ("host", &route.url.authority)];
        let signable = SignableRequest::new("POST", &url, headers.into_iter(), SignableBody::Bytes(text.as_bytes()))
            .map_err(|error| signed(&error))?;
        let (instructions, _) = sign(signable, &parameters).map_err(|error| signed(&error))?.into_parts();
        instructions.apply_to_request_http1x(&mut request);
    }
    Ok(request.map(|_| Body::from(text)))
}

fn encode(form: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(form.iter().map(|(_, value)| value.len() * 2 + 20).sum());
    for (name, value) in form {
        if !text.is_empty() {
            text.push('&');
        }
        text.push_str(name);
        text.push('=');
        for byte in value.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => text.push(char::from(byte)),
                other => text.push_str(&format!("%{other:02X}")),
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_encoded_byte_by_byte() {
        assert_eq!(encode(&[("A", "b c&d=\u{e4}"), ("E", "~-._")]), "A=b%20c%26d%3D%C3%A4&E=~-._");
    }
}
