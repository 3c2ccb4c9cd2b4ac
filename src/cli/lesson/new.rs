//! `rtws lesson new`: a lesson that works as it stands.

use std::process::ExitCode;

use layout::{Layout, shown};

use crate::authoring::new::{NewError, NewLesson};
use crate::cli::{Context, PASSED, Usage, print};
use crate::course::Body;

/// Write a new lesson that works as it stands, to be changed bit by bit
///
/// It has an exercise with two scenarios, a solution and a wrong answer. Nothing that is there is overwritten.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:
  rtws lesson new 02-typing-indicator                      a page and an exercise
  rtws lesson new 02-typing-indicator --with read,predict  these kinds of steps
  rtws lesson new 02-typing-indicator --all                a step of each kind")]
pub(super) struct Args {
    /// The name of its folder: its number, a hyphen, its id
    #[arg(value_name = "NUMBER-ID")]
    folder: String,
    /// The kinds of its steps
    #[arg(long, value_name = "KINDS", value_delimiter = ',', default_value = "read,exercise")]
    with: Vec<String>,
    /// A step of each kind
    #[arg(long, conflicts_with = "with")]
    all: bool,
}

/// Writes it, and says what comes next.
pub(super) fn run(args: &Args, context: &Context) -> anyhow::Result<ExitCode> {
    let kinds = if args.all { Body::KINDS.iter().map(|kind| (*kind).to_owned()).collect() } else { args.with.clone() };
    let lesson = NewLesson { folder: args.folder.clone(), kinds: kinds.into_iter().collect() };
    let files = lesson.write(&Layout::at(&context.root)).map_err(|error| match error {
        NewError::Write { .. } => anyhow::Error::from(error),
        NewError::Name(_) | NewError::Kind(_) | NewError::Taken(_) | NewError::Exists(_) => {
            Usage(error.to_string()).into()
        }
    })?;
    let files: Vec<_> = files.iter().map(|file| format!("  {}", shown(file))).collect();
    let folder = &args.folder;
    print(&format!(
        "{}\n\nIt works as it stands: change it bit by bit.\n  rtws lesson lint {folder}      everything that is wrong in \
         it\n  rtws learn {folder}            as a learner sees it",
        files.join("\n")
    ))?;
    Ok(ExitCode::from(PASSED))
}
