//! `rtws lesson`: for authors of lessons.

mod add;
mod lint;
mod new;
mod pack;
mod preview;
mod schema;
mod transcripts;

use std::process::ExitCode;

use clap::Subcommand;

use layout::Layout;

use super::{Context, Usage};

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

/// The folder's name of a lesson, which may be broken.
fn folder_of(lesson: &str, context: &Context) -> anyhow::Result<String> {
    let folders = Layout::at(&context.root).lesson_folders()?;
    let names: Vec<_> = folders.iter().filter_map(|folder| folder.path().file_name()?.to_str()).collect();
    let is_it = |name: &&str| *name == lesson || name.split_once('-').is_some_and(|(_, id)| id == lesson);
    let unknown = || {
        let help = fields::suggest::help(lesson, names.iter().copied()).map(|help| format!("; {help}"));
        Usage(format!("there is no lesson `{lesson}`{}", help.unwrap_or_default()))
    };
    Ok(names.iter().copied().find(is_it).ok_or_else(unknown)?.to_owned())
}
