//! `rtws lesson schema`: the keys of lessons for editors.

use std::process::ExitCode;

use anyhow::anyhow;
use layout::shown;

use crate::authoring::schema;
use crate::cli::{Context, PASSED, print};

/// Write JSON Schemas of the files that authors write, so that editors complete and check them
///
/// They are in `lessons/.schemas`; `.taplo.toml` tells editors which file each is for, and `lessons/KEYS.md` is a page about
/// all keys. All are made of the tables that read lessons.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Args {}

/// Writes what has changed, and names it.
pub(super) fn run(_: &Args, context: &Context) -> anyhow::Result<ExitCode> {
    let changed = schema::write(&context.root)
        .map_err(|(path, error)| anyhow!(error).context(format!("cannot write {}", path.display())))?;
    if changed.is_empty() {
        print("nothing has changed")?;
    }
    changed.iter().try_for_each(|path| print(&shown(path)))?;
    Ok(ExitCode::from(PASSED))
}
