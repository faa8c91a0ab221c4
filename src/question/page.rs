//! The page of an HTMLQuestion, checked as a browser reads it: elements that are missing, left open or unknown are no
//! fault, but a tag, a comment or a script that never ends swallows the rest of the page. And what else a requester wants
//! to know of a page before workers see it.

mod facts;
mod handing;

pub use facts::PageFacts;
pub use handing::{Part, parts};

use super::fault::{At, Fault, Findings, refuse};
use super::html::tags::{Token, Tokens};
use super::tree::Text;
use super::xml;

/// Elements whose inside is text to a browser, up to their end tag.
const RAW: &[&str] = &["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"];

/// Reports what a browser cannot show, and a page that cannot be handed in.
pub(super) fn check(text: &Text, findings: &mut Findings<'_>) {
    if let Err((at, words)) = scan(&text.value) {
        findings.error(text.source(at), words);
    }
    if !can_be_submitted(&text.value) {
        let words = "The page has neither a form that goes to externalSubmit, nor a <crowd-form>, nor a script: nobody \
                     can hand it in.";
        findings.warn(text.source(0), words);
    }
}

/// Checks a page that is to become the HTMLContent of a question; places are those in the page.
pub fn read(html: &str) -> Result<PageFacts, Fault> {
    fault(html).map_or_else(|| Ok(PageFacts::of(html)), Err)
}

/// What is wrong with a page, without looking at anything else: for very many pages.
pub fn fault(html: &str) -> Option<Fault> {
    let illegal = || {
        let (at, c) = html.char_indices().find(|(_, c)| !xml::is_legal(*c))?;
        Some((at, format!("The character U+{:04X} is not allowed in XML.", c as u32)))
    };
    let (at, words) = illegal().or_else(|| scan(html).err())?;
    Some(refuse(html, At::new(at, words)).first)
}

/// Follows tags, comments and raw elements to the end of the page; where one begins that never ends.
fn scan(html: &str) -> Result<(), (usize, String)> {
    // Drawings and formulas have their own rules: a script or a title in them may close itself.
    let mut foreign = 0_usize;
    let mut from = 0;
    while let Some(start) = html[from..].find('<').map(|at| from + at) {
        let rest = &html[start..];
        let unended = |what: String| Err((start, format!("{what} that begins here never ends.")));
        if let Some(comment) = rest.strip_prefix("<!--") {
            let end = if comment.starts_with('>') || comment.starts_with("->") {
                comment.find('>').map(|at| at + 1)
            } else {
                ["-->", "--!>"].iter().filter_map(|end| Some(comment.find(end)? + end.len())).min()
            };
            let Some(end) = end else { return unended("The comment".to_owned()) };
            from = start + "<!--".len() + end;
            continue;
        }
        if rest.starts_with("<!") || rest.starts_with("<?") {
            let Some(end) = rest.find('>') else { return unended("The declaration".to_owned()) };
            from = start + end + 1;
            continue;
        }
        let is_end = rest.starts_with("</");
        let inside = &rest[1 + usize::from(is_end)..];
        if !inside.starts_with(|c: char| c.is_ascii_alphabetic()) {
            from = start + 1;
            continue;
        }
        let length = inside.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>')).unwrap_or(inside.len());
        let name = inside[..length].to_ascii_lowercase();
        let Some(end) = tag_end(&inside[length..]) else {
            return unended(format!("The tag <{}{name}>", if is_end { "/" } else { "" }));
        };
        let tag = &inside[length..length + end];
        from = start + 1 + usize::from(is_end) + length + end + 1;
        let closes_itself = tag.ends_with('/');
        if matches!(name.as_str(), "svg" | "math") && !closes_itself {
            foreign = if is_end { foreign.saturating_sub(1) } else { foreign + 1 };
        } else if !is_end && RAW.contains(&name.as_str()) && !(foreign > 0 && closes_itself) {
            let Some(end) = raw_end(&html[from..], &name) else { return unended(format!("The <{name}>")) };
            from += end;
        }
    }
    Ok(())
}

