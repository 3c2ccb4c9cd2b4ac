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
use crate::{
    progress::{Backups, FileError, Replaced, Undone},
    text::clean,
};

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
    /// The copy that is back; none if there was nothing else to bring back.
    restored: Option<PathBuf>,
    /// Where the copy of what was there is; none if there was nothing to keep.
    backup: Option<PathBuf>,
}

/// Brings the newest other code of an exercise back.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<ExitCode> {
    let session = Session::open(context)?;
    let files = session.course.files(&args.exercise).map_err(|unknown| usage(&unknown))?;
    let done = undo(&args.exercise, &files.source, &Backups::new(&context.home))?;
    if args.json {
        print_json(&done)?;
    } else {
        print(&text(&done))?;
    }
    Ok(ExitCode::from(if done.restored.is_some() { PASSED } else { NOT_PASSED }))
}

fn undo<'a>(exercise: &'a str, file: &'a Path, backups: &Backups) -> Result<Done<'a>, FileError> {
    let (restored, backup) = match backups.undo(exercise, file)? {
        Some(Undone { restored, replaced: Replaced::Kept(backup) }) => (Some(restored), Some(backup)),
        Some(Undone { restored, .. }) => (Some(restored), None),
        None => (None, None),
    };
    Ok(Done { schema: 1, exercise, file, restored, backup })
}

fn text(done: &Done<'_>) -> String {
    let file = done.file.display();
    clean(&match (&done.restored, &done.backup) {
        (None, _) => format!("There is no other code to bring back: nothing of {file} was replaced."),
        (Some(restored), None) => format!("{file} was missing, and is as kept in {}.", restored.display()),
        (Some(restored), Some(backup)) => format!(
            "{file} is as kept in {}. What it was is in {}; the same command takes it back.",
            restored.display(),
            backup.display()
        ),
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn it_says_what_is_back_and_where_the_rest_is() {
        let folder = tempfile::tempdir().unwrap();
        let (file, backups) = (folder.path().join("first.rs"), Backups::new(folder.path()));
        fs::write(&file, "mine").unwrap();
        let done = undo("first", &file, &backups).unwrap();
        assert!(text(&done).starts_with("There is no other code"), "{done:?}");
        backups.replace("first", &file, "starter").unwrap();
        let done = undo("first", &file, &backups).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
        assert_eq!(fs::read_to_string(done.backup.as_ref().unwrap()).unwrap(), "starter");
        assert!(text(&done).contains("takes it back"), "{done:?}");
        fs::remove_file(&file).unwrap();
        let done = undo("first", &file, &backups).unwrap();
        assert!(text(&done).contains("was missing"), "{done:?}");
    }
}
