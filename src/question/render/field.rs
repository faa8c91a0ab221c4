//! Fields: texts, and choices in each of the styles that a requester may suggest.

use super::content;
use super::posted::Posted;
use crate::question::question_form::{AnswerSpecification, Choice, Content, FreeText, Question, Selection, Style};
use crate::question::write::html_text;
use std::fmt::Write;

/// A list of so many entries is shown without scrolling.
const LIST: usize = 8;
/// A text of so many characters needs more than one line.
const LINE: u32 = 200;

/// One question's field, about to be written.
pub(super) struct Field<'f> {
    /// Its place among the questions, from 1.
    pub(super) number: usize,
    /// The name it is posted under.
    pub(super) name: &'f str,
    /// The attributes that join it with its hint and its error.
    pub(super) described: String,
    /// What was posted, if anything was.
    pub(super) posted: Option<&'f Posted>,
}

/// Whether a choice is shown as a menu, and not as buttons or boxes: what stands in a menu is text.
pub(super) fn is_menu(selection: &Selection) -> bool {
    let is_plain = selection.choices.iter().all(|choice| matches!(choice.label, Content::Text(_)));
    let style = matches!(selection.style, Some(Style::DropDown | Style::ComboBox | Style::List));
    style && selection.max == 1 && is_plain
}

/// What is expected, in words.
pub(super) fn hint(question: &Question) -> String {
    let mut words = Vec::new();
    match &question.answer {
        AnswerSpecification::FreeText(field) => text_hint(field, &mut words),
        AnswerSpecification::Selection(selection) => match (selection.min, selection.max) {
            (_, 1) => {}
            (0, max) if (max as usize) < selection.choices.len() => words.push(format!("Choose up to {max}.")),
            (0 | 1, max) if max as usize >= selection.choices.len() => words.push("Choose all that apply.".into()),
            (1, max) => words.push(format!("Choose up to {max}.")),
            (min, max) if min == max => words.push(format!("Choose {min}.")),
            (min, max) => words.push(format!("Choose {min} to {max}.")),
        },
        AnswerSpecification::Upload { .. } => {
            words.push("This question asks for a file. Files cannot be handed in any more; leave it out.".to_owned());
            return words.join(" ");
        }
    }
    if !is_required(question) {
        words.push("Optional.".to_owned());
    }
    words.join(" ")
}

fn text_hint(field: &FreeText, words: &mut Vec<String>) {
    match field.numeric {
        Some((Some(min), Some(max))) => words.push(format!("A number from {min} to {max}.")),
        Some((Some(min), None)) => words.push(format!("A number, {min} or more.")),
        Some((None, Some(max))) => words.push(format!("A number, {max} or less.")),
        Some((None, None)) => words.push("A number.".to_owned()),
        None => {}
    }
    match (field.min_length, field.max_length) {
        (Some(min), Some(max)) if min == max => words.push(format!("{min} characters.")),
        (Some(min), Some(max)) if min > 1 => words.push(format!("{min} to {max} characters.")),
        (_, Some(max)) => words.push(format!("At most {max} characters.")),
        (Some(min), None) if min > 1 => words.push(format!("At least {min} characters.")),
        _ => {}
    }
}

fn is_required(question: &Question) -> bool {
    match &question.answer {
        AnswerSpecification::FreeText(field) => question.is_required || field.min_length.is_some_and(|min| min > 0),
        AnswerSpecification::Selection(selection) => question.is_required && selection.min > 0,
        AnswerSpecification::Upload { .. } => false,
    }
}

