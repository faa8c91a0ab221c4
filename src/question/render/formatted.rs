//! FormattedContent, written anew from its tree: elements and attributes that are not in the subset do not come out, and no
//! address leads into the site that shows it.

use crate::question::tree::{self, Attribute, Element, Kind, Node};
use crate::question::write::html_text;
use crate::question::xhtml;
use std::fmt::Write;

/// Attributes of the subset that are left out: they take keys or the focus, point at other elements, or fetch without showing.
const LEFT_OUT: &[&str] =
    &["accesskey", "tabindex", "target", "rel", "rev", "charset", "hreflang", "longdesc", "headers", "type"];

/// What stands before the names in formatted content, so that none is that of an element of the page around it.
const OWN: &str = "c-";

/// Appends formatted content. What cannot be read is shown as text.
pub(super) fn push(out: &mut String, markup: &str) {
    match tree::parse(markup, Kind::Fragment) {
        Ok(root) => {
            // Colours that were chosen for a white page need one.
            let class = if has_colours(&root) { "qf-formatted qf-paper" } else { "qf-formatted" };
            let _ = write!(out, "<div class=\"{class}\" dir=\"auto\">");
            push_children(out, &root);
        }
        Err(_) => {
            let _ = write!(out, "<div class=\"qf-formatted\" dir=\"auto\">{}", html_text(markup));
        }
    }
    out.push_str("</div>");
}

/// Formatted content where only characters can stand.
pub(super) fn plain(markup: &str) -> String {
    let mut out = String::new();
    match tree::parse(markup, Kind::Fragment) {
        Ok(root) => push_text(&mut out, &root),
        Err(_) => out.push_str(markup),
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn push_text(out: &mut String, element: &Element<'_>) {
    for node in element.nodes() {
        match node {
            Node::Text(text) => out.push_str(text),
            Node::Element(child) => {
                out.push(' ');
                push_text(out, child);
            }
        }
    }
}

fn has_colours(element: &Element<'_>) -> bool {
    let coloured = |attribute: &Attribute<'_>| matches!(attribute.name, "color" | "bgcolor");
    element.attributes.iter().any(coloured) || element.children.iter().any(has_colours)
}

fn push_children(out: &mut String, parent: &Element<'_>) {
    for node in parent.nodes() {
        match node {
            Node::Text(text) => out.push_str(&html_text(text)),
            Node::Element(element) => push_element(out, element),
        }
    }
}

fn push_element(out: &mut String, element: &Element<'_>) {
    let name = element.name;
    if !xhtml::is_element(name) {
        push_children(out, element);
        return;
    }
    let _ = write!(out, "<{name}");
    let mut leads_away = false;
    for attribute in &element.attributes {
        let key = attribute.name;
        if attribute.space.is_some() || LEFT_OUT.contains(&key) || !xhtml::has_attribute(name, key) {
            continue;
        }
        let Some(value) = shown(key, &attribute.value) else { continue };
        leads_away |= key == "href" && !value.starts_with('#');
        let _ = write!(out, " {key}=\"{}\"", html_text(&value));
    }
    match name {
        "img" => out.push_str(" loading=\"lazy\" referrerpolicy=\"no-referrer\""),
        _ if leads_away => out.push_str(" target=\"_blank\" rel=\"noopener noreferrer nofollow\""),
        _ => {}
    }
    out.push('>');
    if !matches!(name, "area" | "br" | "col" | "hr" | "img") {
        push_children(out, element);
        let _ = write!(out, "</{name}>");
    }
}

/// An attribute's value as it may stand in the page; none when it must not.
fn shown(key: &str, value: &str) -> Option<String> {
    match key {
        "href" | "usemap" if value.starts_with('#') => Some(format!("#{OWN}{}", &value[1..])),
        "name" => Some(format!("{OWN}{value}")),
        "src" => is_elsewhere(value, &["http://", "https://"]).then(|| value.to_owned()),
        "href" | "cite" => is_elsewhere(value, &["http://", "https://", "ftp://", "mailto:"]).then(|| value.to_owned()),
        "usemap" => None,
        _ => Some(value.to_owned()),
    }
}

/// A relative address would be one of the site's own.
fn is_elsewhere(address: &str, schemes: &[&str]) -> bool {
    let begins = |scheme: &&str| address.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    schemes.iter().any(begins)
}
