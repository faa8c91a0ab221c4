//! The command line, as it is typed.

use super::archive::ArchiveArgs;
use super::batch::args::BatchCommand;
use super::export::ExportArgs;
use super::hit::Until;
use super::import::ImportArgs;
use super::market::MarketCommand;
use super::qual::args::QualCommand;
use super::review::ReviewCommand;
use super::worker::args::WorkerCommand;
use crate::domain::id::{AssignmentId, HitId, HitTypeId};
use crate::domain::money::Usd;
use crate::exchange::output::Format;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// The requester's desk for Mechanical Turk work.
#[derive(Debug, Parser)]
#[command(name = "hitdeck", version, about, long_about = None, propagate_version = false)]
#[command(after_help = "Without a command the desk opens on the configured environment. `hitdeck demo` opens it on a \
                        throw-away market: no account, no network, no set-up.\n\nExit codes: 0 done, 1 failed, 2 usage, \
                        3 configuration, 4 credentials, 5 decisions left unsent, 6 some items failed, 129 hang-up.")]
pub struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do; without it: the desk.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Options that every command takes, before or after its name.
#[derive(Debug, Clone, Default, Args)]
pub struct Global {
    /// The environment: sandbox, production, or one of the configuration file.
    #[arg(long, global = true, value_name = "NAME")]
    pub env: Option<String>,
    /// The address of an MTurk-compatible service [also: AWS_ENDPOINT_URL_MTURK, AWS_ENDPOINT_URL].
    #[arg(long, global = true, value_name = "URL")]
    pub endpoint: Option<String>,
    /// The profile of the AWS shared files [also: AWS_PROFILE].
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<String>,
    /// The configuration file [default: ~/.config/hitdeck/config.toml].
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where the data goes; each account has its folder below it [default: ~/.local/share/hitdeck].
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Decide nothing, change nothing.
    #[arg(long, global = true)]
    pub read_only: bool,
    /// How data is written to stdout.
    #[arg(short, long, global = true, value_name = "FORM", default_value = "table", value_parser = formats())]
    pub output: Format,
    /// Ask no questions: also answers the money guard and the reject brake.
    #[arg(long, global = true)]
    pub yes: bool,
    /// Go the same way, but send nothing.
    #[arg(long, global = true)]
    pub dry_run: bool,
    /// Colours.
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = When::Auto)]
    pub color: When,
    /// Say more on stderr and in the log; twice for everything.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

fn formats() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(Format::name)).try_map(|name| name.parse::<Format>())
}

/// When to use colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal that has them, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open the desk on a throw-away market with simulated workers: no account, no network, no set-up
    Demo(DemoArgs),
    /// Run and look after an MTurk-compatible market of your own
    #[command(subcommand)]
    Market(MarketCommand),
    /// Show the account's balance
    Balance,
    /// List, show, extend, expire and delete HITs
    #[command(subcommand)]
    Hit(HitCommand),
    /// Turn a template and a table into HITs: new, check, preview, publish, top up
    #[command(subcommand)]
    Batch(BatchCommand),
    /// List, show, approve, reject and reward assignments
    #[command(subcommand)]
    Assignment(AssignmentCommand),
    /// Know your workers: list, show, block, write to, reward, exclude and pay them
    #[command(subcommand)]
    Worker(WorkerCommand),
    /// Say who may work: qualification types, scores, requests
    #[command(subcommand)]
    Qual(QualCommand),
    /// Open results files without an endpoint: search, review and export them like live work
    Import(ImportArgs),
    /// Write results for other programs: the requester website's layout, a tidy table, JSON lines
    Export(ExportArgs),
    /// Decide what somebody has marked in a file
    #[command(subcommand)]
    Review(ReviewCommand),
    /// Look after decisions that are not settled yet
    #[command(subcommand)]
    Outbox(OutboxCommand),
    /// Read the account into the local mirror
    Sync,
    /// Copy the complete account into a directory: hashed, resumable, with a manifest of what is missing
    Archive(ArchiveArgs),
    /// Show which key runs which command in the desk
    Keys,
    /// Show where the configuration is, check it, print its schema
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Say what works and what does not, with the fix
    Doctor,
    /// Generate shell completions and manual pages
    #[command(subcommand)]
    Gen(GenCommand),
}

