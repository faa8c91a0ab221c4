//! `hitdeck batch …`, as it is typed.

use super::super::export::ExportOptions;
use crate::config::Span;
use crate::domain::batch::BatchName;
use clap::{Args, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

/// A number of rows; none is no number of rows to look at or to publish.
fn rows(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("no rows at all: 1 or more, or no --limit for all".to_owned()),
        Ok(rows) => Ok(rows),
        Err(_) => Err("no number of rows".to_owned()),
    }
}

/// What to do with batches.
#[derive(Debug, Subcommand)]
pub enum BatchCommand {
    /// Write a commented batch with its template and rows, to begin with; without an example: say which there are
    New {
        /// Which example; or the batch file that is to be written, NAME.toml, in a folder of its own or this one.
        #[arg(value_name = "EXAMPLE")]
        example: Option<String>,
        /// The folder for it [default: the example's name].
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// Look at a batch from all sides before anybody else does: errors, warnings, cost, wage
    Check {
        /// Which batch.
        #[command(flatten)]
        files: BatchFiles,
        /// Only so many rows, from the first on.
        #[arg(long, value_name = "N", value_parser = rows)]
        limit: Option<usize>,
        /// Ask no endpoint: balance, own qualification types and their holders stay unknown.
        #[arg(long)]
        offline: bool,
    },
    /// Show a row as the worker will see it: as text, or in a browser
    Preview {
        /// Which batch.
        #[command(flatten)]
        files: BatchFiles,
        /// Which row, from 1.
        #[arg(long, value_name = "N", default_value_t = 1)]
        row: usize,
        /// Serve it to a browser on this machine, until Ctrl-C: filled in, it shows which answers would come back.
        #[arg(long)]
        serve: bool,
        /// Where it is served.
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0", requires = "serve")]
        listen: SocketAddr,
    },
    /// Write a requirement into a batch file as it stands: who may work on it. The same again changes nothing
    Require(RequireArgs),
    /// Publish what is missing of a batch: one HIT a row, each exactly once
    Publish {
        /// Which batch.
        #[command(flatten)]
        files: BatchFiles,
        /// Only so many rows, from the first on: a pilot. Without it the rest follows.
        #[arg(long, value_name = "N", value_parser = rows)]
        limit: Option<usize>,
        /// Where rows go that were refused [default: beside the data, NAME.failed.csv].
        #[arg(long, value_name = "FILE")]
        failed: Option<PathBuf>,
    },
    /// Ask again for answers that are missing, because work was rejected, returned or never taken
    TopUp {
        /// The batch.
        #[arg(value_name = "NAME")]
        name: BatchName,
        /// How long the HITs that have expired are opened again.
        #[arg(long, value_name = "SPAN", value_parser = Span::parse, default_value = "7d")]
        lifetime: Span,
    },
    /// Ask again for work that was rejected: more assignments for the same HITs, done by other workers
    Republish {
        /// The batch.
        #[arg(value_name = "NAME")]
        name: BatchName,
        /// How long the HITs that have expired are opened again.
        #[arg(long, value_name = "SPAN", value_parser = Span::parse, default_value = "7d")]
        lifetime: Span,
    },
    /// Publish new HITs of the same rows for answers that HITs lack and do not get any more: rejected work, and what nobody
    /// did before the end
    Anew {
        /// The batch.
        #[arg(value_name = "NAME")]
        name: BatchName,
        /// Only for work that was rejected.
        #[arg(long)]
        rejected: bool,
        /// How long workers can accept the new HITs.
        #[arg(long, value_name = "SPAN", value_parser = Span::parse, default_value = "7d")]
        lifetime: Span,
    },
    /// List the batches that were published from here
    List {
        /// Show what the last sync brought, without asking the endpoint.
        #[arg(long)]
        offline: bool,
    },
    /// Show how far a batch is, over all and HIT by HIT
    Status {
        /// The batch.
        #[arg(value_name = "NAME")]
        name: String,
        /// Show what the last sync brought, without asking the endpoint.
        #[arg(long)]
        offline: bool,
    },
    /// Write the results of a batch to a file
    Export {
        /// The batch.
        #[arg(value_name = "NAME")]
        name: String,
        /// How.
        #[command(flatten)]
        how: ExportOptions,
    },
}

/// Which batch.
#[derive(Debug, Clone, Args)]
pub struct BatchFiles {
    /// The batch file.
    #[arg(value_name = "SPEC.toml")]
    pub spec: PathBuf,
    /// The rows, CSV or JSON lines; wins over the data that the batch file names.
    #[arg(value_name = "DATA")]
    pub data: Option<PathBuf>,
    /// Under another name than the batch file has: another batch.
    #[arg(long = "as", value_name = "NAME")]
    pub name: Option<BatchName>,
}

/// `hitdeck batch require`.
#[derive(Debug, Args)]
pub struct RequireArgs {
    /// The batch file.
    #[arg(value_name = "SPEC.toml")]
    pub spec: PathBuf,
    /// A system type's name, the name of one of your own types, or an ID.
    #[arg(value_name = "QUAL")]
    pub qualification: String,
    /// How it is compared: >=, in, DoesNotExist and so on.
    #[arg(value_name = "COMPARATOR")]
    pub comparator: String,
    /// With what: numbers, or places such as US-NY.
    #[arg(value_name = "VALUE", allow_negative_numbers = true)]
    pub values: Vec<String>,
    /// What is kept from who does not qualify: accept, preview or discover.
    #[arg(long, value_name = "ACTION", default_value = "accept")]
    pub action: String,
}

#[cfg(test)]
mod tests {
    use super::rows;

    #[test]
    fn a_pilot_has_rows() {
        assert_eq!(rows("2"), Ok(2));
        assert!(rows("0").unwrap_err().contains("1 or more"));
        assert!(rows("two").is_err());
    }
}
