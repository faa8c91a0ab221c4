//! A qualification test as a worker sees it; with what was answered and what that is worth.

use crate::app::document::{Page, Tone};
use crate::question::answer_key::{self, AnswerKey, Mapping, Score};
use crate::question::constraint::Unmet;
use crate::question::fault::Fault;
use crate::question::item;
use crate::question::question_form::{AnswerSpecification, Content, Part, Question, QuestionForm, Selection};
use crate::question::sheet::{AnswerSheet, Given};
use crate::question::write::html_question;

/// The answers to a test.
pub(super) struct Answers<'a> {
    /// What was given.
    pub(super) sheet: &'a AnswerSheet,
    /// What a key makes of it.
    pub(super) scored: Option<&'a (AnswerKey, Score)>,
    /// Somebody is answering: what is missing is said as a wish, by question.
    pub(super) wanted: Option<Vec<Unmet>>,
}

/// Something in a test that can be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stop {
    /// Which question, from 0.
    pub(super) question: usize,
    /// What of it.
    pub(super) what: What,
    /// On which line of the document it stands.
    pub(super) line: usize,
    /// From which column.
    pub(super) at: u16,
}

/// What can be answered of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// A choice, from 0.
    Choice(usize),
    /// The text.
    Text,
    /// The text beside the choices.
    Other,
}

/// Writes a test, and says where it can be answered.
pub(super) fn write(page: &mut Page, form: &QuestionForm, answers: Option<&Answers<'_>>) -> Vec<Stop> {
    let trying = answers.is_some_and(|answers| answers.wanted.is_some());
    page.section(if answers.is_some() && !trying { "Answers" } else { "Test" });
    let (mut number, mut stops) = (0, Vec::new());
    for part in &form.parts {
        match part {
            Part::Overview(content) => write_content(page, content, Tone::Text),
            Part::Question(question) => {
                number += 1;
                let name = question.display_name.as_deref().unwrap_or("");
                let required = if question.is_required { "" } else { " (may be left out)" };
                page.paragraph(&format!("{number}. {name}{required}"), Tone::Label);
                write_content(page, &question.content, Tone::Text);
                let mut asked = Asked { number: number - 1, question, answers, stops: &mut stops };
                asked.write(page);
            }
        }
    }
    if let Some(answers) = answers {
        let asked = |name: &str| form.question(name).is_some();
        for (name, given) in answers.sheet.iter().filter(|(name, _)| !asked(name)) {
            page.paragraph(&format!("! answered, but not asked: {name}: {}", joined(given)), Tone::Warn);
        }
    }
    stops
}

/// One question being written.
struct Asked<'a> {
    number: usize,
    question: &'a Question,
    answers: Option<&'a Answers<'a>>,
    stops: &'a mut Vec<Stop>,
}

impl Asked<'_> {
    /// A line that can be answered.
    fn stop(&mut self, page: &mut Page, what: What, text: &str, tone: Tone) {
        self.stops.push(Stop { question: self.number, what, line: page.lines.len(), at: page.label });
        page.paragraph(text, tone);
    }

    fn wanted(&self) -> Option<&[Unmet]> {
        self.answers.and_then(|answers| answers.wanted.as_deref())
    }

    fn write(&mut self, page: &mut Page) {
        let question = self.question;
        let given = self.answers.map(|answers| answers.sheet.given(&question.identifier).cloned().unwrap_or_default());
        match &question.answer {
            AnswerSpecification::Selection(selection) => self.choices(page, selection, given.as_ref()),
            AnswerSpecification::FreeText(field) => {
                let (text, tone) = match &given {
                    Some(given) if given.is_empty() && self.wanted().is_none() => ("[nothing]".to_owned(), Tone::Warn),
                    Some(given) if !given.is_empty() => (joined(given), Tone::Strong),
                    _ => (format!("[{}]", field.default_text.as_deref().unwrap_or("text")), Tone::Quiet),
                };
                self.stop(page, What::Text, &text, tone);
            }
            AnswerSpecification::Upload { .. } => {
                let words = given.as_ref().map_or("file".to_owned(), joined);
                page.paragraph(&format!("[{words}]"), Tone::Quiet);
            }
        }
        for unmet in self.wanted().into_iter().flatten().filter(|unmet| unmet.question == question.identifier) {
            page.paragraph(&format!("! {}", unmet.want), Tone::Warn);
        }
        if let Some((key, score)) = self.answers.and_then(|answers| answers.scored) {
            write_mark(page, question, key, score);
        }
    }

    fn choices(&mut self, page: &mut Page, selection: &Selection, given: Option<&Given>) {
        let many = selection.max > 1;
        for (at, choice) in selection.choices.iter().enumerate() {
            let chosen = given.is_some_and(|given| given.selected.contains(&choice.identifier));
            let sign = match (many, chosen) {
                (false, false) => "( )",
                (false, true) => "(o)",
                (true, false) => "[ ]",
                (true, true) => "[x]",
            };
            let tone = if chosen { Tone::Strong } else { Tone::Text };
            self.stop(page, What::Choice(at), &format!("{sign} {}", text_of(&choice.label)), tone);
        }
        let own: Vec<&String> =
            given.iter().flat_map(|given| &given.texts).filter(|text| !text.trim().is_empty()).collect();
        match (own.as_slice(), selection.other.is_some() && (given.is_none() || self.wanted().is_some())) {
            ([], true) => self.stop(page, What::Other, "or a text of one's own: [text]", Tone::Text),
            (own, true) => self.stop(page, What::Other, &format!("other: {}", own[0]), Tone::Strong),
            (own, false) => own.iter().for_each(|text| page.paragraph(&format!("other: {text}"), Tone::Strong)),
        }
        let unknown = given.into_iter().flat_map(|given| &given.selected);
        let known = |name: &String| selection.choices.iter().any(|choice| choice.identifier == *name);
        unknown.filter(|name| !known(name)).for_each(|name| page.paragraph(&format!("! chosen: {name}"), Tone::Warn));
        if given.is_some_and(Given::is_empty) && self.wanted().is_none() {
            page.paragraph("nothing chosen", Tone::Warn);
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

/// What a question was worth: "2 of 2 points".
fn write_mark(page: &mut Page, question: &Question, key: &AnswerKey, score: &Score) {
    let scored = key.questions.iter().zip(&score.marks).find(|(asked, _)| asked.identifier == question.identifier);
    let Some((asked, mark)) = scored else { return page.paragraph("not scored", Tone::Quiet) };
    let best = asked.best();
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
    mapping(page, key);
    let say = |page: &mut Page, fault: &Fault, tone| page.paragraph(&format!("! {fault}"), tone);
    match answer_key::check(key, form) {
        Ok(checked) => checked.warnings.iter().for_each(|fault| say(page, fault, Tone::Warn)),
        Err(faults) => faults.iter().for_each(|fault| say(page, fault, Tone::Bad)),
    }
}

/// Writes how a key makes a value of the points.
pub(super) fn mapping(page: &mut Page, key: &AnswerKey) {
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
}
