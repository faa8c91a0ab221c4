//! QuestionForms on the site's own pages: they work without scripts, and what is wrong stands beside its field.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::Embedded;
use crate::domain::id::AssignmentId;
use crate::market::Market;
use crate::market::answers::{Given, from_given};
use crate::market::site::form::{SignedForm, signed_up_to};
use crate::market::site::page::Sources;
use crate::market::site::trouble::Trouble;
use crate::market::site::work;
use crate::question::asked::{self, Asked};
use crate::question::constraint::Unmet;
use crate::question::question_form::QuestionForm;
use crate::question::render::{self, Posted};
use crate::question::sheet;
use crate::question::write::html_text;

/// The largest form, in bytes: the largest answer, escaped.
pub const MAX_FORM: usize = 8 << 20;

const STYLE: &str =
    "<link rel=\"stylesheet\" href=\"/crowd/question.css\"><link rel=\"stylesheet\" href=\"/crowd/task.css\">";

/// Where the answers to an assignment are posted.
pub fn path(assignment: &AssignmentId) -> String {
    format!("/work/assignments/{assignment}/answers")
}

/// A form to look at.
pub fn preview(form: &QuestionForm) -> Embedded {
    let fields = render::form(form, None, &[]);
    let html = format!("{STYLE}\n<div class=\"task-form\"><fieldset disabled>{fields}</fieldset></div>");
    Embedded { html, sources: Sources { media: true, ..Sources::none() } }
}

/// A form to fill in.
pub fn fill_in(form: &QuestionForm, action: &str, csrf: &str, posted: Option<&Posted>, unmet: &[Unmet]) -> Embedded {
    let fields = render::form(form, posted, unmet);
    let (action, csrf) = (html_text(action), html_text(csrf));
    let html = format!(
        "{STYLE}\n<form class=\"task-form\" method=\"post\" action=\"{action}\" accept-charset=\"utf-8\">\
         <input type=\"hidden\" name=\"csrf\" value=\"{csrf}\">{fields}<p class=\"hand-in\"><button>Submit</button></p></form>"
    );
    Embedded { html, sources: Sources { media: true, ..Sources::none() } }
}

/// The document of answers to a form.
pub fn document(given: &[(String, sheet::Given)], form: &QuestionForm) -> String {
    let chosen: Vec<Vec<String>> = given.iter().map(|(_, given)| given.selected.iter().cloned().collect()).collect();
    from_given(given.iter().zip(&chosen).map(|((name, given), chosen)| {
        use crate::question::question_form::AnswerSpecification::FreeText;
        let text = given.texts.last().map_or("", String::as_str);
        let is_text = form.question(name).is_some_and(|question| matches!(question.answer, FreeText(_)));
        (name.as_str(), if is_text { Given::Text(text) } else { Given::Chosen { selected: chosen, other: text } })
    }))
}

/// `POST /work/assignments/{assignment}/answers`
pub async fn hand_in(
    State(market): State<Arc<Market>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Trouble> {
    let SignedForm { session, fields } = signed_up_to(MAX_FORM, request, &market).await?;
    let Some((held, group)) = work::held(&market, &session, &id).await? else {
        return work::gone(&market, &session, &id).await;
    };
    let question = market.service.asked_of(session.key, &held.id).await?;
    let Ok(Asked::Form(form)) = asked::read(&question).map(|checked| checked.value) else {
        return Err(Trouble::bad("This HIT is answered on its own page."));
    };
    let posted = Posted(fields.into_pairs());
    let given = render::answers(&form, &posted);
    let unmet = render::unmet(&form, &given);
    if !unmet.is_empty() {
        let embedded = fill_in(&form, &path(&held.id), &session.csrf, Some(&posted), &unmet);
        let mut response = work::around(&market, &session, &held, &group, &embedded);
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(response);
    }
    market.service.submit_of(session.key, &held.id, document(&given, &form)).await?;
    work::after_submission(&market, &session, held.of).await
}
