//! Who asks: a worker who is signed in, or a visitor.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use minijinja::{Value, context};

use super::trouble::Trouble;
use super::{cookie, page, place};
use crate::domain::id::WorkerId;
use crate::market::Market;
use crate::market::clock::wall_millis;
use crate::market::connection::Caller;
use crate::market::rules::session::LONGEST;
use crate::market::secret::Secret;
use crate::market::storage::{WorkerAccount, WorkerKey};

/// What a form must carry that changes something, derived from what the browser holds.
const CSRF: &str = "a form of the worker site";
/// How long a visitor's secret is held, in seconds.
const VISIT: i64 = 24 * 3_600;

/// A worker who is signed in. As an extractor it sends everybody else to the sign-in page, and back from there.
#[derive(Debug, Clone)]
pub struct Session {
    /// Who it is.
    pub worker: WorkerId,
    /// The same as a row.
    pub key: WorkerKey,
    /// Their account.
    pub account: WorkerAccount,
    /// What their forms carry.
    pub csrf: String,
    /// What their browser holds.
    pub secret: Secret,
    /// Whether it is held over TLS.
    pub is_secure: bool,
    /// Where their browser found the site: `scheme://host`.
    pub origin: Option<String>,
    unread: u32,
    held: u32,
    said: Option<&'static str>,
}

/// Which part of the site a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// HIT groups, previews, and the work itself.
    Work,
    /// What the worker holds.
    Queue,
    /// What the worker did, and earned.
    History,
    /// What the worker is qualified for.
    Qualifications,
    /// What the worker was told.
    Messages,
    /// The worker's account.
    Account,
    /// None of those in the navigation.
    Elsewhere,
}

impl Section {
    const fn name(self) -> &'static str {
        match self {
            Section::Work => "work",
            Section::Queue => "queue",
            Section::History => "history",
            Section::Qualifications => "qualifications",
            Section::Messages => "messages",
            Section::Account => "account",
            Section::Elsewhere => "",
        }
    }
}

/// What may be said on the next page: the browser holds the name, never the words.
const SAID: &[(&str, &str)] = &[
    ("in", "Welcome back."),
    ("joined", "Welcome. Your worker ID stands at the top of every page: write it down, you sign in with it."),
    ("out", "You are signed out."),
    ("saved", "Saved."),
    ("passcode", "Your passcode was changed. Everywhere else you are signed out."),
    ("alone", "Everywhere else you are signed out."),
    ("returned", "You have returned the HIT: somebody else can do it now."),
    ("submitted", "Handed in. Thank you."),
    ("next", "Handed in. This is the next HIT of the group."),
    ("no_next", "Handed in. There is no HIT left in that group that you have not done."),
    ("answered", "Your answer is with the requester."),
    ("granted", "You have the qualification."),
    ("requested", "Your request is with the requester. You find the answer under Messages."),
];

impl Session {
    /// The session that comes with a request, if there is one.
    pub async fn find(market: &Market, parts: &Parts) -> Result<Option<Session>, Trouble> {
        let is_secure = is_secure(parts);
        let held = cookie::read(&parts.headers, cookie::SESSION, is_secure).and_then(Secret::parse);
        let Some(secret) = held else { return Ok(None) };
        let Some(signed) = market.service.signed_in(&secret, wall_millis()).await? else { return Ok(None) };
        let key = signed.account.key;
        if !market.site.rates.admit_worker(key, Instant::now()) {
            return Err(Trouble::TooMuch(1));
        }
        let worker = WorkerId::parse(&signed.account.worker).map_err(|_| Trouble::Failed)?;
        let csrf = secret.derive(CSRF);
        let said = said(parts, is_secure);
        let (unread, held, origin) = (signed.unread, signed.held, place::origin(parts));
        Ok(Some(Session { worker, key, account: signed.account, csrf, secret, is_secure, origin, unread, held, said }))
    }

    /// A page for this worker: what the template needs, and what the head and the navigation show.
    pub fn page(&self, market: &Market, section: Section, template: &str, with: Value) -> Response {
        self.page_with_sources(market, section, template, with, &page::Sources::none())
    }

    /// The same with what may come from elsewhere.
    pub fn page_with_sources(
        &self,
        market: &Market,
        section: Section,
        template: &str,
        with: Value,
        sources: &page::Sources,
    ) -> Response {
        let common = context! {
            site => &market.site.options.name,
            section => section.name(),
            worker => self.worker.as_str(),
            suspended => &self.account.suspended,
            csrf => &self.csrf,
            unread => self.unread,
            held => self.held,
            said => self.said,
        };
        let mut response = page::show_with_sources(StatusCode::OK, template, page::merged(common, with), sources);
        if self.said.is_some() {
            put(&mut response, cookie::set(cookie::SAID, "", 0, self.is_secure));
        }
        response
    }

