use anyhow::Result;

use super::{Outcome, Section, verdicts};
use crate::context::Context;
use crate::test_log;
use crate::workshop::exercises;

pub(super) const SECTION: Section =
    Section { name: "solutions", proves: "Each solution passes each of its scenarios.", check };

fn check(context: &mut Context) -> Result<Outcome> {
    let exercises = exercises(&context.root)?;
    let tests = context.cargo("test --package solutions --test solutions --locked").hidden()?;
    let tests = tests.passed_or("a solution fails")?;
    let outcomes = verdicts::outcomes(&tests)?;
    for exercise in &exercises {
        verdicts::expect(&tests, &outcomes, exercise, test_log::Outcome::Passed)?;
        println!("{:<20} {:2} scenarios pass", exercise.id, exercise.scenarios.len());
    }
    Ok(Outcome::Passed)
}
