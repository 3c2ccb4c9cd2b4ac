use anyhow::Result;

use super::{Outcome, Section, test};
use crate::context::Context;
use crate::install;

pub(super) const SECTION: Section = Section {
    name: "browser",
    proves: "Pages in Chromium see of the server what they see of a closed port; installs Chromium and packages of Node.",
    check,
};

fn check(context: &mut Context) -> Result<Outcome> {
    install::chromium(context)?;
    install::node_packages(context, "tests/node")?;
    install::node_packages(context, "tests/browser")?;
    // Each has its own browser, and two cores are enough for two.
    test::run(context, "in a browser", "test --locked --test browser -- --ignored --test-threads=2")?;
    Ok(Outcome::Passed)
}
