//! Task pages were written for Amazon's hosts. Their forms and the scripts they load from there are pointed at this market.

use std::sync::LazyLock;

use regex_lite::{Captures, Regex};

fn pattern(text: &str) -> Option<Regex> {
    Regex::new(text).ok()
}

/// The loader of crowd elements.
static CROWD: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?i)(?:https?:)?//assets\.crowd\.aws/crowd-html-elements(?:-v[0-9]+)?\.js"));
/// The helper of pages that were frames elsewhere.
static HELPER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let places = r"(?:s3\.amazonaws\.com/mturk-public|mturk-public\.s3\.amazonaws\.com)";
    pattern(&format!(r"(?i)(?:https?:)?//{places}/externalHIT_v1\.js"))
});
/// Where answers go, in forms and in scripts.
static SUBMIT: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?i)(?:https?:)?//(?:[a-z0-9-]+\.)*mturk\.com/mturk/externalSubmit"));
/// The same, as the address of a form and without a host.
static ACTION: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r#"(?i)\b((?:form)?action\s*=\s*["']?)/mturk/externalSubmit"#));
/// A host alone, which scripts put before the rest; a link to it stays.
static HOST: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r#"(?i)(href\s*=\s*)?(["'`])https?://(?:www|workersandbox|worker)\.mturk\.com/?(["'`])"#));

/// The page with Amazon's addresses replaced: `site` is where this market's scripts are, `submit_to` is what comes before
/// `/mturk/externalSubmit`.
pub fn rewrite(html: &str, site: &str, submit_to: &str) -> String {
    let mut page = html.to_owned();
    let crowd = format!("{site}/crowd/crowd-html-elements.js");
    let helper = format!("{site}/crowd/externalHIT_v1.js");
    let submit = format!("{submit_to}/mturk/externalSubmit");
    for (pattern, target) in [(&CROWD, &crowd), (&HELPER, &helper), (&SUBMIT, &submit)] {
        if let Some(pattern) = pattern.as_ref() {
            page = pattern.replace_all(&page, regex_lite::NoExpand(target)).into_owned();
        }
    }
    if let Some(pattern) = ACTION.as_ref() {
        page = pattern.replace_all(&page, |found: &Captures<'_>| format!("{}{submit}", &found[1])).into_owned();
    }
    if let Some(pattern) = HOST.as_ref() {
        let replaced = |found: &Captures<'_>| match found.get(1) {
            Some(_) => found[0].to_owned(),
            None => format!("{}{submit_to}{}", &found[2], &found[3]),
        };
        page = pattern.replace_all(&page, replaced).into_owned();
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("<form action=\"https://www.mturk.com/mturk/externalSubmit\">", "<form action=\"B/mturk/externalSubmit\">")]
    #[case(
        "<form action='HTTPS://WorkerSandbox.mturk.com/mturk/externalSubmit'>",
        "<form action='B/mturk/externalSubmit'>"
    )]
    #[case("<form action=//www.mturk.com/mturk/externalSubmit>", "<form action=B/mturk/externalSubmit>")]
    #[case("<FORM ACTION = \"/mturk/externalSubmit\">", "<FORM ACTION = \"B/mturk/externalSubmit\">")]
    #[case("<button formaction=\"/mturk/externalSubmit\">", "<button formaction=\"B/mturk/externalSubmit\">")]
    #[case("<form action=\"mturk/externalSubmit\">", "<form action=\"mturk/externalSubmit\">")]
    #[case("f.action = turkSubmitTo + '/mturk/externalSubmit'", "f.action = turkSubmitTo + '/mturk/externalSubmit'")]
    #[case("var h = \"https://www.mturk.com\";", "var h = \"B\";")]
    #[case("x ? 'https://workersandbox.mturk.com' : 'https://www.mturk.com/'", "x ? 'B' : 'B'")]
    #[case("<a href=\"https://www.mturk.com\">Amazon</a>", "<a href=\"https://www.mturk.com\">Amazon</a>")]
    #[case(
        "https://www.mturk.com.evil.example/mturk/externalSubmit",
        "https://www.mturk.com.evil.example/mturk/externalSubmit"
    )]
    #[case(
        "<script src=\"https://assets.crowd.aws/crowd-html-elements.js\">",
        "<script src=\"S/crowd/crowd-html-elements.js\">"
    )]
    #[case("src='//assets.crowd.aws/crowd-html-elements-v2.js'", "src='S/crowd/crowd-html-elements.js'")]
    #[case("src='https://s3.amazonaws.com/mturk-public/externalHIT_v1.js'", "src='S/crowd/externalHIT_v1.js'")]
    #[case("src=\"http://mturk-public.s3.amazonaws.com/externalHIT_v1.js\"", "src=\"S/crowd/externalHIT_v1.js\"")]
    #[case("<p>Write to mturk.com, $1 ${x}", "<p>Write to mturk.com, $1 ${x}")]
    fn amazons_addresses_become_the_markets(#[case] page: &str, #[case] expected: &str) {
        assert_eq!(rewrite(page, "S", "B"), expected);
    }

    #[test]
    fn every_pattern_is_one() {
        assert!([&CROWD, &HELPER, &SUBMIT, &ACTION, &HOST].iter().all(|pattern| pattern.is_some()));
        assert_eq!(rewrite("//www.mturk.com/mturk/externalSubmit", "S", "$0"), "$0/mturk/externalSubmit");
    }
}
