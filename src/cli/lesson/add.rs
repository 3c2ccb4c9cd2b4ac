//! `rtws lesson add`: brings a lesson in.

use std::io::{self, BufRead as _, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use judge::source;
use layout::{LESSONS, Layout};

use crate::authoring::pack::{Pack, PackError};
use crate::cli::{Context, NOT_PASSED, PASSED, Usage, print};
use crate::text::clean_multiline;

/// Bring a lesson into this workshop, after showing what is in it
///
/// It may be a file that `rtws lesson pack` has written, or a lesson's folder in another workshop. A lesson is data and the code
/// of answers. The code is built and run by checks and shows, as your own is; so it comes in only after a yes.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:
  rtws lesson add 02-echo.rtws
  rtws lesson add ../other-workshop/lessons/02-echo --yes")]
pub(super) struct Args {
    /// The file, or the lesson's folder
    #[arg(value_name = "FILE|FOLDER")]
    from: PathBuf,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

/// Shows what is in it, asks, and writes it.
pub(super) fn run(args: &Args, context: &Context) -> anyhow::Result<ExitCode> {
    let pack = pack(&args.from)?;
    print(&clean_multiline(&contents(&pack)))?;
    if !args.yes && !is_wanted()? {
        print("Nothing was added.")?;
        return Ok(ExitCode::from(NOT_PASSED));
    }
    let added = pack.add(&Layout::at(&context.root)).map_err(|error| match error {
        PackError::Taken(_) => anyhow::Error::from(Usage(error.to_string())),
        PackError::NoLesson(_) | PackError::File { .. } | PackError::NoPack(_) | PackError::Refused(_) => error.into(),
    })?;
    print(&format!("{} files are added. See what it is like: rtws lesson lint --full {}", added.len(), pack.lesson))?;
    Ok(ExitCode::from(PASSED))
}

fn pack(from: &Path) -> anyhow::Result<Pack> {
    if !from.is_dir() {
        let bytes = source::bytes(from).with_context(|| format!("cannot read {}", from.display()))?;
        return Ok(Pack::read(&bytes)?);
    }
    let folder = from.canonicalize().with_context(|| format!("cannot read {}", from.display()))?;
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let lessons = folder.parent().filter(|lessons| lessons.ends_with(LESSONS));
    let root = lessons.and_then(Path::parent);
    let root = root.ok_or_else(|| Usage(format!("{} is not a lesson's folder in a workshop", from.display())))?;
    Ok(Pack::of(&Layout::at(root), &name)?)
}

/// What the author of the lesson says about it, and how much there is.
fn contents(pack: &Pack) -> String {
    let code: Vec<_> = pack.files.keys().filter(|path| path.starts_with("solutions")).cloned().collect();
    let exercises = pack.exercises();
    let head = pack.lesson_file().unwrap_or_default();
    let head: Vec<_> = head.lines().take_while(|line| !line.starts_with('[')).filter(|line| !line.is_empty()).collect();
    format!(
        "{}\n\n{}\n\nexercises: {}\n{} files, of which these are code that is built and run:\n  {}",
        pack.lesson,
        head.join("\n"),
        if exercises.is_empty() { "none".to_owned() } else { exercises.join(", ") },
        pack.files.len(),
        if code.is_empty() { "none".to_owned() } else { code.join("\n  ") },
    )
}

fn is_wanted() -> anyhow::Result<bool> {
    if !io::stdin().is_terminal() {
        return Err(Usage("nobody is there to be asked; --yes adds it unasked".to_owned()).into());
    }
    print("\nAdd it? y or n")?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "yes"))
}
