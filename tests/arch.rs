//! The shape of the house, held by reading the sources: which module may use which, which crate belongs to whom, what
//! the pure modules must never name, and how long a file may be. The map is in `docs/architecture.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Which top-level modules (or parts of one) a module may use, besides itself.
const MAY_USE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("question", &["domain"]),
    ("evidence", &["domain", "question"]),
    ("exchange", &["domain", "question"]),
    ("app", &["domain", "question", "evidence", "exchange"]),
    ("ui", &["domain", "question", "evidence", "exchange", "app"]),
    ("market", &["domain", "question", "exchange"]),
    ("mturk", &["domain"]),
    ("store", &["domain"]),
    ("config", &["domain"]),
    ("term", &["domain", "app::key"]),
    ("runtime", &["domain", "question", "evidence", "exchange", "app", "ui", "mturk", "store", "config", "term"]),
    (
        "cli",
        &[
            "domain", "question", "evidence", "exchange", "app", "ui", "market", "mturk", "store", "config", "term",
            "runtime",
        ],
    ),
    ("main", &["cli"]),
    ("lib", &[]),
];

/// Modules without input, output and clocks: time and data come in as values.
const PURE: &[&str] = &["domain", "question", "evidence", "app", "ui"];

/// What the pure modules never name.
const IMPURE: &[&str] = &[
    "tokio",
    "crossterm",
    "rusqlite",
    "aws_",
    "std::fs",
    "std::env",
    "std::net",
    "std::thread",
    "Instant::now",
    "SystemTime",
    "Timestamp::now",
    "Zoned::now",
];

/// Crates (by the beginning of their name) that only these modules may name.
const OWNED: &[(&str, &[&str])] = &[
    ("aws_sdk_mturk", &["mturk"]),
    ("aws_config", &["mturk"]),
    ("aws_smithy_types", &["mturk"]),
    ("aws_smithy_runtime_api", &["mturk", "market"]),
    ("aws_sigv4", &["mturk", "market"]),
    ("aws_credential_types", &["mturk", "market"]),
    ("crossterm", &["term"]),
    ("rusqlite", &["store", "market/storage"]),
    ("axum", &["market", "cli/batch/preview"]),
    ("hyper", &["market", "mturk"]),
    ("rustls", &["market"]),
    ("tokio_rustls", &["market"]),
    ("ratatui", &["ui", "term", "runtime"]),
    ("clap", &["cli", "main"]),
    ("color_eyre", &["cli", "main"]),
    ("schemars", &["config"]),
];

/// The longest a source file may be.
const LONGEST: usize = 400;

/// Files that are longer, each with the reason why it is not split.
const LONGER: &[(&str, &str)] = &[];

#[test]
fn modules_depend_in_one_direction() {
    let mut breaches = Vec::new();
    for source in sources() {
        let Some((_, allowed)) = MAY_USE.iter().find(|(module, _)| *module == source.top()) else {
            breaches.push(format!("{}: module `{}` is not in the map of tests/arch.rs", source.name, source.top()));
            continue;
        };
        for path in source.crate_paths() {
            let target = path.split("::").next().unwrap_or_default();
            let granted = |grant: &&str| path == **grant || path.starts_with(&format!("{grant}::"));
            if target != source.top() && is_module(target) && !allowed.iter().any(granted) {
                breaches.push(format!("{}: `{}` may not use `crate::{path}`", source.name, source.top()));
            }
        }
    }
    assert_eq!(breaches, Vec::<String>::new(), "see the direction rules in docs/architecture.md");
}

#[test]
fn the_map_itself_has_no_circle() {
    let uses: BTreeMap<&str, Vec<&str>> = MAY_USE
        .iter()
        .map(|(module, allowed)| (*module, allowed.iter().map(|a| a.split("::").next().unwrap_or(a)).collect()))
        .collect();
    for start in uses.keys() {
        let mut seen = BTreeSet::new();
        let mut open = uses[start].clone();
        while let Some(next) = open.pop() {
            assert_ne!(next, *start, "the map lets `{start}` use itself through others");
            if seen.insert(next) {
                open.extend(&uses[next]);
            }
        }
    }
}

#[test]
fn pure_modules_name_no_io_and_no_clock() {
    let mut breaches = Vec::new();
    for source in sources().into_iter().filter(|source| PURE.contains(&source.top())) {
        for word in IMPURE.iter().filter(|word| mentions(&source.code, word)) {
            breaches.push(format!("{}: names `{word}`", source.name));
        }
    }
    assert_eq!(breaches, Vec::<String>::new(), "pure modules are handed time and data");
}

