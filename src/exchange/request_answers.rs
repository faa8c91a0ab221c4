//! Answers to qualification requests in a file: what `qual requests list -o csv` writes, with a score or `reject` filled in.

use crate::domain::id::QualificationRequestId;
use std::collections::HashMap;

/// What becomes of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Granted with this score.
    Grant(i32),
    /// Rejected for this reason.
    Reject(String),
}

/// A line that can be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerLine {
    /// Which request.
    pub request: QualificationRequestId,
    /// What becomes of it.
    pub answer: Answer,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AnswerFile {
    /// What is asked for, in order, of each request once.
    pub lines: Vec<AnswerLine>,
    /// What cannot be followed: the line's number, from 1, and why.
    pub broken: Vec<(u64, String)>,
    /// Lines without an answer.
    pub untouched: usize,
}

const REQUEST: &str = "QualificationRequestId";
const SCORE: &str = "Score";
const REASON: &str = "Reason";

/// Reads a file. The error says what keeps it from being read at all.
pub fn read(text: &str) -> Result<AnswerFile, String> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| error.to_string())?.clone();
    let place = |name: &str| header.iter().position(|cell| cell.trim().eq_ignore_ascii_case(name));
    let missing = |name: &str| {
        let found = header.iter().collect::<Vec<_>>().join(", ");
        format!("no column is called {name}; there are: {found}")
    };
    let request = place(REQUEST).ok_or_else(|| missing(REQUEST))?;
    let score = place(SCORE).ok_or_else(|| missing(SCORE))?;
    let reason = place(REASON);
    let mut file = AnswerFile::default();
    let mut seen: HashMap<QualificationRequestId, u64> = HashMap::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                file.broken.push((error.position().map_or(0, csv::Position::line), error.to_string()));
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |at: usize| record.get(at).unwrap_or_default().trim();
        if cell(score).is_empty() {
            file.untouched += 1;
            continue;
        }
        let read = QualificationRequestId::parse(cell(request))
            .map_err(|error| error.to_string())
            .and_then(|request| Ok((request, answer(cell(score), reason.map_or("", cell))?)));
        match read {
            Ok((request, answer)) => match seen.insert(request.clone(), line) {
                Some(before) => file.broken.push((line, format!("{request} was answered on line {before} already"))),
                None => file.lines.push(AnswerLine { request, answer }),
            },
            Err(why) => file.broken.push((line, why)),
        }
    }
    Ok(file)
}

fn answer(score: &str, reason: &str) -> Result<Answer, String> {
    if score.eq_ignore_ascii_case("reject") {
        if reason.is_empty() {
            return Err("a rejection needs a reason in the column Reason: the worker reads it".to_owned());
        }
        return Ok(Answer::Reject(reason.to_owned()));
    }
    let wrong = || format!("{score:?} is neither a score nor \"reject\"");
    score.parse().map(Answer::Grant).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> QualificationRequestId {
        QualificationRequestId::parse(name).unwrap()
    }

    #[test]
    fn scores_and_rejections_are_filled_in() {
        let text = "\u{feff}QualificationRequestId,WorkerId,KeyValue,Score,Reason\n3A,A1,75,80,\n3B,A2,25,Reject,\"Please, again\"\n\
                    3C,A3,,,\n";
        let file = read(text).unwrap();
        assert_eq!(
            file.lines,
            [
                AnswerLine { request: id("3A"), answer: Answer::Grant(80) },
                AnswerLine { request: id("3B"), answer: Answer::Reject("Please, again".to_owned()) },
            ]
        );
        assert_eq!((file.untouched, file.broken.len()), (1, 0));
    }

    #[test]
    fn broken_lines_are_named() {
        let file = read("Score,QualificationRequestId\nmany,3A\nreject,3B\n5,no id\n5,3C\n6,3C\n").unwrap();
        let lines: Vec<u64> = file.broken.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [2, 3, 4, 6]);
        assert!(file.broken[1].1.contains("needs a reason") && file.broken[3].1.contains("on line 5 already"));
        assert_eq!(file.lines, [AnswerLine { request: id("3C"), answer: Answer::Grant(5) }]);
    }

    #[test]
    fn the_columns_have_to_be_there() {
        assert!(read("WorkerId,Score\n").unwrap_err().contains("QualificationRequestId; there are: WorkerId, Score"));
        assert!(read("QualificationRequestId\n3A\n").unwrap_err().contains("called Score"));
        assert!(read("").is_err());
    }
}
