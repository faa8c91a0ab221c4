//! What each row becomes: well-formed, short enough, and not twice the same.

use super::handing::Handing;
use super::{Checking, Level, many};
use crate::domain::batch::{RowAnnotation, contents, limits};
use crate::exchange::batch::task::{Filling, Kind};
use crate::question::asked;
use crate::question::page;
use crate::question::schema::MAX_BYTES;
use crate::question::write::framed_html_question;
use std::collections::HashMap;

/// So many rows are named for one kind of trouble, so many kinds at all.
const NAMED: usize = 5;
const KINDS: usize = 20;
/// What a `]]>` in a page costs more, in bytes: it is spread over two CDATA sections.
const SPREAD: usize = "]]><![CDATA[".len();

/// The same trouble in one row or many.
struct Trouble {
    level: Level,
    rows: Vec<usize>,
    column: Option<String>,
}

/// Troubles by their words, in the order of the rows.
#[derive(Default)]
struct Troubles {
    kinds: Vec<(String, Trouble)>,
    at: HashMap<(String, Option<String>), usize>,
}

impl Troubles {
    fn add(&mut self, level: Level, row: usize, column: Option<&str>, words: String) {
        let column = column.map(str::to_owned);
        let next = self.kinds.len();
        let at = *self.at.entry((words.clone(), column.clone())).or_insert(next);
        if at == next && next < KINDS {
            self.kinds.push((words, Trouble { level, rows: Vec::new(), column }));
        }
        if let Some((_, trouble)) = self.kinds.get_mut(at.min(KINDS - 1)) {
            trouble.rows.push(row);
        }
    }
}

