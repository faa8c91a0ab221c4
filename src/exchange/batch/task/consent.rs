//! The page that asks for informed consent, put before a task: the worker reads it first, and the task appears when they
//! agree. Where scripts do not run, both are there.

use crate::question::write::html_text;

/// The task's page with the consent page before it.
pub(super) fn put_before(page: &str, consent: &str) -> String {
    let at = body(page);
    let (before, after) = page.split_at(at);
    format!(
        "{before}<section id=\"hitdeck-consent\">{}\n<p><button type=\"button\" id=\"hitdeck-agree\">I agree, and want to \
         begin</button></p></section>\n<style>#hitdeck-consent{{max-width:45em;margin:1em auto;font-family:sans-serif}}\
         .hitdeck-asks>:not(#hitdeck-consent){{display:none!important}}</style>\n<script>(function(){{\
         var asks=document.getElementById(\"hitdeck-consent\"),around=asks.parentNode;\
         around.classList.add(\"hitdeck-asks\");\
         document.getElementById(\"hitdeck-agree\").addEventListener(\"click\",function(){{\
         around.classList.remove(\"hitdeck-asks\");asks.hidden=true;asks.style.display=\"none\";}});}})();</script>\n{after}",
        inside(consent)
    )
}

/// What is to be read: the body of a page, or a text as paragraphs.
fn inside(consent: &str) -> String {
    let consent = consent.trim_start_matches('\u{feff}').trim();
    if !consent.contains('<') {
        let paragraphs = consent.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
        return paragraphs.map(|paragraph| format!("<p>{}</p>", html_text(paragraph))).collect::<Vec<_>>().join("\n");
    }
    let start = tag_end(consent, "<body").unwrap_or(0);
    let end = find(consent, "</body").filter(|end| *end >= start).unwrap_or(consent.len());
    consent[start..end].trim().to_owned()
}

/// Where the visible part of a page begins: behind `<body>`, else behind the head, else behind the document type.
fn body(page: &str) -> usize {
    let behind = |tag| tag_end(page, tag);
    behind("<body").or_else(|| behind("</head")).or_else(|| behind("<!doctype")).unwrap_or(0)
}

/// Where a tag ends that begins so.
fn tag_end(page: &str, tag: &str) -> Option<usize> {
    let start = find(page, tag)?;
    page[start..].find('>').map(|end| start + end + 1)
}

/// Where a tag begins, in upper or lower case.
fn find(page: &str, tag: &str) -> Option<usize> {
    let is_tag = |at: &usize| {
        let here = page.as_bytes().get(*at..*at + tag.len());
        let behind = page.as_bytes().get(*at + tag.len());
        here.is_some_and(|here| here.eq_ignore_ascii_case(tag.as_bytes()))
            && behind.is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'-')
    };
    page.match_indices('<').map(|(at, _)| at).find(is_tag)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question::page;

    #[test]
    fn the_consent_comes_first_wherever_the_page_begins() {
        for page_text in [
            "<!DOCTYPE html><html><head><title>t</title></head><BODY class=x><p>task</p></BODY></html>",
            "<!doctype html><meta charset=utf-8></head><p>task</p>",
            "<!DOCTYPE html>\n<p>task</p>",
            "<p>task</p>",
            "<crowd-form><body-part></body-part><p>task</p></crowd-form>",
        ] {
            let whole = put_before(page_text, "<html><body><h1>Consent</h1></body></html>");
            let (consent, task) = (whole.find("<h1>Consent</h1>").unwrap(), whole.find("<p>task").unwrap());
            assert!(consent < task, "{whole}");
            assert!(!whole.contains("<html><body><h1>"), "{whole}");
            page::read(&whole).unwrap();
        }
    }

    #[test]
    fn a_text_becomes_paragraphs() {
        assert_eq!(
            inside("We store your answer & time.\n\nThank you."),
            "<p>We store your answer &amp; time.</p>\n<p>Thank you.</p>"
        );
    }
}
