//! `rtws supervise`: the process that stands between `rtws` and what it starts. Not for people.

use std::{ffi::OsString, process::ExitCode};

use super::PASSED;
use crate::runner::{Supervised, supervise};

/// Run a program and end everything that it leaves behind; `rtws` calls this itself
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// End it when it has more processes than this
    #[arg(long, value_name = "COUNT")]
    most_processes: Option<usize>,
    /// Keep its standard input open until it is asked to end
    #[arg(long)]
    input_until_asked: bool,
    /// The program and its arguments
    #[arg(required = true, last = true)]
    command: Vec<OsString>,
}

/// Runs the subcommand.
///
/// # Errors
///
/// When standard input is not the socket that `rtws` makes it.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let Args { most_processes, input_until_asked, command } = args.clone();
    supervise(&Supervised { command, input_until_asked, most_processes })?;
    Ok(PASSED.into())
}
