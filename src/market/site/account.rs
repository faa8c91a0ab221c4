//! `/account`: the worker's own settings, passcode and data.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use minijinja::{Value, context};

use super::form::SignedForm;
use super::join::{country, hash};
use super::session::{Section, Session};
use super::sign_in::check;
use super::trouble::Trouble;
use crate::market::Market;
use crate::market::clock::wall_millis;
use crate::market::connection::Caller;
use crate::market::rules::session::{SHORTEST_PASSCODE, check_passcode};
use crate::market::service::ProfileChange;

/// `GET /account`
pub async fn show(State(market): State<Arc<Market>>, session: Session) -> Result<Response, Trouble> {
    page(&market, &session, StatusCode::OK, context! {}).await
}

async fn page(market: &Market, session: &Session, status: StatusCode, with: Value) -> Result<Response, Trouble> {
    let key = session.key;
    let (profile, sessions) =
        market.service.read(move |view| Ok((view.standings(key)?.profile, view.count_sessions(key)?))).await?;
    let account = &session.account;
    let common = context! {
        country => profile.locale.as_ref().map(ToString::to_string),
        adult => profile.adult,
        others => sessions.saturating_sub(1),
        auto_next => account.auto_next,
        hook => &account.hook,
        joined => account.joined_ms.map(|ms| ms / 1_000),
        shortest => SHORTEST_PASSCODE,
        retention => market.site.options.retention,
    };
    let mut response = session.page(market, Section::Account, "account.html", super::page::merged(common, with));
    *response.status_mut() = status;
    Ok(response)
}

async fn wrong(market: &Market, session: &Session, field: &str, words: String) -> Result<Response, Trouble> {
    page(market, session, StatusCode::UNPROCESSABLE_ENTITY, context! { wrong => words, wrong_in => field }).await
}

/// `POST /account/profile`
pub async fn save_profile(State(market): State<Arc<Market>>, form: SignedForm) -> Result<Response, Trouble> {
    let SignedForm { session, fields } = form;
    let locale = match country(fields.text("country")) {
        Ok(locale) => locale,
        Err(words) => return wrong(&market, &session, "profile", words).await,
    };
    let draft = ProfileChange { locale: Some(locale), adult: Some(fields.is_ticked("adult")), masters: None };
    market.service.save_profile(&session.worker, draft).await?;
    market.service.set_auto_next(session.key, fields.is_ticked("auto")).await?;
    Ok(session.to("/account", "saved"))
}

/// `POST /account/passcode`
pub async fn save_passcode(
    State(market): State<Arc<Market>>,
    axum::Extension(caller): axum::Extension<Caller>,
    form: SignedForm,
) -> Result<Response, Trouble> {
    let SignedForm { session, fields } = form;
    let (name, now) = (session.worker.as_str(), std::time::Instant::now());
    if let Err(wait) = market.site.guesses.begin(name, caller.address, now) {
        return Err(Trouble::TooMuch(wait.as_secs() + 1));
    }
    if check(&market, name, fields.text("current")).await?.is_none() {
        return wrong(&market, &session, "passcode", "This is not your passcode as it is now.".into()).await;
    }
    market.site.guesses.succeeded(name, caller.address, now);
    if let Err(weak) = check_passcode(fields.text("passcode"), fields.text("again"), name) {
        return wrong(&market, &session, "passcode", weak.to_string()).await;
    }
    let hash = hash(&market, fields.text("passcode")).await?;
    market.service.change_passcode(session.key, hash, &session.secret, wall_millis()).await?;
    Ok(session.to("/account", "passcode"))
}

/// `POST /account/sessions`: ends all but this one.
pub async fn end_others(State(market): State<Arc<Market>>, form: SignedForm) -> Result<Response, Trouble> {
    let session = form.session;
    market.service.end_other_sessions(session.key, &session.secret).await?;
    Ok(session.to("/account", "alone"))
}

/// `POST /account/hook`: where messages are also sent; nowhere when empty.
pub async fn save_hook(State(market): State<Arc<Market>>, form: SignedForm) -> Result<Response, Trouble> {
    let SignedForm { session, fields } = form;
    let hook = Some(fields.text("hook").trim().to_owned()).filter(|hook| !hook.is_empty());
    match market.service.save_hook(session.key, hook).await? {
        Ok(()) => Ok(session.to("/account", "saved")),
        Err(words) => wrong(&market, &session, "hook", words).await,
    }
}

/// `GET /account/export`: everything that is kept of this worker, as JSON.
pub async fn export(State(market): State<Arc<Market>>, session: Session) -> Result<Response, Trouble> {
    let kept = market.service.export_worker(session.key).await?;
    let text = serde_json::to_string_pretty(&kept).map_err(|_| Trouble::Failed)?;
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let name = format!("attachment; filename=\"{}.json\"", session.worker);
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}
