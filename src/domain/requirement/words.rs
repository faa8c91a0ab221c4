//! Requirements in the words of people and of batch files: signs for comparators, short names for what is guarded, places
//! by name, types by name.

use super::{Comparator, Guard, Required, check, named};
use crate::domain::hit::Requirement;
use crate::domain::id::QualificationTypeId;
use crate::domain::place;
use crate::domain::qualification::KnownType;
use crate::domain::system_type::SystemType;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

impl Comparator {
    /// The sign for people: `>=`, `in`, `does not exist`.
    pub const fn sign(self) -> &'static str {
        match self {
            Comparator::LessThan => "<",
            Comparator::LessThanOrEqualTo => "<=",
            Comparator::GreaterThan => ">",
            Comparator::GreaterThanOrEqualTo => ">=",
            Comparator::EqualTo => "=",
            Comparator::NotEqualTo => "!=",
            Comparator::Exists => "exists",
            Comparator::DoesNotExist => "does not exist",
            Comparator::In => "in",
            Comparator::NotIn => "not in",
        }
    }

    /// The comparator of a sign, or of a name of the API; upper and lower case are the same.
    pub fn from_words(words: &str) -> Option<Comparator> {
        let words = words.trim();
        let fits = |one: &Comparator| one.sign().eq_ignore_ascii_case(words) || one.name().eq_ignore_ascii_case(words);
        Comparator::ALL.into_iter().find(fits).or((words == "==").then_some(Comparator::EqualTo))
    }

    /// Whether it stands alone, without values.
    pub const fn is_alone(self) -> bool {
        matches!(self, Comparator::Exists | Comparator::DoesNotExist)
    }

    /// Whether it takes several values.
    pub const fn takes_many(self) -> bool {
        matches!(self, Comparator::In | Comparator::NotIn)
    }
}

impl Guard {
    /// The word of batch files: what those who do not qualify may not do from there on.
    pub const fn action(self) -> &'static str {
        match self {
            Guard::Accept => "accept",
            Guard::PreviewAndAccept => "preview",
            Guard::DiscoverPreviewAndAccept => "discover",
        }
    }

    /// The guard of a word of batch files, or of a name of the API.
    pub fn from_action(words: &str) -> Option<Guard> {
        let words = words.trim();
        let fits = |one: &Guard| one.action().eq_ignore_ascii_case(words) || one.name().eq_ignore_ascii_case(words);
        Guard::ALL.into_iter().find(fits)
    }
}

/// One value of a requirement in a file: a number, or a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A score.
    Number(i64),
    /// A place by code or name.
    Place(String),
}

/// The values of a requirement in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a whole number, a place such as \"US\", or a list of such")]
pub enum Values {
    /// `value = 95`.
    One(Value),
    /// `value = ["US-NY", "CA"]`.
    Many(Vec<Value>),
}

/// A `[[requirement]]` as a batch file has it: by names, not yet held against the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    /// A system type's name, the name of one of the account's own types, or an identifier.
    pub qualification: String,
    /// `>=`, `in`, `DoesNotExist` and so on.
    pub comparator: String,
    /// What it is compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Values>,
    /// `accept`, `preview` or `discover`: what is kept from who does not qualify. Without it: accept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
}

impl Written {
    /// What it requires of workers of this account; the error says which part is wrong and what was expected.
    pub fn required(&self, types: &[KnownType], sandbox: bool) -> Result<Required, String> {
        let id = named(&self.qualification, types, sandbox).map_err(|why| format!("qualification: {why}"))?;
        let of_place = SystemType::of(id.as_str()) == Some(SystemType::Locale);
        let comparator = Comparator::from_words(&self.comparator).ok_or_else(|| {
            let all = Comparator::ALL.map(Comparator::sign).join(", ");
            format!("comparator: {:?} is none of: {all}", self.comparator)
        })?;
        let guard = match self.action.as_deref() {
            None => Guard::Accept,
            Some(action) => Guard::from_action(action)
                .ok_or_else(|| format!("action: {action:?} is none of: accept, preview, discover"))?,
        };
        let values: &[Value] = match &self.value {
            None => &[],
            Some(Values::One(one)) => std::slice::from_ref(one),
            Some(Values::Many(many)) => many,
        };
        let mut required =
            Required { qualification: id.to_string(), comparator, integers: Vec::new(), locales: Vec::new(), guard };
        for value in values {
            match value {
                Value::Number(number) if !of_place => required.integers.push(
                    i32::try_from(*number).map_err(|_| format!("value: {number} is no whole number of 32 bits"))?,
                ),
                Value::Number(number) => {
                    return Err(format!("value: {number} is no place; expected such as \"US-NY\""));
                }
                Value::Place(place) if of_place => {
                    required.locales.push(place::parse(place).map_err(|why| format!("value: {why}"))?);
                }
                Value::Place(text) => return Err(format!("value: {text:?} is no number; expected such as 95")),
            }
        }
        check(&required).map(|()| required)
    }
}

