//! Cookies: what a browser holds for the site, and nothing else.

use axum::http::{HeaderMap, HeaderValue, header};

/// The secret of a session.
pub const SESSION: &str = "hitdeck_session";
/// A secret of a visitor who is not signed in, so that nobody else's page can sign them in.
pub const VISIT: &str = "hitdeck_visit";
/// The name of what is said on the next page.
pub const SAID: &str = "hitdeck_said";

/// Over TLS a cookie's name says so: then no other host and no plain connection can have set it.
fn full_name(name: &str, is_secure: bool) -> String {
    if is_secure { format!("__Host-{name}") } else { name.to_owned() }
}

/// What the browser sent under a name.
pub fn read<'h>(headers: &'h HeaderMap, name: &str, is_secure: bool) -> Option<&'h str> {
    let name = full_name(name, is_secure);
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// The header that makes the browser hold something for so many seconds; 0 makes it forget.
pub fn set(name: &str, value: &str, seconds: i64, is_secure: bool) -> Option<HeaderValue> {
    let secure = if is_secure { "; Secure" } else { "" };
    let name = full_name(name, is_secure);
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "a=1; xhitdeck_session=2;hitdeck_session=3".parse().unwrap());
        headers.append(header::COOKIE, "__Host-hitdeck_session=4".parse().unwrap());
        assert_eq!(read(&headers, SESSION, false), Some("3"));
        assert_eq!(read(&headers, SESSION, true), Some("4"), "a plain one does not count over TLS");
        assert_eq!(read(&headers, VISIT, false), None);
    }

    #[test]
    fn a_cookie_is_for_this_site_and_no_script() {
        let plain = set(SESSION, "x", 60, false).unwrap();
        assert_eq!(plain, "hitdeck_session=x; Path=/; Max-Age=60; HttpOnly; SameSite=Lax");
        let secure = set(SESSION, "x", 0, true).unwrap();
        assert_eq!(secure, "__Host-hitdeck_session=x; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure");
    }
}
