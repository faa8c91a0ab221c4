//! FormattedContent: the subset of XHTML that a QuestionForm may show. What passes here is harmless in a web page: no
//! scripts, no styles, no address that runs anything.

use super::fault::Findings;
use super::tree::{self, Element, Kind, Text};

/// The elements and the attributes of each, besides `title`, `lang` and `dir`. Sorted. `dt` is missing from Amazon's
/// list, which has `dl` and `dd`.
const ELEMENTS: &[(&str, &str)] = &[
    ("a", "accesskey charset coords href hreflang name rel rev shape tabindex target type"),
    ("area", "alt coords href nohref shape target"),
    ("b", ""),
    ("big", ""),
    ("blockquote", "cite"),
    ("br", ""),
    ("center", ""),
    ("cite", ""),
    ("code", ""),
    ("col", "align char charoff span valign width"),
    ("colgroup", "align char charoff span valign width"),
    ("dd", ""),
    ("del", "cite datetime"),
    ("dl", ""),
    ("dt", ""),
    ("em", ""),
    ("font", "color face size"),
    ("h1", "align"),
    ("h2", "align"),
    ("h3", "align"),
    ("h4", "align"),
    ("h5", "align"),
    ("h6", "align"),
    ("hr", "align noshade size width"),
    ("i", ""),
    ("img", "align alt border height hspace ismap longdesc src usemap vspace width"),
    ("ins", "cite datetime"),
    ("li", "type value"),
    ("map", "name"),
    ("ol", "compact start type"),
    ("p", "align"),
    ("pre", "width"),
    ("q", "cite"),
    ("small", ""),
    ("strong", ""),
    ("sub", ""),
    ("sup", ""),
    ("table", "align bgcolor border cellpadding cellspacing frame rules summary width"),
    ("tbody", "align char charoff valign"),
    ("td", "abbr align axis bgcolor char charoff colspan headers height nowrap rowspan scope valign width"),
    ("tfoot", "align char charoff valign"),
    ("th", "abbr align axis bgcolor char charoff colspan headers height nowrap rowspan scope valign width"),
    ("thead", "align char charoff valign"),
    ("tr", "align bgcolor char charoff valign"),
    ("u", ""),
    ("ul", "compact type"),
];

/// What an element cannot be without.
const REQUIRED: &[(&str, &[&str])] = &[("area", &["alt"]), ("img", &["src", "alt"]), ("map", &["name"])];

/// Attributes that hold an address, and the schemes it may have.
const ADDRESSES: &[&str] = &["href", "src", "cite", "longdesc", "usemap"];
const SCHEMES: &[&str] = &["http", "https", "ftp", "news", "nntp", "mailto", "gopher", "telnet"];

/// The namespace that the elements are in, declared or not.
const XHTML: &str = "http://www.w3.org/1999/xhtml";

/// Reports what is wrong with formatted content, at its place in the document around it.
pub(super) fn check(text: &Text, findings: &mut Findings<'_>) {
    let place = |offset: usize| text.source(offset);
    match tree::parse(&text.value, Kind::Fragment) {
        Err(wrong) => findings.error(place(wrong.offset), format!("Formatted content: {}", wrong.words)),
        Ok(root) => check_children(&root, &place, findings),
    }
}

fn check_children(parent: &Element<'_>, place: &impl Fn(usize) -> usize, findings: &mut Findings<'_>) {
    for element in &parent.children {
        check_element(element, place, findings);
        check_children(element, place, findings);
    }
}

/// Whether formatted content may hold an element of this name.
pub(super) fn is_element(name: &str) -> bool {
    ELEMENTS.binary_search_by(|(known, _)| (*known).cmp(name)).is_ok()
}

/// Whether an element may have an attribute of this name.
pub(super) fn has_attribute(element: &str, key: &str) -> bool {
    let common = key == "title" || (matches!(key, "dir" | "lang") && element != "br");
    let own = ELEMENTS.iter().find(|(name, _)| *name == element).map_or("", |(_, own)| own);
    common || own.split(' ').any(|known| known == key)
}