/// Where the tag ends whose inside this is: at the first `>` outside a quoted value.
fn tag_end(inside: &str) -> Option<usize> {
    let mut quote = None;
    let mut after_equals = false;
    for (at, byte) in inside.bytes().enumerate() {
        match quote {
            Some(open) if byte == open => quote = None,
            Some(_) => {}
            None if byte == b'>' => return Some(at),
            None if after_equals && matches!(byte, b'"' | b'\'') => quote = Some(byte),
            None => {}
        }
        after_equals = quote.is_none() && (byte == b'=' || (after_equals && byte.is_ascii_whitespace()));
    }
    None
}

/// Where the end tag of a raw element begins.
fn raw_end(html: &str, name: &str) -> Option<usize> {
    html.match_indices("</").map(|(at, _)| at).find(|at| {
        let tag = &html.as_bytes()[at + 2..];
        let behind = tag.get(name.len()).is_some_and(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'));
        behind && tag[..name.len()].eq_ignore_ascii_case(name.as_bytes())
    })
}

/// Whether there is a way to hand the page in: a form with the right address, a crowd-form, or a script that may do it.
fn can_be_submitted(html: &str) -> bool {
    Tokens::new(html).any(|token| match token {
        Token::Open(name, attributes) => {
            name.eq_ignore_ascii_case("crowd-form")
                || name.eq_ignore_ascii_case("script")
                || (name.eq_ignore_ascii_case("form")
                    && attributes.get("action").is_some_and(|action| action.contains("externalSubmit")))
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question::{asked, write::html_question};
    use rstest::rstest;

    #[rstest]
    #[case("<p>no title, no html, no body <b>and <i>badly</b> nested</i> &nbsp; &bogus; a < b")]
    #[case("<!DOCTYPE html><html><body onload=\"a('>')\"><br><input disabled value=a/b><p>")]
    #[case("<script>if (a < b && '</p>') { document.write('<!--'); }</script><textarea><b></textarea>")]
    #[case("<!-- <p title=\"> --><!--> a <!---> b <!-- c --!> d")]
    #[case("<svg><title/><script href='x'/><style/></svg><math><mi>x</mi></math>")]
    #[case("<a href=x\"y>quote in an unquoted value</a> </> <3")]
    #[case("<crowd-form><crowd-classifier categories=\"['A>B', 'C']\"></crowd-classifier></crowd-form>")]
    fn what_browsers_show_passes(#[case] html: &str) {
        assert_eq!(scan(html), Ok(()));
        asked::read(&html_question(html)).unwrap();
    }

    #[rstest]
    #[case("ab<p", 2, "The tag <p>")]
    #[case("<p title=\"a>b</p>", 0, "The tag <p>")]
    #[case("a <!-- b", 2, "The comment")]
    #[case("<p><script>var a; </scrip>", 3, "The <script>")]
    #[case("<TextArea name=a/><input>", 0, "The <textarea>")]
    #[case("<title>x<body>", 0, "The <title>")]
    fn what_swallows_the_page_is_refused(#[case] html: &str, #[case] at: usize, #[case] what: &str) {
        let (found, words) = scan(html).unwrap_err();
        assert_eq!((found, words), (at, format!("{what} that begins here never ends.")));
    }

    #[test]
    fn the_place_is_one_in_the_whole_document() {
        let question = "<HTMLQuestion xmlns=\"http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/\
             2011-11-11/HTMLQuestion.xsd\">\n <HTMLContent><![CDATA[<p>\n  <b <!]]>&lt;i</HTMLContent>\n<FrameHeight>0\
             </FrameHeight></HTMLQuestion>";
        let faults = asked::read(question).unwrap_err();
        assert_eq!(faults.to_string(), "line 3, column 3: The tag <b> that begins here never ends.");
    }

    #[test]
    fn a_page_that_nobody_can_hand_in_is_doubtful() {
        let warnings = |html: &str| asked::read(&html_question(html)).unwrap().warnings.len();
        assert_eq!(warnings("<p>Look.</p>"), 1);
        assert_eq!(warnings("<form action='/elsewhere'><input name=a></form>"), 1);
        assert_eq!(warnings("<FORM ACTION='https://www.mturk.com/mturk/externalSubmit'><input name=a></form>"), 0);
        assert_eq!(warnings("<crowd-form></crowd-form>"), 0);
        assert_eq!(warnings("<div id=root></div><script src='https://h/app.js'></script>"), 0);
    }
}
