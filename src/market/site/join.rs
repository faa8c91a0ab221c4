//! Accepting an invitation: a privacy notice to agree to, a passcode to choose.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::{Value, context};

use super::form::{Fields, VisitorForm};
use super::session::{Visitor, hold};
use super::sign_in::begin;
use super::trouble::Trouble;
use crate::domain::requirement::Locale;
use crate::market::Market;
use crate::market::clock::wall_millis;
use crate::market::rules::session::{SHORTEST_PASSCODE, check_passcode};
use crate::market::secret::{Secret, hash_passcode};
use crate::market::service::Joining;
use crate::market::storage::Invitation;

/// What is said of a link that leads nowhere.
const OVER: &str = "This link is not good: it was used already, it is too old, or it was taken back. Ask those who sent it to you for \
                    another one. If you have chosen a passcode with it, sign in with that.";

/// `GET /join/{secret}`
pub async fn show(
    State(market): State<Arc<Market>>,
    Path(secret): Path<String>,
    visitor: Visitor,
) -> Result<Response, Trouble> {
    let (_, invitation) = find(&market, &secret).await?;
    Ok(visitor.page(&market, "join.html", asked(&market, &invitation, "", "")))
}

/// `POST /join/{secret}`
pub async fn join(
    State(market): State<Arc<Market>>,
    Path(secret): Path<String>,
    form: VisitorForm,
) -> Result<Response, Trouble> {
    let VisitorForm { visitor, fields, .. } = form;
    let (secret, invitation) = find(&market, &secret).await?;
    let country = fields.text("country").trim().to_uppercase();
    let wrong = match read(&fields, &country, invitation.worker.as_deref().unwrap_or_default()) {
        Ok(locale) => {
            let passcode = hash(&market, fields.text("passcode")).await?;
            let joining = Joining { passcode, locale, adult: fields.is_ticked("adult") };
            return enter(&market, &visitor, &secret, joining).await;
        }
        Err(wrong) => wrong,
    };
    let with = asked(&market, &invitation, &wrong, &country);
    Ok(visitor.page_with_status(&market, StatusCode::UNPROCESSABLE_ENTITY, "join.html", with))
}

async fn find(market: &Market, text: &str) -> Result<(Secret, Invitation), Trouble> {
    let secret = Secret::parse(text).ok_or(Trouble::Nowhere(OVER))?;
    let invitation = market.service.invitation(&secret, wall_millis()).await?.ok_or(Trouble::Nowhere(OVER))?;
    Ok((secret, invitation))
}

fn asked(market: &Market, invitation: &Invitation, wrong: &str, country: &str) -> Value {
    let options = &market.site.options;
    context! {
        invited => &invitation.worker,
        notice => &options.notice,
        retention => options.retention,
        shortest => SHORTEST_PASSCODE,
        wrong,
        country,
    }
}

/// Where somebody lives, if they say so, when all is well.
fn read(fields: &Fields, country: &str, worker: &str) -> Result<Option<Locale>, String> {
    check_passcode(fields.text("passcode"), fields.text("again"), worker).map_err(|weak| weak.to_string())?;
    if !fields.is_ticked("agree") {
        return Err("Without your agreement to the privacy notice you cannot work here.".into());
    }
    self::country(country)
}

/// Where somebody lives: nothing, a country, or a state of the US.
pub fn country(text: &str) -> Result<Option<Locale>, String> {
    let text = text.trim().to_uppercase();
    let two = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_uppercase());
    match text.split_once('-') {
        None if text.is_empty() => Ok(None),
        None if two(&text) => Ok(Some(Locale { country: text, subdivision: None })),
        Some(("US", state)) if two(state) => {
            Ok(Some(Locale { country: "US".into(), subdivision: Some(state.to_owned()) }))
        }
        _ => Err("A country is written with two letters, such as DE, in the US with the state, such as US-NY; it may be left \
                  out."
            .into()),
    }
}

/// Hashes a passcode beside the requests.
pub async fn hash(market: &Market, passcode: &str) -> Result<String, Trouble> {
    let passcode = passcode.to_owned();
    let _place = market.site.hashing().await?;
    let hash = tokio::task::spawn_blocking(move || hash_passcode(&passcode)).await;
    match hash {
        Ok(Ok(hash)) => Ok(hash),
        Ok(Err(error)) => {
            tracing::error!(%error, "a worker could not join");
            Err(Trouble::Failed)
        }
        Err(_) => Err(Trouble::Failed),
    }
}

async fn enter(market: &Market, visitor: &Visitor, secret: &Secret, joining: Joining) -> Result<Response, Trouble> {
    let account = market.service.join(secret, joining, wall_millis()).await?.ok_or(Trouble::Nowhere(OVER))?;
    let session = begin(market, &account, visitor.session.as_ref()).await?;
    let mut response = super::page::to("/work");
    hold(&mut response, &session, visitor.is_secure);
    Ok(super::session::saying(response, "joined", visitor.is_secure))
}
