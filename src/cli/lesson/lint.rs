//! `rtws lesson lint`: everything that is wrong or doubtful in the lessons.

use std::process::ExitCode;

use serde::Serialize;

use crate::cli::{Context, NOT_PASSED, PASSED, Usage, print, print_json};
use crate::colour::Depth;
use crate::course::{Colour, Course, Diagnostic, render};
use layout::Layout;

/// Say everything that is wrong or doubtful in the lessons, each with its place
///
/// The exit code is 0 if there is no error, and 1 if there is one; with `--deny-warnings` a warning counts, too.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:
  rtws lesson lint               all lessons
  rtws lesson lint 02-echo       one of them
  rtws lesson lint --json        for programs")]
pub(super) struct Args {
    /// Only this lesson, by the name of its folder or by its id
    #[arg(value_name = "LESSON")]
    lesson: Option<String>,
    /// Let a warning count as a mistake
    #[arg(long)]
    deny_warnings: bool,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    diagnostics: &'a [Diagnostic],
}

/// Prints what is wrong.
pub(super) fn run(args: &Args, context: &Context) -> anyhow::Result<ExitCode> {
    let mut found = Course::lint(&context.root);
    if let Some(lesson) = &args.lesson {
        let folder = folder_of(lesson, context)?;
        found.retain(|diagnostic| diagnostic.lesson.as_deref() == Some(&folder));
    }
    if args.json {
        print_json(&Document { schema: 1, diagnostics: &found })?;
    } else if found.is_empty() {
        print("nothing is wrong")?;
    } else {
        let colour = if context.ui.depth == Depth::None { Colour::Off } else { Colour::On };
        print(&render(&found, colour))?;
    }
    let counts = |diagnostic: &Diagnostic| diagnostic.is_error() || args.deny_warnings;
    Ok(ExitCode::from(if found.iter().any(counts) { NOT_PASSED } else { PASSED }))
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
