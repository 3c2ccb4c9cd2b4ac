use anyhow::Result;

use super::{Outcome, Section};
use crate::context::Context;

pub(super) const SECTION: Section = Section {
    name: "docs",
    proves: "The documentation builds without a warning, so that every link leads somewhere.",
    check,
};

fn check(context: &mut Context) -> Result<Outcome> {
    context
        .cargo("doc --workspace --features xtask/authors --no-deps --locked")
        .env("RUSTDOCFLAGS", "-D warnings")
        .check()?;
    Ok(Outcome::Passed)
}
