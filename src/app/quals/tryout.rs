//! A qualification test as a worker sees it, answered by oneself: what the key makes of it is said at every answer, by the
//! same rules as the market's.

use super::test::{self, Answers, Stop, What};
use crate::app::document::{Document, Page, Tone};
use crate::question::answer_key::{self, AnswerKey, Score};
use crate::question::constraint;
use crate::question::question_form::{AnswerSpecification, Question, QuestionForm, Selection, read_test};
use crate::question::sheet::{AnswerSheet, Given};
use std::collections::BTreeMap;
use tui_input::Input;

/// A test that is tried out.
#[derive(Debug, Clone)]
pub struct Tryout {
    /// The name of its type.
    name: String,
    form: QuestionForm,
    key: Option<AnswerKey>,
    /// What is wrong with the key, or doubtful: it is said below the test.
    doubts: Vec<(Tone, String)>,
    given: BTreeMap<String, Given>,
    /// What can be answered, from the top; which one is under the cursor.
    cursor: usize,
    /// The first visible line.
    pub offset: usize,
    /// The text that is being typed under the cursor.
    pub typing: Option<Input>,
    /// Whether the form of the type waits below.
    pub from_form: bool,
}

impl Tryout {
    /// A test and its key, of which the key may be empty or broken. The error says what is wrong with the test.
    pub fn new(name: &str, test: &str, key: &str) -> Result<Tryout, String> {
        if test.trim().is_empty() {
            return Err("there is no test".to_owned());
        }
        let form = read_test(test, false).map_err(|faults| format!("test: {faults}"))?.value;
        let mut doubts = Vec::new();
        let read = match key.trim() {
            "" => None,
            _ => Some(answer_key::read(key)),
        };
        let key = match read {
            None => None,
            Some(Err(faults)) => {
                doubts.extend(faults.iter().map(|fault| (Tone::Bad, fault.to_string())));
                None
            }
            Some(Ok(read)) => {
                match answer_key::check(&read.value, &form) {
                    Ok(checked) => doubts.extend(checked.warnings.iter().map(|fault| (Tone::Warn, fault.to_string()))),
                    Err(faults) => doubts.extend(faults.iter().map(|fault| (Tone::Bad, fault.to_string()))),
                }
                Some(read.value)
            }
        };
        let (given, name) = (BTreeMap::new(), name.to_owned());
        let tryout = Tryout { name, form, key, doubts, given, cursor: 0, offset: 0, typing: None, from_form: false };
        Ok(tryout)
    }

    fn sheet(&self) -> AnswerSheet {
        self.given.iter().map(|(name, given)| (name.as_str(), given.clone())).collect()
    }

    /// What the answers are worth; none without a key.
    pub fn score(&self) -> Option<Score> {
        self.key.as_ref().map(|key| answer_key::score(key, &self.sheet()))
    }

    /// How many questions are not answered as the test wants it.
    pub fn missing(&self) -> usize {
        let unmet = constraint::check(&self.form, &self.sheet());
        self.form.questions().filter(|asked| unmet.iter().any(|one| one.question == asked.identifier)).count()
    }

    /// The heading: the score in words.
    pub fn heading(&self) -> String {
        let worth = match (self.score(), &self.key) {
            (Some(score), Some(key)) => format!("value {} for {} of {} points", score.value, score.sum, key.best()),
            _ if self.doubts.iter().any(|(tone, _)| *tone == Tone::Bad) => "the key cannot be read".to_owned(),
            _ => "no key: you would decide".to_owned(),
        };
        let missing = match self.missing() {
            0 => String::new(),
            missing => format!(", {missing} to answer"),
        };
        format!("{}: {worth}{missing}", self.name)
    }

    fn write(&self, width: u16) -> (Page, Vec<Stop>) {
        let mut page = Page::plain(width);
        let sheet = self.sheet();
        let scored = self.score().zip(self.key.clone()).map(|(score, key)| (key, score));
        let wanted = Some(constraint::check(&self.form, &sheet));
        let stops =
            test::write(&mut page, &self.form, Some(&Answers { sheet: &sheet, scored: scored.as_ref(), wanted }));
        page.section("Key");
        match &self.key {
            Some(key) => test::mapping(&mut page, key),
            None if self.doubts.is_empty() => page.paragraph("None: you decide what each test is worth.", Tone::Quiet),
            None => {}
        }
        for (tone, words) in &self.doubts {
            page.paragraph(&format!("! {words}"), *tone);
        }
        (page, stops)
    }

