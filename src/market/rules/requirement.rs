//! Qualification requirements as a HIT type carries them: which combinations are allowed (API reference, data structure
//! QualificationRequirement).

/// The Masters qualification types: production, sandbox.
const MASTERS: [&str; 2] = ["2F1QJWKUDD8XADTFD2Q0G6UTO95ALH", "2ARFPLSP75KLA8M8DH1HTEQVJT3SY6"];
const LOCALE: &str = "00000000000000000071";
/// Hits approved, adult, share approved.
const NUMBERS: [&str; 3] = ["00000000000000000040", "00000000000000000060", "000000000000000000L0"];

/// At most this many requirements on a HIT type.
pub const MAX_REQUIREMENTS: usize = 10;
const MAX_INTEGERS: usize = 15;
const MAX_LOCALES: usize = 30;

/// `Comparator`, by its API names.
pub const COMPARATORS: [&str; 10] = [
    "LessThan",
    "LessThanOrEqualTo",
    "GreaterThan",
    "GreaterThanOrEqualTo",
    "EqualTo",
    "NotEqualTo",
    "Exists",
    "DoesNotExist",
    "In",
    "NotIn",
];

/// `ActionsGuarded`, by its API names.
pub const GUARDS: [&str; 3] = ["Accept", "PreviewAndAccept", "DiscoverPreviewAndAccept"];

/// A locale: country, subdivision.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Locale {
    /// Two letters.
    pub country: String,
    /// Two letters, of the US only.
    pub subdivision: Option<String>,
}

/// One requirement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Required {
    /// `QualificationTypeId`.
    pub qualification: String,
    /// One of [`COMPARATORS`].
    pub comparator: String,
    /// `IntegerValues`.
    pub integers: Vec<i32>,
    /// `LocaleValues`.
    pub locales: Vec<Locale>,
    /// One of [`GUARDS`].
    pub guards: String,
}

/// Whether a requirement brings the Masters surcharge.
pub fn is_masters(required: &Required) -> bool {
    MASTERS.contains(&required.qualification.as_str()) && required.comparator != "DoesNotExist"
}

/// Whether this is a qualification type that every market knows.
pub fn is_system(qualification: &str) -> bool {
    qualification == LOCALE || NUMBERS.contains(&qualification) || MASTERS.contains(&qualification)
}

/// Checks comparator and values against each other; the error says what is wrong, in words for the requester.
pub fn check(required: &Required) -> Result<(), String> {
    let Required { qualification, comparator, integers, locales, .. } = required;
    let values = integers.len() + locales.len();
    let wrong = |what: &str| Err(format!("QualificationRequirement on {qualification}: {what}"));
    if qualification == LOCALE && !integers.is_empty() {
        return wrong("Worker_Locale takes LocaleValues, not IntegerValues.");
    }
    if qualification != LOCALE && !locales.is_empty() {
        return wrong("LocaleValues go with Worker_Locale only.");
    }
    if locales.iter().any(|l| l.subdivision.is_some() && l.country != "US") {
        return wrong("A Subdivision is possible for the Country US only.");
    }
    match comparator.as_str() {
        "Exists" | "DoesNotExist" if values > 0 => wrong("Exists and DoesNotExist take no values."),
        "Exists" | "DoesNotExist" => Ok(()),
        "EqualTo" | "NotEqualTo" if values != 1 => wrong("EqualTo and NotEqualTo take exactly one value."),
        "EqualTo" | "NotEqualTo" => Ok(()),
        "In" | "NotIn" if integers.len() > MAX_INTEGERS => wrong("In and NotIn take at most 15 IntegerValues."),
        "In" | "NotIn" if locales.len() > MAX_LOCALES => wrong("In and NotIn take at most 30 LocaleValues."),
        "In" | "NotIn" if values == 0 => wrong("In and NotIn take at least one value."),
        "In" | "NotIn" => Ok(()),
        _ if qualification == LOCALE => wrong("Worker_Locale is compared with EqualTo, NotEqualTo, In or NotIn."),
        _ if integers.len() != 1 => wrong("This comparator takes exactly one of IntegerValues."),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn required(qualification: &str, comparator: &str, integers: &[i32], locales: &[&str]) -> Required {
        let locale = |text: &&str| {
            let (country, part) = text.split_once('-').map_or((*text, None), |(c, s)| (c, Some(s.to_owned())));
            Locale { country: country.into(), subdivision: part }
        };
        Required {
            qualification: qualification.into(),
            comparator: comparator.into(),
            integers: integers.to_vec(),
            locales: locales.iter().map(locale).collect(),
            guards: "Accept".into(),
        }
    }

    #[test]
    fn comparators_take_the_values_they_are_documented_with() {
        let share = "000000000000000000L0";
        let table = [
            (share, "GreaterThanOrEqualTo", &[95][..], &[][..], true),
            (share, "GreaterThanOrEqualTo", &[], &[], false),
            (share, "GreaterThanOrEqualTo", &[1, 2], &[], false),
            (share, "Exists", &[], &[], true),
            (share, "Exists", &[1], &[], false),
            (share, "EqualTo", &[1], &[], true),
            (share, "EqualTo", &[1, 2], &[], false),
            (share, "EqualTo", &[], &["US"], false),
            (share, "In", &[1; 15], &[], true),
            (share, "In", &[1; 16], &[], false),
            (share, "NotIn", &[], &[], false),
            (LOCALE, "In", &[], &["US", "CA"], true),
            (LOCALE, "In", &[], &["DE"; 31], false),
            (LOCALE, "EqualTo", &[], &["US-NY"], true),
            (LOCALE, "EqualTo", &[], &["DE-BY"], false),
            (LOCALE, "EqualTo", &[1], &[], false),
            (LOCALE, "LessThan", &[], &["US"], false),
            (MASTERS[0], "Exists", &[], &[], true),
        ];
        for (qualification, comparator, integers, locales, fine) in table {
            let checked = check(&required(qualification, comparator, integers, locales));
            assert_eq!(checked.is_ok(), fine, "{qualification} {comparator} {integers:?} {locales:?}: {checked:?}");
        }
    }

    #[test]
    fn masters_cost_more_only_when_they_are_required() {
        assert!(is_masters(&required(MASTERS[1], "Exists", &[], &[])));
        assert!(!is_masters(&required(MASTERS[0], "DoesNotExist", &[], &[])));
        assert!(!is_masters(&required(LOCALE, "In", &[], &["US"])));
        assert!(is_system(LOCALE) && !is_system("3B5O8SC7Q7AHWK1W0BWSJU39IPFSL0"));
    }
}
