//! Forms that change something. They are taken only from a page of this site: its own secret must be in them, and where the browser
//! says which site a form came from, it must be this one.

use std::sync::Arc;

use axum::extract::{FromRequest, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};

use super::session::{Session, Visitor, expected};
use super::trouble::Trouble;
use crate::market::Market;
use crate::market::connection::Caller;
use crate::market::secret::is_same;

/// The largest form of the site's own pages, in bytes.
const MAX_FORM: usize = 64 << 10;
/// The field with the secret.
const CSRF: &str = "csrf";

/// The fields of a form, in order; a name may come more than once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads a query or the body of a form.
    pub fn parse(bytes: &[u8]) -> Fields {
        Fields(form_urlencoded::parse(bytes).into_owned().collect())
    }

    /// The first value of a name; the empty text when it is not there.
    pub fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// All names and values, in order.
    pub fn into_pairs(self) -> Vec<(String, String)> {
        self.0
    }

    /// Whether a box of this name was ticked.
    pub fn is_ticked(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }
}

/// A form that a worker sent who is signed in.
#[derive(Debug)]
pub struct SignedForm {
    /// Who.
    pub session: Session,
    /// What.
    pub fields: Fields,
}

impl FromRequest<Arc<Market>> for SignedForm {
    type Rejection = Trouble;

    async fn from_request(request: Request, market: &Arc<Market>) -> Result<SignedForm, Trouble> {
        signed_up_to(MAX_FORM, request, market).await
    }
}

/// A form of at most so many bytes that a worker sent who is signed in.
pub async fn signed_up_to(bytes: usize, request: Request, market: &Arc<Market>) -> Result<SignedForm, Trouble> {
    let (parts, fields) = read(request, bytes).await?;
    let session = Session::find(market, &parts).await?.ok_or(Trouble::SignIn(None))?;
    check(Some(&session), &parts, &fields)?;
    Ok(SignedForm { session, fields })
}

/// A form that anybody may send, from a page of this site.
#[derive(Debug)]
pub struct VisitorForm {
    /// Who.
    pub visitor: Visitor,
    /// From where.
    pub parts: Parts,
    /// What.
    pub fields: Fields,
}

impl FromRequest<Arc<Market>> for VisitorForm {
    type Rejection = Trouble;

    async fn from_request(request: Request, market: &Arc<Market>) -> Result<VisitorForm, Trouble> {
        use axum::extract::FromRequestParts;
        let (mut parts, fields) = read(request, MAX_FORM).await?;
        let visitor = Visitor::from_request_parts(&mut parts, market).await?;
        check(visitor.session.as_ref(), &parts, &fields)?;
        Ok(VisitorForm { visitor, parts, fields })
    }
}

async fn read(request: Request, limit: usize) -> Result<(Parts, Fields), Trouble> {
    let (parts, body) = request.into_parts();
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(Trouble::Refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "This is not a form.".into()));
    }
    let body = axum::body::to_bytes(body, limit).await;
    let body = body.map_err(|_| Trouble::Refused(StatusCode::PAYLOAD_TOO_LARGE, "This is too long.".into()))?;
    Ok((parts, Fields::parse(&body)))
}

fn check(session: Option<&Session>, parts: &Parts, fields: &Fields) -> Result<(), Trouble> {
    let expected = expected(session, parts).ok_or(Trouble::Forged)?;
    let host = parts.extensions.get::<Caller>().and_then(|caller| caller.host.as_ref());
    if is_foreign(&parts.headers, host) || !is_same(&expected, fields.text(CSRF)) {
        return Err(Trouble::Forged);
    }
    Ok(())
}

/// Whether the browser says that a request came from a page of another site. `proxied` is the host that a proxy was asked for.
pub fn is_foreign(headers: &HeaderMap, proxied: Option<&axum::http::HeaderValue>) -> bool {
    let text = |value: &'_ axum::http::HeaderValue| value.to_str().map(str::to_owned).unwrap_or_default();
    if let Some(site) = headers.get("sec-fetch-site")
        && text(site) != "same-origin"
    {
        return true;
    }
    let Some(origin) = headers.get(header::ORIGIN).map(text) else { return false };
    let host = proxied.or_else(|| headers.get(header::HOST)).map(text).unwrap_or_default();
    origin.split_once("://").is_none_or(|(_, authority)| !authority.eq_ignore_ascii_case(&host))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn a_form_says_where_it_comes_from() {
        let foreign = |pairs: &[(&'static str, &'static str)], proxied: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, HeaderValue::from_static(value));
            }
            is_foreign(&headers, proxied.map(HeaderValue::from_static).as_ref())
        };
        let host = ("host", "market.example.org:7878");
        assert!(!foreign(&[host], None), "an old browser says nothing");
        assert!(!foreign(&[host, ("origin", "http://market.example.org:7878")], None));
        assert!(!foreign(&[host, ("origin", "https://work.example.org")], Some("work.example.org")));
        assert!(!foreign(&[host, ("sec-fetch-site", "same-origin")], None));
        for origin in
            ["null", "http://evil.example.org", "http://market.example.org", "http://market.example.org:7878.evil"]
        {
            assert!(foreign(&[host, ("origin", origin)], None), "{origin}");
        }
        for site in ["cross-site", "same-site", "none"] {
            assert!(foreign(&[host, ("sec-fetch-site", site)], None), "{site}");
        }
    }

    #[test]
    fn fields_are_read_as_browsers_write_them() {
        let fields = Fields::parse(b"a=1+2%26&b=&a=3&c");
        assert_eq!((fields.text("a"), fields.text("b"), fields.text("d")), ("1 2&", "", ""));
        assert!(fields.is_ticked("a") && !fields.is_ticked("c"));
    }
}
