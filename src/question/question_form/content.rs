//! The blocks of content: in overviews, questions and selections.

use super::{Content, Medium};
use crate::question::fault::Findings;
use crate::question::schema::{self, Parts};
use crate::question::tree::Element;
use crate::question::xhtml;

/// The blocks in an element, of which there must be one at least.
pub(super) fn content(parent: &Element<'_>, findings: &mut Findings<'_>) -> Vec<Content> {
    schema::only_elements(parent, findings);
    if parent.children.is_empty() {
        let words = "needs a <Title>, <Text>, <List>, <Binary>, <EmbeddedBinary> or <FormattedContent>.";
        findings.error(parent.at, format!("<{}> {words}", parent.name));
    }
    parent.children.iter().filter_map(|element| block(element, findings)).collect()
}

fn block(element: &Element<'_>, findings: &mut Findings<'_>) -> Option<Content> {
    match element.name {
        "Title" => Some(Content::Title(schema::trimmed(element, findings))),
        "Text" => Some(Content::Text(schema::trimmed(element, findings))),
        "List" => Some(Content::List(list(element, findings))),
        "Binary" => binary(element, findings).map(Content::Binary),
        "EmbeddedBinary" => embedded(element, findings),
        "FormattedContent" => Some(formatted(element, findings)),
        "Application" => {
            let words = "<Application> was withdrawn on 2017-12-12; use an HTMLQuestion or an ExternalQuestion.";
            findings.error(element.at, words);
            None
        }
        name => {
            findings.error(element.at, format!("<{name}> is no kind of content."));
            None
        }
    }
}

/// What a selection shows: exactly one of three kinds.
pub(super) fn label(element: &Element<'_>, findings: &mut Findings<'_>) -> Option<Content> {
    matches!(element.name, "Text" | "FormattedContent" | "Binary").then(|| block(element, findings)).flatten()
}

fn list(element: &Element<'_>, findings: &mut Findings<'_>) -> Vec<String> {
    let mut parts = Parts::of(element, findings);
    let items: Vec<String> = parts.many("ListItem").iter().map(|item| schema::trimmed(item, findings)).collect();
    if items.is_empty() {
        findings.error(element.at, "<List> needs a <ListItem>.");
    }
    parts.end(findings);
    items
}

fn binary(element: &Element<'_>, findings: &mut Findings<'_>) -> Option<Medium> {
    let mut parts = Parts::of(element, findings);
    let medium = medium(&mut parts, "MimeType", findings);
    parts.end(findings);
    medium
}

fn embedded(element: &Element<'_>, findings: &mut Findings<'_>) -> Option<Content> {
    let mut parts = Parts::of(element, findings);
    let medium = medium(&mut parts, "EmbeddedMimeType", findings);
    let width = parts.one("Width", findings).map(|part| schema::trimmed(part, findings));
    let height = parts.one("Height", findings).map(|part| schema::trimmed(part, findings));
    let mut parameters = Vec::new();
    for parameter in parts.many("ApplicationParameter") {
        let mut parts = Parts::of(parameter, findings);
        let name = parts.one("Name", findings).map(|part| schema::trimmed(part, findings));
        let value = parts.one("Value", findings).map(|part| schema::trimmed(part, findings));
        parts.end(findings);
        parameters.extend(name.zip(value));
    }
    parts.end(findings);
    Some(Content::Embedded { medium: medium?, width: width?, height: height?, parameters })
}

/// Kind, address and alternative text, which both kinds of binary begin with.
fn medium(parts: &mut Parts<'_, '_>, mime: &'static str, findings: &mut Findings<'_>) -> Option<Medium> {
    let kind = parts.one(mime, findings).and_then(|mime| {
        let mut parts = Parts::of(mime, findings);
        let kind = parts.one("Type", findings);
        let subtype = parts.maybe("SubType", findings).map(|part| schema::trimmed(part, findings));
        parts.end(findings);
        let kind = kind?;
        let name = schema::trimmed(kind, findings);
        if !matches!(name.as_str(), "image" | "audio" | "video") {
            findings.error(kind.at, format!("<Type> must be image, audio or video, not {name:?}."));
        }
        Some((name, subtype))
    });
    let url = parts.one("DataURL", findings).map(|part| {
        let url = schema::trimmed(part, findings);
        if !["http://", "https://"].iter().any(|scheme| url.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty())) {
            findings.error(part.at, format!("<DataURL> must begin with http:// or https://, not {url:?}."));
        }
        url
    });
    let alternative = parts.one("AltText", findings).map(|part| schema::trimmed(part, findings));
    let (kind, subtype) = kind?;
    Some(Medium { kind, subtype, url: url?, alternative: alternative? })
}

fn formatted(element: &Element<'_>, findings: &mut Findings<'_>) -> Content {
    let text = schema::text(element, findings);
    xhtml::check(text, findings);
    Content::Formatted(text.value.trim().to_owned())
}

/// The words in a block, for a look whether there are any.
pub(super) fn describe(block: &Content) -> &str {
    match block {
        Content::Title(text) | Content::Text(text) | Content::Formatted(text) => text,
        Content::List(items) => items.first().map_or("", String::as_str),
        Content::Binary(medium) | Content::Embedded { medium, .. } => &medium.url,
    }
}
