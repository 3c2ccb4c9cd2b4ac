//! Each bug of the course can be caught by an assertion.

use std::fs;
use std::path::PathBuf;

use judge::report::{ScenarioReport, Verdict};
use judge::{Package, check_scenario};
use rtws::course::Body;
use rtws::course::steps::{Bug, Debug};

use crate::workshop::Workshop;

/// The learner's assertion has to be like the bug's starter, completed by the bug's proof.
#[test]
fn every_bug_is_told_from_the_worked_example_by_its_proof() {
    let workshop = Workshop::fresh();
    let steps = workshop.course.lessons.iter().flat_map(|lesson| &lesson.steps);
    let mut planted = 0;
    for step in steps {
        let Body::Debug(debug) = &step.body else { continue };
        let trial = Trial { workshop: &workshop, debug };
        let example = &debug.example;
        workshop.save(&debug.exercise, example);
        for bug in &debug.bugs {
            let report = trial.play(bug);
            assert_eq!(report.verdict, Verdict::Passed, "{} on the worked example: {report:?}", bug.id);
        }
        for bug in &debug.bugs {
            workshop.save(&debug.exercise, &bug.plant(example).unwrap());
            let report = trial.play(bug);
            assert_eq!(report.verdict, Verdict::Failed, "{} when planted: {report:?}", bug.id);
            let says = &report.explanation;
            assert!(says.contains(" of the scenario)"), "{} fails, but not what it asserts: {says}", bug.id);
            planted += 1;
        }
    }
    assert!(planted > 0, "the course has bugs");
}

struct Trial<'a> {
    workshop: &'a Workshop,
    debug: &'a Debug,
}

impl Trial<'_> {
    /// The report of playing the completed assertion alone.
    fn play(&self, bug: &Bug) -> ScenarioReport {
        let (workshop, assertion) = (self.workshop.judged(), self.write(bug));
        let check = check_scenario(&workshop, Package::Exercises, &self.debug.exercise, &assertion, &|_| {});
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let report = runtime.block_on(check).unwrap();
        report.scenarios.first().unwrap_or_else(|| panic!("{}: {report:?}", bug.id)).clone()
    }

    fn write(&self, bug: &Bug) -> PathBuf {
        let path = self.workshop.home().join(format!("{}.toml", bug.id));
        fs::write(&path, bug.completed_assertion()).unwrap();
        path
    }
}
