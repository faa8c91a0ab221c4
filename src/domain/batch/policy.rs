//! Review policies as a batch file words them: rules by which the market itself scores, decides and extends.

/// One policy of a batch. Its values may hold `${column}`, which is replaced for each row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicySpec {
    /// `PolicyName`, with its version.
    pub name: String,
    /// Its parameters, in the order of the file.
    pub parameters: Vec<PolicyParameter>,
}

/// A parameter of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyParameter {
    /// `Key`.
    pub key: String,
    /// `Values`.
    pub values: Vec<String>,
    /// `MapEntries`: keys with their values.
    pub entries: Vec<(String, Vec<String>)>,
}

impl PolicySpec {
    /// Compares each answer with known ones, at submission.
    pub const KNOWN_ANSWERS: &str = "ScoreMyKnownAnswers/2011-09-01";
    /// Compares the workers of a HIT with each other, when all have answered.
    pub const PLURALITY: &str = "SimplePlurality/2011-09-01";

    /// The policy of a name, which may lack its version.
    pub fn full_name(name: &str) -> Option<&'static str> {
        [Self::KNOWN_ANSWERS, Self::PLURALITY]
            .into_iter()
            .find(|known| *known == name || known.split('/').next() == Some(name))
    }

    /// All texts in which columns may be named.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.parameters.iter().flat_map(|parameter| {
            let mapped = parameter.entries.iter().flat_map(|(key, values)| std::iter::once(key).chain(values));
            parameter.values.iter().chain(mapped).map(String::as_str)
        })
    }

    /// The policy with every text put through `with`.
    pub fn map<E>(&self, with: impl Fn(&str) -> Result<String, E>) -> Result<PolicySpec, E> {
        let all = |texts: &[String]| texts.iter().map(|text| with(text)).collect::<Result<Vec<_>, E>>();
        let parameter = |it: &PolicyParameter| {
            let entries = it.entries.iter().map(|(key, values)| Ok((with(key)?, all(values)?)));
            let entries = entries.collect::<Result<_, E>>()?;
            Ok(PolicyParameter { key: it.key.clone(), values: all(&it.values)?, entries })
        };
        let parameters = self.parameters.iter().map(parameter).collect::<Result<_, E>>()?;
        Ok(PolicySpec { name: self.name.clone(), parameters })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_may_be_named_without_its_version() {
        assert_eq!(PolicySpec::full_name("SimplePlurality"), Some(PolicySpec::PLURALITY));
        assert_eq!(PolicySpec::full_name(PolicySpec::KNOWN_ANSWERS), Some(PolicySpec::KNOWN_ANSWERS));
        assert_eq!(PolicySpec::full_name("ScoreMyKnownAnswers/2012-01-01"), None);
    }
}