impl Field<'_> {
    /// Appends the field of a question.
    pub(super) fn push(&self, out: &mut String, question: &Question) {
        let required = is_required(question);
        match &question.answer {
            AnswerSpecification::FreeText(field) => {
                let labelled = format!(" aria-labelledby=\"q{}-asked\"", self.number);
                self.push_text(out, field, self.name, required, &labelled);
            }
            AnswerSpecification::Selection(selection) => self.push_selection(out, selection, required),
            AnswerSpecification::Upload { .. } => {}
        }
    }

    fn push_text(&self, out: &mut String, field: &FreeText, name: &str, required: bool, labelled: &str) {
        let value = match self.posted {
            Some(posted) => posted.text(name).unwrap_or_default().to_owned(),
            None => field.default_text.clone().unwrap_or_default(),
        };
        let mut attributes = format!(" name=\"{}\"{labelled}{}", html_text(name), self.described);
        if required {
            attributes.push_str(" required");
        }
        if let Some(max) = field.max_length {
            let _ = write!(attributes, " maxlength=\"{max}\"");
        }
        let long = field.numeric.is_none() && field.max_length.is_some_and(|max| max > LINE);
        if field.lines > 1 || long {
            let rows = field.lines.clamp(3, 30);
            // A browser drops a line break that stands first.
            let _ = writeln!(out, "<textarea class=\"qf-input\" rows=\"{rows}\" dir=\"auto\"{attributes}>");
            let _ = write!(out, "{}</textarea>", html_text(&value));
            return;
        }
        if field.numeric.is_some() {
            attributes.push_str(" inputmode=\"decimal\" autocomplete=\"off\"");
        }
        let class = if field.numeric.is_some() { "qf-input qf-number" } else { "qf-input" };
        let _ = write!(out, "<input class=\"{class}\" dir=\"auto\"{attributes} value=\"{}\">", html_text(&value));
    }

    fn push_selection(&self, out: &mut String, selection: &Selection, required: bool) {
        match selection.style {
            Some(Style::List) if is_menu(selection) => {
                self.push_menu(out, selection, required, selection.choices.len().clamp(2, LIST));
            }
            _ if is_menu(selection) => self.push_menu(out, selection, required, 1),
            Some(Style::List | Style::MultiChooser) => {
                self.push_buttons(out, selection, required, "qf-choices qf-list");
            }
            _ => self.push_buttons(out, selection, required, "qf-choices"),
        }
    }

    fn is_chosen(&self, choice: &Choice) -> bool {
        self.posted.is_some_and(|posted| posted.has(self.name, &choice.identifier))
    }

    fn push_menu(&self, out: &mut String, selection: &Selection, required: bool, rows: usize) {
        let name = html_text(self.name);
        let required = if required && selection.other.is_none() { " required" } else { "" };
        let size = if rows > 1 { format!(" size=\"{rows}\"") } else { String::new() };
        let _ = write!(
            out,
            "<select class=\"qf-input\" name=\"{name}\"{size} aria-labelledby=\"q{}-asked\"{}{required}>",
            self.number, self.described
        );
        if rows == 1 {
            out.push_str("<option value=\"\">Choose…</option>");
        }
        for choice in &selection.choices {
            let selected = if self.is_chosen(choice) { " selected" } else { "" };
            let label = html_text(&content::plain_label(&choice.label));
            let value = html_text(&choice.identifier);
            let _ = write!(out, "<option value=\"{value}\"{selected}>{label}</option>");
        }
        out.push_str("</select>");
        if let Some(other) = &selection.other {
            self.push_other(out, other, "Or in your own words:");
        }
    }

    fn push_buttons(&self, out: &mut String, selection: &Selection, required: bool, class: &str) {
        let name = html_text(self.name);
        let kind = if selection.max == 1 { "radio" } else { "checkbox" };
        // Of boxes a browser would want each.
        let required = if required && kind == "radio" { " required" } else { "" };
        let _ = write!(out, "<div class=\"{class}\">");
        for choice in &selection.choices {
            let checked = if self.is_chosen(choice) { " checked" } else { "" };
            let value = html_text(&choice.identifier);
            let _ = write!(
                out,
                "<label class=\"qf-choice\"><input type=\"{kind}\" name=\"{name}\" value=\"{value}\"{checked}{required}{}>",
                self.described
            );
            content::push_label(out, &choice.label);
            out.push_str("</label>");
        }
        if let Some(other) = &selection.other {
            if kind == "radio" {
                let written = self.posted.and_then(|posted| posted.text(&Posted::other(self.name)));
                let checked = if written.is_some_and(|text| !text.is_empty()) { " checked" } else { "" };
                let _ = write!(
                    out,
                    "<label class=\"qf-choice\"><input type=\"radio\" name=\"{name}\" value=\"\"{checked}{required}>\
                     <span class=\"qf-text\">Something else</span></label>"
                );
            }
            self.push_other(out, other, if kind == "radio" { "In your own words:" } else { "Something else:" });
        }
        out.push_str("</div>");
    }

    fn push_other(&self, out: &mut String, field: &FreeText, words: &str) {
        let id = format!("q{}-other", self.number);
        let mut limits = Vec::new();
        text_hint(field, &mut limits);
        let limits = html_text(&limits.join(" "));
        let _ = write!(out, "<div class=\"qf-other\"><label for=\"{id}\">{words} {limits}</label>");
        self.push_text(out, field, &Posted::other(self.name), false, &format!(" id=\"{id}\""));
        out.push_str("</div>");
    }
}
