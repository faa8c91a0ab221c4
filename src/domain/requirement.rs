//! Qualification requirements as a HIT type carries them: which combinations are allowed (API reference, data structure
//! QualificationRequirement).

mod exclude;
mod meet;
mod pool;
mod words;

pub use exclude::{Way, exclusion, grant_needed};
pub use meet::{Standing, comparators, meets, named};
pub use pool::{Judged, Pool, Record, Source, judge, pool};
pub use words::{Value, Values, Written, toml};

use super::system_type::SystemType;
use serde::Deserialize;
use std::fmt;

/// At most this many requirements on a HIT type.
pub const MAX_REQUIREMENTS: usize = 10;
const MAX_INTEGERS: usize = 15;
const MAX_LOCALES: usize = 30;

/// How a worker's value is compared with those of a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
pub enum Comparator {
    /// Less than the one value.
    LessThan,
    /// At most the one value.
    LessThanOrEqualTo,
    /// More than the one value.
    GreaterThan,
    /// At least the one value.
    GreaterThanOrEqualTo,
    /// The one value.
    EqualTo,
    /// Another than the one value.
    NotEqualTo,
    /// Any value at all.
    Exists,
    /// No value: the worker does not have the qualification.
    DoesNotExist,
    /// One of the values.
    In,
    /// None of the values.
    NotIn,
}

impl Comparator {
    /// All, as the API lists them.
    pub const ALL: [Comparator; 10] = [
        Comparator::LessThan,
        Comparator::LessThanOrEqualTo,
        Comparator::GreaterThan,
        Comparator::GreaterThanOrEqualTo,
        Comparator::EqualTo,
        Comparator::NotEqualTo,
        Comparator::Exists,
        Comparator::DoesNotExist,
        Comparator::In,
        Comparator::NotIn,
    ];

    /// The API's name.
    pub const fn name(self) -> &'static str {
        match self {
            Comparator::LessThan => "LessThan",
            Comparator::LessThanOrEqualTo => "LessThanOrEqualTo",
            Comparator::GreaterThan => "GreaterThan",
            Comparator::GreaterThanOrEqualTo => "GreaterThanOrEqualTo",
            Comparator::EqualTo => "EqualTo",
            Comparator::NotEqualTo => "NotEqualTo",
            Comparator::Exists => "Exists",
            Comparator::DoesNotExist => "DoesNotExist",
            Comparator::In => "In",
            Comparator::NotIn => "NotIn",
        }
    }

    /// The comparator of a name of the API.
    pub fn from_name(name: &str) -> Option<Comparator> {
        Comparator::ALL.into_iter().find(|comparator| comparator.name() == name)
    }
}

/// What a worker may not do who does not meet a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
pub enum Guard {
    /// Accept.
    Accept,
    /// Preview and accept.
    PreviewAndAccept,
    /// Find the HIT among others, preview and accept.
    DiscoverPreviewAndAccept,
}

impl Guard {
    /// All, the weakest first.
    pub const ALL: [Guard; 3] = [Guard::Accept, Guard::PreviewAndAccept, Guard::DiscoverPreviewAndAccept];

    /// The API's name.
    pub const fn name(self) -> &'static str {
        match self {
            Guard::Accept => "Accept",
            Guard::PreviewAndAccept => "PreviewAndAccept",
            Guard::DiscoverPreviewAndAccept => "DiscoverPreviewAndAccept",
        }
    }

    /// The guard of a name of the API.
    pub fn from_name(name: &str) -> Option<Guard> {
        Guard::ALL.into_iter().find(|guard| guard.name() == name)
    }
}

/// A locale: country, subdivision.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Locale {
    /// Two letters.
    pub country: String,
    /// Two letters; in requirements of the US only.
    pub subdivision: Option<String>,
}

impl Locale {
    /// Whether a place lies in this one: a country without subdivision holds all of its parts.
    pub fn holds(&self, place: &Locale) -> bool {
        self.country == place.country && (self.subdivision.is_none() || self.subdivision == place.subdivision)
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.country)?;
        self.subdivision.as_ref().map_or(Ok(()), |part| write!(f, "-{part}"))
    }
}

/// One requirement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Required {
    /// `QualificationTypeId`.
    #[serde(rename = "QualificationTypeId")]
    pub qualification: String,
    /// `Comparator`.
    pub comparator: Comparator,
    /// `IntegerValues`.
    #[serde(rename = "IntegerValues", default)]
    pub integers: Vec<i32>,
    /// `LocaleValues`.
    #[serde(rename = "LocaleValues", default)]
    pub locales: Vec<Locale>,
    /// `ActionsGuarded`.
    #[serde(rename = "ActionsGuarded")]
    pub guard: Guard,
}

impl fmt::Display for Required {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = SystemType::of(&self.qualification).map_or(self.qualification.as_str(), |system| system.name());
        write!(f, "{name} {}", self.comparator.name())?;
        let integers = self.integers.iter().map(i32::to_string);
        let values: Vec<String> = integers.chain(self.locales.iter().map(Locale::to_string)).collect();
        if values.is_empty() { Ok(()) } else { write!(f, " {}", values.join(", ")) }
    }
}

/// Reads requirements as a HIT type keeps them: the JSON that goes over the wire.
pub fn read(json: &str) -> Result<Vec<Required>, serde_json::Error> {
    if json == "[]" { Ok(Vec::new()) } else { serde_json::from_str(json) }
}

/// Whether a requirement brings the Masters surcharge.
pub fn is_masters(required: &Required) -> bool {
    SystemType::of(&required.qualification) == Some(SystemType::Masters)
        && required.comparator != Comparator::DoesNotExist
}