/// `hitdeck demo`.
#[derive(Debug, Clone, Args)]
pub struct DemoArgs {
    /// Put the work of a batch-results CSV on the market, instead of demo work. May be repeated.
    #[arg(long, value_name = "FILE")]
    pub import: Vec<PathBuf>,
    /// How many HITs of demo work; more follow when the simulated workers find little to do [default: 60, with --import 0].
    #[arg(long, value_name = "N")]
    pub hits: Option<u32>,
    /// How many simulated workers.
    #[arg(long, value_name = "N", default_value_t = 24)]
    pub workers: u32,
    /// What the simulated workers do follows from this number.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// How much faster than the clock market time passes.
    #[arg(long, value_name = "X", default_value_t = 60.0)]
    pub speed: f64,
    /// Keep market and desk in this folder, and go on there the next time.
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
}

/// Which assignments.
#[derive(Debug, Clone, Default, Args)]
pub struct Selection {
    /// Assignment IDs.
    #[arg(value_name = "ASSIGNMENT")]
    pub assignments: Vec<AssignmentId>,
    /// A file of assignment IDs, one a line; - for stdin.
    #[arg(long, value_name = "FILE")]
    pub ids: Option<PathBuf>,
    /// Those that a query finds, e.g. 'status:submitted batch:pilot answer.label:no'.
    #[arg(long = "where", value_name = "QUERY", conflicts_with_all = ["assignments", "ids"])]
    pub query: Option<String>,
}

impl Selection {
    /// Whether nothing was selected.
    pub fn is_empty(&self) -> bool {
        self.assignments.is_empty() && self.ids.is_none() && self.query.is_none()
    }
}

/// Which HITs.
#[derive(Debug, Clone, Default, Args)]
pub struct HitSelection {
    /// HIT IDs.
    #[arg(value_name = "HIT")]
    pub hits: Vec<HitId>,
    /// A file of HIT IDs, one a line; - for stdin.
    #[arg(long, value_name = "FILE")]
    pub ids: Option<PathBuf>,
    /// All HITs of a batch.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["hits", "ids"])]
    pub batch: Option<String>,
}

/// `hitdeck hit`.
#[derive(Debug, Subcommand)]
pub enum HitCommand {
    /// List the account's HITs with their progress
    List {
        /// Only the HITs of this batch.
        #[arg(long, value_name = "NAME")]
        batch: Option<String>,
        /// Only HITs in this state: assignable, unassignable, reviewable or reviewing.
        #[arg(long, value_name = "STATUS", value_parser = hit_status)]
        status: Option<crate::domain::hit::HitStatus>,
        /// In which order: by batch, or by when the endpoint disposes of them, the soonest first.
        #[arg(long, value_name = "ORDER", value_enum, default_value_t = HitOrder::Batch)]
        sort: HitOrder,
        /// Show what the last sync brought, without asking the endpoint.
        #[arg(long)]
        offline: bool,
    },
    /// Show HITs with everything that is known of them
    Show {
        /// HIT IDs.
        #[arg(value_name = "HIT", required = true)]
        hits: Vec<HitId>,
        /// Show what the last sync brought, without asking the endpoint.
        #[arg(long)]
        offline: bool,
    },
    /// Let no more workers accept these HITs
    Expire(HitSelection),
    /// Delete HITs, expiring them first where needed; says which could not go and why, and what was never exported
    Delete(HitSelection),
    /// Give HITs more time, more assignments, or both
    #[command(
        after_help = "A HIT made with fewer than 10 assignments costs the lower fee and can never have 10 or more: \
                            publish new HITs for further answers."
    )]
    Extend {
        /// Which.
        #[command(flatten)]
        selection: HitSelection,
        /// Until when they can be accepted: 2026-12-01T18:00, or from now: 12h, 3d.
        #[arg(long, value_name = "TIME")]
        until: Option<Until>,
        /// How many more assignments each.
        #[arg(long, value_name = "N")]
        add: Option<u32>,
    },
    /// Give HITs that nobody has accepted yet another HIT type: title, reward, times, requirements
    Retype {
        /// Which.
        #[command(flatten)]
        selection: HitSelection,
        /// The HIT type they get.
        #[arg(long, value_name = "HITTYPE")]
        to: HitTypeId,
    },
    /// Mark Reviewable HITs as Reviewing, or take the mark away
    ReviewStatus {
        /// Which.
        #[command(flatten)]
        selection: HitSelection,
        /// Back from Reviewing to Reviewable.
        #[arg(long)]
        revert: bool,
    },
}

