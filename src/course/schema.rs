//! What may be written in the files of a lesson, from the tables that read them.

use fields::Shape;
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
    pub files: &'static str,
    /// What may be in one.
    pub shape: Shape,
}

/// All kinds of files.
pub fn written() -> Vec<Written> {
    let of = |name, files, shape| Written { name, files, shape };
    vec![
        of("lesson", "lessons/*/lesson.toml", lesson_shape()),
        of("scenario", "lessons/*/scenarios/*/*.toml", Script::shape()),
        of("show", "lessons/*/shows/*.toml", Script::shape()),
        of("bug", "lessons/*/bugs/*.toml", bug_shape()),
        of("interview", "lessons/*/interview.toml", interview_shape()),
        of("alphabet", "lessons/*/alphabets/*.toml", Alphabet::shape()),
        of("mistakes", "solutions/wrong/*/*.toml", judge::mistakes::shape()),
    ]
}
