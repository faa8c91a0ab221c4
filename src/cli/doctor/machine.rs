//! This machine: configuration, folders, terminal.

use super::super::context::Context;
use super::Finding;
use crate::config::{Danger, Environment, Origin, Paths, Settings, Vars};
use std::io::IsTerminal;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

pub(super) fn configuration(context: &Context, settings: &Settings) -> Option<Finding> {
    let path = settings.paths.config.display();
    Some(match context.config_text() {
        Ok(Some(_)) => Finding::ok("configuration", format!("{path}")),
        Ok(None) => Finding::ok("configuration", format!("defaults; there is no {path}")),
        // `settings` has read it just before.
        Err(failure) => Finding::problem("configuration", failure.to_string(), "make it readable"),
    })
}

pub(super) fn environment(environment: &Environment) -> Finding {
    let danger = match environment.danger {
        Danger::RealMoney => "REAL MONEY",
        Danger::Play => "play money",
    };
    let origin = match &environment.origin {
        Origin::Environment => String::new(),
        Origin::Flag => ", by --endpoint".to_owned(),
        Origin::Variable(name) => format!(", by {name}"),
    };
    Finding::ok("environment", format!("{}: {} ({danger}{origin})", environment.name, environment.endpoint))
}

/// Folders are private and can be written.
pub(super) fn folders(paths: &Paths) -> Vec<Finding> {
    vec![folder("data", &paths.data), folder("log", &paths.state)]
}

fn folder(check: &'static str, path: &Path) -> Finding {
    let shown = path.display();
    match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => match nearest_parent(path) {
            Some(parent) if writable(parent) => Finding::ok(check, format!("{shown} will be created")),
            _ => Finding::problem(
                check,
                format!("{shown} cannot be created"),
                "give --data-dir, or set XDG_DATA_HOME and XDG_STATE_HOME",
            ),
        },
        Err(error) => Finding::problem(check, format!("{shown}: {error}"), "check who owns it"),
        Ok(metadata) if !metadata.is_dir() => Finding::problem(check, format!("{shown} is no folder"), "move it away"),
        Ok(_) if !writable(path) => Finding::problem(check, format!("{shown} cannot be written"), "check who owns it"),
        Ok(metadata) if metadata.permissions().mode() & 0o077 != 0 => {
            let found = format!("{shown} is open to others (mode {:o})", metadata.permissions().mode() & 0o777);
            Finding::warning(check, found, format!("chmod 700 {shown}"))
        }
        Ok(_) => Finding::ok(check, format!("{shown}")),
    }
}

fn nearest_parent(path: &Path) -> Option<&Path> {
    path.ancestors().skip(1).find(|parent| parent.is_dir() || parent.as_os_str().is_empty())
}

fn writable(path: &Path) -> bool {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    rustix::fs::access(path, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK).is_ok()
}

/// Whether the desk can be shown here.
pub(super) fn terminal(vars: &Vars) -> Vec<Finding> {
    let mut findings = Vec::new();
    let term = vars.get("TERM").unwrap_or("");
    let size = rustix::termios::tcgetwinsize(std::io::stdout()).ok().map(|size| (size.ws_col, size.ws_row));
    findings.push(match (std::io::stdout().is_terminal(), term, size) {
        (false, ..) => Finding::note("terminal", "stdout is no terminal: the desk cannot open here, subcommands work"),
        (true, "dumb" | "", _) => Finding::problem(
            "terminal",
            format!("TERM is \"{term}\""),
            "set TERM to what the terminal is, e.g. xterm-256color",
        ),
        (true, _, Some((columns, rows))) if (1..40).contains(&columns) || (1..10).contains(&rows) => {
            Finding::warning("terminal", format!("{term}, {columns}x{rows}"), "the desk needs 40x10")
        }
        (true, _, Some((columns, rows))) => Finding::ok("terminal", format!("{term}, {columns}x{rows}")),
        (true, _, None) => Finding::ok("terminal", term),
    });
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| vars.get(name)).unwrap_or("");
    let wide = locale.to_lowercase().replace('-', "").contains("utf8");
    findings.push(if wide {
        Finding::ok("text", locale)
    } else {
        let found = format!("the locale \"{locale}\" is not UTF-8: lines and scripts may look wrong");
        Finding::warning("text", found, "set LANG to a UTF-8 locale such as C.UTF-8, or [ui] theme = \"ascii\"")
    });
    if vars.get("TMUX").is_some() {
        findings.push(Finding::note("tmux", "for copying with `y`: set -s set-clipboard on"));
    }
    findings
}
