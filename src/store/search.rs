//! Conditions on answer texts. The word index finds candidates; what it cannot say exactly is looked at in the text.

use super::answers::{RECORD, UNIT, comparable};
use super::{Reader, StoreError};
use crate::domain::bits::Bits;
use crate::domain::key::AssignmentKey;
use crate::domain::query::TextTerm;
use rusqlite::{OptionalExtension, Row, Rows};

impl Reader {
    /// The assignments that meet the condition, keys ascending. Case never matters, in words accents neither.
    pub fn find(&self, term: &TextTerm) -> Result<Vec<AssignmentKey>, StoreError> {
        let answers = match term {
            TextTerm::Word(word) => match quoted(word) {
                Some(query) => self.matching(&format!("{query}*"))?,
                None => self.containing(None, word)?,
            },
            TextTerm::Phrase(text) => self.containing(inner_words(text).as_deref(), text)?,
            TextTerm::Field { name, value } => self.field_equals(name, value)?,
            TextTerm::FieldContains { name, text } => self.field_contains(name, text)?,
            TextTerm::FieldPresent(name) => self.field_where(name, "(long = 1 OR value <> '')")?,
            TextTerm::FieldJson(name) => self.field_where(name, "json = 1")?,
            TextTerm::Assignment(pattern) => return self.with_id(pattern),
            TextTerm::Feedback(text) => return self.with_feedback(text),
        };
        self.assignments_of(answers)
    }