#[test]
fn every_exclusive_crate_is_named_by_its_owners_only() {
    let mut breaches = Vec::new();
    for source in sources() {
        for (library, owners) in OWNED {
            let owned = owners.iter().any(|owner| {
                source.name.starts_with(&format!("src/{owner}/")) || source.name == format!("src/{owner}.rs")
            });
            if !owned && names_crate(&source.code, library) {
                breaches.push(format!("{}: names `{library}`, which belongs to {owners:?}", source.name));
            }
        }
    }
    assert_eq!(breaches, Vec::<String>::new());
}

#[test]
fn no_file_is_too_long_without_a_reason() {
    let mut breaches = Vec::new();
    let sources = sources();
    for source in &sources {
        let excused = LONGER.iter().any(|(name, _)| *name == source.name);
        match (source.lines > LONGEST, excused) {
            (true, false) => breaches.push(format!("{}: {} lines, more than {LONGEST}", source.name, source.lines)),
            (false, true) => breaches.push(format!("{}: no longer needs its place in the list", source.name)),
            _ => {}
        }
    }
    for (name, why) in LONGER {
        if !sources.iter().any(|source| source.name == *name) {
            breaches.push(format!("{name}: in the list, but not there"));
        }
        if why.len() < 20 {
            breaches.push(format!("{name}: the list does not say why"));
        }
    }
    assert_eq!(breaches, Vec::<String>::new());
}

/// One source file without its comments, its texts and its test modules.
struct Source {
    /// `src/domain/id.rs`.
    name: String,
    /// The module path: `["domain", "id"]`.
    path: Vec<String>,
    code: String,
    lines: usize,
}

impl Source {
    fn top(&self) -> &str {
        self.path.first().map_or("lib", String::as_str)
    }

    /// Every path that starts at the crate's root, whichever way it is written.
    fn crate_paths(&self) -> Vec<String> {
        let mut found = Vec::new();
        for root in ["crate::", "hitdeck::"] {
            for at in positions(&self.code, root) {
                expand(&self.code[at + root.len()..], "", &mut found);
            }
        }
        for at in positions(&self.code, "super::") {
            if self.code[..at].ends_with("super::") {
                continue;
            }
            let mut rest = &self.code[at..];
            let mut up = 0;
            while let Some(next) = rest.strip_prefix("super::") {
                rest = next;
                up += 1;
            }
            if up >= self.path.len() {
                expand(rest, "", &mut found);
            }
        }
        found
    }
}

/// `a::{b, c::d}` becomes `a::b` and `a::c::d`.
fn expand(code: &str, prefix: &str, found: &mut Vec<String>) {
    let code = code.trim_start();
    if let Some(group) = code.strip_prefix('{') {
        let mut depth = 0;
        let mut start = 0;
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth > 0 => depth -= 1,
                ',' | '}' if depth == 0 => {
                    expand(&group[start..at], prefix, found);
                    start = at + 1;
                    if c == '}' {
                        return;
                    }
                }
                _ => {}
            }
        }
        return;
    }
    let end = code.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(code.len());
    if end == 0 {
        return;
    }
    let path = if prefix.is_empty() { code[..end].to_owned() } else { format!("{prefix}::{}", &code[..end]) };
    match code[end..].strip_prefix("::") {
        Some(rest) if rest.trim_start().starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '{') => {
            expand(rest, &path, found);
        }
        _ => found.push(path),
    }
}

/// Where `word` begins in `code` as a word of its own.
fn positions(code: &str, word: &str) -> Vec<usize> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).filter(|(at, _)| !code[..*at].ends_with(is_part)).map(|(at, _)| at).collect()
}

/// Whether `code` mentions `word` (a path, or the beginning of a name with an underscore: `aws_`).
fn mentions(code: &str, word: &str) -> bool {
    positions(code, word).into_iter().any(|at| {
        let end = code[at + word.len()..].chars().next().unwrap_or(' ');
        word.ends_with('_') || !(end.is_alphanumeric() || end == '_')
    })
}

/// Whether `code` names a crate whose name begins with `library` (`rusqlite` is also `rusqlite_migration`). A field or
/// local of that name is told apart by what follows.
fn names_crate(code: &str, library: &str) -> bool {
    positions(code, library).into_iter().any(|at| {
        let rest = &code[at + library.len()..];
        let rest = if rest.starts_with('_') {
            rest.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_')
        } else {
            rest
        };
        rest.starts_with("::") || rest.starts_with(';') || rest.starts_with(" as ")
    })
}

fn is_module(name: &str) -> bool {
    MAY_USE.iter().any(|(module, _)| *module == name)
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    walk(&root.join("src"), &mut files);
    files.sort();
    assert!(files.len() > 10, "the sources were not found below {}", root.display());
    let mut sources = Vec::new();
    let mut tests = BTreeSet::new();
    for file in files {
        let name = file.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
        let text = std::fs::read_to_string(&file).expect("a source file is UTF-8");
        let path = module_path(&name);
        let (code, test_files) = without_tests(&blank(&text));
        tests.extend(test_files.into_iter().map(|test| [path.clone(), vec![test]].concat()));
        sources.push(Source { lines: text.lines().count(), name, path, code });
    }
    sources.retain(|source| !tests.iter().any(|test| source.path.starts_with(test)));
    sources
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder below src") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|end| end == "rs") {
            files.push(path);
        }
    }
}

