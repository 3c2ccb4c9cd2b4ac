//! Scenarios of the course, played over TCP with `rtws play` and compared with the snapshots of the simulated network.

#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failed test")]

use std::{
    path::{Path, PathBuf},
    str::from_utf8,
};

use rtws::course::{Colour, Course, ScenarioFile, render};
use scenario::{Script, transcript::Transcript};
use serde_json::Value;
use similar::TextDiff;

use crate::wire::command;

/// A scenario and its expected results.
pub(crate) struct Case {
    /// As `rtws play` takes it: `exercise/scenario`.
    pub(crate) name: String,
    pub(crate) script: Script,
    snapshot: PathBuf,
}

/// The scenarios of an exercise.
pub(crate) fn of(exercise: &str) -> Vec<Case> {
    let course = Course::load(Path::new(env!("CARGO_MANIFEST_DIR")))
        .unwrap_or_else(|diagnostics| panic!("{}", render(&diagnostics, Colour::Off)));
    let snapshots = course.files(exercise).unwrap().snapshots;
    let (_, exercise) = course.exercise(exercise).unwrap();
    assert!(!exercise.scenarios.is_empty(), "{} has no scenarios", exercise.id);
    let case = |file: &ScenarioFile| Case {
        name: format!("{}/{}", exercise.id, file.name),
        script: Script::load(&file.path).unwrap(),
        snapshot: snapshots.join(format!("{}.snap", file.name)),
    };
    exercise.scenarios.iter().map(case).collect()
}

impl Case {
    /// Plays it against the server at `address`.
    ///
    /// # Errors
    ///
    /// The failed expectations, and how the transcript differs from the snapshot.
    pub(crate) fn play(&self, address: &str) -> anyhow::Result<()> {
        // Not as it is shown, with the names of characters that do not show.
        let output = command(&["play", &self.name, "--url", address, "--json"]).output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        let (expected, actual) = (self.expected(), report["transcript"].as_str().unwrap_or_default());
        if output.status.success() && expected == actual {
            return Ok(());
        }
        let said = report["explanation"].as_str().unwrap_or_else(|| from_utf8(&output.stderr).unwrap());
        let mut message = format!("{}: {said}\nThe transcript (- expected, + what happened):\n\n", self.name);
        for change in TextDiff::from_lines(expected.as_str(), actual).iter_all_changes() {
            message += &format!("{}{change}", change.tag());
        }
        Err(anyhow::Error::msg(message))
    }

    /// The snapshot without the rooms, which a server on TCP does not show.
    fn expected(&self) -> String {
        let snapshot = insta::Snapshot::from_file(&self.snapshot).unwrap();
        let transcript = Transcript::parse(&snapshot.as_text().unwrap().to_string());
        Transcript { rooms: None, ..transcript }.to_string()
    }
}
