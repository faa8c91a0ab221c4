//! One group: what it asks for and pays, whether this worker is qualified, a preview, and accepting.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::value::Serde;
use minijinja::{Value, context};

use super::form::{Fields, SignedForm};
use super::page;
use super::requirements::{Told, told};
use super::session::{Section, Session};
use super::task;
use super::trouble::Trouble;
use crate::domain::id::{AssignmentId, HitId};
use crate::market::Market;
use crate::market::error::{Refusal, ServiceError};
use crate::market::rules::eligibility::{Action, Verdict};
use crate::market::storage::{Group, TypeKey, View, WorkerKey};

/// What is said of a group that is not there, and of one that this worker may not see.
const NO_GROUP: Trouble = Trouble::Nowhere("There is no such group of HITs, or it is not for you.");
/// How often another HIT is tried when the one that was chosen is taken by somebody else meanwhile.
const TRIES: usize = 8;

/// A group as one worker stands to it.
pub struct Seen {
    group: Group,
    told: Vec<Told>,
    verdict: Verdict,
    left: u32,
    next: Option<HitId>,
    is_blocked: bool,
}

impl Seen {
    /// Looks at a group that this worker may find.
    async fn of(market: &Market, session: &Session, id: &str) -> Result<Seen, Trouble> {
        let (key, id) = (session.key, id.to_owned());
        let seen = market.service.read(move |view| match view.group(&id)? {
            Some(group) => Ok(Some(Seen::in_view(view, key, group)?)),
            None => Ok(None),
        });
        let seen = seen.await?.ok_or(NO_GROUP)?;
        if seen.verdict.allows(Action::Discover) { Ok(seen) } else { Err(NO_GROUP) }
    }

    fn in_view(view: &View<'_>, worker: WorkerKey, group: Group) -> Result<Seen, ServiceError> {
        let (required, standings) = (view.requirements(group.key)?, view.standings(worker)?);
        Ok(Seen {
            told: told(view, &required, &standings)?,
            verdict: Verdict::of(&required, &standings),
            left: view.count_left(group.key, worker)?,
            next: view.next_hit(group.key, worker)?,
            is_blocked: view.is_blocked(group.requester, worker)?,
            group,
        })
    }

    fn shown(&self) -> Value {
        let group = &self.group;
        let keywords = group.keywords.as_deref().unwrap_or_default();
        let words = keywords.split(',').map(str::trim).filter(|word| !word.is_empty());
        let path = |word: &str| {
            format!("/work?{}", form_urlencoded::Serializer::new(String::new()).append_pair("q", word).finish())
        };
        let keywords: Vec<(&str, String)> = words.map(|word| (word, path(word))).collect();
        context! {
            group => context! {
                id => &group.id,
                title => &group.title,
                description => &group.description,
                requester => &group.requester_name,
                reward => group.reward.display(),
                duration => group.duration.0,
                auto_approval => group.auto_approval.0,
                keywords => Serde(keywords),
            },
            told => Serde(&self.told),
            left => self.left,
            is_blocked => self.is_blocked,
            is_qualified => self.verdict.allows(Action::Accept),
            may_preview => self.verdict.allows(Action::Preview),
        }
    }
}

/// `GET /work/groups/{group}`
pub async fn show(
    State(market): State<Arc<Market>>,
    session: Session,
    Path(id): Path<String>,
) -> Result<Response, Trouble> {
    let seen = Seen::of(&market, &session, &id).await?;
    Ok(session.page(&market, Section::Work, "group.html", seen.shown()))
}

