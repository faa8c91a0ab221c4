//! Where pages lie and where they send what workers answer: what a market of one's own cannot mend is said by its place.

use super::{Checking, Level, many};
use crate::exchange::batch::task::Kind;
use crate::question::asked::{self, Asked};
use crate::question::page::PageFacts;
use regex_lite::Regex;
use std::sync::LazyLock;

/// So many rows are named for one site, so many sites at all.
const NAMED: usize = 5;

/// Amazon's addresses in the ways that a market points at itself, and links, which it leaves alone.
static MENDED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let submit = r"(?:https?:)?//(?:[a-z0-9-]+\.)*mturk\.com/mturk/externalSubmit";
    let host = r#"["'`]https?://(?:www|workersandbox|worker)\.mturk\.com/?["'`]"#;
    Regex::new(&format!(r#"(?i){submit}|href\s*=\s*(?:"[^"]*"|'[^']*')|{host}"#)).ok()
});
/// Amazon's domain in a text of a script or of an attribute.
static NAMED_IN_TEXT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"(?i)["'`][^"'`<>\s]*mturk\.com"#).ok());

/// The host of an address, with its port; none of what is no address.
fn site(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("://")?;
    rest.split(['/', '?', '#']).next()?.rsplit('@').next().filter(|host| !host.is_empty())
}

/// Whether Amazon's own workers work there.
fn is_amazons(site: &str) -> bool {
    let host = site.split(':').next().unwrap_or_default().to_ascii_lowercase();
    host == "mturk.com" || host.ends_with(".mturk.com")
}

impl Checking<'_> {
    /// Pages of other sites, which nobody looks into from here.
    pub(super) fn elsewhere(&mut self) {
        let draft = self.draft;
        let file = if draft.task.kind == Kind::Address { &draft.files.spec } else { &draft.files.source };
        let words =
            "the page lies elsewhere and is not looked at: neither its fields nor how it is handed in are known here";
        self.find(Level::Notice, file, words);
        if self.facts.amazon {
            return;
        }
        for (site, rows) in self.sites() {
            let others = others(&rows);
            let words = if is_amazons(&site) {
                format!("its page is at {site}{others}: Amazon's site hands nothing in to this endpoint")
            } else {
                format!(
                    "the page at {site}{others} can be handed in only if it posts to the address in its parameter turkSubmitTo; one \
                     that has Amazon's address written into it cannot work here, and that cannot be checked from here"
                )
            };
            self.find_in(Level::Warning, rows.first().copied(), None, words);
        }
    }

    /// The sites of the rows' pages, in their order, and which rows lie there.
    fn sites(&self) -> Vec<(String, Vec<usize>)> {
        let draft = self.draft;
        let filling = draft.task.filling(&draft.table.columns);
        let mut sites: Vec<(String, Vec<usize>)> = Vec::new();
        for (number, row) in draft.table.rows.iter().enumerate() {
            let Ok(content) = filling.content(row) else { continue };
            let address = match draft.task.kind {
                Kind::Address => content,
                _ => match asked::read(&content).map(|checked| checked.value) {
                    Ok(Asked::External { url, .. }) => url,
                    _ => continue,
                },
            };
            let Some(site) = site(&address) else { continue };
            match sites.iter().position(|(known, _)| known == site) {
                Some(at) => sites[at].1.push(number),
                None if sites.len() < NAMED => sites.push((site.to_owned(), vec![number])),
                None => {}
            }
        }
        sites
    }

    /// What of a page this program's own worker site cannot show or mend, with the lines of the template.
    pub(super) fn own_site(&mut self, facts: &PageFacts) {
        let source = self.draft.files.source.clone();
        let lines: Vec<&str> = self.draft.source_text.lines().collect();
        let line_of = |element: &str| {
            let tag = format!("<{element}");
            let at = lines.iter().position(|line| line.to_ascii_lowercase().contains(&tag));
            at.map_or_else(|| format!("<{element}>"), |at| format!("<{element}> (line {})", at + 1))
        };
        if !facts.unknown_crowd.is_empty() {
            let list: Vec<String> = facts.unknown_crowd.iter().map(|element| line_of(element)).collect();
            let words =
                format!("this program's own worker site shows a plain text field in place of {}", list.join(", "));
            self.find(Level::Notice, &source, words);
        }
        if self.facts.amazon {
            return;
        }
        let (Some(mended), Some(named)) = (MENDED.as_ref(), NAMED_IN_TEXT.as_ref()) else { return };
        for (at, line) in lines.iter().enumerate() {
            if named.is_match(&mended.replace_all(line, "")) {
                let words = format!(
                    "line {}: Amazon's address is put together in a text here. This program's market points whole addresses of \
                     Amazon at itself, and no parts: take the address out of the parameter turkSubmitTo",
                    at + 1
                );
                self.find(Level::Warning, &source, words);
            }
        }
    }
}

/// The rows behind the first, which stands before the words.
fn others(rows: &[usize]) -> String {
    match rows.len() {
        0 | 1 => String::new(),
        2..=NAMED => {
            let list: Vec<String> = rows[1..].iter().map(|row| (row + 1).to_string()).collect();
            format!(" (also in row {})", list.join(", "))
        }
        count => format!(" (also in {} more)", many(count - 1, "row")),
    }
}
