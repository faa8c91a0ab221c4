//! The command line, as it is typed.

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
    #[arg(short, long, global = true, value_name = "FORM", value_enum, default_value_t = Form::Table)]
    pub output: Form,
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

/// The form of data on stdout.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// Aligned columns, for people.
    #[default]
    Table,
    /// One JSON document.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// Comma-separated values with a header.
    Csv,
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
    /// Show where the configuration is, check it, print its schema
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Generate shell completions and manual pages
    #[command(subcommand)]
    Gen(GenCommand),
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
