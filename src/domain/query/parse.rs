//! Text to query. An error names the column and what was expected there.

use super::batch::{BatchQuery, BatchTest};
use super::field::Field;
use super::value::Op;
use super::worker::{WorkerQuery, WorkerTest};
use super::{Expr, Query, Test, TextTerm};

/// Parentheses may be nested so deep.
const DEPTH: usize = 32;

/// Why a text is not a query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: {message}")]
pub struct QueryError {
    /// Where, counted in characters from 1.
    pub column: usize,
    /// What was expected there and what was found.
    pub message: String,
}

/// Reads a query. An empty text is the query that everything answers.
pub fn parse(text: &str) -> Result<Query, QueryError> {
    let mut parser = Parser { text, at: 0, terms: Vec::new(), depth: 0 };
    let expr = parser.whole(Parser::test)?;
    Ok(Query { expr, terms: parser.terms })
}

/// Reads a query about workers: the same language with the fields that workers have.
pub fn parse_worker(text: &str) -> Result<WorkerQuery, QueryError> {
    let mut parser = Parser { text, at: 0, terms: Vec::new(), depth: 0 };
    parser.whole(Parser::worker_test).map(WorkerQuery)
}

/// Reads a query about batches and HITs: the same language with the fields that these have.
pub fn parse_batch(text: &str) -> Result<BatchQuery, QueryError> {
    let mut parser = Parser { text, at: 0, terms: Vec::new(), depth: 0 };
    parser.whole(Parser::batch_test).map(BatchQuery)
}

/// Reads one condition.
type Leaf<'a, T> = fn(&mut Parser<'a>) -> Result<T, QueryError>;

