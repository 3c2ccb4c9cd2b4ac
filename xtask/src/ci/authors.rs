use anyhow::Result;

use super::test::run;
use super::{Outcome, Section};
use crate::context::Context;

pub(super) const SECTION: Section = Section {
    name: "authors",
    proves: "The tests of the authors' tools pass; `cargo test` leaves them to this section.",
    check,
};

fn check(context: &mut Context) -> Result<Outcome> {
    run(context, "of `cargo xtask`", "test --locked --features xtask/authors --bin xtask")?;
    run(context, "of `mutants`", "test --locked --package mutants")?;
    Ok(Outcome::Passed)
}