/// The order of a list of HITs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum HitOrder {
    /// By batch, as they were made.
    #[default]
    Batch,
    /// Those that the endpoint disposes of first, 120 days after their end.
    Purge,
}

fn hit_status(text: &str) -> Result<crate::domain::hit::HitStatus, String> {
    use crate::domain::hit::HitStatus;
    let found = HitStatus::ALL.into_iter().find(|status| status.name().eq_ignore_ascii_case(text));
    found.ok_or_else(|| "expected assignable, unassignable, reviewable, reviewing or disposed".to_owned())
}

/// `hitdeck assignment`.
#[derive(Debug, Subcommand)]
pub enum AssignmentCommand {
    /// List assignments, the most urgent first
    List {
        /// Which; without any: all of them.
        #[command(flatten)]
        selection: Selection,
        /// At most so many.
        #[arg(long, value_name = "N")]
        limit: Option<usize>,
        /// Show what the last sync brought, without asking the endpoint.
        #[arg(long)]
        offline: bool,
    },
    /// Show assignments: the item, the decoded answer, the other workers' answers
    Show {
        /// Which.
        #[command(flatten)]
        selection: Selection,
        /// Show what the last sync brought, without asking the endpoint.
        #[arg(long)]
        offline: bool,
    },
    /// Approve assignments: the workers are paid
    Approve {
        /// Which.
        #[command(flatten)]
        selection: Selection,
        /// What the workers read.
        #[arg(long, value_name = "TEXT")]
        feedback: Option<String>,
        /// Reverse earlier rejections (within 30 days of them).
        #[arg(long = "override")]
        override_rejection: bool,
    },
    /// Reject assignments: the workers are not paid
    Reject {
        /// Which.
        #[command(flatten)]
        selection: Selection,
        /// The reason, which the workers read.
        #[arg(long, value_name = "TEXT")]
        feedback: String,
    },
    /// Pay a bonus for assignments
    Bonus {
        /// Which.
        #[command(flatten)]
        selection: Selection,
        /// How much for each, in dollars.
        #[arg(long, value_name = "AMOUNT")]
        amount: Usd,
        /// What the workers read.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

/// `hitdeck outbox`.
#[derive(Debug, Subcommand)]
pub enum OutboxCommand {
    /// List decisions that are not settled
    List {
        /// Also those that are done, failed or taken back.
        #[arg(long)]
        all: bool,
    },
    /// Send what is staged, wait out back-offs, settle unknown outcomes
    Send,
    /// Take back decisions that have not left
    Discard {
        /// Their numbers, as `outbox list` shows them.
        #[arg(value_name = "NUMBER", required_unless_present = "all")]
        decisions: Vec<i64>,
        /// All that have not left.
        #[arg(long, conflicts_with = "decisions")]
        all: bool,
    },
}

/// `hitdeck config`.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print where the configuration file is looked for
    Path,
    /// Read the configuration and say what it amounts to, or what is wrong with it
    Check,
    /// Print the JSON schema of the configuration file
    Schema,
}

/// `hitdeck gen`.
#[derive(Debug, Subcommand)]
pub enum GenCommand {
    /// Print the completions for a shell
    Completions {
        /// Which.
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write one page for each command into a folder
    Man {
        /// The folder.
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
}
