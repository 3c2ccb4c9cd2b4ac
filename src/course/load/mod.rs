//! From the files under `lessons/` to a [`Course`].

mod exercise;
mod lesson;
mod requires;
mod show;
mod step;

use std::path::Path;

use fields::Shape;
use layout::folder::folders;
use layout::{LESSONS, Layout, LessonName};

use self::lesson::Draft;
use super::diagnostic::{Code, Diagnostic, Sink};
use super::folder::Folder;
use super::lint;
use super::names::Names;
use super::types::{Broken, Course, Lesson};

/// What may be written in `lesson.toml`.
pub(super) fn lesson_shape() -> Shape {
    lesson::shape()
}

impl Course {
    /// Reads the lessons under `root`. Those with mistakes are [`Course::broken`]; the others can be used.
    ///
    /// # Errors
    ///
    /// If no lesson can be opened: every mistake in them.
    pub fn load(root: &Path) -> Result<Self, Vec<Diagnostic>> {
        let (course, found) = read(root, |_, _, _| ());
        if course.lessons.is_empty() { Err(found) } else { Ok(course) }
    }

    /// Everything that is wrong or doubtful in the lessons under `root`.
    pub fn lint(root: &Path) -> Vec<Diagnostic> {
        read(root, lint::check).1
    }
}

/// Reads as much as possible, and has `look_at` look at each lesson that was read, and told whether it opens. All mistakes are returned, in reading order.
fn read(root: &Path, look_at: fn(&Folder<'_>, &Lesson, bool)) -> (Course, Vec<Diagnostic>) {
    let sink = Sink::default();
    let mut names = Names::default();
    let (mut drafts, mut closed): (Vec<Draft>, Vec<Draft>) = (Vec::new(), Vec::new());
    let folders = lesson_folders(root, &sink);
    for name in &folders {
        sink.enter(name);
        let Some(LessonName { number, id }) = LessonName::parse(name) else {
            sink.report(bad_name(name));
            continue;
        };
        let folder = Folder::new(root, Path::new(LESSONS).join(name), &sink);
        if let Some(earlier) = drafts.iter().find(|draft| draft.lesson.id == id || draft.lesson.number == number) {
            sink.report(taken(&folder, name, earlier));
        }
        // A lesson that cannot be opened takes no id from another.
        let mut with_its_own = names.clone();
        let draft = lesson::read(&folder, number, id, &mut with_its_own);
        let opens = !sink.has_errors_here();
        if let Some(draft) = draft {
            look_at(&folder, &draft.lesson, opens);
            if opens { drafts.push(draft) } else { closed.push(draft) }
        }
        if opens {
            names = with_its_own;
        }
    }
    drafts.sort_by_key(|draft| draft.lesson.number);
    requires::check(&drafts, &folders, &sink);
    requires::check(&closed, &folders, &sink);
    let found = sink.into_sorted();
    let broken = broken(folders, &found);
    let is_sound = |lesson: &Lesson| broken.iter().all(|broken| broken.folder != lesson.folder_name());
    let lessons = drafts.into_iter().map(|draft| draft.lesson).filter(is_sound).collect();
    (Course { layout: Layout::at(root), lessons, broken }, found)
}

/// The lessons with errors.
fn broken(folders: Vec<String>, found: &[Diagnostic]) -> Vec<Broken> {
    let of = |folder: &String| {
        found.iter().filter(move |it| it.is_error() && it.lesson.as_ref() == Some(folder)).cloned().collect::<Vec<_>>()
    };
    let all = folders.into_iter().map(|folder| Broken { mistakes: of(&folder), folder });
    all.filter(|broken| !broken.mistakes.is_empty()).collect()
}

/// The names of the folders in `lessons`, in order. Files and hidden folders are not lessons.
fn lesson_folders(root: &Path, sink: &Sink) -> Vec<String> {
    let folders = match folders(&Layout::at(root).lessons()) {
        Ok(folders) => folders,
        Err(error) => {
            sink.report(
                Diagnostic::about(LESSONS, Code::MissingFile, format!("cannot read the folder `{LESSONS}`: {error}"))
                    .help("start rtws in the workshop's root, the folder that holds `lessons`".to_owned()),
            );
            return Vec::new();
        }
    };
    let names: Vec<_> =
        folders.iter().map(|path| path.file_name().unwrap_or_default().to_string_lossy().into_owned()).collect();
    if names.is_empty() {
        sink.report(Diagnostic::about(LESSONS, Code::Empty, "there is no lesson").help(NAMING.to_owned()));
    }
    names
}

const NAMING: &str = "a lesson is a folder named by a number and an id, such as `01-realtime-websockets`";

fn bad_name(name: &str) -> Diagnostic {
    let path = Path::new(LESSONS).join(name);
    Diagnostic::about(path, Code::BadId, format!("`{name}` is not the name of a lesson")).help(NAMING.to_owned())
}

fn taken(folder: &Folder<'_>, name: &str, earlier: &Draft) -> Diagnostic {
    let path = earlier.lesson.folder.path().file_name().unwrap_or_default().to_string_lossy().into_owned();
    let message = format!("`{name}` has the number or the id of `{path}`");
    Diagnostic::about(folder.path(), Code::DuplicateId, message).help("rename one of the two folders".to_owned())
}

#[cfg(test)]
mod tests;
