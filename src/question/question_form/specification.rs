//! How a question is answered: text, selections, an upload; with bounds that can be met.

use super::content::label;
use super::{AnswerSpecification, Choice, FreeText, Pattern, Selection, Style};
use crate::question::constraint;
use crate::question::fault::Findings;
use crate::question::schema::{self, Parts, number};
use crate::question::tree::Element;
use std::collections::HashSet;

/// What a worker is told when a pattern has no words of its own.
const INVALID: &str = "Invalid input supplied.";

const COUNT: &str = "a whole number from 0";
const POSITIVE: &str = "a whole number from 1";
const INTEGER: &str = "a whole number of at most 32 bits";

/// The largest file that an upload may ask for.
const LARGEST_FILE: u32 = 2_000_000_000;

/// The one kind of answer that an AnswerSpecification names.
pub(super) fn specification(parent: &Element<'_>, findings: &mut Findings<'_>) -> Option<AnswerSpecification> {
    schema::only_elements(parent, findings);
    let kinds = "<FreeTextAnswer>, <SelectionAnswer> or <FileUploadAnswer>";
    if let Some(second) = parent.children.get(1) {
        findings.error(second.at, format!("<AnswerSpecification> holds one {kinds}."));
    }
    let Some(element) = parent.children.first() else {
        findings.error(parent.at, format!("<AnswerSpecification> needs a {kinds}."));
        return None;
    };
    match element.name {
        "FreeTextAnswer" => Some(AnswerSpecification::FreeText(free_text(element, findings))),
        "SelectionAnswer" => Some(AnswerSpecification::Selection(selection(element, findings))),
        "FileUploadAnswer" => Some(upload(element, findings)),
        name => {
            findings.error(element.at, format!("<{name}> is no kind of answer: {kinds}."));
            None
        }
    }
}

fn free_text(element: &Element<'_>, findings: &mut Findings<'_>) -> FreeText {
    let mut parts = Parts::of(element, findings);
    let mut field = FreeText { lines: 1, ..FreeText::default() };
    if let Some(constraints) = parts.maybe("Constraints", findings) {
        read_constraints(constraints, &mut field, findings);
    }
    field.default_text = parts.maybe("DefaultText", findings).map(|part| schema::text(part, findings).value.clone());
    if let Some(part) = parts.maybe("NumberOfLinesSuggestion", findings) {
        field.lines = positive(part, findings).unwrap_or(1);
    }
    parts.end(findings);
    field
}

fn read_constraints(element: &Element<'_>, field: &mut FreeText, findings: &mut Findings<'_>) {
    let mut parts = Parts::of(element, findings);
    if let Some(part) = parts.maybe("IsNumeric", findings) {
        empty(part, &["minValue", "maxValue"], findings);
        let min: Option<i32> = number(part, "minValue", INTEGER, findings);
        let max: Option<i32> = number(part, "maxValue", INTEGER, findings);
        ordered(part, ("minValue", min), ("maxValue", max), findings);
        field.numeric = Some((min, max));
    }
    if let Some(part) = parts.maybe("Length", findings) {
        empty(part, &["minLength", "maxLength"], findings);
        field.min_length = number(part, "minLength", COUNT, findings);
        field.max_length = number(part, "maxLength", POSITIVE, findings);
        if field.max_length == Some(0) {
            findings.error(part.at, "maxLength must be a whole number from 1, not 0.");
        }
        ordered(part, ("minLength", field.min_length), ("maxLength", field.max_length), findings);
    }
    for part in parts.many("AnswerFormatRegex") {
        empty(part, &["regex", "errorText", "flags"], findings);
        field.patterns.extend(pattern(part, findings));
    }
    parts.end(findings);
}

fn pattern(element: &Element<'_>, findings: &mut Findings<'_>) -> Option<Pattern> {
    let value = |name| schema::attribute(element, name);
    let ignore_case = match value("flags") {
        None | Some(("", _)) => false,
        Some(("i", _)) => true,
        Some((other, at)) => {
            findings.error(at, format!("flags can only be \"i\", not {other:?}."));
            false
        }
    };
    let Some((regex, at)) = value("regex") else {
        findings.error(element.at, "<AnswerFormatRegex> needs the attribute regex.");
        return None;
    };
    let error_text = value("errorText").map_or(INVALID, |(text, _)| text).to_owned();
    let pattern = Pattern { regex: regex.to_owned(), error_text, ignore_case };
    if let Err(why) = constraint::expression(&pattern) {
        findings.warn(at, format!("Answers are not held against this pattern here: {why}."));
    }
    Some(pattern)
}

