//! A QuestionForm as HTML: what is asked, and fields to answer it, which work in a browser without scripts. Everything the
//! requester wrote is text or comes out of the tree of its formatted content; nothing of it runs.

mod content;
mod field;
mod formatted;
mod posted;
#[cfg(test)]
mod tests;

pub use posted::{Posted, answers, unmet};

use super::constraint::Unmet;
use super::question_form::{AnswerSpecification, Part, Question, QuestionForm};
use super::write::html_text;
use std::fmt::Write;

/// How a form looks; it follows the reader's choice of light or dark.
pub const STYLE: &str = include_str!("../../assets/site/crowd/question.css");

/// The inside of a form: to stand in a `<form method="post">`, beside a button. `posted` fills the fields in again; without
/// it they hold what the requester suggests. What is wrong with the answers stands above, and again beside each field.
pub fn form(form: &QuestionForm, posted: Option<&Posted>, unmet: &[Unmet]) -> String {
    let names = posted::names(form);
    let mut out = String::with_capacity(4_096);
    out.push_str("<div class=\"qf\">");
    push_summary(&mut out, form, unmet);
    let mut number = 0;
    for part in &form.parts {
        match part {
            Part::Overview(blocks) => {
                out.push_str("<section class=\"qf-overview\">");
                content::push(&mut out, blocks);
                out.push_str("</section>");
            }
            Part::Question(question) => {
                let name = names.get(number).map_or("", String::as_str);
                number += 1;
                let wrong: Vec<&Unmet> = unmet.iter().filter(|unmet| unmet.question == question.identifier).collect();
                push_question(&mut out, question, number, name, posted, &wrong);
            }
        }
    }
    out.push_str("</div>");
    out
}

/// A whole page with a form that goes nowhere: what workers would see.
pub fn preview(title: &str, form: &QuestionForm) -> String {
    let title = html_text(title);
    let fields = self::form(form, None, &[]);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><title>{title}</title><style>{STYLE}</style></head>\
         <body class=\"qf-page\"><h1>{title}</h1><form onsubmit=\"return false\">{fields}<p><button class=\"qf-submit\" \
         disabled>Submit</button> <span class=\"qf-hint\">This is a preview: nothing is handed in.</span></p></form>\
         </body></html>\n"
    )
}

/// Everything that is wrong, with a way to each field.
fn push_summary(out: &mut String, form: &QuestionForm, unmet: &[Unmet]) {
    if unmet.is_empty() {
        return;
    }
    out.push_str("<div class=\"qf-summary\" role=\"alert\" tabindex=\"-1\" id=\"qf-summary\"><p>");
    // Writing to a String cannot fail, here and below.
    let _ = match unmet.len() {
        1 => write!(out, "One answer is not complete yet. Nothing was handed in."),
        many => write!(out, "{many} answers are not complete yet. Nothing was handed in."),
    };
    out.push_str("</p><ul>");
    for wrong in unmet {
        let place = form.questions().position(|question| question.identifier == wrong.question);
        let words = html_text(&wrong.want.to_string());
        let _ = match place {
            Some(place) => {
                let name = form.questions().nth(place).map_or_else(String::new, |question| called(question, place + 1));
                write!(out, "<li><a href=\"#q{}\">{}</a>: {words}</li>", place + 1, html_text(&name))
            }
            None => write!(out, "<li>{}: {words}</li>", html_text(&wrong.question)),
        };
    }
    out.push_str("</ul></div>");
}

/// What a question is called in a list.
fn called(question: &Question, number: usize) -> String {
    match question.display_name.as_deref().filter(|name| !name.is_empty()) {
        Some(name) => name.to_owned(),
        None => format!("Question {number}"),
    }
}

fn push_question(
    out: &mut String,
    question: &Question,
    number: usize,
    name: &str,
    posted: Option<&Posted>,
    wrong: &[&Unmet],
) {
    let class = if wrong.is_empty() { "qf-question" } else { "qf-question qf-wrong" };
    let kind = match &question.answer {
        AnswerSpecification::Selection(selection) if field::is_menu(selection) => "",
        AnswerSpecification::Selection(selection) if selection.max == 1 => " role=\"radiogroup\"",
        AnswerSpecification::Selection(_) => " role=\"group\"",
        _ => "",
    };
    let group = if kind.is_empty() { String::new() } else { format!("{kind} aria-labelledby=\"q{number}-asked\"") };
    let _ =
        write!(out, "<div class=\"{class}\" id=\"q{number}\"{group}><div class=\"qf-asked\" id=\"q{number}-asked\">");
    if let Some(heading) = question.display_name.as_deref().filter(|name| !name.is_empty()) {
        let _ = write!(out, "<h3 class=\"qf-name\" dir=\"auto\">{}</h3>", html_text(heading));
    }
    content::push(out, &question.content);
    out.push_str("</div>");
    let hint = field::hint(question);
    if !hint.is_empty() {
        let _ = write!(out, "<p class=\"qf-hint\" id=\"q{number}-hint\">{}</p>", html_text(&hint));
    }
    if !wrong.is_empty() {
        let words: Vec<String> = wrong.iter().map(|unmet| html_text(&unmet.want.to_string())).collect();
        let _ = write!(out, "<p class=\"qf-error\" id=\"q{number}-error\">{}</p>", words.join(" "));
    }
    let described = match (hint.is_empty(), wrong.is_empty()) {
        (true, true) => String::new(),
        (false, true) => format!(" aria-describedby=\"q{number}-hint\""),
        (true, false) => format!(" aria-describedby=\"q{number}-error\" aria-invalid=\"true\""),
        (false, false) => format!(" aria-describedby=\"q{number}-error q{number}-hint\" aria-invalid=\"true\""),
    };
    let field = field::Field { number, name, described, posted };
    field.push(out, question);
    out.push_str("</div>");
}