impl Required {
    /// The name of its type: of a system type without `Worker_`, of one's own as it is called, else the identifier.
    pub fn type_name<'a>(&'a self, types: &'a [KnownType]) -> &'a str {
        let system = SystemType::of(&self.qualification).map(SystemType::short_name);
        let own = || types.iter().find(|kind| kind.it.id.as_str() == self.qualification).map(|kind| &*kind.it.name);
        system.or_else(own).unwrap_or(&self.qualification)
    }

    /// The values for people: `95`, `1, 2`, `New York (US-NY), Canada (CA)`.
    pub fn values_words(&self) -> String {
        let places = self.locales.iter().map(place::words);
        self.integers.iter().map(i32::to_string).chain(places).collect::<Vec<_>>().join(", ")
    }

    /// As a batch file has it. A name that is not the account's alone is written as its identifier.
    pub fn written(&self, types: &[KnownType], sandbox: bool) -> Written {
        let name = self.type_name(types);
        let unique = named(name, types, sandbox).is_ok_and(|id| id.as_str() == self.qualification);
        let numbers = self.integers.iter().map(|number| Value::Number(i64::from(*number)));
        let mut values: Vec<Value> =
            numbers.chain(self.locales.iter().map(|place| Value::Place(place.to_string()))).collect();
        let value = match values.len() {
            0 => None,
            1 if !self.comparator.takes_many() => values.pop().map(Values::One),
            _ => Some(Values::Many(values)),
        };
        Written {
            qualification: if unique { name } else { &self.qualification }.to_owned(),
            comparator: self.comparator.sign().to_owned(),
            value,
            action: Some(self.guard.action().to_owned()),
        }
    }

    /// As CreateHIT takes it; none if the type has no identifier of the API's form.
    pub fn of_hit(&self) -> Option<Requirement> {
        Some(Requirement {
            qualification: QualificationTypeId::parse(&self.qualification).ok()?,
            comparator: self.comparator.name().to_owned(),
            integers: self.integers.clone(),
            locales: self.locales.iter().map(ToString::to_string).collect(),
            guards: self.guard.name().to_owned(),
        })
    }
}

