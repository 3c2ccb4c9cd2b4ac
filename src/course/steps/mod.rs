//! The kinds of steps. One file has everything that `lesson.toml` says about a kind: its type, its keys, and the
//! mistakes in them.
//!
//! A new kind is a file here and a line in the list below; then the compiler asks for its kept state and its report in
//! `progress/steps`, and for its screen in `learn/steps`.
//!
//! | file | holds |
//! |---|---|
//! | `kind` | the interface of each kind |
//! | `context` | the parts of the lesson that a step may refer to while it is read |
//! | all others | a kind |

mod compare;
pub(super) mod context;
mod debug;
mod exercise;
mod interview;
mod kind;
mod predict;
mod read;
mod recall;
mod reflect;
mod retype;

use std::sync::Arc;

pub use compare::Compare;
pub(super) use debug::shape as bug_shape;
pub use debug::{Bug, Debug, DoesNotFit, Replacement};
pub use exercise::ExerciseRef;
pub(super) use interview::shape as interview_shape;
pub use interview::{Interview, Question};
pub use kind::{Template, Use};
pub use predict::Predict;
pub use read::Read;
pub use recall::Recall;
pub use reflect::{Prompt, Reflect};
pub use retype::{Chunk, Retype};

use fields::shape::Written;
use fields::{Fields, Table as _};

use super::reader::Reader;
use context::Context;
use kind::Kind;

/// Declares the kinds together with their spelling and their types, so that none can exist without the others.
macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident($type:ty) = $spelling:literal,)*) => {
        /// The kind of a step, with the data of that kind.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Body {
            $($(#[$doc])* $name(Arc<$type>),)*
        }

        impl Body {
            /// Every kind, as spelled in a lesson file.
            pub const KINDS: &[&str] = &[$($spelling),*];

            /// Each kind, as spelled in a lesson file, with a step to begin with.
            pub const TEMPLATES: &[(&str, Template)] = &[$(($spelling, <$type as Kind>::TEMPLATE)),*];

            /// The kind of the step, as spelled in a lesson file.
            pub fn kind(&self) -> &'static str {
                match self { $(Self::$name(_) => $spelling,)* }
            }

            /// What the step is by these keys.
            pub(super) fn new(keys: KindKeys, reader: &Reader<'_>, context: &mut Context<'_>) -> Self {
                match keys { $(KindKeys::$name(keys) => Self::$name(Arc::new(Kind::new(keys, reader, context))),)* }
            }

            /// Whether a step of this kind can show something on a server.
            pub(super) fn shows(&self) -> bool {
                match self { $(Self::$name(_) => <$type as Kind>::SHOWS,)* }
            }

            /// How the step uses an exercise.
            pub fn uses(&self) -> Use<'_> {
                match self { $(Self::$name(body) => body.exercise(),)* }
            }
        }

        /// The keys that only the kind of a step has.
        pub(super) enum KindKeys {
            $($name(<$type as Kind>::Keys),)*
        }

        impl KindKeys {
            /// The keys that only one kind has, of each kind.
            pub(super) fn written() -> Vec<(&'static str, Vec<Written>)> {
                vec![$(($spelling, <$type as Kind>::Keys::written())),*]
            }

            /// Those of the kind that is spelled so; none if there is no such kind.
            pub(super) fn read(kind: &str, fields: &mut Fields<'_>) -> Option<Self> {
                match kind {
                    $($spelling => Some(Self::$name(<$type as Kind>::Keys::from_fields(fields))),)*
                    _ => None,
                }
            }
        }
    };
}

kinds! {
    /// Read the text.
    Read(Read) = "read",
    /// Answer a question before the answer is shown.
    Predict(Predict) = "predict",
    /// Type the worked example again, chunk by chunk.
    Retype(Retype) = "retype",
    /// Plant a bug, observe it, assert it, fix it.
    Debug(Debug) = "debug",
    /// Solve an exercise.
    Exercise(ExerciseRef) = "exercise",
    /// Compare solved exercises with the solutions.
    Compare(Compare) = "compare",
    /// Solve a larger exercise.
    Project(ExerciseRef) = "project",
    /// Answer the questions that an interviewer asks.
    Interview(Interview) = "interview",
    /// Write the core pattern from memory.
    Recall(Recall) = "recall",
    /// Write down what was learned.
    Reflect(Reflect) = "reflect",
}

impl Body {
    /// The columns of the kind with the longest name.
    pub const KIND_COLUMNS: usize = {
        let (mut longest, mut at) = (0, 0);
        while at < Self::KINDS.len() {
            if Self::KINDS[at].len() > longest {
                longest = Self::KINDS[at].len();
            }
            at += 1;
        }
        longest
    };

    /// The exercise whose file the learner works on in this step.
    pub fn exercise(&self) -> Option<&str> {
        match self.uses() {
            Use::File(id) | Use::Solve(id) | Use::SolveAgain(id) => Some(id),
            Use::Nothing => None,
        }
    }

    /// The exercise that has to pass for the step to be done.
    pub fn exercise_to_pass(&self) -> Option<&str> {
        match self.uses() {
            Use::Solve(id) | Use::SolveAgain(id) => Some(id),
            Use::File(_) | Use::Nothing => None,
        }
    }
}
