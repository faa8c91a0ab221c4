//! `hitdeck doctor`: what works and what does not, with the fix.

mod account;
mod machine;
mod network;

use super::context::Context;
use super::exit::{Exit, Failure};
use crate::domain::text::SafeText;
use crate::exchange::output::{Format, Writer};
use std::io::Write;

/// What one look found.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Finding {
    check: &'static str,
    verdict: Verdict,
    found: String,
    fix: String,
}

/// How it stands, the worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    Ok,
    Note,
    Warning,
    Problem,
}

impl Verdict {
    const fn word(self) -> &'static str {
        match self {
            Verdict::Ok => "ok",
            Verdict::Note => "note",
            Verdict::Warning => "warning",
            Verdict::Problem => "problem",
        }
    }
}

impl Finding {
    fn ok(check: &'static str, found: impl Into<String>) -> Self {
        Finding { check, verdict: Verdict::Ok, found: found.into(), fix: String::new() }
    }

    fn note(check: &'static str, found: impl Into<String>) -> Self {
        Finding { check, verdict: Verdict::Note, found: found.into(), fix: String::new() }
    }

    fn warning(check: &'static str, found: impl Into<String>, fix: impl Into<String>) -> Self {
        Finding { check, verdict: Verdict::Warning, found: found.into(), fix: fix.into() }
    }

    fn problem(check: &'static str, found: impl Into<String>, fix: impl Into<String>) -> Self {
        Finding { check, verdict: Verdict::Problem, found: found.into(), fix: fix.into() }
    }
}

/// What is true about the service, whatever works here.
const FACTS: [(&str, &str); 2] = [
    (
        "service",
        "Amazon's documentation says that Mechanical Turk closes for good on 30 September 2026 (new customers were refused \
         from 30 July 2026). Its help page of that day adds: approve, reject and bonus until 30 October 2026, transaction \
         history until 28 January 2027. HITs go 120 days after their end, with their answers: `hitdeck archive DIR` copies the \
         whole account, and a market of your own takes it over (`hitdeck market serve --import DIR`)",
    ),
    (
        "verified",
        "live Amazon was not reachable where this program was built; what was verified is the wire format of Amazon's own \
         SDKs, against the built-in market",
    ),
];

/// Looks at everything, prints what it found, and ends with the code of the worst problem.
pub async fn run(context: &Context, out: &mut impl Write) -> Result<Exit, Failure> {
    let mut findings = Vec::new();
    let mut exit = Exit::Done;
    match context.settings() {
        Err(failure) => {
            findings.push(Finding::problem(
                "configuration",
                failure.to_string(),
                "mend it; `hitdeck config check` reads it again",
            ));
            exit = Exit::Configuration;
        }
        Ok(settings) => {
            findings.extend(machine::configuration(context, &settings));
            findings.push(machine::environment(&settings.environment));
            let network = network::look(&settings.environment.endpoint).await;
            let reachable = network.iter().all(|finding| finding.verdict != Verdict::Problem);
            findings.extend(network);
            let (account, refused) = account::look(context, &settings, reachable).await;
            findings.extend(account);
            if refused {
                exit = Exit::Credentials;
            }
            findings.extend(machine::folders(&settings.paths));
        }
    }
    findings.extend(machine::terminal(&context.vars));
    findings.extend(FACTS.map(|(check, fact)| Finding::note(check, fact)));
    if exit == Exit::Done && findings.iter().any(|finding| finding.verdict == Verdict::Problem) {
        exit = Exit::Failed;
    }
    report(context.global.output, &findings, out)?;
    Ok(exit)
}

/// For people a sentence needs room: a line for what was found, one for the fix.
fn report(format: Format, findings: &[Finding], out: &mut impl Write) -> Result<(), Failure> {
    if format == Format::Table {
        for Finding { check, verdict, found, fix } in findings {
            writeln!(out, "{:<8} {check}: {}", verdict.word(), SafeText::line(found))?;
            if !fix.is_empty() {
                writeln!(out, "{:<8} -> {}", "", SafeText::line(fix))?;
            }
        }
        return Ok(());
    }
    let mut writer = Writer::new(out, format, ["Check", "Verdict", "Found", "Fix"], None);
    for Finding { check, verdict, found, fix } in findings {
        let fix = Some(fix.as_str()).filter(|fix| !fix.is_empty());
        writer.row(vec![(*check).into(), verdict.word().into(), found.as_str().into(), fix.into()])?;
    }
    Ok(writer.finish()?)
}
