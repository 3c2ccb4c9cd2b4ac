//! The command line, one file a subcommand: each has its `Args` and a `run` that answers with an exit code.

pub mod check;
pub mod client;
pub mod compare;
mod diff;
pub mod doctor;
mod exit;
pub mod hint;
mod interrupt;
pub mod learn;
pub mod list;
mod logging;
mod output;
pub mod play;
mod reach;
pub mod report;
pub mod reset;
mod root;
pub mod serve;
mod session;
pub mod undo;

use std::{
    env,
    io::{IsTerminal as _, stderr, stdout},
    path::PathBuf,
};

use anyhow::Context as _;

use crate::progress;

pub use exit::{FAILED, NOT_PASSED, PASSED, Usage, fail};
pub use output::{Closed, StatusLine, print, print_json};
pub use root::find_root;

/// The width that is assumed where there is no terminal.
const DEFAULT_WIDTH: usize = 80;

/// What every subcommand understands.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Global {
    /// The workshop's folder, if it is not this one or above it
    ///
    /// Without it `RTWS_ROOT` is used, then the nearest folder upwards that holds `lessons` and `exercises`.
    #[arg(long, global = true, value_name = "FOLDER")]
    root: Option<PathBuf>,
    /// No colours, and no line that changes in place
    ///
    /// That is also how it is when the output is not a terminal. `NO_COLOR` takes away the colours alone.
    #[arg(long, global = true)]
    plain: bool,
}

/// Where a subcommand works and how it shows what it found.
#[derive(Debug, Clone)]
pub struct Context {
    /// The workshop's folder.
    pub root: PathBuf,
    /// Where the learner's own files are.
    pub home: PathBuf,
    /// How to show things.
    pub ui: Ui,
}

/// What the output can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ui {
    /// Whether escape codes for colours are wanted.
    pub colour: bool,
    /// How many columns a line has.
    pub width: usize,
    /// Whether a status line may change in place on standard error.
    pub status_line: bool,
}

impl Context {
    /// From the global arguments, the environment and the current folder.
    pub fn new(global: &Global) -> anyhow::Result<Self> {
        let root = find_root(global.root.clone())?;
        let home = progress::home(&root, env::var_os("RTWS_HOME").as_deref());
        // Absolute, because programs that are started may run in another folder.
        let home = std::path::absolute(&home).with_context(|| format!("cannot tell where {} is", home.display()))?;
        Ok(Self { root, home, ui: Ui::detect(global.plain) })
    }
}

impl Ui {
    /// What the terminal can show, if there is one and it may be used.
    pub fn detect(plain: bool) -> Self {
        let is_dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        let is_terminal = stdout().is_terminal();
        Self {
            colour: is_terminal && !plain && !is_dumb && from_environment("NO_COLOR").is_none(),
            width: columns(is_terminal),
            status_line: stderr().is_terminal() && !plain && !is_dumb,
        }
    }

    /// `text` in this colour, if colours are wanted.
    pub fn paint(self, paint: Paint, text: &str) -> String {
        if self.colour { format!("\x1b[{}m{text}\x1b[0m", paint.code()) } else { text.to_owned() }
    }
}

/// The colours of plain text output, by their meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// What passed, or was expected.
    Good,
    /// What did not pass, or was not expected.
    Bad,
    /// The part of a bad line that differs.
    BadPart,
    /// The part of a good line that differs.
    GoodPart,
    /// What carries the eye.
    Strong,
    /// What the eye may skip.
    Dim,
}

impl Paint {
    fn code(self) -> &'static str {
        match self {
            Self::Good => "32",
            Self::Bad => "31",
            Self::GoodPart => "32;7",
            Self::BadPart => "31;7",
            Self::Strong => "1",
            Self::Dim => "2",
        }
    }
}

/// A variable that is set to nothing counts as not set.
fn from_environment(name: &str) -> Option<std::ffi::OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

/// A terminal that does not know its size says that it has no columns.
fn columns(is_terminal: bool) -> usize {
    let size = is_terminal.then(crossterm::terminal::size).and_then(Result::ok);
    size.map(|(columns, _)| usize::from(columns)).filter(|columns| *columns > 0).unwrap_or(DEFAULT_WIDTH)
}
