//! The files of an exercise that are code. Whether they do what they should takes a build.

use std::path::Path;

use layout::{CodeFile, Package, shown};

use super::super::diagnostic::Code;
use super::super::exercise::Exercise;
use super::super::source::Source;
use super::subject::Subject;

pub(super) fn check(subject: &Subject<'_>, exercise: &Exercise) {
    let file = CodeFile::of(&exercise.id);
    let starter = subject.places.starter(file);
    if subject.exists(&starter) {
        // One that cannot be read is reported, and so is a solution.
        let _ = subject.read(&starter);
        let code = file.path(Package::Exercises);
        if !subject.exists(&code) {
            let help = format!("`rtws reset {}` makes it of the starter", exercise.id);
            missing(subject, &code, "there is no file for the learner", help);
        }
        let bench = file.for_editors();
        let names_it = |bench: Source| bench.text().contains(&format!("/{}\"", file.name()));
        if !subject.read_quietly(&bench).is_some_and(names_it) {
            let message = format!("editors do not know the learner's file: `{}` has to name it", shown(&bench));
            let help = "copy that of another exercise, with the name of this one in it".to_owned();
            subject.warning(&bench, Code::MissingFile, message, help);
        }
    } else {
        missing(subject, &starter, "there is no starter", "write what the learner's file is at first".to_owned());
    }
    let solution = file.path(Package::Solutions);
    if subject.exists(&solution) {
        let _ = subject.read(&solution);
    } else {
        missing(
            subject,
            &solution,
            "there is no solution",
            "write one: expected transcripts are made by it".to_owned(),
        );
    }
}

fn missing(subject: &Subject<'_>, path: &Path, message: &str, help: String) {
    let message = format!("{message}, `{}`", shown(path));
    subject.error(path, Code::MissingFile, message, help);
}
