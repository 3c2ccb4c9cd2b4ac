//! Where a subcommand works, from the global arguments.

use std::env;
use std::path::PathBuf;

use anyhow::Context as _;

use super::root::find_root;
use super::ui::Ui;
use crate::progress;

/// The arguments of every subcommand.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Global {
    /// The workshop's folder, if it is not this one or above it
    ///
    /// Without it `RTWS_ROOT` is used, then the nearest folder upwards that holds `lessons` and `exercises`.
    #[arg(long, global = true, value_name = "FOLDER")]
    root: Option<PathBuf>,
    /// No colours, and no line that changes in place
    ///
    /// That is also how it is when the output is not a terminal. `NO_COLOR` takes away the colours alone, and
    /// `CLICOLOR_FORCE` keeps them in a file or a pipe.
    #[arg(long, global = true)]
    plain: bool,
}

/// Where a subcommand works, and how it prints its results.
#[derive(Debug, Clone)]
pub struct Context {
    /// The workshop's folder.
    pub root: PathBuf,
    /// Where the learner's own files are.
    pub home: PathBuf,
    /// How to show things.
    pub ui: Ui,
}

impl Context {
    /// Makes it from the global arguments, the environment and the current folder.
    pub fn new(global: &Global) -> anyhow::Result<Self> {
        let root = find_root(global.root.clone())?;
        let home = progress::home(&root, env::var_os("RTWS_HOME").as_deref());
        // Absolute, because programs that are started may run in another folder.
        let home = std::path::absolute(&home).with_context(|| format!("cannot tell where {} is", home.display()))?;
        Ok(Self { root, home, ui: Ui::detect(global.plain) })
    }
}
