//! HIT layouts: a page with placeholders such as `${image_url}`, into which the parameters of a HIT are put.

use crate::question::template::Template;
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

/// The layout with its parameters in place, as they stand: nothing is escaped, and nothing in them is a placeholder again.
pub fn merge(layout: &str, parameters: &[(String, String)]) -> Result<String, LayoutError> {
    let layout = Template::of(layout);
    let expected: BTreeSet<&str> = layout.names().collect();
    for (number, (name, _)) in parameters.iter().enumerate() {
        if !expected.contains(name.as_str()) {
            return Err(LayoutError::Unknown(name.clone()));
        }
        if parameters[..number].iter().any(|(other, _)| other == name) {
            return Err(LayoutError::Twice(name.clone()));
        }
    }
    let value = |name: &str| parameters.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str());
    layout.fill(value).map_err(|missing| LayoutError::Missing(missing.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn parameters_go_where_their_names_stand() {
        let page = merge("<img src='${url}'> ${a} $5", &given(&[("a", "${url}"), ("url", "<b>&")]));
        assert_eq!(page.unwrap(), "<img src='<b>&'> ${url} $5");
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
}
