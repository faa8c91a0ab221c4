//! Writes the document in the layout that MTurk itself uses.

use crate::question::xml;
use std::fmt::Write;

/// The namespace of QuestionFormAnswers.
const NAMESPACE: &str =
    "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2005-10-01/QuestionFormAnswers.xsd";

/// An answer with these fields, as MTurk lays it out: on one line, declared as ASCII, everything else as decimal
/// references, quotes as they stand. Characters that XML cannot hold are dropped.
pub fn write<N: AsRef<str>, V: AsRef<str>>(fields: &[(N, V)]) -> String {
    let mut out = format!("<?xml version=\"1.0\" encoding=\"ASCII\"?><QuestionFormAnswers xmlns=\"{NAMESPACE}\">");
    for (name, value) in fields {
        out.push_str("<Answer><QuestionIdentifier>");
        push(&mut out, name.as_ref());
        out.push_str("</QuestionIdentifier>");
        if value.as_ref().is_empty() {
            out.push_str("<FreeText/>");
        } else {
            out.push_str("<FreeText>");
            push(&mut out, value.as_ref());
            out.push_str("</FreeText>");
        }
        out.push_str("</Answer>");
    }
    out.push_str("</QuestionFormAnswers>");
    out
}

fn push(out: &mut String, text: &str) {
    for c in text.chars().filter(|c| xml::is_legal(*c)) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\t' | '\n' | ' '..='~' => out.push(c),
            // Writing to a String cannot fail.
            _ => drop(write!(out, "&#{};", c as u32)),
        }
    }
}