/// `GET /work/groups/{group}/preview?hit=HITID`
pub async fn preview(
    State(market): State<Arc<Market>>,
    session: Session,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let seen = Seen::of(&market, &session, &id).await?;
    session.check_may_work()?;
    if !seen.verdict.allows(Action::Preview) || seen.is_blocked {
        return Ok(session.page(&market, Section::Work, "group.html", seen.shown()));
    }
    let asked = Fields::parse(query.unwrap_or_default().as_bytes());
    let hit = match HitId::parse(asked.text("hit")) {
        Ok(hit) => Some(in_group(&market, &hit, seen.group.key).await?),
        Err(_) => seen.next.clone(),
    };
    let Some(hit) = hit else {
        return Ok(session.page(&market, Section::Work, "group.html", seen.shown()));
    };
    let embedded = task::preview(&market, &session, &hit).await?;
    let with = page::merged(context! { embedded => embedded.html, hit => hit.as_str(), wide => true }, seen.shown());
    Ok(session.page_with_sources(&market, Section::Work, "preview.html", with, &embedded.sources))
}

/// `GET /work/hits/{hit}`: to the HIT in its group.
pub async fn of_hit(
    State(market): State<Arc<Market>>,
    _session: Session,
    Path(id): Path<String>,
) -> Result<Response, Trouble> {
    let none = Trouble::Nowhere("There is no such HIT, or it is not for you.");
    let hit = HitId::parse(&id).map_err(|_| none.clone())?;
    let found = market.service.read(move |view| match view.hit(hit.as_str())? {
        Some(found) => Ok(Some(view.group_at(found.type_key)?.id)),
        None => Ok(None),
    });
    let group = found.await?.ok_or(none)?;
    Ok(page::to(&format!("/work/groups/{group}/preview?hit={id}")))
}

/// A HIT that must be one of this group.
async fn in_group(market: &Market, hit: &HitId, of: TypeKey) -> Result<HitId, Trouble> {
    let id = hit.clone();
    let found = market.service.read(move |view| Ok(view.hit(id.as_str())?)).await?;
    match found {
        Some(found) if found.type_key == of => Ok(hit.clone()),
        _ => Err(Trouble::Nowhere("There is no such HIT in this group.")),
    }
}

/// `POST /work/accept`: the HIT that the form names, else the next one of its group.
pub async fn accept(State(market): State<Arc<Market>>, form: SignedForm) -> Result<Response, Trouble> {
    let SignedForm { session, fields } = form;
    session.check_may_work()?;
    let seen = Seen::of(&market, &session, fields.text("group")).await?;
    let accepted = match HitId::parse(fields.text("hit")) {
        Ok(hit) => {
            let hit = in_group(&market, &hit, seen.group.key).await?;
            market.service.accept(&hit, &session.worker).await.map(|accepted| Some(accepted.assignment))
        }
        Err(_) => accept_next(&market, &session, seen.group.key).await,
    };
    match accepted {
        Ok(Some(assignment)) => Ok(page::to(&format!("/work/assignments/{assignment}"))),
        Ok(None) => Err(Trouble::refused("There is no HIT left in this group that you have not done.")),
        Err(error) => {
            if seen.verdict.allows(Action::Accept) {
                return Err(error.into());
            }
            let mut response = session.page(&market, Section::Work, "group.html", seen.shown());
            *response.status_mut() = StatusCode::FORBIDDEN;
            Ok(response)
        }
    }
}

/// Accepts the oldest HIT of a type that this worker has not taken; none if there is none left.
pub async fn accept_next(
    market: &Market,
    session: &Session,
    of: TypeKey,
) -> Result<Option<AssignmentId>, ServiceError> {
    let key = session.key;
    let mut tried: Option<(HitId, ServiceError)> = None;
    for _ in 0..TRIES {
        let Some(hit) = market.service.read(move |view| Ok(view.next_hit(of, key)?)).await? else { return Ok(None) };
        match tried {
            // It is still there and still refused: it is not that somebody was faster.
            Some((before, error)) if before == hit => return Err(error),
            _ => {}
        }
        match market.service.accept(&hit, &session.worker).await {
            Ok(accepted) => return Ok(Some(accepted.assignment)),
            Err(error @ ServiceError::Refused(Refusal::Worker(_))) => tried = Some((hit, error)),
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}