    /// The way to another page, on which the words of this name are said.
    pub fn to(&self, path: &str, said: &'static str) -> Response {
        saying(page::to(path), said, self.is_secure)
    }

    /// Refuses what only those may do who are not suspended.
    pub fn check_may_work(&self) -> Result<(), Trouble> {
        match &self.account.suspended {
            None => Ok(()),
            Some(why) => Err(Trouble::Refused(
                StatusCode::FORBIDDEN,
                format!("Your account is suspended, so that you cannot take work. The reason: {why}"),
            )),
        }
    }
}

/// Adds the words of this name to the page after this one.
pub fn saying(mut response: Response, said: &'static str, is_secure: bool) -> Response {
    debug_assert!(SAID.iter().any(|(name, _)| *name == said), "{said} has no words");
    put(&mut response, cookie::set(cookie::SAID, said, 60, is_secure));
    response
}

/// Makes the browser hold a session.
pub fn hold(response: &mut Response, secret: &Secret, is_secure: bool) {
    put(response, cookie::set(cookie::SESSION, secret.reveal(), LONGEST / 1_000, is_secure));
    put(response, cookie::set(cookie::VISIT, "", 0, is_secure));
}

/// Makes the browser forget a session.
pub fn forget(response: &mut Response, is_secure: bool) {
    put(response, cookie::set(cookie::SESSION, "", 0, is_secure));
}

/// Adds a cookie to a response.
fn put(response: &mut Response, cookie: Option<HeaderValue>) {
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

fn said(parts: &Parts, is_secure: bool) -> Option<&'static str> {
    let name = cookie::read(&parts.headers, cookie::SAID, is_secure)?;
    SAID.iter().find(|(known, _)| *known == name).map(|(_, words)| *words)
}

/// Whether a request came over TLS.
pub fn is_secure(parts: &Parts) -> bool {
    parts.extensions.get::<Caller>().is_some_and(|caller| caller.is_secure)
}

impl FromRequestParts<Arc<Market>> for Session {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, market: &Arc<Market>) -> Result<Session, Trouble> {
        let found = Session::find(market, parts).await?;
        // Whatever was to be changed is not changed on the way back from the sign-in page.
        let next = (parts.method == Method::GET).then(|| parts.uri.path_and_query().map(|path| path.to_string()));
        found.ok_or_else(|| Trouble::SignIn(next.flatten().filter(|path| path != "/work")))
    }
}

/// Whoever looks at a page for which one need not be signed in.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The worker, if one is signed in.
    pub session: Option<Session>,
    /// What the visitor's forms carry.
    pub csrf: String,
    /// Whether this came over TLS.
    pub is_secure: bool,
    /// A new secret that the browser does not hold yet.
    fresh: Option<Secret>,
    said: Option<&'static str>,
}

impl FromRequestParts<Arc<Market>> for Visitor {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, market: &Arc<Market>) -> Result<Visitor, Trouble> {
        let session = Session::find(market, parts).await?;
        let is_secure = is_secure(parts);
        let said = said(parts, is_secure);
        let (csrf, fresh) = match (&session, visit(parts)) {
            (Some(session), _) => (session.csrf.clone(), None),
            (None, Some(visit)) => (visit.derive(CSRF), None),
            (None, None) => {
                let fresh = Secret::random();
                (fresh.derive(CSRF), Some(fresh))
            }
        };
        Ok(Visitor { session, csrf, is_secure, fresh, said })
    }
}

/// The secret of a visitor.
fn visit(parts: &Parts) -> Option<Secret> {
    cookie::read(&parts.headers, cookie::VISIT, is_secure(parts)).and_then(Secret::parse)
}

/// What a form must carry that comes with this request: that of the session, else of the visit.
pub fn expected(session: Option<&Session>, parts: &Parts) -> Option<String> {
    match session {
        Some(session) => Some(session.csrf.clone()),
        None => visit(parts).map(|visit| visit.derive(CSRF)),
    }
}

impl Visitor {
    /// A page for everybody.
    pub fn page(&self, market: &Market, template: &str, with: Value) -> Response {
        self.page_with_status(market, StatusCode::OK, template, with)
    }

    /// A page for everybody, with another status.
    pub fn page_with_status(&self, market: &Market, status: StatusCode, template: &str, with: Value) -> Response {
        let mut response = match &self.session {
            Some(session) => session.page(market, Section::Elsewhere, template, with),
            None => {
                let site = &market.site.options.name;
                let common = context! { site, csrf => &self.csrf, said => self.said };
                page::show(status, template, page::merged(common, with))
            }
        };
        *response.status_mut() = status;
        if let Some(fresh) = &self.fresh {
            put(&mut response, cookie::set(cookie::VISIT, fresh.reveal(), VISIT, self.is_secure));
        }
        if self.said.is_some() && self.session.is_none() {
            put(&mut response, cookie::set(cookie::SAID, "", 0, self.is_secure));
        }
        response
    }
}
