//! `hitdeck market payout`: what workers are owed, a statement for each, and that they were paid.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::{Data, MarketFailure};
use crate::app::format::plural;
use crate::cli::context::say;
use crate::domain::time::Time;
use crate::exchange::output::{Cell, Column, Format, Writer, iso};
use crate::market::error::MarketError;
use crate::market::{Operator, PayLine, Payroll, Statement};

/// `hitdeck market payout`.
#[derive(Debug, Clone, Args)]
pub struct PayoutArgs {
    /// Write down that this pay-out was paid: what it showed, and nothing that was earned since
    #[arg(long, value_name = "PAYOUT", conflicts_with_all = ["list", "payout"])]
    mark_paid: Option<String>,
    /// Show a pay-out that was made, in place of what is owed
    #[arg(long, value_name = "PAYOUT", conflicts_with = "list")]
    payout: Option<String>,
    /// List the pay-outs that were made
    #[arg(long)]
    list: bool,
    /// Show each reward and bonus of this worker
    #[arg(long, value_name = "WORKER", conflicts_with_all = ["list", "mark_paid"])]
    statement: Option<String>,
    /// Write a statement for each worker into this folder, as CSV
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["list", "mark_paid", "statement"])]
    statements: Option<PathBuf>,
    /// Write it as a page to read and to print, in HTML
    #[arg(long, value_name = "FILE", conflicts_with_all = ["list", "mark_paid", "statement"])]
    page: Option<PathBuf>,
    /// The market's data.
    #[command(flatten)]
    data: Data,
}

/// Runs `hitdeck market payout`.
pub async fn run(
    args: &PayoutArgs,
    format: Format,
    directory: &Path,
    out: &mut impl Write,
) -> Result<(), MarketFailure> {
    let operator = Operator::open(args.data.or(directory))?;
    if args.list {
        return list(&operator.payrolls().await?, format, out);
    }
    if let Some(code) = &args.mark_paid {
        let is_new = operator.mark_paid(code).await?;
        let paid = operator.payroll(Some(code)).await?;
        let (total, people) = (paid.total().display(), plural(paid.lines.len(), "worker"));
        say(if is_new {
            format!("hitdeck: pay-out {code} is marked as paid: {total} to {people}")
        } else {
            format!("hitdeck: pay-out {code} was marked as paid before; nothing was changed")
        });
        return lines(&paid, format, out);
    }
    let payroll = operator.payroll(args.payout.as_deref()).await?;
    if let Some(worker) = &args.statement {
        let found = payroll.lines.iter().find(|line| line.worker == *worker);
        let statement = match found {
            Some(of) => Some(operator.statement(&payroll, of).await?),
            None => None,
        };
        return pieces(statement.as_ref(), format, out);
    }
    if let Some(folder) = &args.statements {
        statements(&operator, &payroll, folder).await?;
        let words = plural(payroll.lines.len(), "statement");
        say(format_args!("hitdeck: {words} written to {}", folder.display()));
    }
    if let Some(path) = &args.page {
        std::fs::write(path, page(&payroll)).map_err(failed(path))?;
        say(format_args!("hitdeck: written to {}", path.display()));
    }
    lines(&payroll, format, out)?;
    if payroll.lines.is_empty() {
        say("hitdeck: nobody is owed anything");
    } else if payroll.paid_ms.is_none() {
        let (total, people) = (payroll.total().display(), plural(payroll.lines.len(), "worker"));
        let code = &payroll.code;
        say(format_args!("hitdeck: pay-out {code}: {total} to {people}. When it is paid, write it down with"));
        say(format_args!("  hitdeck market payout --mark-paid {code}"));
    }
    Ok(())
}

fn paid(paid_ms: Option<i64>) -> Cell {
    paid_ms.map(|ms| Time(ms.div_euclid(1_000))).into()
}

fn list(payrolls: &[Payroll], format: Format, out: &mut impl Write) -> Result<(), MarketFailure> {
    let columns = ["payout", "paid", "workers", "total"];
    let mut rows = Writer::new(out, format, columns, None);
    for payroll in payrolls {
        let workers = i64::try_from(payroll.lines.len()).unwrap_or(i64::MAX);
        let code = payroll.code.as_str();
        rows.row(vec![code.into(), paid(payroll.paid_ms), workers.into(), payroll.total().into()])?;
    }
    Ok(rows.finish()?)
}