fn module_path(name: &str) -> Vec<String> {
    let inner = name.trim_start_matches("src/").trim_end_matches(".rs");
    let mut path: Vec<String> = inner.split('/').map(str::to_owned).collect();
    if path.last().is_some_and(|last| last == "mod") {
        path.pop();
    }
    path
}

/// The code with comments, texts and characters blanked.
fn blank(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let rest = &chars[at..];
        let after_word = at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_');
        let skip = match rest {
            ['/', '/', ..] => rest.iter().position(|c| *c == '\n').unwrap_or(rest.len()),
            ['/', '*', ..] => comment_end(rest),
            ['"', ..] => quoted_end(rest, '"'),
            ['r', '"' | '#', ..] if !after_word => raw_end(rest),
            ['b', 'r', '"' | '#', ..] if !after_word => raw_end(&rest[1..]) + 1,
            ['\'', '\\', ..] => quoted_end(rest, '\''),
            ['\'', _, '\'', ..] => 3,
            _ => 0,
        };
        if skip == 0 {
            out.push(chars[at]);
            at += 1;
        } else {
            out.extend(rest[..skip].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
            at += skip;
        }
    }
    out
}

fn comment_end(chars: &[char]) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < chars.len() {
        match chars[at..] {
            ['/', '*', ..] => (depth, at) = (depth + 1, at + 2),
            ['*', '/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    at
}

fn quoted_end(chars: &[char], quote: char) -> usize {
    let mut at = 1;
    while at < chars.len() && chars[at] != quote {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(chars.len())
}

/// Zero when it is no raw text (`r#type` is a name).
fn raw_end(chars: &[char]) -> usize {
    let hashes = chars[1..].iter().take_while(|c| **c == '#').count();
    if chars.get(1 + hashes) != Some(&'"') {
        return 0;
    }
    let mut at = 2 + hashes;
    while at < chars.len() {
        if chars[at] == '"' && chars[at + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes {
            return at + 1 + hashes;
        }
        at += 1;
    }
    at
}

/// The code without what stands under `#[cfg(test)]`, and the names of test modules in files of their own.
fn without_tests(code: &str) -> (String, Vec<String>) {
    const MARK: &str = "#[cfg(test)]";
    let mut out = String::new();
    let mut files = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find(MARK) {
        out.push_str(&rest[..at]);
        let item = &rest[at + MARK.len()..];
        let end = item.find(['{', ';']).unwrap_or(item.len());
        let head = &item[..end];
        if item[end..].starts_with('{') {
            let mut depth = 0;
            let close = item[end..].char_indices().find(|(_, c)| {
                depth += i32::from(*c == '{') - i32::from(*c == '}');
                depth == 0
            });
            rest = close.map_or("", |(at, _)| &item[end + at + 1..]);
        } else {
            files.extend(head.split("mod ").nth(1).map(|name| name.trim().to_owned()));
            rest = item.get(end + 1..).unwrap_or("");
        }
    }
    out.push_str(rest);
    (out, files)
}

#[test]
fn the_reader_sees_through_comments_texts_groups_and_tests() {
    let text = r##"
        // use crate::market::a;
        use crate::{app::key::Key, domain::{id, money::Usd}};
        const A: &str = "crate::market"; const B: &str = r#"crate::"store""#; const C: char = '"';
        fn f() { super::super::ui::draw(); }
        #[cfg(test)]
        mod tests { use crate::runtime::x; fn g() { { } } }
        fn h() -> crate::config::Config { }
        #[cfg(test)]
        mod harness;
    "##;
    let (code, files) = without_tests(&blank(text));
    let source = Source { name: "src/term/input.rs".into(), path: vec!["term".into(), "input".into()], code, lines: 9 };
    let paths = ["app::key::Key", "domain::id", "domain::money::Usd", "config::Config", "ui::draw"];
    assert_eq!(source.crate_paths(), paths.map(str::to_owned));
    assert_eq!(files, ["harness"]);
}

#[test]
fn crates_are_told_from_fields() {
    assert!(names_crate("use tokio::sync::mpsc;", "tokio"));
    assert!(names_crate("use rusqlite_migration::M;", "rusqlite"));
    assert!(!names_crate("let hyper = 3; hyper + 1", "hyper"));
    assert!(!names_crate("use autokio::x;", "tokio"));
    assert!(mentions("let t: SystemTime = now;", "SystemTime"));
    assert!(mentions("aws_config::load()", "aws_"));
    assert!(!mentions("fn instant() {}", "SystemTime"));
}
