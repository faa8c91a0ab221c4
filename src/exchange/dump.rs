//! What programs have kept of `list_hits` and `list_assignments_for_hit`: boto3's and the AWS command line's answers as JSON,
//! one document or one a line, however they are nested. Whatever has a HITId is a HIT; with an AssignmentId it is an
//! assignment.

use super::batch_results::parse_time;
use super::offline::{FileGroup, FileHit, FileWork, bare_hit};
use super::results::Given;
use crate::domain::assignment::{Assignment, AssignmentStatus};
use crate::domain::hit::{Hit, HitReviewStatus, HitStatus, Requirement};
use crate::domain::id::{HitGroupId, HitId, HitTypeId, IdError};
use crate::domain::money::Usd;
use crate::domain::time::{Seconds, Time};
use serde_json::{Map, Value};
use std::collections::HashMap;

/// Why a file is no dump.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DumpError {
    /// It is no JSON.
    #[error("line {line}, column {column}: {why}")]
    Json {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong.
        why: String,
    },
    /// Something in it is not as the API has it.
    #[error("document {document}, {path}: {why}")]
    Member {
        /// Which JSON document of the file, from 1.
        document: usize,
        /// The way to the member.
        path: String,
        /// What is wrong with it.
        why: String,
    },
    /// There is neither.
    #[error("there are neither HITs nor assignments in it")]
    Nothing,
}

/// Reads a dump whole. HITs of which only assignments are there are called `name`.
pub fn read(text: &str, name: &str) -> Result<Vec<FileGroup>, DumpError> {
    let mut dump = Dump::default();
    for (number, document) in serde_json::Deserializer::from_str(text).into_iter::<Value>().enumerate() {
        let document = document.map_err(|error| DumpError::Json {
            line: error.line(),
            column: error.column(),
            why: error.to_string().split(" at line ").next().unwrap_or_default().to_owned(),
        })?;
        dump.document = number + 1;
        dump.take(&document, &mut String::from("$"))?;
    }
    let Dump { hits, work, order, .. } = dump;
    if order.is_empty() {
        return Err(DumpError::Nothing);
    }
    let (mut hits, mut work) = (hits, work);
    let group = |id: HitId| {
        let work = work.remove(&id).unwrap_or_default();
        let hit = hits.remove(&id).unwrap_or_else(|| bare_hit(id, name));
        FileGroup { hit: FileHit { hit, inputs: None, given: Given::new() }, work }
    };
    Ok(order.into_iter().map(group).collect())
}

#[derive(Default)]
struct Dump {
    document: usize,
    hits: HashMap<HitId, Hit>,
    work: HashMap<HitId, Vec<FileWork>>,
    /// HITs in the order in which they were first named.
    order: Vec<HitId>,
}

