//! `rtws lesson`: for authors of lessons.

mod lint;
mod new;
mod preview;
mod schema;

use std::process::ExitCode;

use clap::Subcommand;

use super::Context;

/// Write lessons: begin one, find what is wrong in it, look at it
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Clone, Subcommand)]
enum Command {
    New(new::Args),
    Lint(lint::Args),
    Preview(preview::Args),
    Schema(schema::Args),
}

/// Runs the requested subcommand.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<ExitCode> {
    match &args.command {
        Command::New(args) => new::run(args, context),
        Command::Lint(args) => lint::run(args, context),
        Command::Preview(args) => preview::run(args, context),
        Command::Schema(args) => schema::run(args, context),
    }
}
