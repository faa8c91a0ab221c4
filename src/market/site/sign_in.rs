//! Signing in and out.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use minijinja::context;

use super::form::{Fields, SignedForm, VisitorForm};
use super::page;
use super::session::{Session, Visitor, forget, hold, saying};
use super::trouble::Trouble;
use crate::domain::id::WorkerId;
use crate::market::Market;
use crate::market::clock::wall_millis;
use crate::market::connection::Caller;
use crate::market::secret::{Secret, is_passcode};
use crate::market::storage::WorkerAccount;

/// Where one goes who came from nowhere in particular.
const HOME: &str = "/work";
/// What is said to everybody whom nobody signed in, whatever was wrong.
const WRONG: &str = "This worker ID and passcode do not go together.";

/// `GET /signin?next=PATH`
pub async fn show(State(market): State<Arc<Market>>, visitor: Visitor, RawQuery(query): RawQuery) -> Response {
    let query = Fields::parse(query.unwrap_or_default().as_bytes());
    let next = own_path(query.text("next"));
    if visitor.session.is_some() {
        return page::to(next.unwrap_or(HOME));
    }
    visitor.page(&market, "sign_in.html", context! { next })
}

/// `POST /signin`
pub async fn enter(State(market): State<Arc<Market>>, form: VisitorForm) -> Response {
    let VisitorForm { visitor, parts, fields } = form;
    let address = parts.extensions.get::<Caller>().map_or([0, 0, 0, 0].into(), |caller| caller.address);
    // The ID as it is written down somewhere: with blanks around it, in small letters.
    let name = fields.text("worker").trim().to_uppercase();
    let next = own_path(fields.text("next"));
    let again = |status, wrong: String| {
        visitor.page_with_status(
            &market,
            status,
            "sign_in.html",
            context! { next, wrong, name => fields.text("worker") },
        )
    };
    let now = Instant::now();
    if let Err(wait) = market.site.guesses.begin(&name, address, now) {
        let wait = wait.saturating_add(Duration::from_millis(999)).as_secs();
        let mut response =
            again(StatusCode::TOO_MANY_REQUESTS, format!("Too many attempts. Try again in {wait} seconds."));
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait));
        return response;
    }
    let signed = match check(&market, &name, fields.text("passcode")).await {
        Ok(Some(account)) => begin(&market, &account, visitor.session.as_ref()).await,
        Ok(None) => return again(StatusCode::UNAUTHORIZED, WRONG.into()),
        Err(trouble) => Err(trouble),
    };
    match signed {
        Ok(secret) => {
            market.site.guesses.succeeded(&name, address, now);
            let mut response = saying(page::to(next.unwrap_or(HOME)), "in", visitor.is_secure);
            hold(&mut response, &secret, visitor.is_secure);
            response
        }
        Err(trouble) => axum::response::IntoResponse::into_response(trouble),
    }
}

/// The account that a name and a passcode open. It takes as long when there is none.
pub async fn check(market: &Market, name: &str, passcode: &str) -> Result<Option<WorkerAccount>, Trouble> {
    let account = match WorkerId::parse(name) {
        Ok(worker) => market.service.worker_account(&worker).await?,
        Err(_) => None,
    };
    let hash = account.as_ref().and_then(|account| account.passcode.clone());
    let passcode = passcode.to_owned();
    let _place = market.site.hashing().await?;
    let fits = tokio::task::spawn_blocking(move || is_passcode(&passcode, hash.as_deref())).await;
    Ok(account.filter(|_| fits.unwrap_or(false)))
}

/// Begins a session under a new secret, whatever the browser held before.
pub async fn begin(market: &Market, account: &WorkerAccount, before: Option<&Session>) -> Result<Secret, Trouble> {
    let secret = Secret::random();
    let before = before.map(|session| &session.secret);
    market.service.begin_session(account.key, &secret, before, wall_millis()).await?;
    Ok(secret)
}

/// `GET /signout`
pub async fn ask_to_leave(State(market): State<Arc<Market>>, visitor: Visitor) -> Response {
    match visitor.session {
        None => page::to("/"),
        Some(_) => visitor.page(&market, "sign_out.html", context! {}),
    }
}

/// `POST /signout`
pub async fn leave(State(market): State<Arc<Market>>, form: SignedForm) -> Result<Response, Trouble> {
    let SignedForm { session, .. } = form;
    market.service.end_session(&session.secret).await?;
    let mut response = session.to("/", "out");
    forget(&mut response, session.is_secure);
    Ok(response)
}

/// A path of this site, as it may stand in a link to the sign-in page; none if it leads anywhere else.
fn own_path(next: &str) -> Option<&str> {
    let plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let leads_here = next.starts_with('/') && !next.starts_with("//");
    (plain && leads_here && next.len() <= 500).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn one_is_sent_to_this_site_alone() {
        for fine in ["/work", "/work/groups/3ABC?page=2", "/mturk/preview?groupId=3A&x=%2F%2F"] {
            assert_eq!(own_path(fine), Some(fine));
        }
        for bad in [
            "",
            "work",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example/",
            "javascript:alert(1)",
            "/\t/evil",
            "/a b",
            "/\r\nX: y",
        ] {
            assert_eq!(own_path(bad), None, "{bad:?}");
        }
    }
}
