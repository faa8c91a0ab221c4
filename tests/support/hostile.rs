//! The hostile corpus: answers as an attacker would write them. The small ones are files in `tests/data/hostile`, the big
//! ones are made here. Used by every test that shows answers to something.

use std::path::Path;

/// All answers of the corpus: a name and the document.
pub fn answers() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/hostile");
    let mut all: Vec<(String, String)> = std::fs::read_dir(&folder)
        .expect("the corpus is part of the repository")
        .map(|entry| {
            let path = entry.expect("a readable folder").path();
            let name = path.file_name().expect("a file").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).expect("a file in UTF-8"))
        })
        .collect();
    all.sort();
    assert!(all.len() >= 15, "the corpus is complete");
    all.extend(generated().map(|(name, document)| (name.to_owned(), document)));
    all
}

fn generated() -> impl Iterator<Item = (&'static str, String)> {
    let document = |fields: &str| format!("<QuestionFormAnswers>{fields}</QuestionFormAnswers>");
    let field = |name: &str, text: &str| {
        format!("<Answer><QuestionIdentifier>{name}</QuestionIdentifier><FreeText>{text}</FreeText></Answer>")
    };
    let many: String = (0..5_000).map(|n| field(&format!("f{n}"), "x\u{1b}[2J")).collect();
    [
        ("one megabyte of words", document(&field("a", &"lorem ipsum ".repeat(90_000)))),
        ("one megabyte without a blank", document(&field("a", &"x".repeat(1 << 20)))),
        ("one megabyte of escapes", document(&field("a", &"\u{1b}]52;c;".repeat(130_000)))),
        ("one megabyte of combining marks", document(&field("a", &"\u{301}".repeat(500_000)))),
        ("five thousand fields", document(&many)),
        ("deep elements", "<a>".repeat(200_000)),
        ("deep json", document(&field("taskAnswers", &"[".repeat(100_000)))),
        ("wide json", document(&field("taskAnswers", &format!("[{{\"a\":[{}0]}}]", "{\"b\":0},".repeat(50_000))))),
        ("many references", document(&field("a", &"&#27;&unknown;".repeat(50_000)))),
        ("open tags only", "<".repeat(300_000)),
    ]
    .into_iter()
}
