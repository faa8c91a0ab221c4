//! A browser without scripts and without mercy: plain HTTP with a jar of cookies, links and forms. It sends exactly what it is told.

use std::collections::BTreeMap;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Request, header};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

/// A page, or what came in its place.
#[derive(Debug, Clone)]
pub struct Page {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
    /// The path at which it was found.
    pub path: String,
}

impl Page {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The secret in the page's forms.
    pub fn csrf(&self) -> &str {
        self.between("name=\"csrf\" value=\"", "\"").unwrap_or_default()
    }

    /// What stands between two marks, the first time.
    pub fn between(&self, before: &str, after: &str) -> Option<&str> {
        let rest = &self.body[self.body.find(before)? + before.len()..];
        rest.find(after).map(|end| &rest[..end])
    }

    /// The targets of all links and forms that begin so.
    pub fn targets(&self, prefix: &str) -> Vec<String> {
        let mut found = Vec::new();
        for mark in ["href=\"", "action=\"", "src=\""] {
            for (at, _) in self.body.match_indices(mark) {
                let rest = &self.body[at + mark.len()..];
                let target = plain(&rest[..rest.find('"').unwrap_or(0)]);
                if target.starts_with(prefix) && !found.contains(&target) {
                    found.push(target);
                }
            }
        }
        found
    }

    /// What people read of it: without elements, blanks as one.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut rest = self.body.as_str();
        while let Some(start) = rest.find('<') {
            text.push_str(&rest[..start]);
            text.push(' ');
            rest = rest[start..].find('>').map_or("", |end| &rest[start + end + 1..]);
        }
        text.push_str(rest);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[track_caller]
    pub fn says(&self, words: &str) -> &Page {
        assert!(self.text().contains(words), "{} {}: {words:?} is not in: {}", self.status, self.path, self.text());
        self
    }

    #[track_caller]
    pub fn says_nothing_of(&self, words: &str) -> &Page {
        assert!(!self.body.contains(words), "{} {}: {words:?} is in: {}", self.status, self.path, self.body);
        self
    }
}

/// What escaped text stands for.
pub fn plain(text: &str) -> String {
    let pairs = [("&#x2f;", "/"), ("&#x27;", "'"), ("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    pairs.iter().fold(text.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}

/// A browser at one site.
#[derive(Clone)]
pub struct Browser {
    pub site: String,
    pub cookies: BTreeMap<String, String>,
    client: Client<HttpConnector, Body>,
}

impl Browser {
    pub fn at(site: &str) -> Browser {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Browser { site: site.trim_end_matches('/').to_owned(), cookies: BTreeMap::new(), client }
    }

    /// One request, as it is told, with the cookies.
    pub async fn send(&mut self, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Page {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.site));
        if !self.cookies.is_empty() {
            let jar: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, jar.join("; "));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).expect("a request");
        let answer = self.client.request(request).await.expect("the site answers");
        let (head, body) = answer.into_parts();
        for value in head.headers.get_all(header::SET_COOKIE) {
            let line = value.to_str().expect("a cookie is text");
            let (name, rest) = line.split_once('=').expect("a cookie has a name");
            let value = rest.split(';').next().unwrap_or_default();
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let body: Bytes = axum::body::to_bytes(Body::new(body), 64 << 20).await.expect("a whole answer");
        let body = String::from_utf8_lossy(&body).into_owned();
        Page { status: head.status.as_u16(), headers: head.headers, body, path: path.to_owned() }
    }

    /// GET, without following anything.
    pub async fn fetch(&mut self, path: &str) -> Page {
        self.send(Method::GET, path, &[("accept", "text/html")], "").await
    }

    /// GET, and on to wherever it leads on this site.
    pub async fn open(&mut self, path: &str) -> Page {
        let page = self.fetch(path).await;
        self.follow(page).await
    }

    /// POST of a form as this browser would send it from a page of the site, and on to wherever it leads.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.post_from(path, fields, &[]).await;
        self.follow(page).await
    }

    /// The same, with these headers besides, without following anything.
    pub async fn post_from(&mut self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Page {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let mut all = vec![("content-type", "application/x-www-form-urlencoded"), ("accept", "text/html")];
        all.extend_from_slice(headers);
        self.send(Method::POST, path, &all, &form.finish()).await
    }

    /// Presses a button of a page: its secret goes along.
    pub async fn press(&mut self, page: &Page, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut all = vec![("csrf", page.csrf())];
        all.extend_from_slice(fields);
        self.post(path, &all).await
    }

    async fn follow(&mut self, mut page: Page) -> Page {
        for _ in 0..6 {
            if page.status != 303 {
                return page;
            }
            let target = page.header("location").to_owned();
            assert!(target.starts_with('/') && !target.starts_with("//"), "{} leads off the site: {target}", page.path);
            page = self.fetch(&target).await;
        }
        panic!("{} leads round in circles", page.path);
    }
}