/// One line for each worker.
fn lines(payroll: &Payroll, format: Format, out: &mut impl Write) -> Result<(), MarketFailure> {
    let columns = [
        Column::new("WorkerId", "worker"),
        Column::new("amount", "amount"),
        Column::new("rewards", "rewards"),
        Column::new("assignments", "assignments"),
        Column::new("bonuses", "bonuses"),
        Column::data("bonus_count"),
        Column::data("payout"),
        Column::data("paid"),
    ];
    let mut rows = Writer::new(out, format, columns, None);
    for line in &payroll.lines {
        let PayLine { worker, rewards, works, bonuses, extras, .. } = line;
        rows.row(vec![
            worker.as_str().into(),
            line.total().into(),
            (*rewards).into(),
            (*works).into(),
            (*bonuses).into(),
            (*extras).into(),
            payroll.code.as_str().into(),
            paid(payroll.paid_ms),
        ])?;
    }
    Ok(rows.finish()?)
}

/// One line for each reward and bonus.
fn pieces(statement: Option<&Statement>, format: Format, out: &mut impl Write) -> Result<(), MarketFailure> {
    let columns = [
        Column::new("time", "time"),
        Column::new("kind", "kind"),
        Column::new("amount", "amount"),
        Column::new("requester", "requester"),
        Column::long("Title", "title"),
        Column::data("HITId"),
        Column::data("AssignmentId"),
        Column::data("payout"),
    ];
    let mut rows = Writer::new(out, format, columns, None);
    let code = statement.map_or("", |statement| &statement.code);
    for earning in statement.iter().flat_map(|statement| &statement.earnings) {
        rows.row(vec![
            earning.at.into(),
            if earning.is_bonus { "bonus" } else { "reward" }.into(),
            earning.amount.into(),
            earning.requester.as_str().into(),
            earning.title.as_str().into(),
            earning.hit.as_str().into(),
            earning.assignment.as_str().into(),
            code.into(),
        ])?;
    }
    Ok(rows.finish()?)
}

fn failed(path: &Path) -> impl FnOnce(std::io::Error) -> MarketError + use<> {
    let path = path.to_owned();
    move |source| MarketError::File { what: "write", path, source }
}

/// A page with one line for each worker. Nothing in it is anybody's text: IDs are letters and digits.
fn page(payroll: &Payroll) -> String {
    let mut rows = String::new();
    for line in &payroll.lines {
        let PayLine { worker, rewards, works, bonuses, extras, .. } = line;
        let (total, rewards, bonuses) = (line.total().display(), rewards.display(), bonuses.display());
        rows.push_str(&format!(
            "<tr><td>{worker}</td><td>{rewards}</td><td>{works}</td><td>{bonuses}</td><td>{extras}</td><td>{total}</td></tr>\n"
        ));
    }
    let title = match payroll.paid_ms {
        Some(ms) => format!("Pay-out {}, paid {}", payroll.code, iso(Time(ms.div_euclid(1_000)))),
        None => format!("Pay-out {}: what workers are owed", payroll.code),
    };
    let (people, total) = (plural(payroll.lines.len(), "worker"), payroll.total().display());
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><title>{title}</title><style>:root{{color-scheme:light dark}}\
         body{{font:1rem/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}}table{{border-collapse:collapse;\
         width:100%}}th,td{{padding:.4rem .75rem;text-align:right;border-bottom:1px solid #8888;font-variant-numeric:tabular-nums}}\
         th:first-child,td:first-child{{text-align:left}}tfoot td{{font-weight:700}}</style></head><body><h1>{title}</h1>\n\
         <table><thead><tr><th>Worker</th><th>Rewards</th><th>Assignments</th><th>Bonuses</th><th>How many</th><th>Sum</th></tr>\
         </thead><tbody>\n{rows}</tbody><tfoot><tr><td colspan=\"5\">{people}</td><td>{total}</td></tr></tfoot></table>\
         </body></html>\n"
    )
}

/// Writes `WORKER.csv` for each worker into a folder that is made if it is not there.
async fn statements(operator: &Operator, payroll: &Payroll, folder: &Path) -> Result<(), MarketFailure> {
    std::fs::create_dir_all(folder).map_err(failed(folder))?;
    for of in &payroll.lines {
        let statement = operator.statement(payroll, of).await?;
        let mut text = Vec::new();
        pieces(Some(&statement), Format::Csv, &mut text)?;
        // The identifier of a worker is letters and digits.
        let path = folder.join(format!("{}.csv", of.worker));
        std::fs::write(&path, text).map_err(failed(&path))?;
    }
    Ok(())
}
