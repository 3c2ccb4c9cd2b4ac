//! What may be written in the files of a lesson, from the tables that read them.

use std::path::Path;

use fields::Shape;
use layout::{LESSONS, Layout, LessonFolder, shown};
use scenario::Script;
use scenario::generate::Alphabet;

use super::load::lesson_shape;
use super::steps::{bug_shape, interview_shape};

/// A kind of file that authors write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What it is called.
    pub name: &'static str,
    /// Which files are of this kind: a pattern of paths from the workshop's root.
    pub files: String,
    /// What may be in one.
    pub shape: Shape,
}

/// All kinds of files.
pub fn written() -> Vec<Written> {
    let of = |name, files: &Path, shape| Written { name, files: shown(files), shape };
    let any = LessonFolder::at(Path::new(LESSONS).join("*"));
    vec![
        of("lesson", &any.file(), lesson_shape()),
        of("scenario", &any.scenario("*", "*"), Script::shape()),
        of("show", &any.path().join("shows").join("*.toml"), Script::shape()),
        of("bug", &any.bug("*"), bug_shape()),
        of("interview", &any.path().join("interview.toml"), interview_shape()),
        of("alphabet", &any.alphabet("*"), Alphabet::shape()),
        of("mistakes", &Layout::at("").wrong().to("*").join("*.toml"), judge::mistakes::shape()),
    ]
}
