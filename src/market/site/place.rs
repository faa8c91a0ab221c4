//! Addresses: where the site is, as a browser asked for it, and whether another address is the same place.

use std::net::IpAddr;

use axum::http::header;
use axum::http::request::Parts;
use url::{Host, Origin, Url};

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

/// The origin of an address, as browsers read addresses; none when it is none of the web.
pub fn origin_of(address: &str) -> Option<Origin> {
    let address = Url::parse(address).ok()?;
    matches!(address.scheme(), "http" | "https").then(|| address.origin())
}

/// Whether two addresses are of one place, however their hosts and ports are spelled. The names of this machine for itself are one,
/// and so are the usual ports of both schemes, which lead to each other.
pub fn is_same_place(one: &Origin, other: &Origin) -> bool {
    let (Origin::Tuple(_, host, port), Origin::Tuple(_, other_host, other_port)) = (one, other) else { return false };
    let usual = |port: u16| matches!(port, 80 | 443);
    name(host) == name(other_host) && (port == other_port || usual(*port) && usual(*other_port))
}

fn name(host: &Host<String>) -> String {
    let own = || "localhost".to_owned();
    let address = match host {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            return if name == "localhost" || name.ends_with(".localhost") { own() } else { name.to_owned() };
        }
        Host::Ipv4(address) => IpAddr::V4(*address),
        Host::Ipv6(address) => IpAddr::V6(*address).to_canonical(),
    };
    if address.is_loopback() || address.is_unspecified() { own() } else { address.to_string() }
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
        let text = |url: &str| origin_of(url).map(|origin| origin.ascii_serialization());
        assert_eq!(text("HTTPS://H.example:8443/p?a#b").as_deref(), Some("https://h.example:8443"));
        assert_eq!(text("https://user:pass@h.example/").as_deref(), Some("https://h.example"));
        for url in ["ftp://h/", "javascript://h", "https://a b/", "h.example", "data:text/html,x", "https://"] {
            assert_eq!(text(url), None, "{url}");
        }
    }

    #[test]
    fn one_place_has_many_spellings() {
        let same = |one: &str, other: &str| is_same_place(&origin_of(one).unwrap(), &origin_of(other).unwrap());
        for spelling in [
            "http://127.0.0.1:7878/",
            "HTTP://127.1:7878/x",
            "http://2130706433:7878",
            "http://0x7f.0.0.1:7878",
            "http://017700000001:7878",
            "http://127.0.0.1.:7878/",
            "http://user@127.0.0.1:07878",
            "http:\\\\127.0.0.1:7878\\queue",
            "http://１２７.0.0.1:7878/",
            "http://%31%32%37.0.0.1:7878/",
            "http://local\thost:7878/",
            "http://a.localhost.:7878/",
            "http://[::1]:7878/",
            "http://[::ffff:127.0.0.1]:7878/",
            "http://0.0.0.0:7878/",
            "https://127.0.0.1:7878/",
        ] {
            assert!(same(spelling, "http://127.0.0.1:7878"), "{spelling}");
        }
        for spelling in
            ["http://WORK.example/", "https://work.example.:443/", "http://work。example:80", "https://x@work.example"]
        {
            assert!(same(spelling, "https://work.example"), "{spelling}");
        }
        for other in ["http://127.0.0.1:7879/", "https://work.example/", "http://128.0.0.1:7878/"] {
            assert!(!same(other, "http://127.0.0.1:7878"), "{other}");
        }
        for other in ["https://work.example:8443/", "https://www.work.example/", "https://work.example.evil/"] {
            assert!(!same(other, "https://work.example"), "{other}");
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
