//! `rtws undo`: the code that was there before a reset or a planted bug.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use serde::Serialize;

use super::{
    Context, NOT_PASSED, PASSED, print, print_json,
    session::{Session, usage},
};
use crate::{coursework::undo, progress::Backups, text::clean};

/// Bring back the code that a reset or a planted bug replaced
///
/// What is there now is kept in its place, so doing it again takes it back.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// The exercise
    #[arg(value_name = "EXERCISE")]
    exercise: String,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct Done<'a> {
    schema: u32,
    exercise: &'a str,
    file: &'a Path,
    /// The copy that was restored; `None` if there was no other code.
    restored: Option<PathBuf>,
    /// Where the copy of the replaced code is; `None` if there was nothing to keep.
    backup: Option<PathBuf>,
}

/// Brings back the newest other code of an exercise.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<ExitCode> {
    let session = Session::open(context)?;
    let files = session.course.files(&args.exercise).map_err(|unknown| usage(&unknown))?;
    let undone = undo::undo(&Backups::new(&context.home), &args.exercise, &files.code)?;
    let code = if undone.is_some() { PASSED } else { NOT_PASSED };
    if args.json {
        let backup = undone.as_ref().and_then(|undone| undone.replaced.clone().kept());
        let restored = undone.map(|undone| undone.restored);
        print_json(&Done { schema: 1, exercise: &args.exercise, file: &files.code, restored, backup })?;
    } else {
        print(&clean(&undo::in_words(&files.code.display().to_string(), undone.as_ref())))?;
    }
    Ok(ExitCode::from(code))
}