    fn with_id(&self, pattern: &str) -> Result<Vec<AssignmentKey>, StoreError> {
        let pattern = pattern.to_ascii_uppercase();
        // What cannot be in an identifier is not found; it must not become a wildcard of the database either.
        if !pattern.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'*') {
            return Ok(Vec::new());
        }
        let sql = "SELECT key FROM assignment WHERE id GLOB ?1 AND gone = 0 ORDER BY key";
        let mut find = self.connection.prepare_cached(sql)?;
        let keys = find.query_map([pattern], |row| row.get(0).map(AssignmentKey))?.collect::<Result<_, _>>()?;
        Ok(keys)
    }

    fn with_feedback(&self, text: &str) -> Result<Vec<AssignmentKey>, StoreError> {
        let wanted = text.to_lowercase();
        let sql = "SELECT key, feedback FROM assignment WHERE feedback <> '' AND gone = 0";
        let mut find = self.connection.prepare_cached(sql)?;
        let mut rows = find.query([])?;
        let mut keys = Vec::new();
        while let Some(row) = rows.next()? {
            if row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?.to_lowercase().contains(&wanted) {
                keys.push(AssignmentKey(row.get(0)?));
            }
        }
        Ok(keys)
    }

    fn matching(&self, query: &str) -> Result<Bits, StoreError> {
        let mut find = self.connection.prepare_cached("SELECT rowid FROM answer_text WHERE answer_text MATCH ?1")?;
        numbers(find.query([query])?)
    }

    /// Answers of which a value contains `text`; `query` narrows them down by the word index.
    fn containing(&self, query: Option<&str>, text: &str) -> Result<Bits, StoreError> {
        let wanted = text.to_lowercase();
        let holds = |fields: &str| {
            let mut values = fields.split(RECORD).filter_map(|field| field.split_once(UNIT));
            values.any(|(_, value)| value.to_lowercase().contains(&wanted))
        };
        let sql = match query {
            Some(_) => {
                "SELECT id, fields FROM answer WHERE id IN (SELECT rowid FROM answer_text WHERE answer_text MATCH ?1)"
            }
            None => "SELECT id, fields FROM answer WHERE ?1 IS NULL",
        };
        let mut find = self.connection.prepare_cached(sql)?;
        let mut rows = find.query([query])?;
        let mut found = Bits::default();
        while let Some(row) = rows.next()? {
            if holds(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?) {
                found.set(number_of(row)?, true);
            }
        }
        Ok(found)
    }

    fn field_number(&self, name: &str) -> Result<Option<i64>, StoreError> {
        let mut find = self.connection.prepare_cached("SELECT id FROM field_name WHERE name = ?1")?;
        Ok(find.query_row([comparable(name).0], |row| row.get(0)).optional()?)
    }

    fn field_equals(&self, name: &str, value: &str) -> Result<Bits, StoreError> {
        let Some(number) = self.field_number(name)? else { return Ok(Bits::default()) };
        let (short, long) = comparable(value);
        if long {
            let wanted = value.trim().to_lowercase();
            let found = self.long_fields(number, value)?;
            return self.verified(found, name, |value| value.trim().to_lowercase() == wanted);
        }
        let sql = "SELECT answer FROM field WHERE name = ?1 AND long = 0 AND value = ?2";
        let mut find = self.connection.prepare_cached(sql)?;
        numbers(find.query((number, short))?)
    }

    fn field_contains(&self, name: &str, text: &str) -> Result<Bits, StoreError> {
        let Some(number) = self.field_number(name)? else { return Ok(Bits::default()) };
        let wanted = text.to_lowercase();
        let mut find =
            self.connection.prepare_cached("SELECT answer, value FROM field WHERE name = ?1 AND long = 0")?;
        let mut rows = find.query([number])?;
        let mut found = Bits::default();
        while let Some(row) = rows.next()? {
            if row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?.contains(&wanted) {
                found.set(number_of(row)?, true);
            }
        }
        let long = self.long_fields(number, text)?;
        found.extend(self.verified(long, name, |value| value.to_lowercase().contains(&wanted))?.iter());
        Ok(found)
    }

    /// Answers with a long value in this field that may contain `text`.
    fn long_fields(&self, number: i64, text: &str) -> Result<Bits, StoreError> {
        let query = inner_words(text);
        let sql = match query {
            Some(_) => {
                "SELECT answer FROM field WHERE name = ?1 AND long = 1 AND value = ''
                 AND answer IN (SELECT rowid FROM answer_text WHERE answer_text MATCH ?2)"
            }
            None => "SELECT answer FROM field WHERE name = ?1 AND long = 1 AND ?2 IS NULL",
        };
        let mut find = self.connection.prepare_cached(sql)?;
        numbers(find.query((number, query))?)
    }

    fn field_where(&self, name: &str, condition: &str) -> Result<Bits, StoreError> {
        let Some(number) = self.field_number(name)? else { return Ok(Bits::default()) };
        let sql = format!("SELECT answer FROM field WHERE name = ?1 AND {condition}");
        numbers(self.connection.prepare_cached(&sql)?.query([number])?)
    }

    /// Those of `answers` that have a field `name` of which `holds` is true, looked at in full.
    fn verified(&self, answers: Bits, name: &str, holds: impl Fn(&str) -> bool) -> Result<Bits, StoreError> {
        let name = comparable(name).0;
        let mut find = self.connection.prepare_cached("SELECT fields FROM answer WHERE id = ?1")?;
        let mut found = Bits::default();
        for answer in answers.iter() {
            let fields: String = find.query_row([answer as i64], |row| row.get(0))?;
            let mut fields = fields.split(RECORD).filter_map(|field| field.split_once(UNIT));
            if fields.any(|(field, value)| comparable(field).0 == name && holds(value)) {
                found.set(answer, true);
            }
        }
        Ok(found)
    }

    fn assignments_of(&self, answers: Bits) -> Result<Vec<AssignmentKey>, StoreError> {
        let total: u32 = self.connection.query_row("SELECT total FROM tally", [], |row| row.get(0))?;
        let mut keys = Vec::new();
        if answers.count() > total as usize / 16 {
            // One walk over the index is cheaper than so many look-ups.
            let mut find =
                self.connection.prepare_cached("SELECT answer, key FROM assignment INDEXED BY assignment_answer")?;
            let mut rows = find.query([])?;
            while let Some(row) = rows.next()? {
                if answers.contains(number_of(row)?) {
                    keys.push(AssignmentKey(row.get(1)?));
                }
            }
        } else {
            let mut find = self.connection.prepare_cached("SELECT key FROM assignment WHERE answer = ?1")?;
            for answer in answers.iter() {
                let mut rows = find.query([answer as i64])?;
                while let Some(row) = rows.next()? {
                    keys.push(AssignmentKey(row.get(0)?));
                }
            }
        }
        keys.sort_unstable();
        Ok(keys)
    }
}

/// The answers that a query names in its first column.
fn numbers(mut rows: Rows<'_>) -> Result<Bits, StoreError> {
    let mut found = Bits::default();
    while let Some(row) = rows.next()? {
        found.set(number_of(row)?, true);
    }
    Ok(found)
}

/// The number of an answer in the first column.
fn number_of(row: &Row<'_>) -> Result<usize, StoreError> {
    Ok(row.get::<_, u32>(0)? as usize)
}

/// As a phrase of the word index; None if there is no word in it.
fn quoted(text: &str) -> Option<String> {
    text.chars().any(char::is_alphanumeric).then(|| format!("\"{}\"", text.replace('"', "\"\"")))
}

/// The words of a phrase that must stand in the text as they are: all but the first, which may be the end of a longer
/// word, and the last, which may be the beginning of one.
fn inner_words(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    // Scripts without blanks are cut differently by the index; they are looked at in full.
    if words.len() < 3 || !text.is_ascii() {
        return None;
    }
    quoted(&words[1..words.len() - 1].join(" "))
}
