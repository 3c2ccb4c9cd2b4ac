//! The folder of a lesson.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

use fields::{Text, suggest};
use layout::folder::entries;
use layout::{LessonFolder, shown};

use super::diagnostic::{Code, Diagnostic, Sink};
use super::reader::Reader;
use super::source::Source;

/// The most bytes of a lesson's file.
const LONGEST_FILE: usize = 256 * 1024;

/// A lesson's folder, from which its files are read.
pub(super) struct Folder<'a> {
    root: &'a Path,
    path: PathBuf,
    /// The files that the lesson has named so far, as paths from the root.
    used: RefCell<BTreeSet<PathBuf>>,
    pub(super) sink: &'a Sink,
}

impl<'a> Folder<'a> {
    /// `path` is relative to `root`.
    pub(super) fn new(root: &'a Path, path: PathBuf, sink: &'a Sink) -> Self {
        Self { root, path, used: RefCell::default(), sink }
    }

    /// The workshop's root.
    pub(super) fn root(&self) -> &Path {
        self.root
    }

    /// The path from the workshop's root, as diagnostics show it.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The path with which the program opens it.
    pub(super) fn full_path(&self) -> PathBuf {
        self.root.join(&self.path)
    }

    /// The files that the lesson has named, as paths from the root.
    pub(super) fn used(&self) -> BTreeSet<PathBuf> {
        self.used.borrow().clone()
    }

    /// The file that every lesson has.
    pub(super) fn lesson_file(&self) -> Option<Source> {
        let path = LessonFolder::at(&self.path).file();
        self.used.borrow_mut().insert(path.clone());
        match Source::read(self.root, &path) {
            Ok(source) => self.bounded(source),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                self.sink.report(
                    Diagnostic::about(&self.path, Code::MissingFile, "there is no `lesson.toml` in this folder")
                        .help("write one, or remove the folder".to_owned()),
                );
                None
            }
            Err(error) => {
                let message = format!("cannot read this file: {error}");
                self.sink.report(Diagnostic::about(path, Code::UnreadableFile, message));
                None
            }
        }
    }

    /// The page of Markdown that the text at `name` names.
    pub(super) fn page(&self, reader: &Reader<'_>, name: &Text) -> Option<Source> {
        let page = self.read(reader, name)?;
        if let Some(excess) = page.excess() {
            self.sink.report(excess);
            return None;
        }
        Some(page)
    }

    /// The file that the text at `name` names.
    pub(super) fn read(&self, reader: &Reader<'_>, name: &Text) -> Option<Source> {
        self.read_as(reader, name, name.get_ref())
    }

    /// The file `relative`, which the text at `name` refers to.
    pub(super) fn read_as(&self, reader: &Reader<'_>, name: &Text, relative: &str) -> Option<Source> {
        let inside =
            Path::new(relative).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if !inside {
            let help = "name a file in the lesson's folder, such as `rooms.md`".to_owned();
            reader.error(name.span(), Code::OutsideFolder, format!("`{relative}` leaves the lesson's folder"), help);
            return None;
        }
        let path = self.path.join(relative);
        self.used.borrow_mut().insert(path.clone());
        if self.leads_outside(&path) {
            let message = format!("`{relative}` is a link that leaves the lesson's folder");
            reader.error(name.span(), Code::OutsideFolder, message, "put the file itself there".to_owned());
            return None;
        }
        match Source::read(self.root, path) {
            Ok(source) => self.bounded(source),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let message = format!("there is no file `{relative}` in the lesson's folder");
                reader.error(name.span(), Code::MissingFile, message, self.near_file(relative));
                None
            }
            Err(error) => {
                unreadable(reader, name, relative, &error);
                None
            }
        }
    }

    /// A file of the workshop that was found in a folder. One that cannot be read is reported.
    pub(super) fn found(&self, path: &Path) -> Option<Source> {
        match Source::read(self.root, path) {
            Ok(source) => self.bounded(source),
            Err(error) => {
                let message = format!("cannot read this file: {error}");
                self.sink.report(Diagnostic::about(path, Code::UnreadableFile, message));
                None
            }
        }
    }

    /// Whether links lead from a path in the folder to a file elsewhere.
    fn leads_outside(&self, path: &Path) -> bool {
        let real = |path: &Path| self.root.join(path).canonicalize();
        matches!((real(path), real(&self.path)), (Ok(file), Ok(folder)) if !file.starts_with(&folder))
    }

    /// A file of the workshop outside this folder, which the text at `name` refers to.
    pub(super) fn outside(&self, reader: &Reader<'_>, name: &Text, path: &Path) -> Option<Source> {
        match Source::read(self.root, path) {
            Ok(source) => self.bounded(source),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let message = format!("there is no file `{}`", shown(path));
                reader.error(name.span(), Code::MissingFile, message, None);
                None
            }
            Err(error) => {
                unreadable(reader, name, &shown(path), &error);
                None
            }
        }
    }

    /// A file that is short enough for a reader and for a parser of TOML.
    fn bounded(&self, source: Source) -> Option<Source> {
        let length = source.text().len();
        if length <= LONGEST_FILE {
            return Some(source);
        }
        let (has, most) = (length >> 10, LONGEST_FILE >> 10);
        let message = format!("this file has {has} KiB, and none may have more than {most}");
        self.sink.report(source.error(LONGEST_FILE..LONGEST_FILE + 1, Code::TooLong, message));
        None
    }

    /// The names in a folder below this one that count, sorted. A folder that is not there has none.
    pub(super) fn names(&self, below: impl AsRef<Path>) -> Vec<String> {
        let entries = entries(&self.full_path().join(below)).unwrap_or_default();
        entries.iter().map(|entry| entry.file_name().unwrap_or_default().to_string_lossy().into_owned()).collect()
    }

    /// The file beside `relative` whose name is most similar.
    fn near_file(&self, relative: &str) -> Option<String> {
        let path = Path::new(relative);
        let below = path.parent().unwrap_or(Path::new(""));
        let wanted = path.file_name().and_then(OsStr::to_str)?;
        let names = self.names(below);
        let near = suggest::nearest(wanted, names.iter().map(String::as_str))?;
        Some(format!("did you mean `{}`?", below.join(near).display()))
    }
}

fn unreadable(reader: &Reader<'_>, name: &Text, path: &str, error: &io::Error) {
    let is_no_text = error.kind() == ErrorKind::InvalidData;
    let help = is_no_text.then(|| "save it as UTF-8 text".to_owned());
    reader.error(name.span(), Code::UnreadableFile, format!("cannot read `{path}`: {error}"), help);
}