pub(super) struct Parser<'a> {
    text: &'a str,
    at: usize,
    terms: Vec<TextTerm>,
    depth: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn error(&self, at: usize, message: impl Into<String>) -> QueryError {
        QueryError { column: self.text[..at].chars().count() + 1, message: message.into() }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Takes a keyword that stands alone.
    fn keyword(&mut self, word: &str) -> bool {
        self.skip_blanks();
        let rest = self.rest();
        let Some(head) = rest.get(..word.len()) else { return false };
        let ends = rest[word.len()..].chars().next().is_none_or(|c| c.is_whitespace() || c == '(' || c == ')');
        let found = head.eq_ignore_ascii_case(word) && ends;
        if found {
            self.at += word.len();
        }
        found
    }

    fn whole<T>(&mut self, leaf: Leaf<'a, T>) -> Result<Expr<T>, QueryError> {
        let expr = self.any_of(leaf)?;
        self.skip_blanks();
        if self.at < self.text.len() {
            return Err(self.error(self.at, "a ) without its (; put quotes around it to search for it"));
        }
        Ok(expr)
    }

    fn any_of<T>(&mut self, leaf: Leaf<'a, T>) -> Result<Expr<T>, QueryError> {
        let mut parts = vec![self.all_of(leaf)?];
        loop {
            self.skip_blanks();
            let at = self.at;
            if !self.keyword("or") {
                break;
            }
            let next = self.all_of(leaf)?;
            if parts.last().is_some_and(Expr::is_empty) || next.is_empty() {
                return Err(self.error(at, "expected a condition on both sides of \"or\""));
            }
            parts.push(next);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expr::Or(parts) })
    }

    fn all_of<T>(&mut self, leaf: Leaf<'a, T>) -> Result<Expr<T>, QueryError> {
        let mut parts = Vec::new();
        loop {
            self.skip_blanks();
            let start = self.at;
            let at_or = self.keyword("or");
            self.at = start;
            if at_or || self.rest().is_empty() || self.rest().starts_with(')') {
                break;
            }
            if !self.keyword("and") {
                parts.push(self.condition(leaf)?);
            }
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expr::And(parts) })
    }

    fn condition<T>(&mut self, leaf: Leaf<'a, T>) -> Result<Expr<T>, QueryError> {
        let mut negated = false;
        let start = self.at;
        loop {
            if self.rest().starts_with('-') {
                self.at += 1;
            } else if !self.keyword("not") {
                break;
            }
            negated = !negated;
            self.skip_blanks();
        }
        if self.rest().is_empty() || self.rest().starts_with(')') {
            return Err(self.error(start, "expected a condition after the negation"));
        }
        let expr = if self.rest().starts_with('(') { self.group(leaf)? } else { Expr::Is(leaf(self)?) };
        Ok(if negated { Expr::Not(Box::new(expr)) } else { expr })
    }

    fn group<T>(&mut self, leaf: Leaf<'a, T>) -> Result<Expr<T>, QueryError> {
        let open = self.at;
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(self.error(open, format!("parentheses are nested deeper than {DEPTH} levels")));
        }
        self.at += 1;
        let expr = self.any_of(leaf)?;
        self.skip_blanks();
        if !self.rest().starts_with(')') {
            return Err(self.error(open, "this ( is never closed: expected a ) at the end"));
        }
        if expr.is_empty() {
            return Err(self.error(open, "expected a condition between the parentheses"));
        }
        self.at += 1;
        self.depth -= 1;
        Ok(expr)
    }

    fn test(&mut self) -> Result<Test, QueryError> {
        if self.rest().starts_with('"') {
            let phrase = self.quoted()?;
            return Ok(self.term(TextTerm::Phrase(phrase)));
        }
        let start = self.at;
        let name = self.name()?;
        let Some(op) = self.operator() else {
            return Ok(self.term(TextTerm::Word(name)));
        };
        let (field, value) = self.field(start, op)?;
        field.read(&name, &value)
    }

    fn worker_test(&mut self) -> Result<WorkerTest, QueryError> {
        let start = self.at;
        let name = self.name()?;
        let Some(op) = self.operator() else {
            return Ok(WorkerTest::named(&name));
        };
        let (field, value) = self.field(start, op)?;
        field.read_worker(&name, &value)
    }

    fn batch_test(&mut self) -> Result<BatchTest, QueryError> {
        let start = self.at;
        let name = self.name()?;
        let Some(op) = self.operator() else {
            return Ok(BatchTest::named(&name));
        };
        let (field, value) = self.field(start, op)?;
        field.read_batch(&name, &value)
    }

    fn field(&mut self, start: usize, op: Op) -> Result<(Field<'_, 'a>, String), QueryError> {
        let value_at = self.at;
        let quoted = self.rest().starts_with('"');
        let value = if quoted { self.quoted()? } else { self.word() };
        Ok((Field { parser: self, start, value_at, op, quoted }, value))
    }

    /// A field's name or a bare word: up to an operator, a blank or a parenthesis. The name may hold a quoted part.
    fn name(&mut self) -> Result<String, QueryError> {
        let mut name = String::new();
        while let Some(c) = self.rest().chars().next() {
            match c {
                ':' | '~' | '<' | '>' | '=' | ')' => break,
                c if c.is_whitespace() => break,
                '"' => name.push_str(&self.quoted()?),
                c => {
                    name.push(c);
                    self.at += c.len_utf8();
                }
            }
        }
        Ok(name)
    }

    fn operator(&mut self) -> Option<Op> {
        let operators =
            [("<=", Op::AtMost), (">=", Op::AtLeast), ("<", Op::Less), (">", Op::More), ("~", Op::Contains)];
        let found = operators.into_iter().find(|(sign, _)| self.rest().starts_with(sign));
        let (sign, op) = found
            .or_else(|| [(":", Op::Is), ("=", Op::Is)].into_iter().find(|(sign, _)| self.rest().starts_with(sign)))?;
        self.at += sign.len();
        Some(op)
    }

    fn word(&mut self) -> String {
        let rest = self.rest();
        let end = rest.find(|c: char| c.is_whitespace() || c == ')').unwrap_or(rest.len());
        self.at += end;
        rest[..end].to_owned()
    }

    fn quoted(&mut self) -> Result<String, QueryError> {
        let open = self.at;
        let mut out = String::new();
        let mut chars = self.text[open + 1..].char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.at = open + 1 + at + 1;
                    return Ok(out);
                }
                '\\' => out.push(chars.next().map_or('\\', |(_, c)| c)),
                c => out.push(c),
            }
        }
        Err(self.error(open, "this quote is never closed: expected a \" at the end"))
    }

    /// Notes a term for the store; equal terms are asked once.
    pub(super) fn term(&mut self, term: TextTerm) -> Test {
        let place = self.terms.iter().position(|known| *known == term);
        Test::Text(place.unwrap_or_else(|| {
            self.terms.push(term);
            self.terms.len() - 1
        }))
    }
}