fn selection(element: &Element<'_>, findings: &mut Findings<'_>) -> Selection {
    let mut parts = Parts::of(element, findings);
    let min_at = parts.maybe("MinSelectionCount", findings);
    let min = min_at.and_then(|part| schema::value(part, COUNT, findings)).unwrap_or(1);
    let max = parts.maybe("MaxSelectionCount", findings).and_then(|part| positive(part, findings)).unwrap_or(1);
    let styled = parts.maybe("StyleSuggestion", findings);
    let style = styled.and_then(|part| style(part, findings));
    let (choices, other) = parts.one("Selections", findings).map(|part| choices(part, findings)).unwrap_or_default();
    parts.end(findings);
    if let (Some(part), Some(Style::RadioButton | Style::DropDown)) = (styled, style)
        && max > 1
    {
        let name = part.text.value.trim();
        findings.error(part.at, format!("A {name} takes one selection, but MaxSelectionCount is {max}."));
    }
    let at = min_at.map_or(element.at, |part| part.at);
    if min > max {
        findings.error(at, format!("MinSelectionCount is {min}, but MaxSelectionCount is {max}."));
    } else if min as usize > choices.len() + usize::from(other.is_some()) && !choices.is_empty() {
        let words = format!("MinSelectionCount is {min}, but there are {} selections only.", choices.len());
        findings.error(at, words);
    }
    Selection { min, max, style, choices, other }
}

fn style(element: &Element<'_>, findings: &mut Findings<'_>) -> Option<Style> {
    match schema::trimmed(element, findings).as_str() {
        "radiobutton" => Some(Style::RadioButton),
        "checkbox" => Some(Style::CheckBox),
        "list" => Some(Style::List),
        "dropdown" => Some(Style::DropDown),
        "combobox" => Some(Style::ComboBox),
        "multichooser" => Some(Style::MultiChooser),
        other => {
            let known = "radiobutton, checkbox, list, dropdown, combobox, multichooser";
            findings.error(element.at, format!("<StyleSuggestion> must be one of {known}, not {other:?}."));
            None
        }
    }
}

fn choices(element: &Element<'_>, findings: &mut Findings<'_>) -> (Vec<Choice>, Option<FreeText>) {
    let mut parts = Parts::of(element, findings);
    let mut choices = Vec::new();
    let mut known = HashSet::new();
    for part in parts.many("Selection") {
        let Some((choice, at)) = choice(part, findings) else { continue };
        if !choice.identifier.is_empty() && !known.insert(choice.identifier.clone()) {
            findings.error(at, format!("The SelectionIdentifier {:?} is used twice.", choice.identifier));
        }
        choices.push(choice);
    }
    if !element.children.iter().any(|part| part.name == "Selection") {
        findings.error(element.at, "<Selections> needs a <Selection>.");
    }
    let other = parts.maybe("OtherSelection", findings).map(|part| free_text(part, findings));
    parts.end(findings);
    (choices, other)
}

fn choice(element: &Element<'_>, findings: &mut Findings<'_>) -> Option<(Choice, usize)> {
    let mut parts = Parts::of(element, findings);
    let named = parts.one("SelectionIdentifier", findings);
    let identifier = named.map(|part| schema::identifier(part, findings));
    let shown = ["Text", "FormattedContent", "Binary"].into_iter().find_map(|name| parts.maybe(name, findings));
    let label = shown.and_then(|part| label(part, findings));
    if shown.is_none() {
        findings.error(element.at, "<Selection> needs a <Text>, <FormattedContent> or <Binary>.");
    }
    parts.end(findings);
    Some((Choice { identifier: identifier?, label: label? }, named?.at))
}

fn upload(element: &Element<'_>, findings: &mut Findings<'_>) -> AnswerSpecification {
    findings.warn(element.at, "<FileUploadAnswer> was withdrawn by Amazon on 2017-12-12.");
    let mut parts = Parts::of(element, findings);
    let max = parts.one("MaxFileSizeInBytes", findings).and_then(|part| size(part, findings));
    let min = parts.one("MinFileSizeInBytes", findings).and_then(|part| size(part, findings));
    parts.end(findings);
    let (min_bytes, max_bytes) = (min.unwrap_or(1), max.unwrap_or(LARGEST_FILE));
    if min_bytes > max_bytes {
        findings
            .error(element.at, format!("MinFileSizeInBytes is {min_bytes}, but MaxFileSizeInBytes is {max_bytes}."));
    }
    AnswerSpecification::Upload { min_bytes, max_bytes }
}

fn size(element: &Element<'_>, findings: &mut Findings<'_>) -> Option<u32> {
    let size = positive(element, findings)?;
    if size > LARGEST_FILE {
        findings.error(element.at, format!("<{}> is {LARGEST_FILE} at most.", element.name));
    }
    Some(size)
}

fn positive(element: &Element<'_>, findings: &mut Findings<'_>) -> Option<u32> {
    let number = schema::value(element, POSITIVE, findings)?;
    if number == 0 {
        findings.error(element.at, format!("<{}> must be {POSITIVE}, not 0.", element.name));
        return None;
    }
    Some(number)
}

/// An element that says everything in its attributes.
fn empty(element: &Element<'_>, attributes: &[&str], findings: &mut Findings<'_>) {
    schema::only_attributes(element, attributes, findings);
    if !element.children.is_empty() {
        findings.error(element.at, format!("<{}> holds nothing but attributes.", element.name));
    }
}

fn ordered<T: PartialOrd + std::fmt::Display>(
    element: &Element<'_>,
    (min_name, min): (&str, Option<T>),
    (max_name, max): (&str, Option<T>),
    findings: &mut Findings<'_>,
) {
    if let Some((min, max)) = min.zip(max).filter(|(min, max)| min > max) {
        findings.error(element.at, format!("{min_name} is {min}, but {max_name} is {max}."));
    }
}
