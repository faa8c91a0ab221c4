//! An answer key held against the test it belongs to.

use super::{AnswerKey, AnswerOption, KeyQuestion, Mapping};
use crate::question::fault::{Checked, Fault, Faults, Place};
use crate::question::question_form::{AnswerSpecification, QuestionForm, Selection};
use std::collections::HashSet;

/// Whether a key fits its test. Every place is one in the key. What cannot be scored is a fault: a question or a
/// selection that the test does not have, a question that is no selection. What can be scored and is probably not meant
/// is a warning.
pub fn check(key: &AnswerKey, test: &QuestionForm) -> Result<Checked<()>, Faults> {
    let mut report = Report::default();
    for question in &key.questions {
        let name = &question.identifier;
        match test.question(name).map(|asked| &asked.answer) {
            None => report.error(question.place, format!("The test has no question {name:?}.")),
            Some(AnswerSpecification::Selection(selection)) => check_question(question, selection, &mut report),
            Some(_) => {
                let words = format!("The question {name:?} is no selection: a key cannot score it.");
                report.error(question.place, words);
            }
        }
    }
    let scored: HashSet<&str> = key.questions.iter().map(|question| question.identifier.as_str()).collect();
    for question in test.questions().filter(|question| !scored.contains(question.identifier.as_str())) {
        let words = format!("The key says nothing about the question {:?}: it is worth nothing.", question.identifier);
        report.warn(key.mapping_place, words);
    }
    check_mapping(key, test, &mut report);
    report.finish()
}

fn check_question(question: &KeyQuestion, selection: &Selection, report: &mut Report) {
    let known: HashSet<&str> = selection.choices.iter().map(|choice| choice.identifier.as_str()).collect();
    let mut seen: HashSet<&[String]> = HashSet::new();
    for option in &question.options {
        let mut fits = true;
        for name in option.selections.iter().filter(|name| !known.contains(name.as_str())) {
            let words = format!("The question {:?} has no selection {name:?}.", question.identifier);
            report.error(option.place, words);
            fits = false;
        }
        if !seen.insert(&option.selections) {
            report.warn(option.place, "These selections stand in an option before this one, which counts.".to_owned());
        } else if fits && !can_be_chosen(option, selection) {
            let (count, min, max) = (option.selections.len(), selection.min, selection.max);
            let words =
                format!("This score is out of reach: it needs {count} selections, the test takes {min} to {max}.");
            report.warn(option.place, words);
        }
    }
}

fn can_be_chosen(option: &AnswerOption, selection: &Selection) -> bool {
    (selection.min as usize..=selection.max as usize).contains(&option.selections.len())
}

/// The smallest and the largest sum that answers can reach.
fn reach(key: &AnswerKey, test: &QuestionForm) -> (i64, i64) {
    let (mut least, mut most) = (0, 0);
    for question in &key.questions {
        let selection = test.question(&question.identifier).and_then(|asked| match &asked.answer {
            AnswerSpecification::Selection(selection) => Some(selection),
            _ => None,
        });
        let possible = question.options.iter().filter(|option| selection.is_none_or(|s| can_be_chosen(option, s)));
        let scores = || possible.clone().map(|option| option.score).chain([question.default_score]);
        least += i64::from(scores().min().unwrap_or(0));
        most += i64::from(scores().max().unwrap_or(0));
    }
    (least, most)
}

fn check_mapping(key: &AnswerKey, test: &QuestionForm, report: &mut Report) {
    let (least, most) = reach(key, test);
    let place = key.mapping_place;
    match &key.mapping {
        Mapping::Sum => {}
        Mapping::Scale(multiplier) => {
            let value = multiplier * if multiplier.is_sign_negative() { least } else { most } as f64;
            if *multiplier == 0.0 {
                report.warn(place, "Every score becomes 0.".to_owned());
            } else if value >= f64::from(i32::MAX) {
                report.warn(place, "The best answers reach a value above 32 bits, which is cut off.".to_owned());
            }
        }
        Mapping::Percentage(max) if most > i64::from(*max) => {
            report.warn(place, format!("The best answers score {most}, but 100 percent are {max}: values pass 100."));
        }
        Mapping::Percentage(max) if most < i64::from(*max) => {
            report.warn(place, format!("The best answers score {most} only, but 100 percent are {max}."));
        }
        Mapping::Percentage(_) => {}
        Mapping::Range { ranges, otherwise } => {
            let mut sorted: Vec<_> = ranges.iter().collect();
            sorted.sort_by_key(|range| (range.lower, range.upper));
            // The next sum that no range has been seen for.
            let mut next = least;
            let mut gaps = Vec::new();
            for pair in sorted.windows(2) {
                if pair[1].lower <= pair[0].upper {
                    let (lower, upper) = (pair[0].lower, pair[0].upper);
                    let words =
                        format!("This range and that of {lower} to {upper} overlap; the first in the key counts.");
                    report.warn(pair[1].place, words);
                }
            }
            for range in &sorted {
                let (lower, upper) = (i64::from(range.lower), i64::from(range.upper));
                if upper < least || lower > most {
                    let words = format!("No answers reach this range: they score {least} to {most}.");
                    report.warn(range.place, words);
                }
                if lower > next && next <= most {
                    gaps.push((next, most.min(lower - 1)));
                }
                next = next.max(upper + 1);
            }
            if next <= most {
                gaps.push((next, most));
            }
            for (from, to) in gaps {
                let words = if from == to { format!("{from}") } else { format!("{from} to {to}") };
                report.warn(place, format!("No range holds a score of {words}: its value is {otherwise}."));
            }
        }
    }
}

/// What was found, in order.
#[derive(Default)]
struct Report {
    errors: Vec<Fault>,
    warnings: Vec<Fault>,
}

impl Report {
    fn error(&mut self, place: Place, words: String) {
        self.errors.push(Fault { place, words });
    }

    fn warn(&mut self, place: Place, words: String) {
        self.warnings.push(Fault { place, words });
    }

    fn finish(mut self) -> Result<Checked<()>, Faults> {
        self.warnings.sort_by_key(|fault| fault.place);
        self.errors.sort_by_key(|fault| fault.place);
        let mut errors = self.errors.into_iter();
        match errors.next() {
            None => Ok(Checked { value: (), warnings: self.warnings }),
            Some(first) => Err(Faults { first, more: errors.collect() }),
        }
    }
}
