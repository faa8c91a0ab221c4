//! `hitdeck qual`, as it is typed.

use super::super::worker::args::WorkerSelection;
use crate::config::Span;
use crate::domain::id::QualificationRequestId;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

/// `hitdeck qual`.
#[derive(Debug, Subcommand)]
pub enum QualCommand {
    /// List the account's qualification types
    List {
        /// Also those that others made and that a text finds.
        #[arg(long, value_name = "TEXT")]
        find: Option<String>,
        /// Show what the last sync brought, without asking the endpoint.
        #[arg(long, conflicts_with = "find")]
        offline: bool,
    },
    /// Show qualification types whole: test, answer key, holders, the HITs that require them
    Show {
        /// IDs or names.
        #[arg(value_name = "QUAL", required = true)]
        quals: Vec<String>,
        /// Show what the last sync brought, without asking the endpoint.
        #[arg(long)]
        offline: bool,
    },
    /// Make a qualification type
    Create {
        /// The name, unique in the account; it can never be changed.
        #[arg(long, value_name = "TEXT")]
        name: String,
        /// What workers read.
        #[arg(long, value_name = "TEXT")]
        description: String,
        /// Words by which workers find it, separated by commas; they can never be changed.
        #[arg(long, value_name = "TEXT")]
        keywords: Option<String>,
        /// What else it has.
        #[command(flatten)]
        options: TypeOptions,
    },
    /// Change a qualification type; shows what would change before it is sent
    Update {
        /// ID or name.
        #[arg(value_name = "QUAL")]
        qual: String,
        /// It can never be changed: this only says so.
        #[arg(long, value_name = "TEXT", hide = true)]
        name: Option<String>,
        /// They can never be changed: this only says so.
        #[arg(long, value_name = "TEXT", hide = true)]
        keywords: Option<String>,
        /// What workers read.
        #[arg(long, value_name = "TEXT")]
        description: Option<String>,
        /// Grant it to nobody by itself any more.
        #[arg(long, conflicts_with = "auto_grant")]
        no_auto_grant: bool,
        /// What else is to be changed.
        #[command(flatten)]
        options: TypeOptions,
    },
    /// Delete qualification types
    Delete {
        /// IDs or names.
        #[arg(value_name = "QUAL", required = true)]
        quals: Vec<String>,
    },
    /// Grant a qualification to workers, or change their scores
    Grant {
        /// ID or name.
        #[arg(value_name = "QUAL")]
        qual: String,
        /// To whom.
        #[command(flatten)]
        selection: WorkerSelection,
        /// The score; 1 without it.
        #[arg(long, value_name = "N", allow_negative_numbers = true)]
        score: Option<i32>,
        /// Add this to the score that each has now (nobody's is 0); negative: take it off.
        #[arg(long, value_name = "N", allow_negative_numbers = true, conflicts_with = "score")]
        add: Option<i32>,
        /// Let the endpoint write to the workers.
        #[arg(long)]
        tell: bool,
    },
    /// Give a qualification that was taken away back, with the score that it had
    Restore {
        /// ID or name.
        #[arg(value_name = "QUAL")]
        qual: String,
        /// To whom; without any: to everybody from whom it was taken.
        #[command(flatten)]
        selection: WorkerSelection,
        /// Let the endpoint write to the workers.
        #[arg(long)]
        tell: bool,
    },
    /// Take a qualification away from workers, so that they can take the test again
    Revoke {
        /// ID or name.
        #[arg(value_name = "QUAL")]
        qual: String,
        /// From whom.
        #[command(flatten)]
        selection: WorkerSelection,
        /// Why, as the workers read it.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Read scores from a file, or write them to one
    #[command(subcommand)]
    Scores(ScoresCommand),
    /// List who holds a qualification, with the scores
    Holders {
        /// ID or name.
        #[arg(value_name = "QUAL")]
        qual: String,
        /// Only scores of at least this.
        #[arg(long, value_name = "N", allow_negative_numbers = true)]
        min: Option<i32>,
        /// Only scores of at most this.
        #[arg(long, value_name = "N", allow_negative_numbers = true)]
        max: Option<i32>,
        /// Also those from whom it was taken.
        #[arg(long)]
        revoked: bool,
        /// Show what the last sync brought, without asking the endpoint.
        #[arg(long)]
        offline: bool,
    },
    /// Look after requests for qualifications
    #[command(subcommand)]
    Requests(RequestsCommand),
}

/// What a qualification type has beside its name and description.
#[derive(Debug, Clone, Default, Args)]
pub struct TypeOptions {
    /// Grant it to everybody who asks, with this value; not together with a test.
    #[arg(long, value_name = "VALUE", num_args = 0..=1, default_missing_value = "1", allow_negative_numbers = true)]
    pub auto_grant: Option<i32>,
    /// A QuestionForm document: the test that workers take.
    #[arg(long, value_name = "FILE", conflicts_with = "auto_grant")]
    pub test: Option<PathBuf>,
    /// An AnswerKey document, by which the test is scored and granted at once.
    #[arg(long, value_name = "FILE")]
    pub answer_key: Option<PathBuf>,
    /// How long workers have for the test, such as 40m.
    #[arg(long, value_name = "SPAN", value_parser = Span::parse)]
    pub test_duration: Option<Span>,
    /// How long workers wait until they can ask again, such as 1d; without it they can ask once.
    #[arg(long, value_name = "SPAN", value_parser = Span::parse)]
    pub retry_delay: Option<Span>,
    /// Active: it can be requested and required. Inactive: neither; what was granted stays.
    #[arg(long, value_name = "STATUS", value_enum, ignore_case = true)]
    pub status: Option<Status>,
}

/// `QualificationTypeStatus`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Status {
    /// It can be requested and required.
    Active,
    /// Neither.
    Inactive,
}

