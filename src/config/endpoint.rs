//! Addresses of MTurk-compatible services.

use std::fmt;

/// Amazon's production endpoint.
pub const PRODUCTION: &str = "https://mturk-requester.us-east-1.amazonaws.com";
/// Amazon's sandbox endpoint.
pub const SANDBOX: &str = "https://mturk-requester-sandbox.us-east-1.amazonaws.com";

/// An endpoint URL: `http` or `https`, a host, perhaps a port. Compares equal when it means the same place.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Endpoint {
    https: bool,
    host: String,
    port: u16,
    path: String,
}

impl Endpoint {
    /// Reads a URL. User names, queries and fragments have no place in an endpoint.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = |why: &str| format!("\"{text}\" is not an endpoint: {why}, such as http://127.0.0.1:7878");
        let lower = text.trim().to_ascii_lowercase();
        let (https, rest) = match (lower.strip_prefix("https://"), lower.strip_prefix("http://")) {
            (Some(rest), _) => (true, rest),
            (_, Some(rest)) => (false, rest),
            _ => return Err(wrong("expected a URL with http:// or https://")),
        };
        let path_start = rest.find('/').unwrap_or(rest.len());
        // The path keeps its capitals; scheme and host have none.
        let path = &text.trim()[text.trim().len() - (rest.len() - path_start)..];
        let authority = &rest[..path_start];
        if authority.contains('@') || lower.contains(['?', '#']) {
            return Err(wrong("expected no user name, query or fragment"));
        }
        let default = if https { 443 } else { 80 };
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => {
                (host, port.parse().map_err(|_| wrong("expected a port from 1 to 65535"))?)
            }
            _ => (authority, default),
        };
        let bracketed = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let good = match bracketed {
            Some(host) => host.parse::<std::net::Ipv6Addr>().is_ok(),
            None => {
                !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
            }
        };
        if !good || port == 0 {
            return Err(wrong("expected a host and perhaps a port"));
        }
        Ok(Endpoint { https, host: host.to_owned(), port, path: path.trim_end_matches('/').to_owned() })
    }

    /// Host and, unless it is the usual one, port: what the title bar shows.
    pub fn host(&self) -> String {
        let usual = if self.https { 443 } else { 80 };
        if self.port == usual { self.host.clone() } else { format!("{}:{}", self.host, self.port) }
    }

    /// A name for an endpoint that nobody has named: `turk.example.org` for https, with the port for http and where it is
    /// not the usual one, and with the path. Two endpoints never share one, so that they do not share a data folder.
    pub fn as_name(&self) -> String {
        let host = match (self.https, self.port) {
            (true, 443) => self.host.clone(),
            (true, port) => format!("https-{}-{port}", self.host),
            (false, port) => format!("{}-{port}", self.host),
        };
        format!("{host}{}", self.path.replace('/', "-"))
    }

    /// The name to look up: the host without port and brackets.
    pub fn name(&self) -> &str {
        self.host.trim_start_matches('[').trim_end_matches(']')
    }

    /// The port to connect to.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Whether what is sent is encrypted on its way.
    pub const fn is_encrypted(&self) -> bool {
        self.https
    }

    /// Whether it is this very machine.
    pub fn is_loopback(&self) -> bool {
        let name = self.name();
        name == "localhost"
            || name.ends_with(".localhost")
            || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
    }

    /// Whether it is Amazon's production service, under whatever name it was configured.
    pub fn is_production(&self) -> bool {
        Endpoint::parse(PRODUCTION).as_ref() == Ok(self)
    }

    /// Whether it is Amazon's sandbox.
    pub fn is_sandbox(&self) -> bool {
        Endpoint::parse(SANDBOX).as_ref() == Ok(self)
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.https { "https" } else { "http" };
        write!(f, "{scheme}://{}{}", self.host(), self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_place_is_equal_however_it_is_written() {
        let same = ["https://Example.org", "https://example.org/", "https://example.org:443", "HTTPS://example.org"];
        for text in same {
            assert_eq!(Endpoint::parse(text).unwrap(), Endpoint::parse(same[0]).unwrap(), "{text}");
        }
        assert_ne!(Endpoint::parse("http://example.org"), Endpoint::parse(same[0]));
        assert_eq!(Endpoint::parse("http://LAB:7878/Turk/").unwrap().to_string(), "http://lab:7878/Turk");
    }

    #[test]
    fn no_two_places_have_one_name() {
        let of = |text: &str| Endpoint::parse(text).unwrap().as_name();
        let names: std::collections::BTreeSet<String> = [
            "https://turk.example",
            "http://turk.example",
            "https://turk.example:8080",
            "http://turk.example:8080",
            "http://turk.example:8080/lab",
        ]
        .map(of)
        .into();
        assert_eq!(names.len(), 5, "{names:?}");
        assert_eq!(of("http://127.0.0.1:7878"), "127.0.0.1-7878");
        assert_eq!(of("https://turk.example"), "turk.example");
    }

    #[test]
    fn this_machine_is_known_by_all_its_names() {
        for text in
            ["http://127.0.0.1:7878", "http://localhost", "http://127.8.8.8", "http://[::1]:80", "http://a.localhost"]
        {
            assert!(Endpoint::parse(text).unwrap().is_loopback(), "{text}");
        }
        for text in ["http://127.0.0.1.evil.example", "http://10.0.0.1", "http://localhost.example", "http://[::2]"] {
            assert!(!Endpoint::parse(text).unwrap().is_loopback(), "{text}");
        }
    }

    #[test]
    fn what_is_no_endpoint_says_why() {
        for (text, why) in [
            ("127.0.0.1:7878", "http:// or https://"),
            ("ftp://x", "http:// or https://"),
            ("http://", "a host"),
            ("http://user@host", "no user name"),
            ("http://host?x=1", "no user name, query"),
            ("http://host:99999", "a port"),
            ("http://host:0", "a host and perhaps a port"),
            ("http://a b", "a host"),
            ("http://[::zz]", "a host"),
        ] {
            let error = Endpoint::parse(text).unwrap_err();
            assert!(error.contains(why), "{text}: {error}");
        }
    }
}
