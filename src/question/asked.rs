//! What a HIT asks: a `Question` of one of MTurk's three kinds, read strictly, with line and column of what is wrong.

use super::fault::{Checked, Faults, Findings};
use super::page;
use super::question_form::{QuestionForm, form};
use super::schema::{self, MAX_BYTES, Parts};
use super::tree::Element;

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// HTMLQuestion.
    Html {
        /// `HTMLContent`: the page.
        content: String,
        /// `FrameHeight` in pixels; 0 fits the window.
        frame_height: u32,
    },
    /// ExternalQuestion.
    External {
        /// `ExternalURL`.
        url: String,
        /// `FrameHeight` in pixels; 0 fits the window.
        frame_height: u32,
    },
    /// QuestionForm.
    Form(QuestionForm),
}

/// Reads the `Question` of a HIT.
pub fn read(text: &str) -> Result<Checked<Asked>, Faults> {
    let kinds = [schema::HTML_QUESTION, schema::EXTERNAL_QUESTION, schema::QUESTION_FORM];
    schema::document(text, MAX_BYTES, &kinds, |root, findings| match root.name {
        "HTMLQuestion" => html(root, findings),
        "ExternalQuestion" => external(root, findings),
        _ => Asked::Form(form(root, findings)),
    })
}

fn html(root: &Element<'_>, findings: &mut Findings<'_>) -> Asked {
    let mut parts = Parts::of(root, findings);
    let content = parts.one("HTMLContent", findings).map(|part| {
        let text = schema::text(part, findings);
        if text.is_blank() {
            findings.error(part.at, "<HTMLContent> is empty.");
        } else {
            page::check(text, findings);
        }
        text.value.clone()
    });
    let frame_height = frame_height(parts, findings);
    Asked::Html { content: content.unwrap_or_default(), frame_height }
}

fn external(root: &Element<'_>, findings: &mut Findings<'_>) -> Asked {
    let mut parts = Parts::of(root, findings);
    let url = parts.one("ExternalURL", findings).map(|part| {
        let url = schema::trimmed(part, findings);
        if let Err(why) = check_address(&url) {
            findings.error(part.at, format!("<ExternalURL> {why}, not {url:?}."));
        }
        url
    });
    let frame_height = frame_height(parts, findings);
    Asked::External { url: url.unwrap_or_default(), frame_height }
}

/// The last part of both.
fn frame_height(mut parts: Parts<'_, '_>, findings: &mut Findings<'_>) -> u32 {
    let height = parts
        .one("FrameHeight", findings)
        .and_then(|part| schema::value(part, "a whole number of pixels from 0", findings));
    parts.end(findings);
    height.unwrap_or(0)
}

/// An https address. Plain http is taken on the machine itself, where tasks are tried out: browsers hold such an address
/// for as safe.
fn check_address(url: &str) -> Result<(), &'static str> {
    let scheme = |name: &str| url.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    let (plain, rest) = match (scheme("https://"), scheme("http://")) {
        (true, _) => (false, &url["https://".len()..]),
        (_, true) => (true, &url["http://".len()..]),
        _ => return Err("must begin with https://"),
    };
    if url.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '\\')) {
        return Err("must be an address without blanks and quotes");
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    let host = authority.rsplit('@').next().unwrap_or("");
    let name = match host.strip_prefix('[') {
        Some(inside) => inside.split(']').next().unwrap_or(""),
        None => host.split(':').next().unwrap_or(""),
    };
    if name.is_empty() {
        return Err("must name a host");
    }
    let is_ipv4 = name.split('.').count() == 4 && name.split('.').all(|part| part.parse::<u8>().is_ok());
    let is_loopback = name.eq_ignore_ascii_case("localhost") || name == "::1" || (is_ipv4 && name.starts_with("127."));
    if plain && !is_loopback { Err("must begin with https://") } else { Ok(()) }
}

#[cfg(test)]
mod tests;
