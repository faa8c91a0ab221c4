//! The blocks of content: titles, paragraphs, lists, images and sounds.

use super::formatted;
use crate::question::question_form::{Content, Medium};
use crate::question::write::html_text;
use std::fmt::Write;

/// Appends blocks in their order.
pub(super) fn push(out: &mut String, blocks: &[Content]) {
    for block in blocks {
        let _ = match block {
            Content::Title(text) => write!(out, "<h2 class=\"qf-title\" dir=\"auto\">{}</h2>", html_text(text)),
            Content::Text(text) => write!(out, "<p class=\"qf-text\" dir=\"auto\">{}</p>", html_text(text)),
            Content::List(items) => {
                out.push_str("<ul class=\"qf-items\">");
                items.iter().for_each(|item| {
                    let _ = write!(out, "<li dir=\"auto\">{}</li>", html_text(item));
                });
                write!(out, "</ul>")
            }
            Content::Binary(medium) => {
                push_medium(out, medium, "");
                Ok(())
            }
            Content::Embedded { medium, width, height, .. } => {
                push_medium(out, medium, &format!("{}{}", length("width", width), length("height", height)));
                Ok(())
            }
            Content::Formatted(markup) => {
                formatted::push(out, markup);
                Ok(())
            }
        };
    }
}

/// The label of a choice, beside its button or box.
pub(super) fn push_label(out: &mut String, label: &Content) {
    match label {
        Content::Text(text) => {
            let _ = write!(out, "<span class=\"qf-text\" dir=\"auto\">{}</span>", html_text(text));
        }
        other => push(out, std::slice::from_ref(other)),
    }
}

/// The label of a choice where only characters can stand.
pub(super) fn plain_label(label: &Content) -> String {
    match label {
        Content::Formatted(markup) => formatted::plain(markup),
        Content::Binary(medium) | Content::Embedded { medium, .. } => medium.alternative.clone(),
        Content::Title(text) | Content::Text(text) => text.clone(),
        Content::List(items) => items.join(", "),
    }
}

/// What is not a number of pixels is left out.
fn length(name: &str, value: &str) -> String {
    match value.parse::<u16>() {
        Ok(pixels) if pixels > 0 => format!(" {name}=\"{pixels}\""),
        _ => String::new(),
    }
}

/// A medium, and a way to it for browsers that cannot show it in place.
fn push_medium(out: &mut String, medium: &Medium, size: &str) {
    let is_web = medium.url.starts_with("http://") || medium.url.starts_with("https://");
    let (alternative, url) = (html_text(&medium.alternative), html_text(&medium.url));
    if !is_web {
        let _ = write!(out, "<p class=\"qf-text\">{alternative}</p>");
        return;
    }
    let link = |words: &str| {
        format!(
            "<a class=\"qf-link\" href=\"{url}\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">{words}</a>"
        )
    };
    let _ = match medium.kind.as_str() {
        "image" => write!(
            out,
            "<div class=\"qf-medium\"><img src=\"{url}\" alt=\"{alternative}\"{size} referrerpolicy=\"no-referrer\"></div>"
        ),
        kind @ ("audio" | "video") => {
            let words = if alternative.is_empty() { format!("Open the {kind}") } else { alternative.clone() };
            write!(
                out,
                "<div class=\"qf-medium\"><{kind} controls preload=\"metadata\" src=\"{url}\"{size} \
                 aria-label=\"{alternative}\"></{kind}>{}</div>",
                link(&words)
            )
        }
        _ => write!(out, "<p>{}</p>", link(if alternative.is_empty() { &url } else { &alternative })),
    };
}