impl Dump {
    fn take(&mut self, value: &Value, path: &mut String) -> Result<(), DumpError> {
        let length = path.len();
        match value {
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    path.push_str(&format!("[{index}]"));
                    self.take(item, path)?;
                    path.truncate(length);
                }
            }
            Value::Object(members) => {
                let has = |name: &str| members.get(name).is_some_and(Value::is_string);
                if has("HITId") && has("AssignmentId") && has("WorkerId") {
                    self.assignment(&Member { dump: self.document, path, members })?;
                } else if has("HITId") && (has("HITTypeId") || has("Title") || has("Question")) {
                    self.hit(&Member { dump: self.document, path, members })?;
                }
                for (name, item) in members.iter().filter(|(_, item)| item.is_object() || item.is_array()) {
                    path.push_str(&format!(".{name}"));
                    self.take(item, path)?;
                    path.truncate(length);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn place(&mut self, id: &HitId) {
        if !self.hits.contains_key(id) && !self.work.contains_key(id) {
            self.order.push(id.clone());
        }
    }

    fn hit(&mut self, from: &Member<'_>) -> Result<(), DumpError> {
        let id: HitId = from.id("HITId", HitId::parse)?;
        self.place(&id);
        let status = from.text("HITStatus");
        let review = from.text("HITReviewStatus");
        let bare = bare_hit(id.clone(), from.text("Title").unwrap_or_default());
        let hit = Hit {
            type_id: from.some_id("HITTypeId", HitTypeId::parse)?.unwrap_or_else(|| HitTypeId::for_hit(&id)),
            group: from.some_id("HITGroupId", HitGroupId::parse)?,
            description: from.text("Description").unwrap_or_default().to_owned(),
            keywords: from.text("Keywords").unwrap_or_default().to_owned(),
            question: from.text("Question").unwrap_or_default().to_owned(),
            status: status.and_then(HitStatus::from_name).unwrap_or(HitStatus::Reviewable),
            review_status: review_status(review),
            reward: from.money("Reward")?,
            created: from.time("CreationTime")?.unwrap_or(Time(0)),
            expires: from.time("Expiration")?.unwrap_or(Time(0)),
            duration: Seconds(from.number("AssignmentDurationInSeconds")?),
            auto_approval_delay: Seconds(from.number("AutoApprovalDelayInSeconds")?),
            max_assignments: from.count("MaxAssignments")?,
            pending: from.count("NumberOfAssignmentsPending")?,
            available: from.count("NumberOfAssignmentsAvailable")?,
            completed: from.count("NumberOfAssignmentsCompleted")?,
            annotation: from.text("RequesterAnnotation").filter(|text| !text.is_empty()).map(str::to_owned),
            requirements: from.requirements(),
            ..bare
        };
        self.hits.insert(id, hit);
        Ok(())
    }

    fn assignment(&mut self, from: &Member<'_>) -> Result<(), DumpError> {
        let hit: HitId = from.id("HITId", HitId::parse)?;
        let (approved, rejected) = (from.time("ApprovalTime")?, from.time("RejectionTime")?);
        let by_times = match (approved, rejected) {
            (Some(_), _) => AssignmentStatus::Approved,
            (None, Some(_)) => AssignmentStatus::Rejected,
            (None, None) => AssignmentStatus::Submitted,
        };
        let status = match from.text("AssignmentStatus") {
            None => by_times,
            Some(name) => AssignmentStatus::from_name(name)
                .ok_or_else(|| from.wrong("AssignmentStatus", &format!("\"{name}\" is no status of an assignment")))?,
        };
        let assignment = Assignment {
            id: from.id("AssignmentId", crate::domain::id::AssignmentId::parse)?,
            hit: hit.clone(),
            worker: from.id("WorkerId", crate::domain::id::WorkerId::parse)?,
            status,
            accepted: from.time("AcceptTime")?,
            submitted: from.time("SubmitTime")?,
            auto_approval: from.time("AutoApprovalTime")?,
            approved,
            rejected,
            feedback: from.text("RequesterFeedback").filter(|text| !text.is_empty()).map(str::to_owned),
            answer: from.text("Answer").unwrap_or_default().to_owned(),
        };
        self.place(&hit);
        self.work.entry(hit).or_default().push(FileWork { assignment, given: Given::new(), mark: Ok(None) });
        Ok(())
    }
}

/// An object of the document, and where it stands.
struct Member<'a> {
    dump: usize,
    path: &'a str,
    members: &'a Map<String, Value>,
}

impl Member<'_> {
    fn wrong(&self, name: &str, why: &str) -> DumpError {
        DumpError::Member { document: self.dump, path: format!("{}.{name}", self.path), why: why.to_owned() }
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.members.get(name)?.as_str()
    }

    fn id<T>(&self, name: &str, parse: fn(&str) -> Result<T, IdError>) -> Result<T, DumpError> {
        parse(self.text(name).unwrap_or_default()).map_err(|error| self.wrong(name, &error.to_string()))
    }

    fn some_id<T>(&self, name: &str, parse: fn(&str) -> Result<T, IdError>) -> Result<Option<T>, DumpError> {
        self.text(name).map(|_| self.id(name, parse)).transpose()
    }

    fn money(&self, name: &str) -> Result<Usd, DumpError> {
        let Some(text) = self.text(name) else { return Ok(Usd::ZERO) };
        Usd::parse(text.trim_start_matches('$')).map_err(|error| self.wrong(name, &error.to_string()))
    }

    fn number(&self, name: &str) -> Result<i64, DumpError> {
        match self.members.get(name) {
            None | Some(Value::Null) => Ok(0),
            Some(value) => value.as_i64().ok_or_else(|| self.wrong(name, "not a whole number")),
        }
    }

    fn count(&self, name: &str) -> Result<u32, DumpError> {
        u32::try_from(self.number(name)?).map_err(|_| self.wrong(name, "not a number of assignments"))
    }

    /// Epoch seconds, ISO 8601, or what Python prints of a datetime.
    fn time(&self, name: &str) -> Result<Option<Time>, DumpError> {
        let text = match self.members.get(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::String(text)) => text,
            Some(value) => {
                let seconds = value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds.floor() as i64));
                return seconds.map(|seconds| Some(Time(seconds))).ok_or_else(|| self.wrong(name, "not a time"));
            }
        };
        let python = || text.replacen(' ', "T", 1).parse::<jiff::Timestamp>().ok().map(|at| Time(at.as_second()));
        let time = parse_time(text).or_else(python);
        time.map(Some)
            .ok_or_else(|| self.wrong(name, &format!("\"{text}\" is not a time such as 2018-01-23 12:27:02-08:00")))
    }

    fn requirements(&self) -> Vec<Requirement> {
        let all = self.members.get("QualificationRequirements").and_then(Value::as_array);
        all.into_iter().flatten().filter_map(requirement).collect()
    }
}

