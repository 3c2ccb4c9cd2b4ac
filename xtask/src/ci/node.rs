use anyhow::Result;

use super::{Outcome, Section, test};
use crate::context::Context;
use crate::install;

pub(super) const SECTION: Section = Section {
    name: "node",
    proves: "Node's Socket.IO gets along with ours, and passes the scenarios; installs packages of Node.",
    check,
};

fn check(context: &mut Context) -> Result<Outcome> {
    install::node_packages(context, "tests/node")?;
    test::run(context, "with Node", "test --locked --test node -- --ignored")?;
    Ok(Outcome::Passed)
}
