//! Files of a lesson that nothing uses: usually a name is misspelt, or a step is gone.

use std::path::{Path, PathBuf};

use layout::folder::{entries, stem};
use layout::{CodeFile, LessonFolder};

use super::super::diagnostic::Code;
use super::super::exercise::Exercise;
use super::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) {
    let used = subject.folder.used();
    let mut files = Vec::new();
    collect(&subject.folder.full_path(), &mut files);
    for file in files {
        let Ok(path) = file.strip_prefix(subject.folder.root()) else { continue };
        if !used.contains(path) && !belongs(subject, path) {
            let message = "nothing in this lesson uses this file".to_owned();
            subject.warning(path, Code::Stray, message, "name it where it belongs, or remove it".to_owned());
        }
    }
}

/// A link counts as a file: a folder that it leads to may be above it.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for path in entries(folder).unwrap_or_default() {
        if path.is_dir() && !path.is_symlink() { collect(&path, files) } else { files.push(path) }
    }
}

/// Whether the file belongs to an exercise of the lesson, or is reported with the scenarios.
fn belongs(subject: &Subject<'_>, path: &Path) -> bool {
    let places = &subject.places;
    let is_of_some = subject.lesson.exercises.iter().any(|exercise| {
        let id = exercise.id.as_str();
        let of_exercise =
            [places.starter(CodeFile::of(id)), places.alphabet(id), places.equivalents(id), places.generated(id)];
        of_exercise.iter().any(|place| place == path) || path == places.scenario(id, &stem(path))
    });
    is_of_some || is_of_an_unknown_exercise(subject, path) || is_snapshot_of_some(subject, path)
}

/// A folder of scenarios that no exercise has is reported as one.
fn is_of_an_unknown_exercise(subject: &Subject<'_>, path: &Path) -> bool {
    let known = |exercise: &Exercise| path.starts_with(subject.places.scenarios(&exercise.id));
    path.starts_with(subject.places.all_scenarios()) && !subject.lesson.exercises.iter().any(known)
}

/// Snapshots of an exercise are the business of its scenarios.
fn is_snapshot_of_some(subject: &Subject<'_>, path: &Path) -> bool {
    let mut exercises = subject.lesson.exercises.iter();
    exercises.any(|exercise| path.parent() == Some(&LessonFolder::snapshots(&subject.places, &exercise.id)))
}
