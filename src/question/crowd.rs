//! The crowd elements that this program's own worker site shows (`assets/site/crowd/crowd.js`). Others become a plain text field
//! there.

/// Elements that work as a requester expects, sorted.
pub const KNOWN: &[&str] = &[
    "crowd-alert",
    "crowd-button",
    "crowd-card",
    "crowd-checkbox",
    "crowd-classifier",
    "crowd-classifier-multi-select",
    "crowd-form",
    "crowd-image-classifier",
    "crowd-image-classifier-multi-select",
    "crowd-input",
    "crowd-instructions",
    "crowd-radio-button",
    "crowd-radio-group",
    "crowd-slider",
    "crowd-text-area",
    "crowd-toggle-button",
];

/// The script that defines them, with its style in it.
pub fn script() -> String {
    let style = serde_json::Value::from(include_str!("../../assets/site/crowd/crowd.css")).to_string();
    include_str!("../../assets/site/crowd/crowd.js").replacen("\"/*STYLE*/\"", &style, 1)
}

/// The crowd elements of a page that are not known, each once, in the order of the page.
pub fn unknown(html: &str) -> Vec<String> {
    use super::html::tags::{Token, Tokens};
    let mut found: Vec<String> = Vec::new();
    let mut tokens = Tokens::new(html);
    while let Some(token) = tokens.next() {
        let Token::Open(name, _) = token else { continue };
        let name = name.to_ascii_lowercase();
        if matches!(name.as_str(), "script" | "style" | "textarea") {
            tokens.skip_raw(&name);
        } else if name.starts_with("crowd-") && !KNOWN.contains(&name.as_str()) && !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_what_the_script_defines() {
        let script = include_str!("../../assets/site/crowd/crowd.js");
        let (_, table) = script.split_once("var ELEMENTS = {").unwrap();
        let table = table.split_once("};").unwrap().0;
        let mut defined: Vec<&str> = table.split('"').filter(|name| name.starts_with("crowd-")).collect();
        defined.sort_unstable();
        assert_eq!(defined, KNOWN);
        assert!(KNOWN.is_sorted());
    }

    #[test]
    fn the_script_has_its_style_in_it() {
        let script = script();
        assert!(!script.contains("/*STYLE*/") && script.contains("crowd-form .crowd-text"));
    }

    #[test]
    fn others_are_named() {
        let page = "<crowd-form><crowd-input name=a></crowd-input><Crowd-Keypoint name=k></Crowd-Keypoint><crowd-keypoint>\
                    <script>'<crowd-x>'</script><crowd-bounding-box></crowd-form>";
        assert_eq!(unknown(page), ["crowd-keypoint", "crowd-bounding-box"]);
    }
}
