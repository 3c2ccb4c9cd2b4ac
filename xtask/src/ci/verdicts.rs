//! The common part of the sections on exercises and solutions: each scenario is a test with its own outcome.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::job::Printed;
use crate::test_log::{Outcome, programs};
use crate::workshop::Exercise;

/// The outcomes of the tests in a log, by name.
pub(super) type Outcomes = BTreeMap<String, Outcome>;

/// The outcomes of all programs in a log.
pub(super) fn outcomes(printed: &Printed) -> Result<Outcomes> {
    let programs = programs(&printed.text).map_err(|error| printed.fault(error.to_string()))?;
    Ok(programs.into_iter().flat_map(|program| program.tests).map(|test| (test.name, test.outcome)).collect())
}

/// Demands that each scenario of the exercise has this outcome, and that no other test has the exercise's name.
pub(super) fn expect(printed: &Printed, outcomes: &Outcomes, exercise: &Exercise, outcome: Outcome) -> Result<()> {
    let of_exercise = format!("{}::", exercise.id);
    let found: Vec<_> = outcomes.keys().filter_map(|name| name.strip_prefix(&of_exercise)).collect();
    let mut scenarios: Vec<_> = exercise.scenarios.iter().map(String::as_str).collect();
    scenarios.sort_unstable();
    if found != scenarios || scenarios.is_empty() {
        let message = format!("{}: the tests are {found:?}, and the scenarios {scenarios:?}", exercise.id);
        return Err(printed.fault(message));
    }
    match scenarios.iter().find(|scenario| outcomes[&format!("{of_exercise}{scenario}")] != outcome) {
        Some(scenario) => Err(printed.fault(format!("{of_exercise}{scenario} is not {outcome:?}"))),
        None => Ok(()),
    }
}
