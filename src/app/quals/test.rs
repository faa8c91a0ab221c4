//! A qualification test as a worker sees it; with what was answered and what that is worth.

use crate::app::document::{Page, Tone};
use crate::domain::qualification::QualificationRequest;
use crate::question::answer_key::{self, AnswerKey, Mapping, Score};
use crate::question::fault::Fault;
use crate::question::item;
use crate::question::question_form::{AnswerSpecification, Content, Part, Question, QuestionForm, Selection};
use crate::question::sheet::{AnswerSheet, Given};
use crate::question::write::html_question;

/// A test that was taken.
pub(super) struct Taken<'a> {
    sheet: AnswerSheet,
    scored: Option<&'a (AnswerKey, Score)>,
}

impl<'a> Taken<'a> {
    pub(super) fn new(asked: &QualificationRequest, scored: Option<&'a (AnswerKey, Score)>) -> Taken<'a> {
        Taken { sheet: AnswerSheet::read(asked.answer.as_deref().unwrap_or("")), scored }
    }
}

/// Writes a test.
pub(super) fn write(page: &mut Page, form: &QuestionForm, taken: Option<Taken<'_>>) {
    page.section(if taken.is_some() { "Answers" } else { "Test" });
    let mut number = 0;
    for part in &form.parts {
        match part {
            Part::Overview(content) => write_content(page, content, Tone::Text),
            Part::Question(question) => {
                number += 1;
                let name = question.display_name.as_deref().unwrap_or("");
                let required = if question.is_required { "" } else { " (may be left out)" };
                page.paragraph(&format!("{number}. {name}{required}"), Tone::Label);
                write_content(page, &question.content, Tone::Text);
                write_answer(page, question, taken.as_ref());
            }
        }
    }
    if let Some(taken) = taken {
        let asked = |name: &str| form.question(name).is_some();
        for (name, given) in taken.sheet.iter().filter(|(name, _)| !asked(name)) {
            page.paragraph(&format!("! answered, but not asked: {name}: {}", joined(given)), Tone::Warn);
        }
    }
}

fn joined(given: &Given) -> String {
    given.values().into_iter().collect::<Vec<_>>().join(", ")
}

fn write_content(page: &mut Page, content: &[Content], tone: Tone) {
    for block in content {
        if let Content::Title(text) = block {
            page.paragraph(text, Tone::Strong);
        } else {
            page.paragraph(&text_of(block), tone);
        }
    }
}

/// A block of content as text.
fn text_of(block: &Content) -> String {
    match block {
        Content::Title(text) | Content::Text(text) => text.clone(),
        Content::List(items) => items.iter().map(|item| format!("- {item}")).collect::<Vec<_>>().join("\n"),
        Content::Binary(medium) | Content::Embedded { medium, .. } => {
            format!("[{}: {} {}]", medium.kind, medium.alternative, medium.url)
        }
        Content::Formatted(markup) => {
            let read = item::read(&html_question(markup));
            let pairs = read.pairs.iter().map(|(label, value)| format!("{label}: {value}"));
            pairs.chain(read.text.iter().cloned()).collect::<Vec<_>>().join("\n")
        }
    }
}

fn write_answer(page: &mut Page, question: &Question, taken: Option<&Taken<'_>>) {
    let given = taken.map(|taken| taken.sheet.given(&question.identifier).cloned().unwrap_or_default());
    match &question.answer {
        AnswerSpecification::Selection(selection) => write_choices(page, selection, given.as_ref()),
        AnswerSpecification::FreeText(field) => match &given {
            Some(given) if given.is_empty() => page.paragraph("[nothing]", Tone::Warn),
            Some(given) => page.paragraph(&joined(given), Tone::Strong),
            None => page.paragraph(&format!("[{}]", field.default_text.as_deref().unwrap_or("text")), Tone::Quiet),
        },
        AnswerSpecification::Upload { .. } => {
            let words = given.as_ref().map_or("file".to_owned(), joined);
            page.paragraph(&format!("[{words}]"), Tone::Quiet);
        }
    }
    if let Some((key, score)) = taken.and_then(|taken| taken.scored) {
        write_mark(page, question, key, score);
    }
}

fn write_choices(page: &mut Page, selection: &Selection, given: Option<&Given>) {
    let many = selection.max > 1;
    for choice in &selection.choices {
        let chosen = given.is_some_and(|given| given.selected.contains(&choice.identifier));
        let sign = match (many, chosen) {
            (false, false) => "( )",
            (false, true) => "(o)",
            (true, false) => "[ ]",
            (true, true) => "[x]",
        };
        let tone = if chosen { Tone::Strong } else { Tone::Text };
        page.paragraph(&format!("{sign} {}", text_of(&choice.label)), tone);
    }
    let own = given.iter().flat_map(|given| &given.texts).filter(|text| !text.trim().is_empty());
    own.for_each(|text| page.paragraph(&format!("other: {text}"), Tone::Strong));
    let unknown = given.into_iter().flat_map(|given| &given.selected);
    let known = |name: &String| selection.choices.iter().any(|choice| choice.identifier == *name);
    unknown.filter(|name| !known(name)).for_each(|name| page.paragraph(&format!("! chosen: {name}"), Tone::Warn));
    if given.is_some_and(Given::is_empty) {
        page.paragraph("nothing chosen", Tone::Warn);
    }
    if selection.other.is_some() && given.is_none() {
        page.paragraph("or a text of one's own: [text]", Tone::Text);
    }
}

/// What a question was worth: "2 of 2 points".
fn write_mark(page: &mut Page, question: &Question, key: &AnswerKey, score: &Score) {
    let scored = key.questions.iter().zip(&score.marks).find(|(asked, _)| asked.identifier == question.identifier);
    let Some((asked, mark)) = scored else { return page.paragraph("not scored", Tone::Quiet) };
    let best = asked.options.iter().map(|option| option.score).chain([asked.default_score]).max().unwrap_or(0);
    let tone = match mark.points {
        points if points >= best => Tone::Good,
        points if points > asked.default_score => Tone::Warn,
        _ => Tone::Bad,
    };
    page.paragraph(&format!("{} of {best} points", mark.points), tone);
}

/// Writes a key, and what is doubtful in it.
pub(super) fn key(page: &mut Page, form: &QuestionForm, key: &AnswerKey) {
    for (question, asked) in key.questions.iter().map(|asked| (form.question(&asked.identifier), asked)) {
        let name = question.and_then(|question| question.display_name.as_deref()).unwrap_or(&asked.identifier);
        let options = asked.options.iter().map(|option| format!("{}: {}", option.selections.join("+"), option.score));
        let all: Vec<_> = options.chain([format!("else: {}", asked.default_score)]).collect();
        page.pair(name, &all.join("  "), Tone::Text);
    }
    let mapping = match &key.mapping {
        Mapping::Sum => "the sum of the scores".to_owned(),
        Mapping::Percentage(most) => format!("the sum as a percentage of {most}"),
        Mapping::Scale(by) => format!("the sum times {by}"),
        Mapping::Range { ranges, otherwise } => {
            let each = ranges.iter().map(|range| format!("{} to {}: {}", range.lower, range.upper, range.value));
            each.chain([format!("else: {otherwise}")]).collect::<Vec<_>>().join("  ")
        }
    };
    page.pair("value", &mapping, Tone::Text);
    let say = |page: &mut Page, fault: &Fault, tone| page.paragraph(&format!("! {fault}"), tone);
    match answer_key::check(key, form) {
        Ok(checked) => checked.warnings.iter().for_each(|fault| say(page, fault, Tone::Warn)),
        Err(faults) => faults.iter().for_each(|fault| say(page, fault, Tone::Bad)),
    }
}
