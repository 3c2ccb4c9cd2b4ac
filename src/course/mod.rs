//! Lessons as data: what a course is, how it is read from `lessons/`, and what is wrong with it when it cannot be.
//!
//! [`Course::load`] reads everything once and collects every mistake that it finds as a [`Diagnostic`], so that an
//! instructor mends a lesson in one round. A [`Course`] that exists is sound: every file was there, every id resolves,
//! the chunks of a re-typing step are exactly its source, and every bug fits its worked example. Whoever holds one does
//! not check again.
//!
//! ```no_run
//! use rtws::course::{Colour, Course, render};
//! use std::path::Path;
//!
//! match Course::load(Path::new(".")) {
//!     Ok(course) => drop(course.lesson("realtime-websockets")),
//!     Err(diagnostics) => drop(render(&diagnostics, Colour::Off)),
//! }
//! ```
//!
//! | file | holds |
//! |---|---|
//! | `types` | the course, its lessons, their steps and exercises |
//! | `lookup` | finding them by what a person types |
//! | `plant` | putting a bug into source code |
//! | `diagnostic`, `render` | a mistake, and how it is shown |
//! | `markdown` | how much Markdown a text may be |
//! | `source`, `fields` | a file with positions, and a table of it read key by key |
//! | `load/` | from files to types, one part of a lesson a file |

mod diagnostic;
mod fields;
mod load;
mod lookup;
mod markdown;
mod plant;
mod render;
mod source;
mod suggest;
mod types;

pub use diagnostic::{Code, Diagnostic, Severity};
pub use judge::folder::is_id;
pub use lookup::{ExerciseFiles, Sought, UnknownId};
pub use markdown::{DEEPEST, EXTENSIONS};
pub use plant::DoesNotFit;
pub use render::{Colour, render};
pub use types::{
    Body, Bug, Chunk, Compare, Course, Debug, Exercise, ExerciseRef, Interview, Lesson, Predict, Prompt, Question,
    Reflect, Replacement, Retype, ScenarioFile, Show, Step,
};
