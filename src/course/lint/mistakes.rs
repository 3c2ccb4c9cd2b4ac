//! Wrong answers that are told as mistakes: whether they can be made.

use std::path::Path;

use judge::mistakes;
use layout::{CodeFile, Layout, Package};

use super::super::diagnostic::{Code, Diagnostic};
use super::subject::Subject;

pub(super) fn check(subject: &Subject<'_>, exercise: &str) {
    // Without a solution none can be made, and that has been reported.
    if !subject.exists(&CodeFile::of(exercise).path(Package::Solutions)) {
        return;
    }
    for wrong in mistakes::of(&Layout::at(subject.folder.root()), exercise) {
        let Err(unfit) = &wrong.answer else { continue };
        let (path, line) = wrong.place.rsplit_once(':').unwrap_or((&wrong.place, "1"));
        let mut error = Diagnostic::about(Path::new(path), Code::WrongAnswer, format!("`{}`: {unfit}", wrong.name));
        error.line = line.parse().unwrap_or(1);
        subject.folder.sink.report(error);
    }
}
