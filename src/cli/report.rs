//! `rtws report`: the learner's progress, on one page.

use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use time::UtcOffset;

use super::{Context, PASSED, Usage, print, session::Session};
use crate::clock::unix_seconds;
use crate::progress::{Notes, report::Report};

/// Write down what you have done: steps, exercises, answers, notes
///
/// The page is Markdown and holds all of your notes and interview answers. Its times are those of your time zone, in the
/// JSON document they are unix seconds.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Args {
    /// Write it to this file instead of printing it
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace the file if it is there
    #[arg(long, requires = "output")]
    force: bool,
    /// Make it one JSON document
    #[arg(long)]
    json: bool,
}

/// Prints the report, or writes it.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<ExitCode> {
    let session = Session::open(context)?;
    let report = Report::new(&session.course, &session.progress, &Notes::new(&context.home).all()?, unix_seconds());
    let text = if args.json { serde_json::to_string_pretty(&report)? + "\n" } else { report.markdown(local_offset()) };
    match &args.output {
        None => print(&text)?,
        Some(file) => {
            write(file, &text, args.force)?;
            print(&format!("Written to {}.", file.display()))?;
        }
    }
    Ok(ExitCode::from(PASSED))
}

/// How far the machine's clock is from UTC today, or zero if it does not tell.
fn local_offset() -> UtcOffset {
    UtcOffset::current_local_offset().unwrap_or(UtcOffset::UTC)
}

fn write(file: &Path, text: &str, force: bool) -> anyhow::Result<()> {
    let written = if force {
        fs::write(file, text)
    } else {
        let created = OpenOptions::new().write(true).create_new(true).open(file);
        created.and_then(|mut file| file.write_all(text.as_bytes()))
    };
    match written {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            Err(Usage(format!("{} is there already; --force replaces it", file.display())).into())
        }
        written => written.with_context(|| format!("cannot write {}", file.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_there_is_replaced_only_by_force() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("report.md");
        write(&file, "one", false).unwrap();
        let error = write(&file, "two", false).unwrap_err();
        assert!(error.downcast_ref::<Usage>().is_some_and(|usage| usage.0.contains("--force")), "{error}");
        assert_eq!(fs::read_to_string(&file).unwrap(), "one");
        write(&file, "two", true).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "two");
        assert!(write(&folder.path().join("no/report.md"), "x", false).is_err());
    }
}