fn requirement(value: &Value) -> Option<Requirement> {
    let list = |name: &str| value.get(name).and_then(Value::as_array).into_iter().flatten();
    let locale = |value: &Value| {
        let part = |name: &str| value.get(name).and_then(Value::as_str);
        Some(match part("Subdivision") {
            Some(subdivision) => format!("{}-{subdivision}", part("Country")?),
            None => part("Country")?.to_owned(),
        })
    };
    Some(Requirement {
        qualification: value.get("QualificationTypeId")?.as_str()?.parse().ok()?,
        comparator: value.get("Comparator")?.as_str()?.to_owned(),
        integers: list("IntegerValues").filter_map(|value| value.as_i64()?.try_into().ok()).collect(),
        locales: list("LocaleValues").filter_map(locale).collect(),
        guards: value.get("ActionsGuarded").and_then(Value::as_str).unwrap_or("Accept").to_owned(),
    })
}

fn review_status(name: Option<&str>) -> HitReviewStatus {
    match name {
        Some("MarkedForReview") => HitReviewStatus::MarkedForReview,
        Some("ReviewedAppropriate") => HitReviewStatus::ReviewedAppropriate,
        Some("ReviewedInappropriate") => HitReviewStatus::ReviewedInappropriate,
        _ => HitReviewStatus::NotReviewed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HIT: &str = r#"{"HITId":"3H1","HITTypeId":"3T1","HITGroupId":"3G1","CreationTime":"2018-01-22 09:00:00-08:00",
        "Title":"Rain?","Question":"<HTMLQuestion/>","HITStatus":"Reviewable","MaxAssignments":2,"Reward":"0.05",
        "AutoApprovalDelayInSeconds":259200,"Expiration":1517245200.5,"AssignmentDurationInSeconds":600,
        "QualificationRequirements":[{"QualificationTypeId":"00000000000000000071","Comparator":"In",
        "LocaleValues":[{"Country":"US","Subdivision":"NY"},{"Country":"DE"}]}]}"#;
    const WORK: &str = r#"{"AssignmentId":"3A1","WorkerId":"A1X","HITId":"3H1","AssignmentStatus":"Approved",
        "AcceptTime":"2018-01-23T12:26:20-08:00","SubmitTime":"2018-01-23 20:27:02+00:00","ApprovalTime":1516800000,
        "Answer":"<QuestionFormAnswers/>"}"#;

    #[test]
    fn answers_of_boto3_are_read_however_they_are_nested() {
        let nested = [
            format!("{{\"HITs\":[{HIT}],\"NumResults\":1}}\n{{\"Assignments\":[{WORK}]}}"),
            format!("[{HIT},{WORK}]"),
            format!("{{\"3H1\":{{\"hit\":{HIT},\"assignments\":[{WORK}]}}}}"),
            format!("{{\"HIT\":{HIT},\"Assignment\":{WORK}}}"),
        ];
        for text in nested {
            let groups = read(&text, "dump").unwrap();
            assert_eq!((groups.len(), groups[0].work.len()), (1, 1), "{text}");
            let (hit, work) = (&groups[0].hit.hit, &groups[0].work[0].assignment);
            assert_eq!(
                (hit.created, hit.expires, hit.reward),
                (Time(1_516_640_400), Time(1_517_245_200), Usd::cents(5))
            );
            assert_eq!(hit.requirements[0].locales, ["US-NY", "DE"]);
            assert_eq!((work.accepted, work.submitted), (Some(Time(1_516_739_180)), Some(Time(1_516_739_222))));
            assert_eq!((work.status, work.approved), (AssignmentStatus::Approved, Some(Time(1_516_800_000))));
        }
    }

    #[test]
    fn assignments_alone_have_a_hit_without_words() {
        let groups = read(WORK, "results").unwrap();
        assert_eq!((groups[0].hit.hit.title.as_str(), groups[0].hit.hit.created), ("results", Time(0)));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        for (text, why) in [
            ("[1, 2]".to_owned(), "neither HITs nor assignments"),
            ("{\"a\":\n tru}".to_owned(), "line 2, column 5"),
            (
                format!("[{}]", WORK.replace("A1X", "nobody")),
                "document 1, $[0].WorkerId: \"nobody\" is not a worker ID",
            ),
            (format!("{HIT} {}", HIT.replace("0.05", "five")), "document 2, $.Reward: \"five\" is not an amount"),
            (WORK.replace("2018-01-23 20:27:02+00:00", "noon"), "$.SubmitTime: \"noon\" is not a time"),
            (WORK.replace("\"Approved\"", "\"Done\""), "$.AssignmentStatus: \"Done\" is no status"),
        ] {
            let error = read(&text, "dump").unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
    }
}
