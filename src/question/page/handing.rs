//! What hands answers in: the form, its buttons and its fields, as a browser finds them. Two versions of a page can be
//! compared by it: markup in a value may swallow what stands behind it.

use super::RAW;
use crate::question::entity;
use crate::question::html::tags::{Attributes, Token, Tokens};

/// A form, a button or a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it is, in words: `the field "text"`.
    pub words: String,
    /// Whether it is in a form, so that it is handed in.
    pub inside: bool,
}

/// Elements whose inside a browser does not show as part of the page.
const HIDDEN: [&str; 2] = ["template", "noscript"];

/// The parts of a page that hand answers in, in order.
pub fn parts(html: &str) -> Vec<Part> {
    let (mut parts, mut tokens) = (Vec::new(), Tokens::new(html));
    let mut open: Option<&str> = None;
    while let Some(token) = tokens.next() {
        let (name, attributes) = match token {
            Token::Close(name) => {
                open = open.filter(|form| !name.eq_ignore_ascii_case(form));
                continue;
            }
            Token::Open(name, attributes) => (name.to_ascii_lowercase(), attributes),
            Token::Text(_) => continue,
        };
        let inside = open.is_some() || attributes.get("form").is_some();
        match name.as_str() {
            // A form in a form is none.
            "form" if open.is_none() => {
                open = Some("form");
                let action = entity::decode(attributes.get("action").unwrap_or(""));
                parts.push(Part { words: format!("the form to {action:?}"), inside: true });
            }
            "crowd-form" => {
                open = Some("crowd-form");
                parts.push(Part { words: "the <crowd-form>".to_owned(), inside: true });
            }
            "plaintext" => return parts,
            _ => parts.extend(part(&name, attributes).map(|words| Part { words, inside })),
        }
        if RAW.contains(&name.as_str()) || HIDDEN.contains(&name.as_str()) {
            tokens.skip_raw(&name);
        }
    }
    parts
}

fn part(name: &str, attributes: Attributes<'_>) -> Option<String> {
    let kind = attributes.get("type").unwrap_or("").to_ascii_lowercase();
    let is_control = matches!(name, "input" | "textarea" | "select" | "button") || name.starts_with("crowd-");
    let named = attributes.get("name").filter(|name| is_control && !name.is_empty());
    match (name, kind.as_str()) {
        ("button", "" | "submit") | ("input", "submit" | "image") | ("crowd-button", _) => {
            Some("its button".to_owned())
        }
        _ => named.map(|name| format!("the field {:?}", entity::decode(name))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(html: &str) -> Vec<String> {
        parts(html)
            .into_iter()
            .map(|part| format!("{}{}", part.words, if part.inside { "" } else { " outside" }))
            .collect()
    }

    #[test]
    fn forms_buttons_and_fields_are_found_as_a_browser_does() {
        assert_eq!(
            words(
                "<form action='/a'><input name=x><form action=b><textarea name=t><input name=no></textarea><button>y"
            ),
            ["the form to \"/a\"", "the field \"x\"", "the field \"t\"", "its button"]
        );
        assert_eq!(words("<form></form><input name=x>"), ["the form to \"\"", "the field \"x\" outside"]);
        assert_eq!(words("<crowd-form><crowd-input name=c></crowd-form>"), ["the <crowd-form>", "the field \"c\""]);
        for swallows in ["<script>", "<template>", "<style>", "<plaintext>", "<noscript>", "<!--"] {
            assert_eq!(words(&format!("{swallows}<form><input name=x></form>")), [""; 0], "{swallows}");
        }
    }
}