/// `hitdeck qual scores`.
#[derive(Debug, Subcommand)]
pub enum ScoresCommand {
    /// Read scores from a file: the website's worker CSV, workerid<TAB>score, worker,score, or a list of workers
    Import {
        /// The file; - for stdin.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// ID or name.
        #[arg(long, value_name = "QUAL")]
        qual: String,
        /// The score of lines that have none.
        #[arg(long, value_name = "N", allow_negative_numbers = true)]
        score: Option<i32>,
        /// Take the lines that are right although others are broken; without it a broken line stops the whole file.
        #[arg(long)]
        skip_broken: bool,
        /// Let the endpoint write to the workers.
        #[arg(long)]
        tell: bool,
    },
    /// Write the scores of all holders to stdout
    Export {
        /// ID or name.
        #[arg(long, value_name = "QUAL")]
        qual: String,
        /// What the file looks like.
        #[arg(long, value_name = "LAYOUT", value_enum, default_value_t = FileLayout::Csv)]
        layout: FileLayout,
    },
}

/// What a score file looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FileLayout {
    /// worker,score
    Csv,
    /// workerid<TAB>score, as the command-line tools had it
    Tab,
    /// the requester website's worker CSV
    Website,
    /// a worker a line
    List,
}

/// `hitdeck qual requests`.
#[derive(Debug, Subcommand)]
pub enum RequestsCommand {
    /// List the requests that wait, with the answers and what the answer key makes of them
    List {
        /// Only of this qualification (ID or name).
        #[arg(long, value_name = "QUAL")]
        qual: Option<String>,
        /// An AnswerKey document in place of the type's own key.
        #[arg(long, value_name = "FILE")]
        answer_key: Option<PathBuf>,
        /// Show what the last sync brought, without asking the endpoint.
        #[arg(long)]
        offline: bool,
    },
    /// Grant requests, each with the value that the answer key gives its test, or all with --score
    Grant {
        /// Request IDs.
        #[arg(value_name = "REQUEST", required_unless_present = "qual")]
        requests: Vec<QualificationRequestId>,
        /// All that wait for this qualification (ID or name).
        #[arg(long, value_name = "QUAL", conflicts_with = "requests")]
        qual: Option<String>,
        /// One score for all of them, in place of what the answer key says.
        #[arg(long, value_name = "N", allow_negative_numbers = true)]
        score: Option<i32>,
        /// An AnswerKey document in place of the type's own key.
        #[arg(long, value_name = "FILE", conflicts_with = "score")]
        answer_key: Option<PathBuf>,
    },
    /// Answer requests from a file: what `requests list -o csv` wrote, with a score, or `reject` and a reason, filled in
    Import {
        /// The file; - for stdin.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Reject requests
    Reject {
        /// Request IDs.
        #[arg(value_name = "REQUEST", required_unless_present = "qual")]
        requests: Vec<QualificationRequestId>,
        /// All that wait for this qualification (ID or name).
        #[arg(long, value_name = "QUAL", conflicts_with = "requests")]
        qual: Option<String>,
        /// Why, as the workers read it.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}
