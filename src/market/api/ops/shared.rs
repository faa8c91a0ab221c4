//! What several operations read or write in the same way.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use super::super::page::Paged;
use super::super::wire;
use super::policies::policies;
use crate::domain::requirement::{Comparator, Guard, Locale, MAX_REQUIREMENTS, Required, check, is_masters};
use crate::domain::time::Seconds;
use crate::market::error::{Refusal, ServiceError};
use crate::market::json::Json;
use crate::market::service::{Content, HitDraft, TypeDraft};
use crate::market::storage::{HitList, HitView, RequesterKey, View};

const YEAR: i64 = 31_536_000;
const MONTH: i64 = 2_592_000;

/// A page of whole HITs.
pub fn hit_page(
    view: &View<'_>,
    who: RequesterKey,
    list: HitList,
    paged: &Paged,
    after: Option<i64>,
    limit: u32,
) -> Result<Bytes, ServiceError> {
    let mut json = paged.list(limit as usize * 2048);
    let (mut count, mut last) = (0, None);
    view.show_hits(who, list, after, limit, |hit| {
        wire::hit(json.open(), hit);
        json.close();
        count += 1;
        last = Some(hit.key.position());
    })?;
    Ok(paged.answer("HITs", json, count, last))
}

/// An answer that is one HIT.
pub fn show_hit(hit: &HitView<'_>) -> Bytes {
    let mut json = Json::with_capacity(1024 + hit.question.len());
    wire::hit(json.open().open_member("HIT"), hit);
    json.close().close();
    json.into_bytes()
}

/// The attributes of a HIT type. The inner result is good only when the input turns out to be.
pub fn type_draft(input: &mut Input<'_>) -> Result<TypeDraft, Fault> {
    let title = input.required_text("Title");
    let description = input.required_text("Description");
    let keywords = input.text("Keywords");
    let reward = input.required_currency("Reward");
    let duration = input.required_long("AssignmentDurationInSeconds");
    let auto_approval = input.long("AutoApprovalDelayInSeconds").unwrap_or(MONTH);
    let required = requirements(input);

    length("Title", title, 1, 128)?;
    length("Description", description, 1, 2_000)?;
    length("Keywords", keywords.unwrap_or_default(), 0, 1_000)?;
    range("AssignmentDurationInSeconds", duration, 30, YEAR)?;
    range("AutoApprovalDelayInSeconds", auto_approval, 0, MONTH)?;
    let required = required?;
    Ok(TypeDraft {
        title: title.to_owned(),
        description: description.to_owned(),
        keywords: keywords.map(str::to_owned),
        reward,
        duration: Seconds(duration),
        auto_approval: Seconds(auto_approval),
        requirements: wire::requirements(&required),
        masters: required.iter().any(is_masters),
    })
}

/// What a HIT is made of beside its type. The inner result is good only when the input turns out to be.
pub fn hit_draft(input: &mut Input<'_>) -> Result<HitDraft, Fault> {
    let max = input.integer("MaxAssignments").unwrap_or(1);
    let lifetime = input.required_long("LifetimeInSeconds");
    let question = input.text("Question");
    let annotation = input.text("RequesterAnnotation");
    let token = input.token();
    let layout = input.entity("HITLayoutId");
    let parameters = input.objects("HITLayoutParameters", |parameter| {
        (parameter.required_text("Name").to_owned(), parameter.required_text("Value").to_owned())
    });
    let policies = policies(input);

    range("MaxAssignments", max, 1, 1_000_000_000)?;
    range("LifetimeInSeconds", lifetime, 30, YEAR)?;
    length("RequesterAnnotation", annotation.unwrap_or_default(), 0, 255)?;
    let content = match (question, layout) {
        (Some(question), None) if parameters.is_empty() => Content::Question(question.to_owned()),
        (None, Some(layout)) => Content::Layout { id: layout.to_owned(), parameters },
        _ => {
            let what =
                "Exactly one of Question and HITLayoutId must be given, and HITLayoutParameters with the latter only.";
            return Err(Refusal::Parameters(what.into()).into());
        }
    };
    Ok(HitDraft {
        content,
        annotation: annotation.map(str::to_owned),
        policies: policies?,
        // The range was checked.
        max_assignments: u32::try_from(max).unwrap_or(1),
        lifetime: Seconds(lifetime),
        token,
    })
}

/// `QualificationRequirements`.
fn requirements(input: &mut Input<'_>) -> Result<Vec<Required>, Fault> {
    let read = input.objects("QualificationRequirements", |inner| {
        let qualification = inner.required_text("QualificationTypeId").to_owned();
        let comparator = inner.required_one_of("Comparator", &Comparator::ALL.map(Comparator::name));
        // What is not one was noted.
        let comparator = Comparator::from_name(comparator).unwrap_or(Comparator::Exists);
        let integers = inner.integers("IntegerValues");
        let locales = inner.objects("LocaleValues", |locale| {
            let country = locale.required_text("Country");
            locale.length("Country", country, 2, 2);
            let subdivision = locale.text("Subdivision");
            if let Some(subdivision) = subdivision {
                locale.length("Subdivision", subdivision, 2, 2);
            }
            Locale { country: country.to_owned(), subdivision: subdivision.map(str::to_owned) }
        });
        let preview = inner.boolean("RequiredToPreview");
        let guard = inner.one_of("ActionsGuarded", &Guard::ALL.map(Guard::name)).and_then(Guard::from_name);
        let both = preview.is_some() && guard.is_some();
        let guard = guard.unwrap_or(if preview == Some(true) { Guard::PreviewAndAccept } else { Guard::Accept });
        (Required { qualification, comparator, integers, locales, guard }, both)
    });
    if read.len() > MAX_REQUIREMENTS {
        let what = format!("At most {MAX_REQUIREMENTS} QualificationRequirements are possible, not {}.", read.len());
        return Err(Refusal::Parameters(what).into());
    }
    for (required, both) in &read {
        if *both {
            let what = "RequiredToPreview is deprecated and cannot be combined with ActionsGuarded.";
            return Err(Refusal::Parameters(what.into()).into());
        }
        check(required).map_err(Refusal::Parameters)?;
    }
    Ok(read.into_iter().map(|(required, _)| required).collect())
}

/// Whether a text has a length that the documentation allows.
pub fn length(parameter: &'static str, text: &str, least: usize, most: usize) -> Result<(), Refusal> {
    if (least..=most).contains(&text.chars().count()) {
        return Ok(());
    }
    let hint = format!("It must have {least} to {most} characters.");
    Err(Refusal::Parameter { parameter, value: text.chars().take(80).collect(), hint })
}

/// Checks a number, which the API's model does not limit.
pub fn range(parameter: &'static str, number: i64, least: i64, most: i64) -> Result<(), Refusal> {
    if (least..=most).contains(&number) {
        return Ok(());
    }
    Err(Refusal::Parameter {
        parameter,
        value: number.to_string(),
        hint: format!("It must be from {least} to {most}."),
    })
}