fn check_element(element: &Element<'_>, place: &impl Fn(usize) -> usize, findings: &mut Findings<'_>) {
    let name = element.name;
    if !is_element(name) {
        let words = if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            format!("Formatted content: <{name}> must be written in lower case.")
        } else {
            format!("Formatted content: <{name}> is not one of its elements.")
        };
        findings.error(place(element.at), words);
        return;
    }
    if element.space.as_deref().is_some_and(|space| space != XHTML) {
        findings.error(place(element.at), format!("Formatted content: <{name}> is not in the namespace of XHTML."));
    }
    for attribute in &element.attributes {
        let key = attribute.name;
        if !has_attribute(name, key) {
            findings.error(place(attribute.at), format!("Formatted content: <{name}> has no attribute {key:?}."));
        } else if ADDRESSES.contains(&key)
            && let Some(scheme) = scheme(&attribute.value).filter(|scheme| !SCHEMES.contains(&scheme.as_str()))
        {
            let words = format!("Formatted content: addresses cannot begin with {scheme:?}.");
            findings.error(place(attribute.at), words);
        }
    }
    let required = REQUIRED.iter().find(|(known, _)| *known == name).map_or(&[][..], |(_, required)| required);
    for key in required.iter().filter(|key| !element.attributes.iter().any(|attribute| attribute.name == **key)) {
        findings.error(place(element.at), format!("Formatted content: <{name}> needs the attribute {key}."));
    }
}

/// The scheme of an address, as a browser sees it: blanks and control characters before it and line breaks in it do not
/// count. None for an address without one.
fn scheme(address: &str) -> Option<String> {
    let shown: String = address
        .trim_start_matches(|c: char| c <= ' ')
        .chars()
        .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
        .take_while(|c| !matches!(c, '/' | '?' | '#'))
        .collect();
    shown.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question::question_form;
    use rstest::rstest;

    #[test]
    fn the_tables_can_be_searched() {
        assert!(ELEMENTS.is_sorted_by_key(|(name, _)| *name));
    }

    /// The faults of a piece of formatted content, in a document that puts it at line 2, column 30.
    fn faults(content: &str) -> Vec<String> {
        let form = format!(
            "<QuestionForm xmlns=\"http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2017-11-06/\
             QuestionForm.xsd\"><Overview>\n<FormattedContent><![CDATA[{content}]]></FormattedContent></Overview>\
             </QuestionForm>"
        );
        match question_form::read(&form) {
            Ok(_) => Vec::new(),
            Err(faults) => faults.iter().map(ToString::to_string).collect(),
        }
    }

    #[rstest]
    #[case("I absolutely <i>love</i> chocolate ice cream!")]
    #[case(
        "<table border=\"1\"><tr><td align=\"center\" colspan=\"4\">It is <b>X</b>&nbsp;&eacute;&#8212;</td></tr></table>"
    )]
    #[case("<p title=\"t\" lang=\"en\" dir='ltr'>a<br/>b<br title='x' /></p><dl><dt>a</dt><dd>b</dd></dl>")]
    #[case("<a href=\"mailto:a@b.example\">m</a><a href='#x'>x</a><a href=\"/y?z=a:b\">y</a><a name=\"n\" />")]
    #[case("<img src=\"HTTPS://h/i.png\" alt=\"\" usemap=\"#m\"/><map name=\"m\"><area alt=\"a\"/></map>")]
    #[case("")]
    fn what_amazon_shows_passes(#[case] content: &str) {
        assert_eq!(faults(content), Vec::<String>::new());
    }

    #[rstest]
    #[case("<div>a</div>", "line 2, column 28: Formatted content: <div> is not one of its elements.")]
    #[case("ab<P>a</P>", "line 2, column 30: Formatted content: <P> must be written in lower case.")]
    #[case("<b><i>x</b></i>", "line 2, column 35: Formatted content: This is not well-formed XML")]
    #[case("<p>one<p>two", "is still open")]
    #[case("<p class=\"a\">x</p>", "line 2, column 31: Formatted content: <p> has no attribute \"class\".")]
    #[case("<p onclick='x()'>x</p>", "<p> has no attribute \"onclick\".")]
    #[case("<br lang='en'/>", "<br> has no attribute \"lang\".")]
    #[case("<p align=center>x</p>", "must stand in quotes")]
    #[case("<img src='http://h/i'/>", "<img> needs the attribute alt.")]
    #[case("<map></map>", "<map> needs the attribute name.")]
    #[case("<a href=\"javascript:alert(1)\">x</a>", "cannot begin with \"javascript\"")]
    #[case("<a href=\"\u{9}jAva&#10;script:alert(1)\">x</a>", "cannot begin with \"javascript\"")]
    #[case("<img alt='' src=\"data:image/png;base64,AA\"/>", "cannot begin with \"data\"")]
    #[case("<!-- a -->", "Comments")]
    #[case("a &bogus; b", "&bogus; is not defined in XHTML.")]
    #[case("a & b", "not well-formed")]
    #[case("</c><c>", "Formatted content:")]
    #[case("<script>1</script>", "<script> is not one of its elements.")]
    #[case("<x:b xmlns:x=\"http://www.w3.org/2000/svg\">x</x:b>", "namespace")]
    fn what_amazon_refuses_is_refused(#[case] content: &str, #[case] why: &str) {
        let faults = faults(content);
        assert!(faults.iter().any(|fault| fault.contains(why)), "{faults:?} should say {why:?}");
    }
}
