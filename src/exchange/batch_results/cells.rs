//! Cells to values.

use super::columns::Columns;
use super::{BatchError, ResultRow};
use crate::domain::assignment::AssignmentStatus;
use crate::domain::money::Usd;
use crate::domain::time::{Seconds, Time};
use crate::exchange::pacific::MONTHS;
use crate::exchange::{foreign, formula};
use crate::question::entity;
use csv::ByteRecord;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use std::str::FromStr;
use std::sync::Arc;

pub(in crate::exchange) const NOT_UTF8: &str =
    "the text is not UTF-8; save the file as CSV UTF-8, or convert it with: iconv -f WINDOWS-1252 -t UTF-8 FILE";

/// The cells of one row.
pub(super) struct Cells<'a> {
    record: &'a ByteRecord,
    columns: &'a Columns,
    row: u64,
    line: u64,
    /// Identifiers need not have the form that MTurk's have.
    foreign: bool,
}

impl<'a> Cells<'a> {
    pub(super) fn new(
        record: &'a ByteRecord,
        columns: &'a Columns,
        (row, line): (u64, u64),
        foreign: bool,
    ) -> Result<Self, BatchError> {
        let (found, expected) = (record.len(), columns.names.len());
        if found != expected {
            return Err(BatchError::Ragged { row, line, found, expected });
        }
        Ok(Cells { record, columns, row, line, foreign })
    }

    pub(super) fn row(&self) -> Result<ResultRow, BatchError> {
        let approved = self.time("ApprovalTime")?;
        let rejected = self.time("RejectionTime")?;
        let by_times = match (approved, rejected) {
            (Some(_), _) => AssignmentStatus::Approved,
            (None, Some(_)) => AssignmentStatus::Rejected,
            (None, None) => AssignmentStatus::Submitted,
        };
        Ok(ResultRow {
            row: self.row,
            hit: self.required("HITId", foreign::entity)?,
            hit_type: self.optional("HITTypeId", |text| self.identifier(text, foreign::entity))?,
            title: self.text("Title")?,
            description: self.text("Description")?,
            keywords: self.text("Keywords")?,
            reward: self.optional("Reward", money)?,
            created: self.time("CreationTime")?,
            max_assignments: self.optional("MaxAssignments", |text| whole(text, 1))?,
            annotation: self.text("RequesterAnnotation")?,
            duration: self.seconds("AssignmentDurationInSeconds")?,
            auto_approval_delay: self.seconds("AutoApprovalDelayInSeconds")?,
            expires: self.time("Expiration")?,
            lifetime: self.seconds("LifetimeInSeconds")?,
            assignment: self.required("AssignmentId", foreign::entity)?,
            worker: self.required("WorkerId", foreign::worker)?,
            status: self.optional("AssignmentStatus", status)?.unwrap_or(by_times),
            accepted: self.time("AcceptTime")?,
            submitted: self.time("SubmitTime")?,
            auto_approval: self.time("AutoApprovalTime")?,
            approved,
            rejected,
            feedback: self.text("RequesterFeedback")?,
            work_time: self.seconds("WorkTimeInSeconds")?,
            inputs: self.named(&self.columns.inputs)?,
            answers: self.answers()?,
            approve: self.text("Approve")?,
            reject: self.text("Reject")?,
        })
    }

    fn error(&self, column: &str, problem: impl Into<String>) -> BatchError {
        BatchError::Cell { row: self.row, line: self.line, column: column.to_owned(), problem: problem.into() }
    }

