//! `hitdeck worker`, as it is typed.

use crate::domain::id::WorkerId;
use crate::domain::money::Usd;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Which workers.
#[derive(Debug, Clone, Default, Args)]
pub struct WorkerSelection {
    /// Worker IDs.
    #[arg(value_name = "WORKER")]
    pub workers: Vec<WorkerId>,
    /// A file of worker IDs, one a line; - for stdin.
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Those whom a query finds: in the fields of workers ('sent>=10 approved-rate<90'), or of their assignments
    /// ('batch:pilot -status:rejected').
    #[arg(long = "where", value_name = "QUERY")]
    pub query: Option<String>,
}

impl WorkerSelection {
    /// Whether nothing was selected.
    pub fn is_empty(&self) -> bool {
        self.workers.is_empty() && self.file.is_none() && self.query.is_none()
    }
}

/// `hitdeck worker`.
#[derive(Debug, Subcommand)]
pub enum WorkerCommand {
    /// List everybody who ever worked for the account, those with the most work first
    List {
        /// Which; without any: all of them.
        #[command(flatten)]
        selection: WorkerSelection,
        /// At most so many.
        #[arg(long, value_name = "N")]
        limit: Option<usize>,
        /// Read the bonuses paid for every HIT, not only those paid from here: one request for each HIT.
        #[arg(long)]
        bonuses: bool,
        /// Show what the last sync brought, without asking the endpoint.
        #[arg(long, conflicts_with = "bonuses")]
        offline: bool,
    },
    /// Show all that is known of workers: work, qualifications, bonuses, messages, payments
    Show {
        /// Worker IDs.
        #[arg(value_name = "WORKER", required = true)]
        workers: Vec<WorkerId>,
        /// Show what the last sync brought, without asking the endpoint.
        #[arg(long)]
        offline: bool,
    },
    /// Block workers from all of the account's HITs; says what that does to a worker, and what does it more gently
    Block {
        /// Which.
        #[command(flatten)]
        selection: WorkerSelection,
        /// Why; kept with the block.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Lift blocks
    Unblock {
        /// Which.
        #[command(flatten)]
        selection: WorkerSelection,
        /// Why; kept in the audit trail.
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
    },
    /// List the blocked workers with the reasons
    Blocked {
        /// Show what the last sync brought, without asking the endpoint.
        #[arg(long)]
        offline: bool,
    },
    /// Write to workers, a hundred at a time; a message is never sent again by itself
    Notify {
        /// Which.
        #[command(flatten)]
        selection: WorkerSelection,
        /// At most 200 characters; may hold merge fields such as {{ worker }} and {{ approved }}.
        #[arg(long, value_name = "TEXT")]
        subject: String,
        /// At most 4,096 characters; may hold merge fields.
        #[arg(long, value_name = "TEXT", required_unless_present = "text_file")]
        text: Option<String>,
        /// A file with the text; - for stdin.
        #[arg(long, value_name = "FILE", conflicts_with = "text")]
        text_file: Option<PathBuf>,
    },
    /// Pay bonuses to workers, each on their latest assignment; shows first what they were paid before. A --file with a column
    /// of amounts (and perhaps AssignmentId and Reason) pays each what it says; the same file again pays nothing twice
    Bonus {
        /// Which.
        #[command(flatten)]
        selection: WorkerSelection,
        /// How much for each, in dollars.
        #[arg(long, value_name = "AMOUNT", required_unless_present_any = ["total", "file"])]
        amount: Option<Usd>,
        /// How much in all, shared out evenly.
        #[arg(long, value_name = "AMOUNT", conflicts_with = "amount")]
        total: Option<Usd>,
        /// What the workers read; of lines of the file that have no reason of their own.
        #[arg(long, value_name = "TEXT", required_unless_present = "file")]
        reason: Option<String>,
        /// Pay the lines of a file that are right although others are broken; without it a broken line stops the whole file.
        #[arg(long, requires = "file")]
        skip_broken: bool,
        /// Pay lines of a file although the same was paid before.
        #[arg(long, requires = "file")]
        again: bool,
    },
    /// Write everybody to stdout as the requester website's worker CSV: figures, a pair of columns for each qualification, block
    Export {
        /// Which; without any: all of them.
        #[command(flatten)]
        selection: WorkerSelection,
        /// Write what the last sync brought, without asking the endpoint.
        #[arg(long)]
        offline: bool,
    },
    /// Read the requester website's worker CSV: all UPDATE columns, scores and blocks, as one group
    Import {
        /// The file; - for stdin.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Why workers are blocked whom the file blocks.
        #[arg(long, value_name = "TEXT", default_value = "UPDATE-BlockStatus of a worker file")]
        reason: String,
        /// Take the lines that are right although others are broken; without it a broken line stops the whole file.
        #[arg(long)]
        skip_broken: bool,
        /// Let the endpoint write to the workers whose scores change.
        #[arg(long)]
        tell: bool,
    },
    /// Find workers whose answers share a value that tells people apart: an IP address, a device, a place that the task recorded
    Duplicates {
        /// The answer field (or cell of a results file) with the value; may be given several times. Without any: fields called ip,
        /// ip_address, ipaddress, fingerprint, location or the like.
        #[arg(long = "field", value_name = "NAME")]
        fields: Vec<String>,
        /// Only in this batch.
        #[arg(long, value_name = "NAME")]
        batch: Option<String>,
        /// Show what the last sync brought, without asking the endpoint.
        #[arg(long)]
        offline: bool,
    },
    /// Put everybody who took part on a qualification, so that they are not asked again
    Exclude(ExcludeArgs),
    /// Pay a worker who has no assignment to pay: a HIT that only they can see. The same command again goes on with it
    Pay {
        /// Who.
        #[arg(value_name = "WORKER")]
        worker: WorkerId,
        /// How much, in dollars, without the fee.
        #[arg(long, value_name = "AMOUNT", required_unless_present = "cancel")]
        amount: Option<Usd>,
        /// What the worker reads.
        #[arg(long, value_name = "TEXT", default_value = "Thank you for your work.")]
        reason: String,
        /// Pay although the worker was paid the same amount for the same reason before.
        #[arg(long, conflicts_with = "cancel")]
        again: bool,
        /// Take a payment back that the worker has not taken.
        #[arg(long, conflicts_with = "amount")]
        cancel: bool,
    },
}

/// `hitdeck worker exclude`.
#[derive(Debug, Args)]
pub struct ExcludeArgs {
    /// Which, by name, by file, or by a query over assignments.
    #[command(flatten)]
    pub selection: WorkerSelection,
    /// Everybody who took part in this batch; may be given several times.
    #[arg(long, value_name = "NAME")]
    pub batch: Vec<String>,
    /// Everybody in this results file; may be given several times.
    #[arg(long, value_name = "FILE")]
    pub results: Vec<PathBuf>,
    /// Everybody who holds this qualification (ID or name); may be given several times.
    #[arg(long, value_name = "QUAL")]
    pub holders_of: Vec<String>,
    /// Only those who have handed in at least so many assignments (of the batches that are named, else of all): the most that one
    /// worker may do. Without anything else: of everybody.
    #[arg(long, value_name = "N")]
    pub after: Option<u32>,
    /// The qualification to put them on (ID or name).
    #[arg(long, value_name = "QUAL")]
    pub qual: String,
    /// The score.
    #[arg(long, value_name = "N", default_value_t = 0, allow_negative_numbers = true)]
    pub score: i32,
    /// Write the requirement that keeps them out into this batch file; may be given several times. Its comments and its order
    /// stay, and the same again changes nothing.
    #[arg(long, value_name = "SPEC.toml")]
    pub require_in: Vec<PathBuf>,
    /// Which requirement that is.
    #[arg(long, value_name = "WAY", value_enum, default_value_t = Way::Absent, requires = "require_in")]
    pub way: Way,
    /// Let the qualification be granted to everybody who asks, with this value above the score: new workers need that where
    /// the way is `above`.
    #[arg(long, value_name = "VALUE", requires = "require_in", allow_negative_numbers = true)]
    pub auto_grant: Option<i32>,
}

/// How the next HITs keep out who is excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Way {
    /// They require that the qualification does not exist: everybody who does not hold it may work
    Absent,
    /// They require a score above the one given here: new workers have to ask for the qualification first
    Above,
}
