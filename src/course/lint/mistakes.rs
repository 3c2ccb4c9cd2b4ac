//! Wrong answers that are told as mistakes: whether they can be made.

use std::path::Path;

use judge::mistakes::{self, Wrong};
use layout::{Layout, Package};

use super::super::diagnostic::{Code, Diagnostic};
use super::super::exercise::Exercise;
use super::subject::Subject;

/// Reads the wrong answers to the exercises of a lesson. It takes a third of the time of a lint, so it is done beside the rest.
pub(super) fn read(root: &Path, exercises: &[Exercise]) -> Vec<Wrong> {
    let workshop = Layout::at(root);
    // Without a solution none can be made, and that is reported as such.
    let solved = exercises.iter().filter(|exercise| workshop.code(Package::Solutions, &exercise.id).exists());
    solved.flat_map(|exercise| mistakes::of(&workshop, &exercise.id)).collect()
}

pub(super) fn check(subject: &Subject<'_>, all: &[Wrong]) {
    for wrong in all {
        let Err(unfit) = &wrong.answer else { continue };
        let (path, line) = wrong.place.rsplit_once(':').unwrap_or((&wrong.place, "1"));
        let mut error = Diagnostic::about(Path::new(path), Code::WrongAnswer, format!("`{}`: {unfit}", wrong.name));
        error.line = line.parse().unwrap_or(1);
        subject.folder.sink.report(error);
    }
}
