//! `rtws lesson lint`: everything that is wrong or doubtful in the lessons.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use judge::Workshop;
use serde::Serialize;

use super::folder::folder_of;
use crate::authoring::full::{self, Tried};
use crate::cli::interrupt::{Interrupted, interrupted};
use crate::cli::output::StatusLine;
use crate::cli::{Context, NOT_PASSED, PASSED, print, print_json};
use crate::colour::Depth;
use crate::course::{Colour, Course, Diagnostic, Lesson, render};

/// Say everything that is wrong or doubtful in the lessons, each with its place
///
/// The exit code is 0 if there is no error, and 1 if there is one; with `--deny-warnings` a warning counts, too.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:
  rtws lesson lint               all lessons
  rtws lesson lint 02-echo       one of them
  rtws lesson lint --full        and whether its answers do what they should
  rtws lesson lint --json        for programs")]
pub(super) struct Args {
    /// Only this lesson, by the name of its folder or by its id
    #[arg(value_name = "LESSON")]
    lesson: Option<String>,
    /// Build and try everything, too: starters, solutions, right and wrong answers, bugs, shows
    #[arg(long)]
    full: bool,
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
    let folder = args.lesson.as_ref().map(|lesson| folder_of(lesson, context)).transpose()?;
    if args.full {
        found.extend(try_all(folder.as_deref(), context)?);
    }
    if let Some(folder) = &folder {
        found.retain(|diagnostic| diagnostic.lesson.as_ref() == Some(folder));
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

/// What is wrong in the lesson with this folder, or in all, that takes a build to find out. A broken one is left out.
fn try_all(folder: Option<&str>, context: &Context) -> anyhow::Result<Vec<Diagnostic>> {
    let Ok(course) = Course::load(&context.root) else { return Ok(Vec::new()) };
    let is_wanted = |lesson: &&Lesson| folder.is_none_or(|folder| lesson.folder_name() == folder);
    let lessons: Vec<_> = course.lessons.iter().filter(is_wanted).collect();
    let (line, began) = (StatusLine::new(context.ui), Instant::now());
    line.show("building what answers link");
    let progress = |tried: Tried| line.show(&in_words(tried, began.elapsed()));
    // Checks run beside each other, so each plays its scenarios one after another.
    let workshop = Workshop { scenarios_at_a_time: 1, ..Workshop::at(&context.root) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        // Dropping the trials ends what they have started.
        let interrupted = interrupted()?;
        tokio::select! {
            found = full::check(&workshop, &lessons, &progress) => Ok(found?),
            () = interrupted => Err(Interrupted.into()),
        }
    })
}

/// How far it is, and how long the rest takes if it goes on like this.
fn in_words(Tried { done, of }: Tried, elapsed: Duration) -> String {
    let left = elapsed.checked_div(u32::try_from(done).unwrap_or(0)).map(|each| {
        let left = each * u32::try_from(of - done).unwrap_or(u32::MAX);
        format!(", about {} s left", left.as_secs())
    });
    format!("{done} of {of} tried{}", left.unwrap_or_default())
}
