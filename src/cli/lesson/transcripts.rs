//! `rtws lesson transcripts`: the expected transcripts, made by the solutions.

use std::process::ExitCode;

use judge::Workshop;
use layout::shown;
use similar::TextDiff;

use crate::authoring::transcripts::{self, Written};
use crate::cli::output::StatusLine;
use crate::cli::session::{course, usage};
use crate::cli::{Context, PASSED, print};
use crate::coursework::progress::in_words;
use crate::text::clean_multiline;

/// Write the expected transcripts of a lesson, made by its solutions, and show what is new in them
///
/// Read them before you keep them: from then on they define what is right. A solution that does not do what a scenario itself
/// expects writes none.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Args {
    /// The lesson, by its id, its number or its folder
    #[arg(value_name = "LESSON")]
    lesson: String,
}

/// Writes them, and shows the differences.
pub(super) fn run(args: &Args, context: &Context) -> anyhow::Result<ExitCode> {
    let course = course(&context.root)?;
    let lesson = course.lesson(&args.lesson).map_err(|unknown| usage(&unknown))?;
    let (line, workshop) = (StatusLine::new(context.ui), Workshop::at(&context.root));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let written = runtime.block_on(transcripts::write(&workshop, lesson, &|it| line.show(&in_words(&it))));
    line.clear();
    let written = written?;
    if written.is_empty() {
        print("nothing has changed")?;
    }
    written.iter().try_for_each(|one| print(&clean_multiline(&difference(one, &workshop))))?;
    Ok(ExitCode::from(PASSED))
}

fn difference(one: &Written, workshop: &Workshop) -> String {
    let (before, now) = (one.before.clone().unwrap_or_default(), format!("{}\n", one.now.trim_end()));
    let lines: String = TextDiff::from_lines(&before, &now)
        .iter_all_changes()
        .map(|change| format!("  {}{change}", change.tag()))
        .collect::<Vec<_>>()
        .concat();
    format!("{}\n{lines}", shown(workshop.layout.from_root(&one.path)))
}
