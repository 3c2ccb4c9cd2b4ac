use std::io::ErrorKind;
use std::process::Command;

use anyhow::Result;

use super::{Outcome, Section};
use crate::context::Context;

pub(super) const SECTION: Section = Section {
    name: "deny",
    proves: "Licences, sources and duplicate versions of dependencies are those that deny.toml allows; needs cargo-deny.",
    check,
};

fn check(context: &mut Context) -> Result<Outcome> {
    // Building it takes six and a half minutes of processor time, so nothing installs it here.
    if Command::new("cargo-deny").arg("--version").output().is_err_and(|error| error.kind() == ErrorKind::NotFound) {
        return Ok(Outcome::NotRun("cargo-deny is missing: cargo install --locked cargo-deny".to_owned()));
    }
    // The advisories need a database from the network; the hosted workflow checks them.
    context.cargo("deny --offline --locked --color never check bans licenses sources").check()?;
    Ok(Outcome::Passed)
}
