//! `rtws reset`: the starter again, with a copy of what was there.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use serde::Serialize;

use super::{
    Context, PASSED, print, print_json,
    session::{Session, usage},
};
use crate::{
    progress::{Backups, Replaced},
    text::clean,
};

/// Put an exercise's file back as it was at first
///
/// A copy of your code is kept, and the answer says where. That the exercise has passed is not forgotten.
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
    /// Where the copy is; none if there was nothing to keep.
    backup: Option<PathBuf>,
}

/// Restores the starter of an exercise.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<ExitCode> {
    let session = Session::open(context)?;
    let files = session.course.files(&args.exercise).map_err(|unknown| usage(&unknown))?;
    let found = restore(&args.exercise, &files.source, &files.starter, &Backups::new(&context.home))?;
    let changed = found != Replaced::Same;
    let backup = if let Replaced::Kept(backup) = found { Some(backup) } else { None };
    let done = Done { schema: 1, exercise: &args.exercise, file: files.source, changed, backup };
    if args.json {
        print_json(&done)?;
    } else {
        print(&text(&done))?;
    }
    Ok(ExitCode::from(PASSED))
}

fn restore(exercise: &str, source: &Path, starter: &Path, backups: &Backups) -> anyhow::Result<Replaced> {
    let fresh = judge::source::read(starter).map_err(|problem| {
        let starter = starter.display();
        anyhow::anyhow!("cannot read {starter}: {problem}\n`git status` shows whether it is missing.")
    })?;
    Ok(backups.replace(exercise, source, &fresh)?)
}

fn text(done: &Done<'_>) -> String {
    let file = done.file.display();
    clean(&match &done.backup {
        Some(backup) => format!("{file} is the starter again. Your code is kept in {}.", backup.display()),
        None if done.changed => format!("{file} was missing, and is the starter now."),
        None => format!("{file} is the starter already."),
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;

    struct Files {
        folder: TempDir,
    }

    impl Files {
        fn new(source: Option<&str>) -> Self {
            let files = Self { folder: tempfile::tempdir().unwrap() };
            fs::write(files.path("starter.rs"), "// todo\n").unwrap();
            if let Some(source) = source {
                fs::write(files.path("source.rs"), source).unwrap();
            }
            files
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        fn restore(&self) -> Replaced {
            let backups = Backups::new(&self.path("home"));
            restore("first", &self.path("source.rs"), &self.path("starter.rs"), &backups).unwrap()
        }

        fn source(&self) -> String {
            fs::read_to_string(self.path("source.rs")).unwrap()
        }
    }

    #[test]
    fn the_learners_code_is_kept() {
        let files = Files::new(Some("my code"));
        let Replaced::Kept(backup) = files.restore() else { panic!() };
        assert_eq!(files.source(), "// todo\n");
        assert_eq!(fs::read_to_string(backup).unwrap(), "my code");
    }

    #[test]
    fn the_starter_itself_is_not_worth_a_copy() {
        let files = Files::new(Some("// todo\n"));
        assert_eq!(files.restore(), Replaced::Same);
        assert!(!files.path("home").exists());
    }

    #[test]
    fn a_file_that_was_deleted_comes_back() {
        let files = Files::new(None);
        assert_eq!(files.restore(), Replaced::Nothing);
        assert_eq!(files.source(), "// todo\n");
    }
}
