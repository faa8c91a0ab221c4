//! Who may work, what it costs, what it pays, and whether it was done before.

use super::{Checking, Level, many};
use crate::domain::batch::{Cost, Wage};
use crate::domain::money::Usd;
use crate::domain::qualification::TypeStatus;
use crate::domain::requirement::{Source, is_masters, pool};
use crate::domain::span;

impl Checking<'_> {
    pub(super) fn requirements(&mut self) {
        let (draft, facts) = (self.draft, self.facts);
        let file = &draft.files.spec;
        for (number, written) in (1..).zip(&draft.spec.requirements) {
            match written.required(&facts.types, facts.sandbox) {
                Ok(required) => {
                    let of = facts.types.iter().find(|kind| kind.it.id.as_str() == required.qualification);
                    if let Some(of) = of.filter(|of| of.own && of.it.status != TypeStatus::Active) {
                        let words =
                            format!("requirement {number}: the qualification type {:?} is not active", of.it.name);
                        self.find(Level::Error, file, words);
                    }
                    let words = required.to_string();
                    let named = of.map(|of| words.replacen(&required.qualification, &of.it.name, 1));
                    self.report.required_words.push(named.unwrap_or(words));
                    self.report.required.push(required);
                }
                Err(why) => self.find(Level::Error, file, format!("requirement {number}: {why}")),
            }
        }
        let required = self.report.required.clone();
        if required.is_empty() || facts.workers.is_empty() {
            return;
        }
        let workers = facts.workers.iter().map(|(worker, record)| (worker, *record));
        let found = pool(&required, workers, &facts.scores);
        self.report.pool = Some(found);
        if found.satisfy + found.open == 0 {
            let words = format!("nobody of the {} who are known here meets all requirements", many(found.of, "worker"));
            self.find(Level::Warning, file, words);
        }
        for one in required.iter().filter(|one| Source::of(&one.qualification) == Source::Holders) {
            let known = facts.types.iter().any(|kind| kind.it.id.as_str() == one.qualification);
            if !known {
                let words = format!("requirement {one}: this type is not among those that are known here");
                self.find(Level::Notice, file, words);
            }
        }
    }

    pub(super) fn money(&mut self) {
        let (draft, facts) = (self.draft, self.facts);
        let (spec, file) = (&draft.spec, &draft.files.spec);
        let masters = self.report.required.iter().any(is_masters);
        let cost = |split| Cost::of(facts.rows, spec.reward, (spec.assignments, split), masters, &facts.fees);
        let now = cost(spec.split);
        let other = cost(true);
        if other.total() < now.total() {
            let words = format!(
                "{} assignments in one HIT cost {}; as {} HITs of at most 9 the same costs {}, {} less: split = true. A \
                 worker could then take more than one of a row's HITs",
                spec.assignments,
                now.total().display(),
                other.hits,
                other.total().display(),
                (now.total() - other.total()).display(),
            );
            self.find(Level::Notice, file, words);
            self.report.split = Some(other);
        }
        if spec.reward == Usd::ZERO {
            self.find(Level::Warning, file, "reward is 0.00: the work is not paid");
        }
        self.report.balance = facts.balance;
        if let Some(balance) = facts.balance.filter(|balance| *balance < now.total()) {
            let row = cost_of_row(&now, facts.rows);
            let rows = if row > Usd::ZERO { balance.as_cents().max(0) / row.as_cents() } else { 0 };
            let words = format!(
                "the balance of {} does not cover {}: it is enough for {} (--limit {rows})",
                balance.display(),
                now.total().display(),
                many(usize::try_from(rows).unwrap_or(usize::MAX), "row"),
            );
            self.find(Level::Warning, file, words);
        }
        self.report.cost = Some(now);
        let (Some(expected), target) = (spec.expected, spec.target_wage) else {
            if let Some(target) = spec.target_wage {
                let words =
                    format!("without expected_minutes nobody can tell whether an hour pays {}", target.display());
                self.find(Level::Warning, file, words);
            }
            return;
        };
        if spec.time_limit.0 < expected.0 {
            let words = format!(
                "time_limit is {}, and the work is expected to take {}",
                span::words(spec.time_limit.0 * 1_000),
                span::words(expected.0 * 1_000)
            );
            self.find(Level::Warning, file, words);
        }
        let wage = Wage::of(spec.reward, expected, target.unwrap_or(Usd::ZERO));
        self.report.wage = wage;
        if let Some(wage) = wage.filter(|wage| !wage.is_fair()) {
            let words = format!(
                "an hour pays {}, the target is {}: a reward of {} would reach it",
                wage.hourly.display(),
                wage.target.display(),
                wage.needed.display()
            );
            self.find(Level::Warning, file, words);
        }
    }

    pub(super) fn earlier(&mut self) {
        for (name, count) in self.facts.earlier.clone() {
            let words = {
                let all = self.draft.table.rows.len();
                format!("{count} of the {} stand in the batch {name} too", many(all, "row"))
            };
            let file = self.draft.files.data.clone();
            self.find(Level::Warning, &file, words);
        }
    }
}

fn cost_of_row(cost: &Cost, rows: u64) -> Usd {
    let rows = i64::try_from(rows).unwrap_or(i64::MAX).max(1);
    Usd::cents(cost.total().as_cents() / rows)
}
