//! Writes questions: HTML into an HTMLQuestion, an address into an ExternalQuestion.

use std::fmt::Write;
use std::sync::Arc;

/// The namespace of HTMLQuestion.
const HTML_QUESTION: &str =
    "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2011-11-11/HTMLQuestion.xsd";

/// The namespace of ExternalQuestion.
const EXTERNAL_QUESTION: &str =
    "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2006-07-14/ExternalQuestion.xsd";

/// An HTMLQuestion of this page, in a frame that fits the window.
pub fn html_question(html: &str) -> String {
    framed_html_question(html, 0)
}

/// An HTMLQuestion of this page, in a frame of so many pixels.
pub fn framed_html_question(html: &str, frame_height: u32) -> String {
    // A CDATA section cannot hold its own end: it is spread over two.
    let content = html.replace("]]>", "]]]]><![CDATA[>");
    format!(
        "<HTMLQuestion xmlns=\"{HTML_QUESTION}\"><HTMLContent><![CDATA[{content}]]></HTMLContent>\
         <FrameHeight>{frame_height}</FrameHeight></HTMLQuestion>"
    )
}

/// An ExternalQuestion of this address.
pub fn external_question(url: &str, frame_height: u32) -> String {
    format!(
        "<ExternalQuestion xmlns=\"{EXTERNAL_QUESTION}\"><ExternalURL>{}</ExternalURL>\
         <FrameHeight>{frame_height}</FrameHeight></ExternalQuestion>",
        html_text(url)
    )
}

/// Text as it stands in HTML, in an element or in a quoted attribute. Characters that XML cannot hold are dropped.
pub fn html_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| super::xml::is_legal(*c)) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A question as far as a results file tells: a table of what was shown, and a field for each answer.
pub fn table_question(title: &str, inputs: &[(Arc<str>, String)], answers: &[(Arc<str>, String)]) -> String {
    let mut page = format!(
        "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>{}</title></head><body><table>",
        html_text(title)
    );
    // Writing to a String cannot fail.
    for (name, value) in inputs {
        let _ = write!(page, "<tr><th>{}</th><td>", html_text(name));
        if value.contains('\n') {
            // Paragraphs, so that the reader keeps the lines apart.
            for line in value.lines() {
                let _ = write!(page, "<p>{}</p>", html_text(line));
            }
        } else {
            page.push_str(&html_text(value));
        }
        page.push_str("</td></tr>");
    }
    page.push_str(
        "</table><form method=\"post\" action=\"https://www.mturk.com/mturk/externalSubmit\">\
         <input type=\"hidden\" name=\"assignmentId\" value=\"\">",
    );
    for (name, _) in answers {
        let name = html_text(name);
        let _ = write!(page, "<p><input name=\"{name}\" placeholder=\"{name}\"></p>");
    }
    page.push_str("<p><input type=\"submit\" value=\"Submit\"></p></form></body></html>");
    html_question(&page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question::asked::{self, Asked};
    use crate::question::item;

    #[test]
    fn what_is_written_is_read_again() {
        let nasty = "a <b> & \"c\" ]]> d\u{1}";
        let item = item::read(&html_question(&format!("<p>{}</p><p>]]&gt; e</p>", html_text(nasty))));
        assert_eq!(item.text, ["a <b> & \"c\" ]]> d", "]]> e"]);
        assert_eq!(item.problem, None);
        assert_eq!(item::read(&html_question("x ]]> y")).text, ["x ]]> y"]);
        let url = "https://h/p?a=1&b='2'";
        let Asked::External { url: read, frame_height } = asked::read(&external_question(url, 600)).unwrap().value
        else {
            panic!("another question");
        };
        assert_eq!((read.as_str(), frame_height), (url, 600));
    }
}
