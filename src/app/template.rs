//! Feedback templates: minijinja over one assignment, strict about names, so that no worker reads an empty gap.

use super::state::State;
use crate::domain::assignment::work_time;
use crate::domain::row::LightRow;
use crate::question::answer::{Field, Value};
use minijinja::{Environment, ErrorKind, UndefinedBehavior, context};
use std::collections::BTreeMap;

/// So many fields are named when one is missing.
const SHOWN: usize = 6;

/// Whether a text has something to fill in.
pub fn is_template(text: &str) -> bool {
    text.contains("{{") || text.contains("{%")
}

/// Whether a text names something that is only there once the assignment has been loaded.
pub fn needs_detail(text: &str) -> bool {
    let environment = Environment::new();
    is_template(text)
        && environment.template_from_str(text).is_ok_and(|template| {
            let names = template.undeclared_variables(false);
            names.contains("fields") || names.contains("item")
        })
}

/// Fills a template in for one assignment. Names: `worker`, `title` (also `question`), `batch`, `reward`, `time` (seconds),
/// `answer` (in one line), and once the assignment has been loaded `fields.NAME` and `item.LABEL`.
pub fn render(state: &State, row: &LightRow, template: &str) -> Result<String, String> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let hit = state.model.hit(row.hit);
    let worker = state.model.worker(row.worker).map(ToString::to_string);
    let detail = state.detail(row.key);
    let fields: Option<BTreeMap<String, String>> = detail
        .map(|detail| detail.answer.fields.iter().map(|field| (field.name.clone(), text_of(&field.value))).collect());
    let item: Option<BTreeMap<String, String>> =
        detail.map(|detail| detail.item.pairs.iter().map(|(label, value)| (label.clone(), value.clone())).collect());
    let context = context! {
        worker => worker,
        title => hit.map(|hit| &*hit.title),
        question => hit.map(|hit| &*hit.title),
        batch => hit.map(|hit| &*hit.batch),
        reward => hit.map(|hit| hit.reward.display()),
        time => work_time(row.accepted.get(), row.submitted.get()).map(|seconds| seconds.0),
        answer => &*state.model.summary(row),
        fields => fields,
        item => item,
    };
    environment.render_str(template, context).map_err(|error| {
        let who = state.model.worker(row.worker).map_or(String::new(), |id| format!(" for {id}"));
        let loaded = if detail.is_some() { "" } else { " (the fields of this answer are not loaded yet)" };
        let why = match error.kind() {
            ErrorKind::UndefinedError => missing(detail.map(|detail| &detail.answer.fields[..])),
            _ => error.to_string(),
        };
        format!("the template cannot be filled in{who}: {why}{loaded}")
    })
}

/// A name of the template that this assignment does not have.
fn missing(fields: Option<&[Field]>) -> String {
    let names: Vec<&str> = fields.unwrap_or_default().iter().take(SHOWN).map(|field| field.name.as_str()).collect();
    let there = if names.is_empty() { String::new() } else { format!("; its fields are {}", names.join(", ")) };
    format!("it names something that this assignment does not have{there}")
}

fn text_of(value: &Value) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Text(text) => text.clone(),
        Value::Choice(chosen) => chosen.join(", "),
        Value::Flag(flag) => if *flag { "yes" } else { "no" }.to_owned(),
        Value::Upload { key, .. } => key.clone(),
    }
}
