//! `rtws lesson`: for authors of lessons.

mod lint;

use std::process::ExitCode;

use clap::Subcommand;

use super::Context;

/// Write lessons: find what is wrong in them
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Clone, Subcommand)]
enum Command {
    Lint(lint::Args),
}

/// Runs the requested subcommand.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<ExitCode> {
    match &args.command {
        Command::Lint(args) => lint::run(args, context),
    }
}
