use anyhow::Result;

use super::{Outcome, Section};
use crate::context::Context;

pub(super) const SECTION: Section =
    Section { name: "mutants", proves: "A check notices each of a sample of changes of the solutions.", check };

/// One change in so many is tried. All of them take longer than everything else together.
const ONE_IN: usize = 25;

fn check(context: &mut Context) -> Result<Outcome> {
    let command = format!("run --locked --bin xtask -- attack --solutions --one-in {ONE_IN}");
    let attack = context.cargo(&command).shown()?;
    attack.passed_or("a change of a solution passes all scenarios").map(|_| Outcome::Passed)
}
