//! `rtws lesson`: for authors of lessons.

mod add;
mod folder;
mod lint;
mod new;
mod pack;
mod preview;
mod schema;
mod transcripts;

use std::process::ExitCode;

use clap::Subcommand;

use super::Context;

/// Write lessons: begin one, find what is wrong in it, look at it, hand it on
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Clone, Subcommand)]
enum Command {
    New(new::Args),
    Lint(lint::Args),
    Transcripts(transcripts::Args),
    Preview(preview::Args),
    Pack(pack::Args),
    Add(add::Args),
    Schema(schema::Args),
}

/// Runs the requested subcommand.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<ExitCode> {
    match &args.command {
        Command::New(args) => new::run(args, context),
        Command::Lint(args) => lint::run(args, context),
        Command::Transcripts(args) => transcripts::run(args, context),
        Command::Preview(args) => preview::run(args, context),
        Command::Pack(args) => pack::run(args, context),
        Command::Add(args) => add::run(args, context),
        Command::Schema(args) => schema::run(args, context),
    }
}
