//! A lesson that was read, and where its mistakes go.

use std::path::Path;

use layout::LessonFolder;

use super::super::diagnostic::{Code, Diagnostic};
use super::super::folder::Folder;
use super::super::source::Source;
use super::super::types::Lesson;

/// A lesson that was read, and the folder that it was read from.
pub(super) struct Subject<'a> {
    pub(super) folder: &'a Folder<'a>,
    pub(super) lesson: &'a Lesson,
    /// The lesson's places, as paths from the workshop's root.
    pub(super) places: LessonFolder,
}

impl Subject<'_> {
    /// A file of the workshop that is there. One that cannot be read is reported.
    pub(super) fn read(&self, path: &Path) -> Option<Source> {
        self.folder.found(path)
    }

    /// The same; one that cannot be read is reported elsewhere.
    pub(super) fn read_quietly(&self, path: &Path) -> Option<Source> {
        Source::read(self.folder.root(), path).ok()
    }

    /// A warning about the table with this id, which one of the files has that the lesson names.
    pub(super) fn warning_at(&self, id: &str, code: Code, message: String, help: &str) {
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

    pub(super) fn exists(&self, path: &Path) -> bool {
        self.folder.root().join(path).exists()
    }

    pub(super) fn error(&self, path: &Path, code: Code, message: impl Into<String>, help: impl Into<Option<String>>) {
        self.folder.sink.report(Diagnostic::about(path, code, message).help(help));
    }

    pub(super) fn warning(&self, path: &Path, code: Code, message: impl Into<String>, help: impl Into<Option<String>>) {
        self.folder.sink.report(Diagnostic::about(path, code, message).warning().help(help));
    }
}
