//! The documentation, held against the program.

use std::collections::BTreeSet;

const ARCHITECTURE: &str = include_str!("../docs/architecture.md");
const MANIFEST: &str = include_str!("../Cargo.toml");

#[test]
fn every_dependency_has_its_line_of_reason() {
    let manifest: toml::Table = MANIFEST.parse().unwrap();
    let names = |table: &str| manifest[table].as_table().unwrap().keys().cloned().collect::<BTreeSet<String>>();
    let reasons: Vec<(&str, &str)> = ARCHITECTURE
        .split("## 9. Dependencies")
        .nth(1)
        .unwrap()
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split_once(" | "))
        .skip(2)
        .collect();
    let explained: BTreeSet<String> = reasons.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(explained, names("dependencies"));
    assert!(reasons.iter().all(|(_, why)| why.len() > 12), "a reason is a sentence");
    for name in names("dev-dependencies") {
        assert!(
            ARCHITECTURE.contains(&format!("{name} (")) || ARCHITECTURE.contains(&format!("{name} and ")),
            "{name}"
        );
    }
}

/// Paths in backquotes that look like files of this repository exist.
#[test]
fn pages_name_files_that_exist() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut missing = Vec::new();
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        for name in text.split('`').skip(1).step_by(2) {
            let is_path = ["src/", "tests/", "docs/", "assets/", ".ci/"].iter().any(|start| name.starts_with(start));
            if is_path && !name.contains([' ', '*', '<']) && !root.join(name).exists() {
                missing.push(format!("{}: {name}", page.display()));
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

/// What pages call a proof is a test: of the complaints about terminals, of the attacks on the worker site.
#[test]
fn the_tests_that_pages_name_are_there() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources: String = ["src", "tests"].iter().flat_map(|dir| sources(&root.join(dir))).collect();
    for (page, begin) in [("docs/terminal.md", "| the complaint |"), ("docs/hosting.md", "## How that is known")] {
        let text = std::fs::read_to_string(root.join(page)).unwrap();
        let table = text.split_once(begin).unwrap().1;
        let named: Vec<&str> =
            table.split('`').skip(1).step_by(2).filter(|name| name.matches('_').count() > 2).collect();
        assert!(named.len() >= 20, "{page}: {named:?}");
        let missing: Vec<_> = named.iter().filter(|name| !sources.contains(&format!("fn {name}("))).collect();
        assert_eq!(missing, Vec::<&&str>::new(), "{page}");
    }
}

/// The Rust files below a directory.
fn sources(dir: &std::path::Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(std::fs::read_to_string(&path).unwrap());
        }
    }
    found
}

/// Pages that link to each other link to pages that are there.
#[test]
fn links_lead_somewhere() {
    let mut broken = Vec::new();
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap_or_default();
            if !target.is_empty() && !target.contains("://") && !page.parent().unwrap().join(target).exists() {
                broken.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

/// The table of query fields in the manual is the program's.
#[test]
fn the_manual_explains_every_query_field() {
    let table = |fields: &[(&str, &str, &str)]| {
        fields
            .iter()
            .fold("| field | example | what |\n| --- | --- | --- |\n".to_owned(), |table, (name, example, what)| {
                table + &format!("| `{name}` | `{example}` | {what} |\n")
            })
    };
    let begin = "<!-- fields: from the program, held by a test -->\n";
    generated("docs/manual.md", begin, "<!-- end of fields -->", &table(hitdeck::domain::query::FIELDS));
    let begin = "<!-- worker fields: from the program, held by a test -->\n";
    generated("docs/manual.md", begin, "<!-- end of worker fields -->", &table(hitdeck::domain::query::WORKER_FIELDS));
    let begin = "<!-- batch fields: from the program, held by a test -->\n";
    generated("docs/manual.md", begin, "<!-- end of batch fields -->", &table(hitdeck::domain::query::BATCH_FIELDS));
}

/// Holds the part of a page between two marks against what the program says; `UPDATE_DOCS=1 cargo test --test docs`
/// writes it.
fn generated(page: &str, begin: &str, end: &str, expected: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    let text = std::fs::read_to_string(&path).unwrap();
    let from = text.find(begin).unwrap_or_else(|| panic!("{page} has no mark {begin}")) + begin.len();
    let to = from + text[from..].find(end).unwrap_or_else(|| panic!("{page} has no mark {end}"));
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, format!("{}{expected}{}", &text[..from], &text[to..])).unwrap();
    } else {
        assert_eq!(&text[from..to], expected, "{page}: run `UPDATE_DOCS=1 cargo test --test docs`");
    }
}

fn pages() -> Vec<std::path::PathBuf> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let docs = std::fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<_> = docs.filter(|path| path.extension().is_some_and(|end| end == "md")).collect();
    pages.push(root.join("README.md"));
    pages.sort();
    assert!(pages.len() >= 4, "{pages:?}");
    pages
}

/// The page of keys is the command table with the default keys.
#[test]
fn the_page_of_keys_is_the_command_table() {
    use hitdeck::app::command::COMMANDS;
    use hitdeck::app::keymap::{Bindings, Keymap};
    let keymap = Keymap::new(&Bindings::new()).unwrap();
    let mut table = "| keys | command | where | what it does |\n| --- | --- | --- | --- |\n".to_owned();
    for spec in &COMMANDS {
        let keys: Vec<String> = keymap.keys(spec.id).iter().map(|key| format!("`{key}`").replace('|', "\\|")).collect();
        let (name, place, help) = (spec.name, spec.contexts.words(), spec.help.replace('|', "\\|"));
        table += &format!("| {} | {name} | {place} | {help} |\n", keys.join(" "));
    }
    generated("docs/keys.md", "<!-- keys: from the program, held by a test -->\n", "<!-- end of keys -->", &table);
}
