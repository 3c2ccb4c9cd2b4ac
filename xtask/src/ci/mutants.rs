use anyhow::Result;

use super::{Outcome, Section};
use crate::context::Context;

pub(super) const SECTION: Section = Section {
    name: "mutants",
    proves: "Of a sample of small changes to the solutions, the checks notice each that makes a difference.",
    check,
};

/// One in so many: about a minute. All of them take a quarter of an hour.
const ONE_IN: &str = "20";

fn check(context: &mut Context) -> Result<Outcome> {
    let attack = context.cargo("xtask attack --solutions --one-in");
    attack.args([ONE_IN]).check()?;
    Ok(Outcome::Passed)
}
