//! Scenarios, and their expected transcripts.

use layout::folder::stem;
use layout::{LessonFolder, shown};
use scenario::Script;
use scenario::transcript::{Transcript, describe};

use super::super::diagnostic::Code;
use super::super::exercise::{Exercise, ScenarioFile};
use super::super::reader::Reader;
use super::subject::Subject;

/// One scenario shows that an answer does something; it takes another to show that it does not do too much.
const FEWEST: usize = 2;

pub(super) fn check(subject: &Subject<'_>, exercise: &Exercise) {
    for scenario in &exercise.scenarios {
        one(subject, exercise, scenario);
    }
    if (1..FEWEST).contains(&exercise.scenarios.len()) {
        let message = format!("one scenario alone checks `{}`", exercise.id);
        let help = "add another: what must not happen, or another order".to_owned();
        subject.warning(&subject.places.scenarios(&exercise.id), Code::FewScenarios, message, help);
    }
    orphans(subject, exercise);
}

fn one(subject: &Subject<'_>, exercise: &Exercise, ScenarioFile { name, .. }: &ScenarioFile) {
    let path = subject.places.scenario(&exercise.id, name);
    let Some(source) = subject.read(&path) else { return };
    let reader = Reader::new(&source, subject.folder.sink);
    let Some(script) = reader.script() else { return };
    let snapshot = subject.places.snapshot(&exercise.id, name);
    let remake = format!("`rtws lesson transcripts {}` writes it; read it then", subject.lesson.id);
    match judge::expected_transcript(&subject.folder.root().join(&snapshot)) {
        None if subject.exists(&snapshot) => {
            subject.error(&snapshot, Code::BadSnapshot, "this is not the snapshot of a transcript", remake);
        }
        None => {
            let message = format!("there is no expected transcript `{}`", shown(&snapshot));
            subject.error(&path, Code::MissingSnapshot, message, remake);
        }
        Some(expected) => {
            if let Some(line) = first_difference(&script, &Transcript::parse(&expected)) {
                subject.error(&snapshot, Code::StaleSnapshot, format!("its scenario has changed: {line}"), remake);
            }
        }
    }
}

/// The first step that the transcript does not have. What clients receive is not compared: that takes a run.
fn first_difference(script: &Script, expected: &Transcript) -> Option<String> {
    let mut expected = expected.entries.iter().map(|entry| entry.action.as_str());
    let actions = script.steps.iter().map(|step| &step.action).filter(|action| !action.is_expectation());
    for (number, action) in (1..).zip(actions.map(describe)) {
        match expected.next() {
            Some(other) if other == action => {}
            Some(other) => return Some(format!("step {number} is `{action}`, and was `{other}`")),
            None => return Some(format!("step {number}, `{action}`, is new")),
        }
    }
    expected.next().map(|gone| format!("`{gone}` is gone"))
}

fn orphans(subject: &Subject<'_>, exercise: &Exercise) {
    let snapshots = LessonFolder::default().snapshots(&exercise.id);
    for name in subject.folder.names(&snapshots) {
        let path = subject.folder.path().join(&snapshots).join(&name);
        let is_known = exercise.scenarios.iter().any(|scenario| scenario.name == stem(&path))
            && path == subject.places.snapshot(&exercise.id, &stem(&path));
        if !is_known {
            subject.warning(&path, Code::Stray, "no scenario has this transcript", "remove it".to_owned());
        }
    }
}