/// Requirements as `[[requirement]]` tables of a batch file, with the names of places beside their codes.
pub fn toml(required: &[Required], types: &[KnownType], sandbox: bool) -> String {
    let mut out = String::new();
    let quoted = |text: &str| ::toml::Value::String(text.to_owned()).to_string();
    let value = |value: &Value| match value {
        Value::Number(number) => number.to_string(),
        Value::Place(place) => quoted(place),
    };
    for one in required {
        let written = one.written(types, sandbox);
        let places: Vec<String> = one.locales.iter().map(place::words).collect();
        let comment = if places.is_empty() { String::new() } else { format!("  # {}", places.join(", ")) };
        // Writing to a String cannot fail.
        let _ = writeln!(out, "[[requirement]]\nqualification = {}", quoted(&written.qualification));
        let _ = writeln!(out, "comparator = {}", quoted(&written.comparator));
        match &written.value {
            None => {}
            Some(Values::One(one)) => drop(writeln!(out, "value = {}{comment}", value(one))),
            Some(Values::Many(many)) => {
                let all: Vec<String> = many.iter().map(value).collect();
                let _ = writeln!(out, "value = [{}]{comment}", all.join(", "));
            }
        }
        let _ = writeln!(out, "action = {}\n", quoted(written.action.as_deref().unwrap_or_default()));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::requirement::{Locale, comparators};
    use proptest::prelude::*;
    use rstest::rstest;

    #[derive(Deserialize)]
    struct File {
        requirement: Vec<Written>,
    }

    fn read(text: &str) -> Result<Required, String> {
        let file: File = ::toml::from_str(&format!("[[requirement]]\n{text}")).map_err(|error| error.to_string())?;
        file.requirement[0].required(&[], false)
    }

    #[test]
    fn a_batch_file_names_what_it_requires() {
        let rate = read("qualification = \"PercentAssignmentsApproved\"\ncomparator = \">=\"\nvalue = 95").unwrap();
        assert_eq!(rate.to_string(), "Worker_PercentAssignmentsApproved GreaterThanOrEqualTo 95");
        assert_eq!(rate.guard, Guard::Accept);
        let place =
            "qualification = \"Locale\"\ncomparator = \"in\"\nvalue = [\"new york\", \"CA\"]\naction = \"discover\"";
        let place = read(place).unwrap();
        assert_eq!(place.to_string(), "Worker_Locale In US-NY, CA");
        assert_eq!(
            (place.guard, place.values_words().as_str()),
            (Guard::DiscoverPreviewAndAccept, "New York (US-NY), Canada (CA)")
        );
        let hit = place.of_hit().unwrap();
        assert_eq!(
            (hit.locales, hit.guards.as_str()),
            (vec!["US-NY".to_owned(), "CA".to_owned()], "DiscoverPreviewAndAccept")
        );
        let out = read("qualification = \"3B5O8SC7Q7AHWK1W0BWSJU39IPFSL0\"\ncomparator = \"DoesNotExist\"").unwrap();
        assert_eq!(out.comparator, Comparator::DoesNotExist);
    }

    #[rstest]
    #[case("qualification = \"Locale\"\ncomparator = \"=\"\nvalue = 1", "value: 1 is no place")]
    #[case("qualification = \"Locale\"\ncomparator = \"=\"\nvalue = \"Georgia\"", "GE and US-GA")]
    #[case("qualification = \"Adult\"\ncomparator = \"=\"\nvalue = \"yes\"", "\"yes\" is no number")]
    #[case("qualification = \"Adult\"\ncomparator = \"is\"\nvalue = 1", "comparator: \"is\" is none of: <, <=")]
    #[case("qualification = \"Adult\"\ncomparator = \"=\"\nvalue = 1\naction = \"see\"", "accept, preview, discover")]
    #[case("qualification = \"Nope\"\ncomparator = \"exists\"", "qualification: \"Nope\" is neither")]
    #[case("qualification = \"Masters\"\ncomparator = \"exists\"\nvalue = 1", "Exists and DoesNotExist take no values")]
    #[case("qualification = \"Adult\"\ncomparator = \"=\"\nvalues = 1", "unknown field")]
    fn what_is_wrong_is_said_with_its_name(#[case] text: &str, #[case] why: &str) {
        let problem = read(text).unwrap_err();
        assert!(problem.contains(why), "{problem}");
    }

    #[test]
    fn signs_and_actions_lead_back() {
        for comparator in Comparator::ALL {
            assert_eq!(Comparator::from_words(comparator.sign()), Some(comparator));
            assert_eq!(Comparator::from_words(&comparator.name().to_lowercase()), Some(comparator));
        }
        for guard in Guard::ALL {
            assert_eq!(
                (Guard::from_action(guard.action()), Guard::from_action(guard.name())),
                (Some(guard), Some(guard))
            );
        }
        assert_eq!((Comparator::from_words("=="), Comparator::from_words("")), (Some(Comparator::EqualTo), None));
    }

    #[test]
    fn places_are_written_with_their_names_beside_them() {
        let ny = Locale { country: "US".into(), subdivision: Some("NY".into()) };
        let one = Required {
            qualification: SystemType::Locale.id().into(),
            comparator: Comparator::EqualTo,
            integers: Vec::new(),
            locales: vec![ny],
            guard: Guard::PreviewAndAccept,
        };
        let text = toml(&[one], &[], false);
        assert_eq!(
            text,
            "[[requirement]]\nqualification = \"Locale\"\ncomparator = \"=\"\nvalue = \"US-NY\"  # New York (US-NY)\n\
             action = \"preview\"\n\n"
        );
    }

    /// A requirement of any kind that the API would take.
    fn any_required() -> impl Strategy<Value = Required> {
        let system = (0..SystemType::ALL.len()).prop_map(|at| SystemType::ALL[at].id().to_owned());
        let id = prop_oneof![system, "3[A-Z0-9]{29}"];
        let places = proptest::collection::vec((0usize..300).prop_map(|at| place::all().nth(at).unwrap().0), 1..4);
        let numbers = proptest::collection::vec(any::<i32>(), 1..4);
        (id, 0usize..10, numbers, places, 0usize..3).prop_map(|(qualification, at, mut integers, places, guard)| {
            let fitting = comparators(&qualification);
            let (comparator, guard) = (fitting[at % fitting.len()], Guard::ALL[guard]);
            let mut locales: Vec<Locale> = places.into_iter().map(|code| place::parse(code).unwrap()).collect();
            let many = if comparator.takes_many() { 3 } else { usize::from(!comparator.is_alone()) };
            let of_place = SystemType::of(&qualification) == Some(SystemType::Locale);
            integers.truncate(if of_place { 0 } else { many });
            locales.truncate(if of_place { many } else { 0 });
            Required { qualification, comparator, integers, locales, guard }
        })
    }

    proptest! {
        /// What the API would take is written so that it is read as it was.
        #[test]
        fn what_is_written_is_read_again(required in any_required(), sandbox: bool) {
            let file: File = ::toml::from_str(&toml(std::slice::from_ref(&required), &[], sandbox)).unwrap();
            prop_assert_eq!(file.requirement[0].required(&[], sandbox), Ok(required));
        }
    }
}
