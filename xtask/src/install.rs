//! Installs packages for the tests with other programs, once in each run.

use std::path::Path;

use anyhow::Result;

use crate::context::Context;

/// The packages of a `package-lock.json`.
pub(crate) fn node_packages(context: &mut Context, folder: &str) -> Result<()> {
    let path = context.root.join(folder);
    if context.installed.contains(&path) {
        return Ok(());
    }
    context.program("node").words("--version").check()?;
    context.program("npm").words("ci --no-audit --no-fund").folder(&path).check()?;
    context.installed.insert(path);
    Ok(())
}

/// The clients in JavaScript, Python and Rust that `crates/rooms/tests/stock` starts.
pub(crate) fn stock_clients(context: &Context) -> Result<()> {
    context.program("node").words("--version").check()?;
    context.program("python3").words("--version").check()?;
    context.program(context.root.join("crates/rooms/tests/stock/install")).check()
}

/// A browser, which is installed on Debian only.
pub(crate) fn chromium(context: &Context) -> Result<()> {
    if !is_in_path("chromium") {
        as_root(context, "apt-get update --quiet")?;
        as_root(context, "apt-get install --yes --quiet --no-install-recommends chromium")?;
    }
    context.program("chromium").words("--version").check()
}

fn as_root(context: &Context, command: &str) -> Result<()> {
    let user = context.program("id").words("-u").answer()?.passed()?;
    match command.split_once(' ') {
        Some((program, words)) if user.text.trim() == "0" => context.program(program).words(words).check(),
        _ => context.program("sudo").words(command).check(),
    }
}

fn is_in_path(program: &str) -> bool {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| Path::is_file(&folder.join(program)))
}