    fn at(&self, place: usize) -> Result<&'a str, BatchError> {
        let bytes = self.record.get(place).unwrap_or_default();
        std::str::from_utf8(bytes).map_err(|_| self.error(&self.columns.names[place], NOT_UTF8))
    }

    /// The cell as it stands; empty where the file has no such column.
    fn cell(&self, column: &str) -> Result<&'a str, BatchError> {
        self.columns.place(column).map_or(Ok(""), |place| self.at(place))
    }

    fn text(&self, column: &str) -> Result<String, BatchError> {
        self.cell(column).map(text_of)
    }

    fn named(&self, columns: &[(usize, Arc<str>)]) -> Result<Vec<(Arc<str>, String)>, BatchError> {
        let cell = |(place, name): &(usize, Arc<str>)| self.at(*place).map(|cell| (Arc::clone(name), text_of(cell)));
        columns.iter().map(cell).collect()
    }

    fn answers(&self) -> Result<Vec<(Arc<str>, String)>, BatchError> {
        let mut answers = self.named(&self.columns.answers)?;
        if let Some(place) = self.columns.pairs {
            let pairs = self.at(place)?.split('\t').filter_map(|pair| pair.split_once('='));
            answers.extend(pairs.map(|(name, value)| (name.into(), text_of(value))));
        }
        Ok(answers)
    }

    fn required<T: FromStr<Err: ToString>>(&self, column: &str, foreign: fn(&str) -> String) -> Result<T, BatchError> {
        let cell = self.cell(column)?.trim();
        if cell.is_empty() {
            return Err(self.error(column, "the cell is empty"));
        }
        self.identifier(cell, foreign).map_err(|problem| self.error(column, problem))
    }

    /// An identifier; a foreign one in the form that MTurk's have, where that is welcome.
    fn identifier<T: FromStr<Err: ToString>>(&self, text: &str, foreign: fn(&str) -> String) -> Result<T, String> {
        match text.parse() {
            Err(_) if self.foreign => foreign(text).parse().map_err(to_text),
            parsed => parsed.map_err(to_text),
        }
    }

    fn optional<T>(&self, column: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<Option<T>, BatchError> {
        match self.cell(column)?.trim() {
            "" => Ok(None),
            cell => read(cell).map(Some).map_err(|problem| self.error(column, problem)),
        }
    }

    fn time(&self, column: &str) -> Result<Option<Time>, BatchError> {
        self.optional(column, |text| {
            parse_time(text).ok_or_else(|| not(text, "a time such as Tue Jan 23 12:27:02 PST 2018"))
        })
    }

    fn seconds(&self, column: &str) -> Result<Option<Seconds>, BatchError> {
        self.optional(column, |text| whole::<u32>(text, 0).map(|number| Seconds(i64::from(number))))
    }
}

/// The text of a cell: without references, and without the apostrophe that keeps spreadsheets from calculating.
pub(in crate::exchange) fn text_of(cell: &str) -> String {
    entity::decode(formula::restore(cell)).into_owned()
}

fn to_text(error: impl ToString) -> String {
    error.to_string()
}

fn not(text: &str, expected: &str) -> String {
    let shown: String = text.chars().take(40).collect();
    format!("\"{shown}\" is not {expected}")
}

fn whole<T: FromStr + PartialOrd>(text: &str, least: T) -> Result<T, String> {
    text.parse().ok().filter(|number| *number >= least).ok_or_else(|| not(text, "a whole number"))
}

fn money(text: &str) -> Result<Usd, String> {
    let plain: String = text.trim_start_matches('$').chars().filter(|c| *c != ',').collect();
    Usd::parse(&plain).map_err(|_| not(text, "an amount such as $0.05"))
}

fn status(text: &str) -> Result<AssignmentStatus, String> {
    let known = AssignmentStatus::ALL.into_iter().find(|status| status.name().eq_ignore_ascii_case(text));
    known.ok_or_else(|| not(text, "one of Submitted, Approved, Rejected"))
}

/// A time as the website writes it (`Tue Jan 23 12:27:02 PST 2018`), or in ISO 8601.
pub fn parse_time(text: &str) -> Option<Time> {
    if let Ok(moment) = text.parse::<jiff::Timestamp>() {
        return Some(Time(moment.as_second()));
    }
    let parts: Vec<&str> = text.split_ascii_whitespace().collect();
    let [_, month, day, clock, zone, year] = parts.as_slice() else { return None };
    let month = MONTHS.iter().position(|name| name.eq_ignore_ascii_case(month))? + 1;
    let hours: i8 = match *zone {
        "PST" => -8,
        "PDT" | "MST" => -7,
        "MDT" | "CST" => -6,
        "CDT" | "EST" => -5,
        "EDT" => -4,
        "UTC" | "GMT" | "Z" => 0,
        "CET" | "BST" => 1,
        "CEST" | "EET" => 2,
        "EEST" => 3,
        "JST" => 9,
        _ => return None,
    };
    let mut clock = clock.splitn(3, ':').map(|part| part.parse::<i8>().ok());
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    let local =
        DateTime::new(year.parse().ok()?, i8::try_from(month).ok()?, day.parse().ok()?, hour, minute, second, 0)
            .ok()?;
    let zone = TimeZone::fixed(Offset::from_hours(hours).ok()?);
    Some(Time(local.to_zoned(zone).ok()?.timestamp().as_second()))
}
