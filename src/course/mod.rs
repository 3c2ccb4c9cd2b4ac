//! Lessons as data: the types of a course, reading it from `lessons/`, and the mistakes in it.
//!
//! [`Course::load`] reads everything once and collects every mistake that it finds as a [`Diagnostic`], so that an
//! instructor can fix a lesson in one round. A [`Course`] that exists is sound: every file was there, every id
//! resolves, the chunks of a re-typing step are exactly its source, and every bug fits its worked example. Code that
//! holds a `Course` never checks it again.
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
//! | `types`, `exercise` | the course, its lessons, their steps; an exercise |
//! | `steps/` | the kinds of steps, one a file: what `lesson.toml` says of it, how it is read, what is wrong with it |
//! | [`schema`] | what may be written in each file, as data |
//! | `stage` | the program that a show is played on |
//! | `lookup` | finds them by the ids that people type |
//! | `diagnostic`, `render` | a mistake, and how it is shown |
//! | `markdown` | limits on the Markdown of a text |
//! | `folder`, `source`, `reader` | the files of a lesson, one of them with positions, and the tables in it with their mistakes |
//! | `names` | ids that may be given once |
//! | `lint/` | what is wrong in a lesson that can be opened all the same |
//! | `load/` | from files to types: the course, a lesson, a step, its show, an exercise |

mod diagnostic;
mod exercise;
mod folder;
mod lint;
mod load;
mod lookup;
mod markdown;
mod names;
mod reader;
mod render;
pub mod schema;
mod source;
mod stage;
pub mod steps;
mod types;

pub use diagnostic::{Code, Diagnostic, Severity};
pub use exercise::{Exercise, ScenarioFile};
pub use layout::is_id;
pub use lookup::{Sought, UnknownId};
pub use markdown::{DEEPEST, EXTENSIONS};
pub use render::{Colour, render};
pub use stage::{Planted, Stage};
pub use steps::{Body, Use};
pub use types::{Broken, Course, Lesson, Show, Step};
