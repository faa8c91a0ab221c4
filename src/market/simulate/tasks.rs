//! The three demo tasks: templates and items from `assets/demo`, and what a good answer would be.

use crate::domain::money::Usd;
use crate::domain::time::Seconds;
use crate::question::item::Item;
use crate::question::write::{html_question, html_text};

/// What the three tasks are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// Does a sentence follow from another?
    Entailment,
    /// Say in a sentence what a text is about.
    Summary,
    /// How are two entities related, and where does it say so?
    Relation,
}

/// A batch of the demo.
#[derive(Debug)]
pub struct Batch {
    /// What it is about.
    pub subject: Subject,
    /// Its name, which goes into the annotation.
    pub name: &'static str,
    /// `Title`.
    pub title: &'static str,
    /// `Description`.
    pub description: &'static str,
    /// `Keywords`.
    pub keywords: &'static str,
    /// `Reward`.
    pub reward: Usd,
    /// `MaxAssignments`.
    pub assignments: u32,
    /// `AutoApprovalDelayInSeconds`.
    pub auto_approval: Seconds,
    /// How long ago it was published.
    pub age: Seconds,
    /// Its part of the HITs, in percent.
    pub share: u32,
    template: &'static str,
    items: &'static str,
}

/// The batches of the demo. The first one is old enough that some of its work is close to auto-approval.
pub const BATCHES: [Batch; 3] = [
    Batch {
        subject: Subject::Relation,
        name: "kg-pilot",
        title: "Find a suitable relation for the given entities",
        description: "Identify a suitable relation for the given entities and a page that states it",
        keywords: "knowledge graph, link, fact",
        reward: Usd::cents(15),
        assignments: 3,
        auto_approval: Seconds(2 * 86_400),
        age: Seconds(2 * 86_400 - 1_200),
        share: 35,
        template: include_str!("../../../assets/demo/relation/task.html"),
        items: include_str!("../../../assets/demo/relation/items.csv"),
    },
    Batch {
        subject: Subject::Entailment,
        name: "entailment-1",
        title: "Does the second sentence follow from the first?",
        description: "Read two short sentences and say whether the second one follows",
        keywords: "text, language, entailment, quick",
        reward: Usd::cents(4),
        assignments: 5,
        auto_approval: Seconds(3 * 86_400),
        age: Seconds(9 * 3_600),
        share: 40,
        template: include_str!("../../../assets/demo/entailment/task.html"),
        items: include_str!("../../../assets/demo/entailment/items.csv"),
    },
    Batch {
        subject: Subject::Summary,
        name: "summaries",
        title: "Summarise a short text in one sentence",
        description: "Read a text of three sentences and say in one sentence of your own what it is about",
        keywords: "summary, writing, text",
        reward: Usd::cents(25),
        assignments: 2,
        auto_approval: Seconds(7 * 86_400),
        age: Seconds(26 * 3_600),
        share: 25,
        template: include_str!("../../../assets/demo/summary/task.html"),
        items: include_str!("../../../assets/demo/summary/items.csv"),
    },
];

/// One item: the values of its row by the names of the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row(Vec<(String, String)>);

impl Row {
    /// The value of a column; empty when there is none.
    pub fn get(&self, column: &str) -> &str {
        self.0.iter().find(|(name, _)| name == column).map_or("", |(_, value)| value)
    }
}

impl Batch {
    /// Its items. (The files are part of the program; a test reads every row of them.)
    pub fn rows(&self) -> Vec<Row> {
        let mut reader = csv::Reader::from_reader(self.items.as_bytes());
        let names: Vec<String> =
            reader.headers().map(|names| names.iter().map(str::to_owned).collect()).unwrap_or_default();
        let row =
            |record: csv::StringRecord| Row(names.iter().cloned().zip(record.iter().map(str::to_owned)).collect());
        reader.records().filter_map(Result::ok).map(row).collect()
    }

    /// The `Question` of an item.
    pub fn question(&self, row: &Row) -> String {
        let filled = row.0.iter().fold(self.template.to_owned(), |page, (name, value)| {
            page.replace(&format!("${{{name}}}"), &html_text(value))
        });
        html_question(&filled)
    }

    /// How long a careful worker usually takes, in seconds.
    pub fn usual_time(&self) -> i64 {
        self.subject.usual_time()
    }
}

impl Subject {
    /// How long a careful worker usually takes, in seconds.
    pub fn usual_time(self) -> i64 {
        match self {
            Subject::Entailment => 35,
            Subject::Summary => 95,
            Subject::Relation => 120,
        }
    }
}

/// The demo items, to find the one that a worker has before them.
pub struct Library(Vec<(Subject, Row)>);

impl Library {
    /// All items of all batches.
    pub fn load() -> Library {
        Library(BATCHES.iter().flat_map(|batch| batch.rows().into_iter().map(|row| (batch.subject, row))).collect())
    }

    /// The item that a question shows; none for a task that is not one of the demo.
    pub fn find(&self, item: &Item) -> Option<(Subject, &Row)> {
        let shown = |label: &str| item.pairs.iter().find(|(name, _)| name.eq_ignore_ascii_case(label)).map(|(_, v)| v);
        let is_shown = |row: &Row, columns: &[&str]| {
            columns.iter().all(|column| shown(column).is_some_and(|value| value == row.get(column)))
        };
        let found = self.0.iter().find(|(subject, row)| match subject {
            Subject::Entailment => is_shown(row, &["text", "hypothesis"]),
            Subject::Summary => is_shown(row, &["text"]),
            Subject::Relation => is_shown(row, &["subject", "object"]),
        })?;
        Some((found.0, &found.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question::{form, item};

    #[test]
    fn every_item_becomes_a_question_that_is_recognised() {
        let library = Library::load();
        for batch in &BATCHES {
            let rows = batch.rows();
            assert!(rows.len() >= 40, "{}", batch.name);
            for row in &rows {
                assert!(row.0.iter().all(|(_, value)| !value.is_empty()), "{row:?}");
                let question = batch.question(row);
                assert!(!question.contains("${"), "{}", batch.name);
                let item = item::read(&question);
                assert_eq!(item.problem, None);
                assert_eq!(library.find(&item), Some((batch.subject, row)));
            }
        }
    }

    #[test]
    fn what_is_right_is_never_shown() {
        for batch in &BATCHES {
            for column in ["gold", "one", "two", "topic", "url", "sentence", "relation"] {
                assert!(!batch.template.contains(&format!("${{{column}}}")), "{} {column}", batch.name);
            }
        }
    }

    #[test]
    fn the_right_answer_is_one_of_the_options() {
        for (batch, field, column) in [(&BATCHES[1], "entailment", "gold"), (&BATCHES[0], "relation", "relation")] {
            for row in batch.rows() {
                let form = form::read(&batch.question(&row));
                let asked = form.fields.iter().find(|f| f.name == field).expect("the field is there");
                let form::Kind::One(options) = &asked.kind else { panic!("{asked:?}") };
                assert!(options.iter().any(|option| option == row.get(column)), "{row:?}");
            }
        }
    }

    #[test]
    fn the_parts_make_a_whole() {
        assert_eq!(BATCHES.iter().map(|batch| batch.share).sum::<u32>(), 100);
    }
}
