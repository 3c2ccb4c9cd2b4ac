//! Checks the fixed code with the learner's assertion, and with the exercise's own scenarios.

use judge::report::Verdict;
use judge::{CheckReport, OnProgress, Package, Workshop};

use super::assertion::{Held, TryError, hold, without_scenarios};
use super::check;
use crate::course::Course;
use crate::progress::steps::DebugStage;
use crate::progress::{Assertions, Progress};

/// The results for the fixed code.
#[derive(Debug, Clone)]
pub struct Fix {
    /// The check with the exercise's own scenarios.
    pub check: CheckReport,
    /// Whether the learner's assertion holds.
    pub assertion_holds: bool,
    /// The explanation of the assertion.
    pub assertion: String,
}

/// Checks the learner's file. Dropping the future ends what it has started.
///
/// # Errors
///
/// When the code cannot be checked.
pub async fn check(
    workshop: &Workshop,
    assertions: &Assertions,
    exercise: &str,
    bug: &str,
    on_progress: OnProgress<'_>,
) -> Result<Fix, TryError> {
    let check = judge::check(workshop, Package::Exercises, exercise, on_progress).await?;
    if check.scenarios.is_empty() {
        return Err(without_scenarios(check));
    }
    let Held { holds, says } =
        hold(workshop, Package::Exercises, exercise, &assertions.path(exercise, bug), on_progress).await?;
    Ok(Fix { check, assertion_holds: holds, assertion: says })
}

/// Records a check of the fixed code in the debug step with this key. The bug is fixed if nothing is [left](Fix::left).
pub fn record(progress: &mut Progress, course: &Course, step: &str, fix: &Fix, now: u64) {
    progress.attempted(&fix.check.id);
    if fix.left().is_none() {
        check::pass(progress, course, &fix.check, now);
        progress.kinds.debug.reach(step, DebugStage::Fixed);
        progress.finish(step, now);
    }
}

impl Fix {
    /// What the code does not do yet; `None` when it is complete.
    pub fn left(&self) -> Option<String> {
        if !self.assertion_holds {
            return Some(format!("Your assertion does not hold yet.\n\n{}", self.assertion));
        }
        if self.check.verdict == Verdict::Passed {
            return None;
        }
        let failed = self.check.scenarios.iter().find(|scenario| scenario.verdict != Verdict::Passed);
        let scenario = failed.map(|scenario| format!("{}\n{}", scenario.title, scenario.explanation));
        let why = scenario.or_else(|| self.check.message.clone()).unwrap_or_else(|| self.check.verdict.to_string());
        Some(format!("Your assertion holds, but the example's own scenarios do not.\n\n{why}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coursework::testing::{NOW, course, report};
    use crate::progress::StepState;

    #[test]
    fn a_fix_needs_the_assertion_and_the_examples_own_scenarios() {
        for (assertion_holds, verdict) in
            [(false, Verdict::Passed), (true, Verdict::Failed), (false, Verdict::Failed), (true, Verdict::Passed)]
        {
            let mut progress = Progress::default();
            progress.kinds.debug.plant("rooms/debug", "to-everyone", "buggy");
            let fix = Fix { check: report("echo", verdict), assertion_holds, assertion: "bob heard it".to_owned() };
            record(&mut progress, &course(), "rooms/debug", &fix, NOW);
            let is_fixed = assertion_holds && verdict == Verdict::Passed;
            assert_eq!(progress.exercise("echo").attempts, 1);
            assert_eq!(progress.has_passed("echo"), is_fixed, "{fix:?}");
            assert_eq!(progress.step_state("rooms/debug") == StepState::Done, is_fixed);
            assert_eq!(progress.kinds.debug.0["rooms/debug"].fixed.contains("to-everyone"), is_fixed);
        }
    }
}
