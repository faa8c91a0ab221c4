//! HIT layouts: a page with placeholders such as `${image_url}`, into which the parameters of a HIT are put.

use std::collections::BTreeSet;

/// Why a layout and its parameters do not make a question.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    /// A placeholder has no parameter.
    #[error("The layout has the placeholder ${{{0}}}, for which no HITLayoutParameters are given.")]
    Missing(String),
    /// A parameter has no placeholder.
    #[error("The layout has no placeholder ${{{0}}} for the parameter of that name.")]
    Unknown(String),
    /// A parameter is there more than once.
    #[error("The HITLayoutParameters give {0} more than once.")]
    Twice(String),
}

/// A piece of a layout.
enum Piece<'l> {
    Text(&'l str),
    Placeholder(&'l str),
}

/// The name with which a text begins, if a brace closes it. It has no blanks and no braces, so that most of what scripts write
/// as `${a + b}` stays text.
fn name(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '.'))?;
    if end > 0 && text[end..].starts_with('}') { Some(&text[..end]) } else { None }
}

fn pieces(layout: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = layout;
    let mut text_to = 0;
    while let Some(at) = rest[text_to..].find("${").map(|at| at + text_to) {
        let Some(name) = name(&rest[at + 2..]) else {
            text_to = at + 2;
            continue;
        };
        found.push(Piece::Text(&rest[..at]));
        found.push(Piece::Placeholder(name));
        rest = &rest[at + 2 + name.len() + 1..];
        text_to = 0;
    }
    found.push(Piece::Text(rest));
    found
}

/// The names of a layout's placeholders.
pub fn placeholders(layout: &str) -> BTreeSet<&str> {
    let names = pieces(layout).into_iter().filter_map(|piece| match piece {
        Piece::Placeholder(name) => Some(name),
        Piece::Text(_) => None,
    });
    names.collect()
}

/// The layout with its parameters in place, as they stand: nothing is escaped, and nothing in them is a placeholder again.
pub fn merge(layout: &str, parameters: &[(String, String)]) -> Result<String, LayoutError> {
    let expected = placeholders(layout);
    for (number, (name, _)) in parameters.iter().enumerate() {
        if !expected.contains(name.as_str()) {
            return Err(LayoutError::Unknown(name.clone()));
        }
        if parameters[..number].iter().any(|(other, _)| other == name) {
            return Err(LayoutError::Twice(name.clone()));
        }
    }
    let mut page = String::with_capacity(layout.len());
    for piece in pieces(layout) {
        match piece {
            Piece::Text(text) => page.push_str(text),
            Piece::Placeholder(name) => match parameters.iter().find(|(given, _)| given == name) {
                Some((_, value)) => page.push_str(value),
                None => return Err(LayoutError::Missing(name.to_owned())),
            },
        }
    }
    Ok(page)
}

/// The question that shows a page.
pub fn question(page: &str, frame_height: u32) -> String {
    // A CDATA section cannot hold its own end: it is spread over two.
    let page = page.replace("]]>", "]]]]><![CDATA[>");
    format!(
        "<HTMLQuestion xmlns=\"http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2011-11-11/HTMLQuestion.xsd\"><HTMLContent><![CDATA[{page}]]></HTMLContent><FrameHeight>{frame_height}</FrameHeight></HTMLQuestion>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn given(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn parameters_go_where_their_names_stand() {
        let page =
            merge("<img src='${url}'> ${a.b-c} ${url} $5 ${x + y} ${", &given(&[("a.b-c", "${url}"), ("url", "<b>&")]));
        assert_eq!(page.unwrap(), "<img src='<b>&'> ${url} <b>& $5 ${x + y} ${");
        assert_eq!(placeholders("${b}${a}${b}${c d}$${größe}"), BTreeSet::from(["a", "b", "größe"]));
        assert_eq!(merge("${x${y}", &given(&[("y", "1")])).unwrap(), "${x1");
    }

    #[test]
    fn names_must_match() {
        let layout = "${a} ${b}";
        assert_eq!(merge(layout, &given(&[("a", "1")])), Err(LayoutError::Missing("b".into())));
        assert_eq!(merge(layout, &given(&[("a", "1"), ("b", "2"), ("c", "3")])), Err(LayoutError::Unknown("c".into())));
        assert_eq!(merge(layout, &given(&[("a", "1"), ("b", "2"), ("a", "3")])), Err(LayoutError::Twice("a".into())));
        assert_eq!(
            merge("${a}", &[]).unwrap_err().to_string(),
            "The layout has the placeholder ${a}, for which no HITLayoutParameters are given."
        );
    }

    #[test]
    fn a_page_may_hold_what_ends_a_cdata_section() {
        let question = question("a]]>b", 450);
        assert!(
            question.contains("<![CDATA[a]]]]><![CDATA[>b]]>") && question.contains("<FrameHeight>450<"),
            "{question}"
        );
    }

    proptest! {
        #[test]
        fn a_layout_without_placeholders_stays_as_it_is(text in "[a-z${} ]{0,40}") {
            if placeholders(&text).is_empty() {
                prop_assert_eq!(merge(&text, &[]), Ok(text));
            }
        }
    }
}
