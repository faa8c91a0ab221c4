//! Subcommands: clap types and one file per subcommand.
