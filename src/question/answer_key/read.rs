//! Reads an AnswerKey against its schema.

use super::{AnswerKey, AnswerOption, KeyQuestion, Mapping, Range};
use crate::question::fault::{Checked, Faults, Findings};
use crate::question::schema::{self, MAX_BYTES, Parts};
use crate::question::tree::Element;
use std::collections::HashSet;

const INTEGER: &str = "a whole number of at most 32 bits";

/// Reads a key. Whether it fits a test, [`super::check`] says.
pub fn read(text: &str) -> Result<Checked<AnswerKey>, Faults> {
    schema::document(text, MAX_BYTES, &[schema::ANSWER_KEY], key)
}

fn key(root: &Element<'_>, findings: &mut Findings<'_>) -> AnswerKey {
    let mut parts = Parts::of(root, findings);
    let mut known = HashSet::new();
    let questions: Vec<KeyQuestion> = parts.many("Question").iter().map(|part| question(part, findings)).collect();
    if questions.is_empty() {
        findings.error(root.at, "<AnswerKey> needs a <Question>.");
    }
    let elements = root.children.iter().filter(|part| part.name == "Question");
    for (question, element) in questions.iter().zip(elements) {
        if !known.insert(&question.identifier) {
            let words = format!("The question {:?} stands twice in the key; both count.", question.identifier);
            findings.warn(element.at, words);
        }
    }
    let mapped = parts.maybe("QualificationValueMapping", findings);
    let mapping = mapped.and_then(|part| mapping(part, findings)).unwrap_or(Mapping::Sum);
    parts.end(findings);
    let mapping_place = findings.place(mapped.map_or(root.at, |part| part.at));
    AnswerKey { questions, mapping, mapping_place }
}

fn question(element: &Element<'_>, findings: &mut Findings<'_>) -> KeyQuestion {
    let mut parts = Parts::of(element, findings);
    let identifier = parts.one("QuestionIdentifier", findings).map(|part| schema::identifier(part, findings));
    let options: Vec<AnswerOption> = parts.many("AnswerOption").iter().map(|part| option(part, findings)).collect();
    if options.is_empty() {
        findings.error(element.at, "<Question> needs an <AnswerOption>.");
    }
    let default = parts.maybe("DefaultScore", findings).and_then(|part| schema::value(part, INTEGER, findings));
    parts.end(findings);
    let place = findings.place(element.at);
    KeyQuestion { place, identifier: identifier.unwrap_or_default(), options, default_score: default.unwrap_or(0) }
}

fn option(element: &Element<'_>, findings: &mut Findings<'_>) -> AnswerOption {
    let mut parts = Parts::of(element, findings);
    let chosen = parts.many("SelectionIdentifier");
    let mut selections: Vec<String> = chosen.iter().map(|part| schema::identifier(part, findings)).collect();
    if selections.is_empty() {
        findings.error(element.at, "<AnswerOption> needs a <SelectionIdentifier>.");
    }
    selections.sort_unstable();
    selections.dedup();
    let score = parts.one("AnswerScore", findings).and_then(|part| schema::value(part, INTEGER, findings));
    parts.end(findings);
    AnswerOption { place: findings.place(element.at), selections, score: score.unwrap_or(0) }
}

fn mapping(parent: &Element<'_>, findings: &mut Findings<'_>) -> Option<Mapping> {
    schema::only_elements(parent, findings);
    let kinds = "<PercentageMapping>, <ScaleMapping> or <RangeMapping>";
    if let Some(second) = parent.children.get(1) {
        findings.error(second.at, format!("<QualificationValueMapping> holds one {kinds}."));
    }
    let Some(element) = parent.children.first() else {
        findings.error(parent.at, format!("<QualificationValueMapping> needs a {kinds}."));
        return None;
    };
    let mut parts = Parts::of(element, findings);
    let mapping = match element.name {
        "PercentageMapping" => {
            let part = parts.one("MaximumSummedScore", findings);
            let max: Option<i32> = part.and_then(|part| schema::value(part, INTEGER, findings));
            if let (Some(part), Some(..=0)) = (part, max) {
                findings.error(part.at, "<MaximumSummedScore> must be 1 or more: it is what is 100 percent.");
            }
            max.map(Mapping::Percentage)
        }
        "ScaleMapping" => {
            let part = parts.one("SummedScoreMultiplier", findings);
            let multiplier: Option<f64> = part.and_then(|part| schema::value(part, "a number", findings));
            if let (Some(part), Some(number)) = (part, multiplier)
                && !number.is_finite()
            {
                findings.error(part.at, "<SummedScoreMultiplier> must be a finite number.");
            }
            multiplier.map(Mapping::Scale)
        }
        "RangeMapping" => {
            let ranges: Vec<Range> =
                parts.many("SummedScoreRange").iter().filter_map(|part| range(part, findings)).collect();
            if !element.children.iter().any(|part| part.name == "SummedScoreRange") {
                findings.error(element.at, "<RangeMapping> needs a <SummedScoreRange>.");
            }
            let part = parts.one("OutOfRangeQualificationValue", findings);
            let otherwise = part.and_then(|part| schema::value(part, INTEGER, findings));
            otherwise.map(|otherwise| Mapping::Range { ranges, otherwise })
        }
        name => {
            findings.error(element.at, format!("<{name}> is no kind of mapping: {kinds}."));
            return None;
        }
    };
    parts.end(findings);
    mapping
}

fn range(element: &Element<'_>, findings: &mut Findings<'_>) -> Option<Range> {
    let mut parts = Parts::of(element, findings);
    let mut number = |name, findings: &mut Findings<'_>| {
        parts.one(name, findings).and_then(|part| schema::value::<i32>(part, INTEGER, findings))
    };
    let lower = number("InclusiveLowerBound", findings);
    let upper = number("InclusiveUpperBound", findings);
    let value = number("QualificationValue", findings);
    parts.end(findings);
    let range = Range { place: findings.place(element.at), lower: lower?, upper: upper?, value: value? };
    if range.lower > range.upper {
        findings.error(element.at, format!("The range begins at {} and ends at {}.", range.lower, range.upper));
    }
    Some(range)
}
