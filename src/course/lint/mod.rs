//! What is wrong or doubtful in a lesson beyond what keeps it from being opened: everything that can be seen without
//! building or running anything.
//!
//! | file | looks at |
//! |---|---|
//! | `scenarios` | the scenarios of an exercise, and their expected transcripts |
//! | `answers` | the files of an exercise that are code |
//! | `alphabets` | what scripts are generated from, and what was generated |
//! | `bugs` | the scenarios in the file of a bug |
//! | `interviews` | how much an answer says |
//! | `minutes` | whether a step takes as long as its author says |
//! | `pages` | the Markdown of pages |
//! | `code` | the width of code, in pages, texts and re-typed sources |
//! | `strays` | files that nothing uses |

mod alphabets;
mod answers;
mod bugs;
mod code;
mod interviews;
mod minutes;
mod pages;
mod scenarios;
mod strays;

use std::path::Path;

use layout::LessonFolder;

use super::diagnostic::{Code, Diagnostic};
use super::folder::Folder;
use super::source::Source;
use super::types::Lesson;

/// A lesson that was read, and the folder that it was read from.
struct Subject<'a> {
    folder: &'a Folder<'a>,
    lesson: &'a Lesson,
    /// The lesson's places, as paths from the workshop's root.
    places: LessonFolder,
}

/// Reports what is wrong in this lesson.
pub(super) fn check(folder: &Folder<'_>, lesson: &Lesson) {
    let subject = Subject { folder, lesson, places: LessonFolder::at(folder.path()) };
    for exercise in &lesson.exercises {
        scenarios::check(&subject, exercise);
        answers::check(&subject, exercise);
        alphabets::check(&subject, &exercise.id);
    }
    bugs::check(&subject);
    interviews::check(&subject);
    minutes::check(&subject);
    pages::check(&subject);
    code::check(&subject);
    strays::check(&subject);
}

impl Subject<'_> {
    /// A file of the workshop that is there. One that cannot be read is reported.
    fn read(&self, path: &Path) -> Option<Source> {
        self.folder.found(path)
    }

    /// The same; one that cannot be read is reported elsewhere.
    fn read_quietly(&self, path: &Path) -> Option<Source> {
        Source::read(self.folder.root(), path).ok()
    }

    /// A warning about the table with this id, which one of the files has that the lesson names.
    fn warning_at(&self, id: &str, code: Code, message: String, help: &str) {
        let key = format!("id = \"{id}\"");
        for path in self.folder.used() {
            let Some(source) = self.read_quietly(&path) else { continue };
            if let Some(at) = source.text().find(&key) {
                let warning = source.error(at..at + key.len(), code, message).warning();
                return self.folder.sink.report(warning.help(help.to_owned()));
            }
        }
        self.warning(&self.places.file(), code, message, help.to_owned());
    }

    fn exists(&self, path: &Path) -> bool {
        self.folder.root().join(path).exists()
    }

    fn error(&self, path: &Path, code: Code, message: impl Into<String>, help: impl Into<Option<String>>) {
        self.folder.sink.report(Diagnostic::about(path, code, message).help(help));
    }

    fn warning(&self, path: &Path, code: Code, message: impl Into<String>, help: impl Into<Option<String>>) {
        self.folder.sink.report(Diagnostic::about(path, code, message).warning().help(help));
    }
}
