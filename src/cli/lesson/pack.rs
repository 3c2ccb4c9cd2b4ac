//! `rtws lesson pack`: a lesson in one file.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use layout::Layout;

use super::folder::folder_of;
use crate::authoring::pack::Pack;
use crate::cli::{Context, PASSED, print};

/// Make one file of a lesson, to be handed on
///
/// It holds the lesson's folder, and the solutions, right and wrong answers of its exercises. `rtws lesson add` brings it into
/// another workshop.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Args {
    /// The lesson, by its id or its folder
    #[arg(value_name = "LESSON")]
    lesson: String,
    /// The file to write; without it NUMBER-ID.rtws in the current folder
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Writes it.
pub(super) fn run(args: &Args, context: &Context) -> anyhow::Result<ExitCode> {
    let folder = folder_of(&args.lesson, context)?;
    let pack = Pack::of(&Layout::at(&context.root), &folder)?;
    let output = args.output.clone().unwrap_or_else(|| PathBuf::from(format!("{folder}.rtws")));
    let packed = pack.packed()?;
    fs::write(&output, &packed).with_context(|| format!("cannot write {}", output.display()))?;
    print(&format!("{}: {} files in {} KiB", output.display(), pack.files.len(), packed.len().div_ceil(1024)))?;
    Ok(ExitCode::from(PASSED))
}
