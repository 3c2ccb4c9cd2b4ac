//! Where the files of a workshop lie. Everything that looks for one asks here: the course, the engine, the screen, the build
//! scripts and the checks.
//!
//! ```text
//! lessons/01-rooms/lesson.toml                        LessonFolder::file
//!                  starters/greet.rs                  LessonFolder::starter
//!                  scenarios/greet/by-name.toml       LessonFolder::scenario
//!                  snapshots/greet/by-name.snap       LessonFolder::snapshot
//!                  bugs/to-everyone.toml              LessonFolder::bug
//!                  worked-example.rs                  LessonFolder::worked_example
//! exercises/src/greet.rs                              Layout::code
//! solutions/src/greet.rs                              Layout::code
//!           wrong/greet/attempts.toml                 Answers::mistakes
//!           wrong/greet/too-late.rs                   Answers::file
//!           right/greet/typed.rs                      Answers::file
//! ```
//!
//! | file | holds |
//! |---|---|
//! | `workshop` | [`Layout`]: a workshop, by its root |
//! | `lesson` | [`LessonFolder`]: what a lesson brings along |
//! | `answers` | [`Answers`]: the wrong and the right answers that put the scenarios to the test |
//! | `files` | [`ExerciseFiles`]: all that belongs to one exercise |
//! | `code_file` | [`CodeFile`]: what the file with an exercise's code is called |
//! | `package` | [`Package`]: whose answers they are |
//! | `language` | [`Language`]: what all of this asks of a language |
//! | `bug` | in which namespace a bug is shown |
//! | `id`, `folder`, `shown` | what may name a file, what counts in a folder, a path in a message |

mod answers;
mod bug;
mod code_file;
mod files;
pub mod folder;
mod id;
mod language;
mod lesson;
mod package;
mod shown;
mod workshop;

pub use answers::Answers;
pub use bug::{bug_in, bug_namespace};
pub use code_file::CodeFile;
pub use files::ExerciseFiles;
pub use id::is_id;
pub use language::Language;
pub use lesson::{GENERATED, LessonFolder, LessonName};
pub use package::Package;
pub use shown::shown;
pub use workshop::{LESSONS, Layout};
