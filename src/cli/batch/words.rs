//! A report on a batch in words for people.

use crate::app::format::{count, plural};
use crate::domain::batch::Cost;
use crate::domain::money::Usd;
use crate::domain::requirement::Source;
use crate::domain::span;
use crate::domain::text::SafeText;
use crate::exchange::batch::Draft;
use crate::exchange::batch::check::{Finding, Level, Report};
use crate::question::form::{FormField, Kind};
use crate::question::schema::MAX_BYTES;

/// What stands behind the key of a line is wrapped to so many columns.
const WIDTH: usize = 88;

/// The findings, each in a line: `error: items.csv: row 3 …`.
pub fn findings(report: &Report) -> Vec<SafeText> {
    let words = |finding: &Finding| SafeText::line(&format!("{}: {finding}", finding.level.name()));
    report.findings.iter().map(words).collect()
}

/// What is to be published, what it costs and pays, and what workers meet. `rows` are to be published, `there` are there.
pub fn summary(draft: &Draft, report: &Report, rows: usize, there: usize) -> Vec<SafeText> {
    let mut lines: Vec<SafeText> = Vec::new();
    let mut say = |key: &str, words: String| {
        for (at, part) in SafeText::line(&words).wrap(WIDTH).iter().enumerate() {
            lines.push(SafeText::line(&format!("  {:<10}{part}", if at == 0 { key } else { "" })));
        }
    };
    if rows == 0 && there > 0 {
        return vec![SafeText::line(&format!(
            "{}: nothing is missing, {} are there",
            draft.spec.name,
            plural(there, "row")
        ))];
    }
    if let Some(cost) = &report.cost {
        money(draft, report, cost, &mut say);
    }
    if let Some(wage) = &report.wage {
        let expected = draft.spec.expected.map_or_else(String::new, |time| span::words(time.0 * 1_000));
        let target = draft.spec.target_wage.map_or_else(String::new, |target| format!(", target {}", target.display()));
        say("wage", format!("{} an hour at {expected} each{target}", wage.hourly.display()));
    }
    let requirements = report.required.iter().zip(&report.required_words);
    let requirements = requirements.map(|(it, words)| format!("{words} ({})", it.guard.action()));
    for (at, words) in requirements.enumerate() {
        say(if at == 0 { "requires" } else { "" }, words);
    }
    if let Some(pool) = &report.pool {
        let judged = report.required.iter().any(|it| Source::of(&it.qualification) != Source::Market);
        let words = if judged {
            format!(
                "{} of {} known here meet all of it, {} may, {} do not",
                pool.satisfy,
                plural(pool.of, "worker"),
                pool.open,
                pool.fail()
            )
        } else {
            "only the market knows who meets it".to_owned()
        };
        say("workers", words);
    }
    let fields: Vec<String> = report.fields.iter().map(field).collect();
    if !fields.is_empty() {
        say("answers", fields.join(", "));
    }
    for (at, address) in report.addresses.iter().enumerate() {
        say(if at == 0 { "loads" } else { "" }, address.clone());
    }
    if let Some((row, bytes)) = report.longest {
        say("longest", format!("{} of {} bytes (row {row})", count(bytes), count(MAX_BYTES)));
    }
    let already = if there > 0 { format!(", {} are there already", count(there)) } else { String::new() };
    let head = format!("{}: {} of {}{already}", draft.spec.name, plural(rows, "row"), draft.files.data);
    std::iter::once(SafeText::line(&head)).chain(lines).collect()
}

