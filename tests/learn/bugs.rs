//! Each bug of the course is one that an assertion can catch.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use rtws::course::{Body, Bug, Debug};

use crate::workshop::Workshop;

/// The assertion that the bug lays out, completed as its file says, is what the learner's own has to be.
#[test]
fn every_bug_is_told_from_the_worked_example_by_its_proof() {
    let workshop = Workshop::fresh();
    let steps = workshop.course.lessons.iter().flat_map(|lesson| lesson.steps.iter().map(move |step| (lesson, step)));
    let mut planted = 0;
    for (lesson, step) in steps {
        let Body::Debug(debug) = &step.body else { continue };
        let example = lesson.steps.iter().find_map(|step| match &step.body {
            Body::Retype(retype) if retype.exercise.as_ref() == Some(&debug.exercise) => Some(&retype.source),
            _ => None,
        });
        let example = example.expect("it is typed in an earlier step");
        let trial = Trial { workshop: &workshop, debug };
        workshop.save(&debug.exercise, example);
        for bug in &debug.bugs {
            let says = trial.play(bug);
            assert!(says.contains("test result: ok. 1 passed"), "{} on the worked example:\n{says}", bug.id);
        }
        for bug in &debug.bugs {
            workshop.save(&debug.exercise, &bug.plant(example).unwrap());
            let says = trial.play(bug);
            assert!(says.contains("test result: FAILED. 0 passed; 1 failed"), "{} when planted:\n{says}", bug.id);
            assert!(says.contains(" of the scenario)"), "{} fails, but not what it asserts:\n{says}", bug.id);
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
    /// What the exercise's test binary says when it plays the completed assertion alone.
    fn play(&self, bug: &Bug) -> String {
        let path = self.write(bug);
        let mut cargo = Command::new("cargo");
        cargo.args(["test", "--quiet", "--offline", "--package", "exercises", "--test", &self.debug.exercise]);
        let output = self.workshop.in_its_folder(cargo).env("RTWS_SCENARIO", path).output().unwrap();
        [output.stdout, output.stderr].iter().map(|text| String::from_utf8_lossy(text)).collect()
    }

    fn write(&self, bug: &Bug) -> PathBuf {
        let path = self.workshop.home().join(format!("{}.toml", bug.id));
        fs::write(&path, bug.completed_assertion()).unwrap();
        path
    }
}
