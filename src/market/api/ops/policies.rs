//! `AssignmentReviewPolicy` and `HITReviewPolicy` of a HIT to be made.

use super::super::input::Input;
use crate::market::error::Refusal;
use crate::market::rules::review_policy::{KnownAnswers, Parameter, Plurality};
use crate::market::storage::Policies;

/// Both, checked. The inner result is good only when the input turns out to be.
pub fn policies(input: &mut Input<'_>) -> Result<Policies, Refusal> {
    let assignment = read(input, "AssignmentReviewPolicy");
    let hit = read(input, "HITReviewPolicy");
    Ok(Policies {
        assignment: checked(assignment, "AssignmentReviewPolicy", KnownAnswers::NAME, KnownAnswers::parse)?,
        hit: checked(hit, "HITReviewPolicy", Plurality::NAME, Plurality::parse)?,
    })
}

/// A policy as it came: its name and parameters.
type Given = Option<(String, Vec<Parameter>)>;

fn read(input: &mut Input<'_>, member: &str) -> Given {
    input.object(member, |policy| {
        let name = policy.required_text("PolicyName").to_owned();
        let parameters = policy.objects("Parameters", |parameter| Parameter {
            key: parameter.text("Key").unwrap_or_default().to_owned(),
            values: owned(parameter.texts("Values")),
            entries: parameter.objects("MapEntries", |entry| {
                (entry.text("Key").unwrap_or_default().to_owned(), owned(entry.texts("Values")))
            }),
        });
        (name, parameters)
    })
}

fn owned(texts: Vec<&str>) -> Vec<String> {
    texts.into_iter().map(str::to_owned).collect()
}

fn checked<T>(
    given: Given,
    parameter: &'static str,
    expected: &str,
    parse: fn(&[Parameter]) -> Result<T, String>,
) -> Result<Option<T>, Refusal> {
    let Some((name, parameters)) = given else { return Ok(None) };
    if name != expected {
        let hint = format!("Its PolicyName must be {expected}.");
        return Err(Refusal::Parameter { parameter, value: name.chars().take(80).collect(), hint });
    }
    parse(&parameters).map(Some).map_err(Refusal::Parameters)
}
