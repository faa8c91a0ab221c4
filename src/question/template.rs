//! Templates: texts with `${name}`, which is replaced as it stands, as the requester website did. Nothing is escaped, and
//! nothing in a value is a placeholder again.

use std::collections::HashSet;

/// A template, taken apart once to be filled many times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template<'t> {
    pieces: Vec<Piece<'t>>,
}

/// A piece of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece<'t> {
    Text(&'t str),
    Name(&'t str),
}

/// A placeholder for which there is no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("nothing is called ${{{0}}}")]
pub struct Missing(pub String);

impl<'t> Template<'t> {
    /// Takes a text apart.
    pub fn of(text: &'t str) -> Template<'t> {
        let mut pieces = Vec::new();
        let mut rest = text;
        let mut text_to = 0;
        while let Some(at) = rest[text_to..].find("${").map(|at| at + text_to) {
            let Some(name) = name(&rest[at + 2..]) else {
                text_to = at + 2;
                continue;
            };
            pieces.extend([Piece::Text(&rest[..at]), Piece::Name(name)]);
            rest = &rest[at + 2 + name.len() + 1..];
            text_to = 0;
        }
        pieces.push(Piece::Text(rest));
        Template { pieces }
    }

    /// The names in it, each once, in order.
    pub fn names(&self) -> impl Iterator<Item = &'t str> {
        let mut seen = HashSet::new();
        self.pieces.iter().filter_map(move |piece| match piece {
            Piece::Name(name) => seen.insert(*name).then_some(*name),
            Piece::Text(_) => None,
        })
    }

    /// The text with every name replaced by what `value` has for it.
    pub fn fill<'v>(&self, value: impl Fn(&str) -> Option<&'v str>) -> Result<String, Missing> {
        let mut text = String::with_capacity(self.pieces.iter().map(Piece::room).sum());
        for piece in &self.pieces {
            match piece {
                Piece::Text(part) => text.push_str(part),
                Piece::Name(name) => text.push_str(value(name).ok_or_else(|| Missing((*name).to_owned()))?),
            }
        }
        Ok(text)
    }

    /// How many bytes the filled text has, without making it.
    pub fn length<'v>(&self, value: impl Fn(&str) -> Option<&'v str>) -> usize {
        let length = |piece: &Piece<'_>| match piece {
            Piece::Text(part) => part.len(),
            Piece::Name(name) => value(name).map_or(0, str::len),
        };
        self.pieces.iter().map(length).sum()
    }
}

impl Piece<'_> {
    fn room(&self) -> usize {
        match self {
            Piece::Text(part) => part.len(),
            Piece::Name(_) => 64,
        }
    }
}

/// Whether a name can stand in `${}`: it has no blanks and no braces, so that most of what scripts write as `${a + b}`
/// stays text.
pub fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_part)
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.')
}

/// The name with which a text begins, if a brace closes it.
fn name(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !is_part(c))?;
    if end > 0 && text[end..].starts_with('}') { Some(&text[..end]) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fill(template: &str, given: &[(&str, &str)]) -> Result<String, Missing> {
        let value = |name: &str| given.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        let template = Template::of(template);
        let filled = template.fill(value);
        if let Ok(filled) = &filled {
            assert_eq!(filled.len(), template.length(value));
        }
        filled
    }

    #[test]
    fn values_go_where_their_names_stand() {
        let given = [("a.b-c", "${url}"), ("url", "<b>&")];
        let page = fill("<img src='${url}'> ${a.b-c} ${url} $5 ${x + y} ${", &given);
        assert_eq!(page.unwrap(), "<img src='<b>&'> ${url} <b>& $5 ${x + y} ${");
        assert_eq!(fill("${x${y}", &[("y", "1")]).unwrap(), "${x1");
        assert_eq!(fill("${a} ${b}", &[("a", "1")]), Err(Missing("b".into())));
    }

    #[test]
    fn names_come_once_and_in_order() {
        let names: Vec<&str> = Template::of("${b}${a}${b}${c d}$${größe}").names().collect();
        assert_eq!(names, ["b", "a", "größe"]);
        assert!(is_name("a.b-c_9") && !is_name("a b") && !is_name("") && !is_name("a}"));
    }

    proptest! {
        #[test]
        fn a_template_without_names_stays_as_it_is(text in "[a-z${} ]{0,40}") {
            if Template::of(&text).names().next().is_none() {
                prop_assert_eq!(fill(&text, &[]).unwrap(), text);
            }
        }
    }
}