    /// The test at this width.
    pub fn document(&self, width: u16) -> Document {
        Document { lines: self.write(width).0.lines, answer: None }
    }

    /// Where the cursor stands: the line of the document and the column of what is answered there.
    pub fn place(&self, width: u16) -> Option<(usize, u16)> {
        self.write(width).1.get(self.cursor).map(|stop| (stop.line, stop.at))
    }

    /// Moves the cursor by so many answers and scrolls it into view.
    pub fn step(&mut self, by: isize, width: u16, height: usize) {
        let (page, stops) = self.write(width);
        self.cursor = self.cursor.saturating_add_signed(by).min(stops.len().saturating_sub(1));
        let Some(stop) = stops.get(self.cursor) else { return };
        // The question comes into view with its first answer, and what stands below the last one with that.
        let first = self.cursor == 0;
        let last = self.cursor + 1 == stops.len();
        let (top, bottom) = (if first { 0 } else { stop.line }, if last { page.lines.len() } else { stop.line + 1 });
        if bottom > self.offset + height {
            self.offset = bottom - height;
        }
        // What is answered is in view whatever else is.
        self.offset = self.offset.min(if bottom - top > height { stop.line } else { top });
    }

    /// Scrolls the text by so many lines.
    pub fn scroll(&mut self, by: isize, width: u16, height: usize) {
        let last = self.write(width).0.lines.len().saturating_sub(height);
        self.offset = self.offset.saturating_add_signed(by).min(last);
    }

    fn under(&self) -> Option<(&Question, What)> {
        // Where things stand does not depend on the width, only on which line.
        let stop = *self.write(80).1.get(self.cursor)?;
        Some((self.form.questions().nth(stop.question)?, stop.what))
    }

    /// Answers what is under the cursor: a choice is made or taken back, a text begins to be typed.
    pub fn answer(&mut self) {
        let Some((question, what)) = self.under() else { return };
        let name = question.identifier.clone();
        match (what, &question.answer) {
            (What::Choice(at), AnswerSpecification::Selection(selection)) => {
                let many = selection.max > 1;
                if let Some(choice) = selection.choices.get(at).map(|choice| choice.identifier.clone()) {
                    choose(self.given.entry(name).or_default(), many, choice);
                }
            }
            (_, asked) => {
                let text = self.given.get(&name).and_then(|given| given.texts.first()).cloned();
                self.typing = Some(Input::new(text.or_else(|| default_text(asked)).unwrap_or_default()));
            }
        }
    }

    /// The text that was typed is the answer; an empty one is none.
    pub fn typed(&mut self) {
        let Some(input) = self.typing.take() else { return };
        let Some(name) = self.under().map(|(question, _)| question.identifier.clone()) else { return };
        let text = input.value().trim().to_owned();
        let given = self.given.entry(name).or_default();
        given.texts.clear();
        given.texts.extend((!text.is_empty()).then_some(text));
    }

    /// Takes back what was answered to the question under the cursor.
    pub fn take_back(&mut self) {
        if let Some(name) = self.under().map(|(question, _)| question.identifier.clone()) {
            self.given.remove(&name);
        }
    }
}

fn default_text(asked: &AnswerSpecification) -> Option<String> {
    match asked {
        AnswerSpecification::FreeText(field) => field.default_text.clone(),
        AnswerSpecification::Selection(Selection { other: Some(field), .. }) => field.default_text.clone(),
        _ => None,
    }
}

/// Makes a choice, or takes it back; where only one can be made it replaces the other.
fn choose(given: &mut Given, many: bool, choice: String) {
    if given.selected.remove(&choice) {
        return;
    }
    if !many {
        given.selected.clear();
    }
    given.selected.insert(choice);
}

#[cfg(test)]
mod tests;
