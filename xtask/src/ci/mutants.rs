use anyhow::Result;

use super::{Outcome, Section};
use crate::context::Context;

pub(super) const SECTION: Section = Section {
    name: "mutants",
    proves: "The checks notice every change that matters in a sample of small changes to the solutions.",
    check,
};

/// One in so many: 21 s on two cores. All of them take six minutes.
const ONE_IN: &str = "20";

fn check(context: &mut Context) -> Result<Outcome> {
    let attack = context.cargo("xtask attack --solutions --one-in");
    attack.args([ONE_IN]).check()?;
    Ok(Outcome::Passed)
}
