//! The folder of a lesson, by what an author types.

use fields::suggest;
use layout::{Layout, LessonName};

use crate::cli::Context;
use crate::cli::session::usage;
use crate::course::{Sought, UnknownId};

/// The folder's name of a lesson, which may be broken.
pub(super) fn folder_of(lesson: &str, context: &Context) -> anyhow::Result<String> {
    let folders = Layout::at(&context.root).lesson_folders()?;
    let names: Vec<_> = folders.iter().filter_map(|folder| folder.path().file_name()?.to_str()).collect();
    let typed = lesson.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let is_it = |name: &&str| {
        *name == typed
            || LessonName::parse(name)
                .is_some_and(|it| it.id == typed || typed.parse().is_ok_and(|number: u32| number == it.number))
    };
    let help = || suggest::help(lesson, names.iter().copied());
    let unknown = || usage(&UnknownId { sought: Sought::Lesson, id: lesson.to_owned(), help: help() });
    Ok(names.iter().copied().find(is_it).ok_or_else(unknown)?.to_owned())
}
