//! What a requester wants to know of a page before workers see it: how it is handed in, its fields, the addresses it
//! loads, and what of it a market may not know.

use crate::question::crowd;
use crate::question::entity;
use crate::question::form::{self, Form};
use crate::question::html::tags::{Token, Tokens};

/// What is known of a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageFacts {
    /// The fields that come back.
    pub form: Form,
    /// Where its forms go, as written; empty for a form without address.
    pub actions: Vec<String>,
    /// Whether a script is in it, which may hand it in.
    pub scripted: bool,
    /// The crowd elements in it that this program's own worker site does not show, each once.
    pub unknown_crowd: Vec<String>,
    /// The addresses of what it loads and links to, each once, as written.
    pub addresses: Vec<String>,
    /// Whether something in it mentions `assignmentId`.
    pub assignment_id: bool,
}

/// Attributes that name an address.
const ADDRESSES: [&str; 4] = ["src", "href", "poster", "data"];

impl PageFacts {
    /// Looks at a page.
    pub fn of(html: &str) -> PageFacts {
        let mut facts = PageFacts { assignment_id: html.contains("assignmentId"), ..PageFacts::default() };
        let mut tokens = Tokens::new(html);
        while let Some(token) = tokens.next() {
            let Token::Open(name, attributes) = token else { continue };
            let name = name.to_ascii_lowercase();
            for address in ADDRESSES.iter().filter_map(|attribute| attributes.get(attribute)) {
                let address = entity::decode(address.trim()).into_owned();
                let elsewhere = address.contains("://") || address.starts_with("//") || address.contains("${");
                if elsewhere && !facts.addresses.contains(&address) {
                    facts.addresses.push(address);
                }
            }
            match name.as_str() {
                "form" => facts.actions.push(entity::decode(attributes.get("action").unwrap_or("")).into_owned()),
                "script" => {
                    facts.scripted = true;
                    tokens.skip_raw(&name);
                }
                "style" | "textarea" | "title" => drop(tokens.skip_raw(&name)),
                _ => {}
            }
        }
        facts.form = form::page(html);
        facts.unknown_crowd = crowd::unknown(html);
        facts
    }

    /// Whether a form of it goes to `externalSubmit`.
    pub fn submits(&self) -> bool {
        self.actions.iter().any(|action| action.contains("externalSubmit"))
    }

    /// Whether something in it certainly hands it in: such a form, or a crowd-form.
    pub fn can_be_submitted(&self) -> bool {
        self.submits() || self.form.crowd
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_how_it_is_handed_in_and_what_it_loads() {
        let facts = PageFacts::of(
            "<script src=\"https://assets.crowd.aws/crowd-html-elements.js\"></script><form action='https://www.mturk.com/mturk/externalSubmit'>
             <img src='${image}'><img src=\"//cdn/x.png\"><a href='#top'>up</a><input type=hidden name=assignmentId>
             <textarea name=t><img src=https://inside/></textarea><crowd-slider name=s></crowd-slider>
             <crowd-keypoint></crowd-keypoint></form>",
        );
        assert!(facts.submits() && facts.can_be_submitted() && facts.scripted && facts.assignment_id);
        assert_eq!(facts.addresses, ["https://assets.crowd.aws/crowd-html-elements.js", "${image}", "//cdn/x.png"]);
        assert_eq!((facts.unknown_crowd.as_slice(), facts.form.fields.len()), (&["crowd-keypoint".to_owned()][..], 2));
        assert!(!PageFacts::of("<form><input name=a></form>").can_be_submitted());
        assert!(PageFacts::of("<crowd-form></crowd-form>").can_be_submitted());
    }
}
