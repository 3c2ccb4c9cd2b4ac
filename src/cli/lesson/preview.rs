//! `rtws lesson preview`: a lesson as a learner sees it.

use std::process::ExitCode;

use anyhow::Context as _;

use crate::authoring::preview::Preview;
use crate::cli::Context;
use crate::cli::learn::open;
use crate::cli::session::{course, usage};
use crate::course::Course;
use crate::learn::model::Position;

/// Show a lesson as a learner sees it; nothing is recorded, and a save shows at once
///
/// The exercises are starters, in a folder of their own that goes when you leave: your files stay as they are.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:
  rtws lesson preview 02-echo          from its first step on
  rtws lesson preview 02-echo about    at this step")]
pub(super) struct Args {
    /// The lesson, by its id, its number or its folder
    #[arg(value_name = "LESSON")]
    lesson: String,
    /// The step to begin at, by its id
    #[arg(value_name = "STEP")]
    step: Option<String>,
}

/// Runs the workshop on a copy until the author leaves it.
pub(super) fn run(args: &Args, context: &Context) -> anyhow::Result<ExitCode> {
    let course = course(&context.root)?;
    let start_at = position(&course, args)?;
    let preview = Preview::of(&course).context("cannot lay a preview out")?;
    let course = Course { layout: preview.layout(), ..course };
    open(course, &preview.home(), Some(start_at), context.ui.depth)
}

fn position(course: &Course, args: &Args) -> anyhow::Result<Position> {
    let wanted = course.lesson(&args.lesson).map_err(|unknown| usage(&unknown))?;
    let lesson = course.lessons.iter().position(|lesson| lesson.id == wanted.id).unwrap_or_default();
    let step = args.step.as_deref().map_or(Ok(0), |step| wanted.place_of(step)).map_err(|unknown| usage(&unknown))?;
    Ok(Position { lesson, step })
}