fn money(draft: &Draft, report: &Report, cost: &Cost, say: &mut impl FnMut(&str, String)) {
    let reward = draft.spec.reward;
    say("makes", format!("{}, {} assignments", plural(cost.hits as usize, "HIT"), count(cost.assignments as usize)));
    say("reward", format!("{} each = {}", reward.display(), cost.rewards.display()));
    let terms: Vec<String> =
        cost.terms.iter().map(|term| format!("{} {}", percent(term.basis_points), term.why)).collect();
    let least = if cost.at_minimum { ", at least one cent" } else { "" };
    say("fee", format!("{} each = {} ({}{least})", cost.fee.display(), cost.fees.display(), terms.join(", ")));
    say("total", cost.total().display());
    if let Some(before) = report.balance {
        say("balance", format!("{} before, {} after", before.display(), (before - cost.total()).display()));
    }
    if let Some(split) = &report.split {
        say(
            "cheaper",
            format!(
                "{} as {} of at most 9 (split = true)",
                split.total().display(),
                plural(split.hits as usize, "HIT")
            ),
        );
    }
}

/// Hundredths of a percent: `20 %`, `12.5 %`.
fn percent(basis_points: u32) -> String {
    let text = format!("{}.{:02}", basis_points / 100, basis_points % 100);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

fn field(field: &FormField) -> String {
    let list = |options: &[String]| {
        let shown: Vec<&str> = options.iter().take(6).map(String::as_str).collect();
        let more = if options.len() > 6 { ", …" } else { "" };
        format!("{}{more}", shown.join(" | "))
    };
    match &field.kind {
        Kind::Text => field.name.clone(),
        Kind::One(options) => format!("{} ({})", field.name, list(options)),
        Kind::Any(options) => format!("{} (any of {})", field.name, list(options)),
    }
}

/// The report for programs.
pub fn json(draft: &Draft, report: &Report, rows: usize, there: usize) -> serde_json::Value {
    let money = |amount: Usd| serde_json::Value::from(amount.to_string());
    let cost = |cost: &Cost| {
        serde_json::json!({
            "HITs": cost.hits, "Assignments": cost.assignments, "Rewards": money(cost.rewards), "Fees": money(cost.fees),
            "FeePerAssignment": money(cost.fee), "Total": money(cost.total()),
            "FeeTerms": cost.terms.iter().map(|term| serde_json::json!({"BasisPoints": term.basis_points, "Why": term.why}))
                .collect::<Vec<_>>(),
        })
    };
    let finding = |it: &Finding| {
        serde_json::json!({
            "Level": it.level.name(), "File": it.file, "Row": it.row.map(|(row, _)| row), "Line": it.row.map(|(_, line)| line),
            "Column": it.column, "Message": it.words,
        })
    };
    let more = report.more.iter().flat_map(|more| {
        more.rows.iter().map(|(row, line)| {
            serde_json::json!({
                "Level": more.level.name(), "File": draft.files.data, "Row": row, "Line": line, "Column": more.column,
                "Message": more.words,
            })
        })
    });
    serde_json::json!({
        "Batch": draft.spec.name.as_str(),
        "Rows": rows,
        "Published": there,
        "Errors": report.of(Level::Error).count(),
        "Warnings": report.of(Level::Warning).count(),
        "Findings": report.findings.iter().map(finding).chain(more).collect::<Vec<_>>(),
        "Cost": report.cost.as_ref().map(cost),
        "CostWhenSplit": report.split.as_ref().map(cost),
        "BalanceBefore": report.balance.map(money),
        "BalanceAfter": report.balance.zip(report.cost.as_ref()).map(|(before, cost)| money(before - cost.total())),
        "HourlyWage": report.wage.map(|wage| money(wage.hourly)),
        "TargetWage": draft.spec.target_wage.map(money),
        "RewardForTarget": report.wage.filter(|wage| wage.target > Usd::ZERO).map(|wage| money(wage.needed)),
        "Fields": report.fields.iter().map(|field| field.name.clone()).collect::<Vec<_>>(),
        "Addresses": report.addresses,
        "Requirements": report.required.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "KnownWorkers": report.pool.map(|pool| serde_json::json!({"All": pool.of, "Satisfy": pool.satisfy, "Unknown": pool.open})),
        "LongestQuestion": report.longest.map(|(_, bytes)| bytes),
    })
}