impl Checking<'_> {
    /// Looks at what each row becomes.
    pub(super) fn rows(&mut self) {
        let draft = self.draft;
        if draft.table.rows.is_empty() {
            self.find(Level::Error, &draft.files.data, "there are no rows");
            return;
        }
        // What is wrong whatever a row holds is said once, with its place in the template.
        if draft.task.kind == Kind::Page
            && let Some(fault) = page::fault(&draft.source_text)
        {
            self.find(Level::Error, &draft.files.source, fault.to_string());
            return;
        }
        let filling = draft.task.filling(&draft.table.columns);
        let used = self.used(&filling);
        let frame =
            framed_html_question("", draft.task.frame_height).len() + SPREAD * draft.task.text.matches("]]>").count();
        let handing = Handing::new(&filling, &used, draft.table.columns.len());
        let mut broken = Troubles::default();
        let mut longest = (0, 0);
        for (number, row) in draft.table.rows.iter().enumerate() {
            let inert = draft.task.kind == Kind::Page && used.iter().all(|at| is_inert(&row[*at]));
            let length = if inert {
                frame + filling.page_length(row)
            } else {
                let Ok(question) = filling.question(row) else { continue };
                if let Some((column, words)) = self.fault(&filling, row, &question, &used) {
                    broken.add(Level::Error, number, column.as_deref(), words);
                } else if draft.task.kind == Kind::Page
                    && let Some((level, column, words)) = handing.fault(row)
                {
                    broken.add(level, number, column.map(|at| draft.table.columns[at].as_str()), words);
                }
                question.len()
            };
            if length > MAX_BYTES {
                let words = format!("its question has {length} bytes; at most {MAX_BYTES} are allowed");
                let widest = used.iter().max_by_key(|at| row[**at].len()).map(|at| draft.table.columns[*at].as_str());
                broken.add(Level::Error, number, widest.filter(|_| draft.task.text.len() < MAX_BYTES), words);
            }
            if length > longest.1 {
                longest = (number + 1, length);
            }
            if let Some(words) = self.annotation(&filling, row) {
                broken.add(Level::Error, number, None, words);
            }
        }
        self.report.longest = Some(longest);
        for (words, trouble) in broken.kinds {
            let (named, rest) = trouble.rows.split_at(trouble.rows.len().min(NAMED));
            for (at, row) in named.iter().enumerate() {
                let is_last = at + 1 == named.len() && !rest.is_empty();
                let tail = if is_last { format!(" (and {} more)", many(rest.len(), "row")) } else { String::new() };
                self.find_in(trouble.level, Some(*row), trouble.column.as_deref(), format!("{words}{tail}"));
            }
            self.more(trouble.level, rest, trouble.column.as_deref(), &words);
        }
        if draft.task.kind == Kind::Page {
            self.markup(&used);
        }
    }

    /// The columns that workers see.
    fn used(&self, filling: &Filling<'_>) -> Vec<usize> {
        filling.names().iter().filter_map(|name| self.draft.table.column(name)).collect()
    }

    /// What is wrong with a row's question, and the column that brings it.
    fn fault(
        &self,
        filling: &Filling<'_>,
        row: &[String],
        question: &str,
        used: &[usize],
    ) -> Option<(Option<String>, String)> {
        let kind = self.draft.task.kind;
        let look = |row: &[String], question: &str| match kind {
            Kind::Page => page::fault(&filling.content(row).ok()?).map(|fault| fault.words),
            Kind::Document | Kind::Address => asked::read(question).err().map(|faults| faults.first.words),
        };
        if question.len() > MAX_BYTES && kind != Kind::Page {
            return None;
        }
        let words = look(row, question)?;
        // The column alone, with nothing odd in the others, must do the same.
        let brings = |at: &&usize| {
            let alone: Vec<String> = row
                .iter()
                .enumerate()
                .map(|(other, cell)| if other == **at { cell.clone() } else { "1".into() })
                .collect();
            let plain: Vec<String> = row.iter().map(|_| "1".to_owned()).collect();
            let wrong = |row: &[String]| filling.question(row).ok().and_then(|question| look(row, &question)).is_some();
            wrong(&alone) && !wrong(&plain)
        };
        let column = used.iter().find(brings).map(|at| self.draft.table.columns[*at].clone());
        Some((column, format!("with its values in place the question is broken: {words}")))
    }

    fn annotation(&self, filling: &Filling<'_>, row: &[String]) -> Option<String> {
        let own = self.draft.spec.annotation.as_ref()?;
        let own = filling.other(own, row).ok()?;
        // The key takes the same room in every row.
        let key = crate::domain::batch::RowKey::parse("00000000000000000000")?;
        let whole = RowAnnotation { batch: self.draft.spec.name.clone(), key, part: 99 }.with(Some(&own));
        let length = whole.chars().count();
        if length > limits::ANNOTATION {
            Some(format!("its annotation has {length} characters; at most {} are allowed", limits::ANNOTATION))
        } else if !own.is_ascii() || own.contains(char::is_control) {
            Some("its annotation has characters that are no printable ASCII".to_owned())
        } else {
            None
        }
    }

    /// Values that may be taken for markup go into the page as they stand: worth a look.
    fn markup(&mut self, used: &[usize]) {
        let draft = self.draft;
        for at in used {
            let odd = draft.table.rows.iter().enumerate().filter(|(_, row)| row[*at].contains(['<', '&']));
            let odd: Vec<usize> = odd.map(|(row, _)| row).collect();
            let Some((first, rest)) = odd.split_first() else { continue };
            let others =
                if rest.is_empty() { String::new() } else { format!(" (and {} more)", many(rest.len(), "row")) };
            let (words, column) = (
                "it holds < or &, which stand in the page as they are, as markup",
                Some(draft.table.columns[*at].as_str()),
            );
            self.find_in(Level::Warning, Some(*first), column, format!("{words}{others}"));
            self.more(Level::Warning, rest, column, words);
        }
    }

    /// Rows that are the same, or look the same to workers.
    pub(super) fn duplicates(&mut self) {
        let draft = self.draft;
        let whole = draft.contents();
        let repeated =
            self.repeat(&whole, |count| format!("the same as an earlier row: each becomes a HIT of its own{count}"));
        let filling = draft.task.filling(&draft.table.columns);
        let used = self.used(&filling);
        if used.is_empty() || repeated {
            return;
        }
        let names: Vec<String> = used.iter().map(|at| draft.table.columns[*at].clone()).collect();
        let seen: Vec<Vec<String>> =
            draft.table.rows.iter().map(|row| used.iter().map(|at| row[*at].clone()).collect()).collect();
        let shown = contents(&names, None, seen.iter().map(Vec::as_slice));
        self.repeat(&shown, |count| format!("workers see the same as in an earlier row{count}"));
    }

    fn repeat<K: std::hash::Hash + Eq>(&mut self, keys: &[K], words: impl Fn(String) -> String) -> bool {
        let mut seen = HashMap::new();
        let mut twice = Vec::new();
        for (row, key) in keys.iter().enumerate() {
            if let Some(first) = seen.get(key) {
                twice.push((row, *first));
            } else {
                seen.insert(key, row);
            }
        }
        let Some((row, first)) = twice.first() else { return false };
        let rest: Vec<usize> = twice[1..].iter().map(|(row, _)| *row).collect();
        let others =
            if twice.len() == 1 { String::new() } else { format!(", and {} more", many(twice.len() - 1, "row")) };
        self.find_in(Level::Warning, Some(*row), None, words(format!(" (row {}{others})", first + 1)));
        self.more(Level::Warning, &rest, None, &words(String::new()));
        true
    }
}

/// Whether a value can do nothing to the markup around it, wherever it stands.
fn is_inert(value: &str) -> bool {
    // 0xef begins the two characters that XML forbids and control cannot be found by.
    !value.bytes().any(|byte| matches!(byte, b'<' | b'>' | b'&' | b'"' | b'\'' | b'`' | b'=' | b']' | 0xef))
}
