//! Where the site is, as a browser asked for it: pages in frames need whole addresses.

use axum::http::header;
use axum::http::request::Parts;

use crate::market::connection::Caller;

/// `scheme://host` of a request; none when it names no host that could stand in a page.
pub fn origin(parts: &Parts) -> Option<String> {
    let caller = parts.extensions.get::<Caller>();
    let host = caller.and_then(|caller| caller.host.as_ref()).or_else(|| parts.headers.get(header::HOST))?;
    let host = host.to_str().ok()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']');
    let fits = !host.is_empty() && host.len() <= 260 && host.bytes().all(plain);
    let scheme = if caller.is_some_and(|caller| caller.is_secure) { "https" } else { "http" };
    fits.then(|| format!("{scheme}://{host}"))
}

/// `scheme://host` of an address; none when it is no address of the web. User names and passwords are no part of it.
pub fn origin_of(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit('@').next()?.to_ascii_lowercase();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']' | b'_');
    (matches!(scheme.as_str(), "http" | "https") && !host.is_empty() && host.bytes().all(plain))
        .then(|| format!("{scheme}://{host}"))
}

/// An address with parameters behind those that it has, before its fragment.
pub fn with_query(url: &str, pairs: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let (address, fragment) = url.split_once('#').map_or((url, None), |(address, fragment)| (address, Some(fragment)));
    let joint = match address.split_once('?') {
        None => "?",
        Some((_, "")) => "",
        Some((_, query)) if query.ends_with('&') => "",
        Some(_) => "&",
    };
    let fragment = fragment.map(|fragment| format!("#{fragment}")).unwrap_or_default();
    format!("{address}{joint}{query}{fragment}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    #[test]
    fn the_site_is_where_the_browser_found_it() {
        let parts = |host: &str| Request::builder().header("host", host).body(()).unwrap().into_parts().0;
        assert_eq!(origin(&parts("127.0.0.1:7878")).as_deref(), Some("http://127.0.0.1:7878"));
        assert_eq!(origin(&parts("[::1]:80")).as_deref(), Some("http://[::1]:80"));
        for host in ["", "a\"b", "a/b", "a b", "a?b", "a'b", "a<b"] {
            assert_eq!(origin(&parts(host)), None, "{host}");
        }
    }

    #[test]
    fn addresses_have_an_origin() {
        assert_eq!(origin_of("HTTPS://H.example:8443/p?a#b").as_deref(), Some("https://h.example:8443"));
        assert_eq!(origin_of("https://user:pass@h.example/").as_deref(), Some("https://h.example"));
        for url in ["ftp://h/", "https:///x", "javascript://h", "https://a;b/", "https://a b/", "h.example"] {
            assert_eq!(origin_of(url), None, "{url}");
        }
    }

    #[test]
    fn parameters_stand_behind_those_that_are_there() {
        let add = |url: &str| with_query(url, &[("assignmentId", "A1"), ("turkSubmitTo", "http://h/x")]);
        let added = "assignmentId=A1&turkSubmitTo=http%3A%2F%2Fh%2Fx";
        assert_eq!(add("https://h/p"), format!("https://h/p?{added}"));
        assert_eq!(add("https://h/p?a=1&b=2#f"), format!("https://h/p?a=1&b=2&{added}#f"));
        assert_eq!(add("https://h/p?"), format!("https://h/p?{added}"));
        assert_eq!(add("https://h/p?a&"), format!("https://h/p?a&{added}"));
    }
}
