//! Countries and the states of the US by code and by name: what a locale requirement may name.

use super::nearest::nearest;
use super::requirement::Locale;

/// A code and its name, a line each: `DE<TAB>Germany`, `US-NY<TAB>New York`. Countries first, by code.
const PLACES: &str = include_str!("../../assets/places.txt");

/// The longest name is asked for by typing a part of it; more than so many places are not a hint any more.
const HINTS: usize = 6;

/// All places: their codes and names.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    PLACES.lines().filter_map(|line| line.split_once('\t'))
}

/// The name of a code, such as `US-NY`.
pub fn name(code: &str) -> Option<&'static str> {
    all().find(|(known, _)| *known == code).map(|(_, name)| name)
}

/// A place for people: `New York (US-NY)`; the code alone of a place that has no name here.
pub fn words(place: &Locale) -> String {
    let code = place.to_string();
    match name(&code) {
        Some(name) => format!("{name} ({code})"),
        None => code,
    }
}

/// Reads a place: its code in upper or lower case, its name, or both as [`words`] writes them.
pub fn parse(text: &str) -> Result<Locale, String> {
    let text = text.trim();
    let code = text.strip_suffix(')').and_then(|text| text.rsplit_once('(')).map(|(_, code)| code.trim());
    // Names have brackets too: "Myanmar (Burma)".
    let code = code.filter(|code| name(&code.to_ascii_uppercase()).is_some()).unwrap_or(text);
    let upper = code.to_ascii_uppercase();
    let called: Vec<&str> = all().filter(|(_, name)| name.eq_ignore_ascii_case(text)).map(|(code, _)| code).collect();
    let code = match called.as_slice() {
        _ if name(&upper).is_some() => upper.as_str(),
        [one] => one,
        [] => return Err(unknown(text, &upper)),
        many => return Err(format!("{text:?} is the name of {}: give the code", many.join(" and "))),
    };
    Ok(of_code(code))
}

fn of_code(code: &str) -> Locale {
    let (country, part) = code.split_once('-').map_or((code, None), |(country, part)| (country, Some(part)));
    Locale { country: country.to_owned(), subdivision: part.map(str::to_owned) }
}

fn unknown(text: &str, upper: &str) -> String {
    if let Some((country, _)) = upper.split_once('-').filter(|(country, _)| *country != "US") {
        let country = name(country).unwrap_or(country);
        return format!("{text:?}: only states of the US can be named, not parts of {country}");
    }
    let near = nearest(text, all().map(|(_, name)| name)).map_or(String::new(), |name| format!("; is {name} meant?"));
    format!("{text:?} is neither a country nor a state of the US{near}")
}

/// The places that what is typed may become, the best first: `Ger` finds Germany and Niger.
pub fn completions(typed: &str) -> Vec<(&'static str, &'static str)> {
    let typed = typed.trim().to_lowercase();
    if typed.is_empty() {
        return Vec::new();
    }
    let rank = |(code, name): &(&str, &str)| {
        let (code, name) = (code.to_lowercase(), name.to_lowercase());
        [code == typed, name.starts_with(&typed), code.starts_with(&typed), name.contains(&typed)]
            .iter()
            .position(|fits| *fits)
    };
    let mut found: Vec<_> = all().filter_map(|place| Some((rank(&place)?, place))).collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().take(HINTS).map(|(_, place)| place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use std::collections::HashSet;

    #[test]
    fn the_list_has_all_countries_and_all_states_once() {
        let codes: HashSet<&str> = all().map(|(code, _)| code).collect();
        assert_eq!(codes.len(), all().count());
        assert_eq!(all().filter(|(code, _)| code.len() == 2).count(), 249, "of ISO 3166-1");
        let states = all().filter(|(code, _)| code.len() == 5 && code.starts_with("US-")).count();
        assert_eq!((states, all().count()), (57, 249 + 57), "50 states, the District and six territories");
        assert!(all().all(|(_, name)| !name.is_empty() && name.trim() == name));
    }

    #[rstest]
    #[case("US", "US")]
    #[case(" us-ny ", "US-NY")]
    #[case("new york", "US-NY")]
    #[case("Germany", "DE")]
    #[case("Myanmar (Burma)", "MM")]
    #[case("Germany (DE)", "DE")]
    #[case("Georgia (US-GA)", "US-GA")]
    fn places_are_read_by_code_and_by_name(#[case] text: &str, #[case] code: &str) {
        assert_eq!(parse(text).map(|place| place.to_string()), Ok(code.to_owned()));
    }

    #[rstest]
    #[case("Georgia", "GE and US-GA")]
    #[case("DE-BY", "not parts of Germany")]
    #[case("Germny", "is Germany meant?")]
    #[case("US-ZZ", "neither a country nor a state")]
    #[case("", "neither a country nor a state")]
    fn what_is_no_place_is_said(#[case] text: &str, #[case] why: &str) {
        assert!(parse(text).unwrap_err().contains(why), "{:?}", parse(text));
    }

    #[test]
    fn every_place_is_read_back_from_its_words() {
        for (code, _) in all() {
            let place = of_code(code);
            assert_eq!(parse(&words(&place)), Ok(place));
        }
    }

    #[test]
    fn what_is_typed_finds_the_nearest_first() {
        let first = |typed: &str| completions(typed).first().map(|(code, _)| *code);
        assert_eq!(
            (first("ger"), first("new y"), first("de"), first("zzz")),
            (Some("DE"), Some("US-NY"), Some("DE"), None)
        );
        assert!(completions("a").len() <= HINTS && completions("").is_empty());
    }
}
