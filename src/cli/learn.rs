//! `rtws learn`: the workshop.

use std::path::Path;
use std::process::ExitCode;

use super::{Context, PASSED, session::Session, session::usage};
use crate::colour::Depth;
use crate::course::Course;
use crate::learn::{self, End, model::Position};
use crate::progress::{StepState, step_key};

/// Open the workshop
///
/// Starts a Socket.IO server on 127.0.0.1:7420, or on the next free port, and goes on where you left off. Press `?` for
/// the keys and `q` to leave: everything is kept.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Args {
    /// A lesson to go to, by its id or number; without one, where you left off
    #[arg(value_name = "LESSON")]
    lesson: Option<String>,
}

/// Runs the workshop until the learner leaves it.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<ExitCode> {
    let session = Session::open(context)?;
    let start_at = args.lesson.as_deref().map(|lesson| first_open_step(&session, lesson)).transpose()?;
    open(session.course, &context.home, start_at, context.ui.depth)
}

/// Opens the workshop at a step, for the learner whose files are in `home`, until it is left.
pub(super) fn open(course: Course, home: &Path, start_at: Option<Position>, depth: Depth) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let end = runtime.block_on(learn::run(course, home, start_at, depth))?;
    // A watcher or an editor may still hold a thread; the learner does not wait for it.
    runtime.shutdown_background();
    Ok(ExitCode::from(match end {
        End::Left => PASSED,
        End::Signal(code) => code,
    }))
}

/// The first step of a lesson that is not done, or its first.
fn first_open_step(session: &Session<'_>, wanted: &str) -> anyhow::Result<Position> {
    let wanted = session.course.lesson(wanted).map_err(|unknown| usage(&unknown))?;
    let lesson = session.course.lessons.iter().position(|lesson| lesson.id == wanted.id).unwrap_or_default();
    let is_open = |id: &str| session.progress.step_state(&step_key(&wanted.id, id)) != StepState::Done;
    let step = wanted.steps.iter().position(|step| is_open(&step.id)).unwrap_or_default();
    Ok(Position { lesson, step })
}
