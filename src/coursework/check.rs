//! Records a verdict on an exercise.

use judge::CheckReport;
use judge::report::Verdict;

use crate::course::Course;
use crate::progress::{Progress, step_key};

/// Whether a report counts. A stale one is about a text that no longer exists.
pub fn counts(report: &CheckReport) -> bool {
    report.verdict != Verdict::Stale
}

/// Records a report that [`counts`]: an attempt, and perhaps a pass, with the code that passed and all steps of the
/// course that it finishes.
pub fn record(progress: &mut Progress, course: &Course, report: &CheckReport, now: u64) {
    if !counts(report) {
        return;
    }
    progress.attempted(&report.id);
    if report.verdict == Verdict::Passed {
        pass(progress, course, report, now);
    }
}

/// The exercise has passed with the code of this report.
pub(super) fn pass(progress: &mut Progress, course: &Course, report: &CheckReport, now: u64) {
    progress.passed(&report.id, &report.code, now);
    for lesson in &course.lessons {
        for step in lesson.steps.iter().filter(|step| step.body.exercise_to_pass() == Some(&report.id)) {
            progress.finish(&step_key(&lesson.id, &step.id), now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coursework::testing::{NOW, course, report};
    use crate::progress::StepState;

    fn recorded(verdict: Verdict) -> Progress {
        let mut progress = Progress::default();
        record(&mut progress, &course(), &report("join-room", verdict), NOW);
        progress
    }

    #[test]
    fn a_pass_finishes_every_step_that_needs_it_and_no_other() {
        let progress = recorded(Verdict::Passed);
        assert!(progress.passed_with("join-room", &report("join-room", Verdict::Passed).code));
        let done: Vec<_> = progress.steps.iter().filter(|(_, step)| step.state == StepState::Done).collect();
        assert_eq!(done.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), ["rooms/join-room", "rooms/recall"]);
    }

    #[test]
    fn a_failure_is_an_attempt_and_a_stale_report_is_nothing() {
        let failed = recorded(Verdict::Failed);
        assert_eq!((failed.exercise("join-room").attempts, failed.steps.len()), (1, 0));
        assert_eq!(recorded(Verdict::Stale), Progress::default());
    }
}
