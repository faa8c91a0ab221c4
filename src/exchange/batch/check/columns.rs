//! Columns against variables, both ways.

use super::{Checking, Level};
use crate::domain::batch::PolicySpec;
use crate::domain::nearest::nearest;
use crate::exchange::batch::task::Kind;
use crate::question::template::{Template, is_name};

impl Checking<'_> {
    /// Whether every name has its column, so that rows can be put in.
    pub(super) fn columns(&mut self) -> bool {
        let draft = self.draft;
        let (spec, columns) = (&draft.spec, &draft.table.columns);
        let (source, data) = (&draft.files.source, &draft.files.data);
        let names = draft.task.filling(columns).names();
        let mut whole = true;
        let missing = |name: &str| {
            let near = nearest(name, columns.iter().map(String::as_str));
            let hint = near.map_or_else(
                || format!("; there are: {}", columns.join(", ")),
                |it| format!("; did you mean ${{{it}}}?"),
            );
            format!("${{{name}}} has no column of that name in {data}{hint}")
        };
        for name in names.iter().filter(|name| !columns.iter().any(|column| column == *name)) {
            let line = self.line_of(name);
            self.find(Level::Error, source, format!("{line}{}", missing(name)));
            whole = false;
        }
        let mut also: Vec<String> = spec.annotation.iter().cloned().collect();
        let policies = [&spec.assignment_policy, &spec.hit_policy].into_iter().flatten();
        also.extend(policies.flat_map(PolicySpec::texts).map(str::to_owned));
        let also: Vec<&str> = also.iter().flat_map(|text| Template::of(text).names().collect::<Vec<_>>()).collect();
        for name in also.iter().filter(|name| !columns.iter().any(|column| column == *name)) {
            self.find(Level::Error, &draft.files.spec, missing(name));
            whole = false;
        }
        if let Some(gold) = &spec.gold {
            if names.contains(&gold.as_str()) {
                let line = self.line_of(gold);
                let words =
                    format!("{line}${{{gold}}} shows workers the known answer: the gold column must never reach them");
                self.find(Level::Error, source, words);
            }
            if !columns.contains(gold) {
                let near = nearest(gold, columns.iter().map(String::as_str));
                let hint = near.map_or_else(String::new, |it| format!("; did you mean {it:?}?"));
                self.find(Level::Error, &draft.files.spec, format!("gold: {data} has no column {gold:?}{hint}"));
            }
        }
        let unused = |column: &&String| {
            let used = names.contains(&column.as_str()) || also.contains(&column.as_str());
            !used && spec.gold.as_ref() != Some(*column)
        };
        for column in columns.iter().filter(unused) {
            let why = if is_name(column) {
                "no worker sees it: nothing in the task is called so".to_owned()
            } else {
                format!(
                    "no worker sees it: {column:?} cannot stand in ${{}}, where names have letters, digits, -, _ and ."
                )
            };
            self.find_in(Level::Warning, None, Some(column), why);
        }
        if names.is_empty() && draft.task.kind != Kind::Address && draft.table.rows.len() > 1 {
            let words = "nothing of the rows is in it: every HIT is the same";
            self.find(Level::Warning, source, words);
        }
        whole
    }

    /// "line 12: ", where a name stands in the template.
    fn line_of(&self, name: &str) -> String {
        let at = self.draft.source_text.find(&format!("${{{name}}}"));
        let line = at.map(|at| self.draft.source_text[..at].matches('\n').count() + 1);
        line.map_or_else(String::new, |line| format!("line {line}: "))
    }
}