/// Checks comparator and values against each other; the error says what is wrong, in words for the requester.
pub fn check(required: &Required) -> Result<(), String> {
    let Required { qualification, comparator, integers, locales, .. } = required;
    let of_place = SystemType::of(qualification) == Some(SystemType::Locale);
    let values = integers.len() + locales.len();
    let wrong = |what: &str| Err(format!("QualificationRequirement on {qualification}: {what}"));
    if of_place && !integers.is_empty() {
        return wrong("Worker_Locale takes LocaleValues, not IntegerValues.");
    }
    if !of_place && !locales.is_empty() {
        return wrong("LocaleValues go with Worker_Locale only.");
    }
    if locales.iter().any(|l| l.subdivision.is_some() && l.country != "US") {
        return wrong("A Subdivision is possible for the Country US only.");
    }
    match comparator {
        Comparator::Exists | Comparator::DoesNotExist if values > 0 => wrong("Exists and DoesNotExist take no values."),
        Comparator::Exists | Comparator::DoesNotExist => Ok(()),
        Comparator::EqualTo | Comparator::NotEqualTo if values != 1 => {
            wrong("EqualTo and NotEqualTo take exactly one value.")
        }
        Comparator::EqualTo | Comparator::NotEqualTo => Ok(()),
        Comparator::In | Comparator::NotIn if integers.len() > MAX_INTEGERS => {
            wrong("In and NotIn take at most 15 IntegerValues.")
        }
        Comparator::In | Comparator::NotIn if locales.len() > MAX_LOCALES => {
            wrong("In and NotIn take at most 30 LocaleValues.")
        }
        Comparator::In | Comparator::NotIn if values == 0 => wrong("In and NotIn take at least one value."),
        Comparator::In | Comparator::NotIn => Ok(()),
        _ if of_place => wrong("Worker_Locale is compared with EqualTo, NotEqualTo, In or NotIn."),
        _ if integers.len() != 1 => wrong("This comparator takes exactly one of IntegerValues."),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCALE: &str = SystemType::Locale.id();
    const MASTERS: &str = SystemType::Masters.id();

    fn required(qualification: &str, comparator: Comparator, integers: &[i32], locales: &[&str]) -> Required {
        let locale = |text: &&str| {
            let (country, part) = text.split_once('-').map_or((*text, None), |(c, s)| (c, Some(s.to_owned())));
            Locale { country: country.into(), subdivision: part }
        };
        Required {
            qualification: qualification.into(),
            comparator,
            integers: integers.to_vec(),
            locales: locales.iter().map(locale).collect(),
            guard: Guard::Accept,
        }
    }

    #[test]
    fn comparators_take_the_values_they_are_documented_with() {
        use Comparator::*;
        let share = "000000000000000000L0";
        let table = [
            (share, GreaterThanOrEqualTo, &[95][..], &[][..], true),
            (share, GreaterThanOrEqualTo, &[], &[], false),
            (share, GreaterThanOrEqualTo, &[1, 2], &[], false),
            (share, Exists, &[], &[], true),
            (share, Exists, &[1], &[], false),
            (share, EqualTo, &[1], &[], true),
            (share, EqualTo, &[1, 2], &[], false),
            (share, EqualTo, &[], &["US"], false),
            (share, In, &[1; 15], &[], true),
            (share, In, &[1; 16], &[], false),
            (share, NotIn, &[], &[], false),
            (LOCALE, In, &[], &["US", "CA"], true),
            (LOCALE, In, &[], &["DE"; 31], false),
            (LOCALE, EqualTo, &[], &["US-NY"], true),
            (LOCALE, EqualTo, &[], &["DE-BY"], false),
            (LOCALE, EqualTo, &[1], &[], false),
            (LOCALE, LessThan, &[], &["US"], false),
            (MASTERS, Exists, &[], &[], true),
        ];
        for (qualification, comparator, integers, locales, fine) in table {
            let checked = check(&required(qualification, comparator, integers, locales));
            assert_eq!(checked.is_ok(), fine, "{qualification} {comparator:?} {integers:?} {locales:?}: {checked:?}");
        }
    }

    #[test]
    fn masters_cost_more_only_when_they_are_required() {
        assert!(is_masters(&required("2ARFPLSP75KLA8M8DH1HTEQVJT3SY6", Comparator::Exists, &[], &[])));
        assert!(!is_masters(&required(MASTERS, Comparator::DoesNotExist, &[], &[])));
        assert!(!is_masters(&required(LOCALE, Comparator::In, &[], &["US"])));
    }

    #[test]
    fn names_lead_back_to_what_they_name() {
        for comparator in Comparator::ALL {
            assert_eq!(Comparator::from_name(comparator.name()), Some(comparator));
        }
        for guard in Guard::ALL {
            assert_eq!(Guard::from_name(guard.name()), Some(guard));
        }
        assert_eq!((Comparator::from_name("Equals"), Guard::from_name("")), (None, None));
    }

    #[test]
    fn a_requirement_is_said_in_the_words_of_the_api() {
        assert_eq!(required(LOCALE, Comparator::In, &[], &["US-NY", "CA"]).to_string(), "Worker_Locale In US-NY, CA");
        assert_eq!(required("3Q", Comparator::Exists, &[], &[]).to_string(), "3Q Exists");
        assert_eq!(required("3Q", Comparator::LessThan, &[-3], &[]).to_string(), "3Q LessThan -3");
    }
}
