//! The hostile corpus through everything that reads and prints answers: no crash, no control byte, bounded output.
//! And documents made to break their readers.

#[path = "hostile/documents.rs"]
mod documents;
#[path = "support/hostile.rs"]
mod hostile;

use hitdeck::domain::text::SafeText;
use hitdeck::exchange::output::{Cell, Format, Writer};
use hitdeck::question::answer::{self, Answer};

/// Nothing that a terminal acts upon or that hides text.
fn assert_harmless(name: &str, text: &str) {
    let bad = text.chars().find(|c| {
        (c.is_control() && *c != '\n')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
                | '\u{e0000}'..='\u{e0fff}')
    });
    assert_eq!(bad, None, "{name}");
}

fn decoded() -> Vec<(String, Answer, String)> {
    hostile::answers().into_iter().map(|(name, raw)| (name, answer::decode(&raw), raw)).collect()
}

#[test]
fn what_a_view_shows_is_harmless() {
    for (name, answer, raw) in decoded() {
        let summary = answer::summary(&answer, 80);
        assert!(summary.chars().count() <= 80, "{name}: {summary}");
        assert_harmless(&name, SafeText::line(&summary).as_str());
        for field in &answer.fields {
            assert_harmless(&name, SafeText::line(&field.name).as_str());
            for line in SafeText::lines(&field.value.text()) {
                for wrapped in line.wrap(76) {
                    assert!(wrapped.width() <= 76, "{name}");
                    assert_harmless(&name, wrapped.as_str());
                }
            }
        }
        assert_harmless(&name, SafeText::escaped(&raw).as_str());
    }
}

#[test]
fn what_subcommands_print_is_harmless() {
    for format in [Format::Table, Format::Json, Format::Jsonl, Format::Csv] {
        for (name, answer, _) in decoded() {
            let mut out = Vec::new();
            let mut writer = Writer::new(&mut out, format, ["summary", "text"], Some(80));
            let text = answer::text(&answer);
            let text = if format == Format::Csv { text.replace(['\r', '\t'], " ") } else { text };
            writer.row(vec![Cell::from(answer::summary(&answer, 80)), Cell::from(text)]).unwrap();
            writer.finish().unwrap();
            let out = String::from_utf8(out).unwrap();
            if format == Format::Csv {
                assert!(!out.contains(|c: char| c.is_control() && c != '\n'), "{name}");
            } else {
                assert_harmless(&name, &out);
            }
        }
    }
}

#[test]
fn broken_documents_say_so_and_show_what_there_is() {
    for (name, answer, raw) in decoded() {
        let broken =
            ["entity_bomb", "external_entity", "cut_off", "unclosed", "not_xml", "wrong_root", "broken_json", "deep"];
        if broken.iter().any(|part| name.starts_with(part)) {
            assert!(answer.problem.is_some(), "{name}");
        }
        assert!(answer.fields.len() <= 10_000, "{name}");
        assert!(answer::text(&answer).len() <= raw.len() + 1_024, "{name}: nothing is ever expanded");
    }
    let find = |wanted: &str| decoded().into_iter().find(|(name, ..)| name == wanted).map(|(_, answer, _)| answer);
    assert_eq!(find("cut_off.xml").unwrap().fields[0].value.text(), "yes");
    assert!(!answer::text(&find("external_entity.xml").unwrap()).contains("root:"));
    assert_eq!(find("scripts.xml").unwrap().field("references").unwrap().value.text(), "世界");
}
