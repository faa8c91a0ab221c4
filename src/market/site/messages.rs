//! `/messages`: what this worker was told by requesters.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::Response;
use minijinja::context;
use minijinja::value::Serde;
use serde::Serialize;

use super::form::Fields;
use super::session::{Section, Session};
use super::trouble::Trouble;
use crate::market::Market;
use crate::market::storage::{Message, MessageKind};

/// So many messages stand on a page.
const ON_A_PAGE: u32 = 25;

/// A message as the page shows it.
#[derive(Debug, Serialize)]
struct Row {
    place: i64,
    at: i64,
    from: String,
    head: String,
    text: Option<String>,
    qualification: Option<String>,
    is_new: bool,
}

/// What a message is about, in words.
pub fn head(message: &Message, name: Option<&str>) -> String {
    let name = name.or(message.qualification.as_deref()).unwrap_or_default();
    match message.kind {
        MessageKind::Letter => message.subject.clone().unwrap_or_default(),
        MessageKind::Granted => format!("You have the qualification {name}"),
        MessageKind::Revoked => format!("You no longer have the qualification {name}"),
        MessageKind::RequestRejected => format!("Your request for the qualification {name} was rejected"),
        MessageKind::Blocked => "This requester does not want you to do more of their HITs".into(),
        MessageKind::Unblocked => "You can do HITs of this requester again".into(),
    }
}

/// `GET /messages?before=`
pub async fn list(
    State(market): State<Arc<Market>>,
    session: Session,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let before = fields.text("before").parse::<i64>().ok();
    let (key, read_to) = (session.key, session.account.read_to);
    let rows = market
        .service
        .read(move |view| {
            let mut rows = Vec::new();
            for message in view.messages(key, before, ON_A_PAGE + 1)? {
                let name = match &message.qualification {
                    Some(id) => view.offered_type(id)?.map(|offered| offered.name),
                    None => None,
                };
                rows.push(Row {
                    place: message.place,
                    at: message.at.0,
                    head: head(&message, name.as_deref()),
                    is_new: message.place > read_to,
                    qualification: name.and(message.qualification),
                    from: message.from,
                    text: message.text.filter(|text| !text.is_empty()),
                });
            }
            Ok(rows)
        })
        .await?;
    if let Some(newest) = rows.first().filter(|row| row.is_new) {
        market.service.mark_read(key, newest.place).await?;
    }
    let shown = rows.len().min(ON_A_PAGE as usize);
    let next = (rows.len() > shown).then(|| format!("/messages?before={}", rows[shown - 1].place));
    let with = context! { rows => Serde(&rows[..shown]), next, is_later => before.is_some() };
    Ok(session.page(&market, Section::Messages, "messages.html", with))
}
