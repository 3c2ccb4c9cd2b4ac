//! A lesson that was read, and where its mistakes go.

use std::ffi::OsStr;
use std::ops::Range;
use std::path::Path;

use layout::{Language, LessonFolder};

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

    /// A warning about the table below `[[header]]` with this id, in one of the files that the lesson names.
    pub(super) fn warning_at(&self, header: &str, id: &str, code: Code, message: String, help: &str) {
        let files =
            self.folder.used().into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "toml"));
        for source in files.filter_map(|path| self.read_quietly(&path)) {
            if let Some(place) = table_with(source.text(), header, id) {
                let warning = source.error(place, code, message).warning();
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

/// The place of `id = "…"` in the table with this header and this id.
fn table_with(text: &str, header: &str, id: &str) -> Option<Range<usize>> {
    let (mut at, mut is_below) = (0, false);
    for line in text.split_inclusive('\n') {
        let (start, written) = (at, line.trim());
        at += line.len();
        if written.starts_with('[') {
            is_below = written == format!("[[{header}]]");
        } else if is_below
            && let Some((key, value)) = written.split_once('=')
            && key.trim() == "id"
            && value.trim().trim_matches(['"', '\'']) == id
        {
            return Some(start..start + line.trim_end().len());
        }
    }
    None
}

/// Whether a file that the lesson names is a page: it is neither a table nor code.
pub(super) fn is_page(path: &Path) -> bool {
    let is_other = |ending: &OsStr| ending == "toml" || ending == "js";
    !path.extension().is_some_and(is_other) && Language::of(path).is_none()
}
