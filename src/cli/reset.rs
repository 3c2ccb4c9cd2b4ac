//! `rtws reset`: puts the starter back, and keeps a copy of the code.

use std::{path::PathBuf, process::ExitCode};

use serde::Serialize;

use super::{
    Context, PASSED, print, print_json,
    session::{Session, usage},
};
use crate::{
    coursework::reset,
    progress::{Backups, Replaced},
    text::clean,
};

/// Put an exercise's file back as it was at first
///
/// A copy of your code is kept, and the answer says where. A pass of the exercise is not forgotten.
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
    file: PathBuf,
    changed: bool,
    /// Where the copy is; `None` if there was nothing to keep.
    backup: Option<PathBuf>,
}

/// Restores the starter of an exercise.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<ExitCode> {
    let session = Session::open(context)?;
    let files = session.course.files(&args.exercise).map_err(|unknown| usage(&unknown))?;
    let replaced = reset::reset(&Backups::new(&context.home), &args.exercise, &files.code, &files.starter)?;
    if args.json {
        let changed = replaced != Replaced::Same;
        print_json(&Done { schema: 1, exercise: &args.exercise, file: files.code, changed, backup: replaced.kept() })?;
    } else {
        print(&clean(&reset::in_words(&files.code.display().to_string(), &replaced)))?;
    }
    Ok(ExitCode::from(PASSED))
}
