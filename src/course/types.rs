//! What a course is made of.

use std::path::PathBuf;

/// All lessons, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// The workshop's root: the folder that holds `lessons`.
    pub root: PathBuf,
    /// The lessons, by their numbers.
    pub lessons: Vec<Lesson>,
}

/// One module of the course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lesson {
    /// The part of the folder's name after its number.
    pub id: String,
    /// The number that the folder's name starts with.
    pub number: u32,
    /// What the lesson is called on screens.
    pub title: String,
    /// What it is about, in a sentence or two.
    pub summary: String,
    /// How long it takes: from, to.
    pub minutes: [u32; 2],
    /// The lessons to do before this one.
    pub requires: Vec<String>,
    /// What the learner does, in order.
    pub steps: Vec<Step>,
    /// The exercises that the steps use.
    pub exercises: Vec<Exercise>,
    /// Where its files are.
    pub folder: PathBuf,
}

/// One thing to do in a lesson.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Unique within the lesson.
    pub id: String,
    /// What the step is called on screens.
    pub title: String,
    /// The sections of the module that the step covers.
    pub sections: Vec<String>,
    /// What the author reckons that it takes, in minutes: what the step says, or else what its exercise says if the step
    /// is done once that has passed. Re-typing and debugging share an exercise, so there only the step's own count.
    pub minutes: Option<u32>,
    /// What to read, as Markdown; may be empty except in a read step.
    pub text: String,
    /// What to show happening on the embedded server, beside what is told.
    pub show: Option<Show>,
    /// What kind of step it is, and what that kind needs.
    pub body: Body,
}

/// A scenario that is played on the embedded server while the learner watches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Show {
    /// The name of its file.
    pub name: String,
    /// The scenario, as TOML.
    pub scenario: String,
}

/// The kinds of steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// Read the text.
    Read,
    /// Answer a question before the answer is shown.
    Predict(Predict),
    /// Type the worked example again, chunk by chunk.
    Retype(Retype),
    /// Plant a bug, observe it, assert it, fix it.
    Debug(Debug),
    /// Solve an exercise.
    Exercise(ExerciseRef),
    /// Compare what was solved with the solutions.
    Compare(Compare),
    /// Solve a larger exercise.
    Project(ExerciseRef),
    /// Answer the questions that an interviewer asks.
    Interview(Interview),
    /// Write the core pattern from memory.
    Recall(ExerciseRef),
    /// Write down what was learned.
    Reflect(Reflect),
}

impl Body {
    /// Every kind, as spelled in a lesson file.
    pub const KINDS: [&'static str; 10] =
        ["read", "predict", "retype", "debug", "exercise", "compare", "project", "interview", "recall", "reflect"];

    /// The kind of the step, as spelled in a lesson file.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Predict(_) => "predict",
            Self::Retype(_) => "retype",
            Self::Debug(_) => "debug",
            Self::Exercise(_) => "exercise",
            Self::Compare(_) => "compare",
            Self::Project(_) => "project",
            Self::Interview(_) => "interview",
            Self::Recall(_) => "recall",
            Self::Reflect(_) => "reflect",
        }
    }

    /// The exercise whose file the learner works on in this step.
    pub fn exercise(&self) -> Option<&str> {
        match self {
            Self::Retype(retype) => retype.exercise.as_deref(),
            Self::Debug(debug) => Some(&debug.exercise),
            Self::Exercise(exercise) | Self::Project(exercise) | Self::Recall(exercise) => Some(&exercise.exercise),
            Self::Read | Self::Predict(_) | Self::Compare(_) | Self::Interview(_) | Self::Reflect(_) => None,
        }
    }

    /// The exercise that has to pass for the step to be done.
    pub fn exercise_to_pass(&self) -> Option<&str> {
        match self {
            Self::Exercise(exercise) | Self::Project(exercise) | Self::Recall(exercise) => Some(&exercise.exercise),
            _ => None,
        }
    }
}

/// A question with choices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Predict {
    /// What is asked.
    pub question: String,
    /// What may be answered.
    pub choices: Vec<String>,
    /// The index in `choices` of the right answer, from 0. (A lesson file counts from 1.)
    pub answer: usize,
    /// Why it is right.
    pub why: String,
}

/// A worked example to type again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retype {
    /// The exercise whose file the typed text goes to; none when it is typed for practice alone.
    pub exercise: Option<String>,
    /// The whole worked example.
    pub source: String,
    /// The same in another language, to show beside it.
    pub beside: Option<String>,
    /// The source in pieces: joined, they are exactly `source`.
    pub chunks: Vec<Chunk>,
}

/// A piece of a worked example with one purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// What the piece achieves, in a few words.
    pub label: String,
    /// Why it is there.
    pub why: String,
    /// The lines of the piece.
    pub text: String,
}

/// Bugs to plant in a worked example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Debug {
    /// The exercise whose file gets the bug.
    pub exercise: String,
    /// The bugs to choose from.
    pub bugs: Vec<Bug>,
}

/// A named change to the worked example that reproduces a pitfall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bug {
    /// The name of its file.
    pub id: String,
    /// What it is called on screens.
    pub title: String,
    /// What to watch for. It does not say the cause.
    pub symptom: String,
    /// The pitfall that it reproduces.
    pub pitfall: String,
    /// What to change; each `find` stands exactly once in the worked example.
    pub replacements: Vec<Replacement>,
    /// A scenario to begin the learner's assertion with, as TOML.
    pub assertion_starter: String,
    /// The steps that complete it, as TOML: one way to prove the bug.
    pub proof: String,
    /// Shown when the bug is fixed.
    pub explanation: String,
}

/// One change of a bug.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// The text to look for.
    pub find: String,
    /// What to put in its place.
    pub replace: String,
}

/// A step about one exercise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExerciseRef {
    /// Its id.
    pub exercise: String,
}

/// Solved exercises to compare with their solutions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compare {
    /// Their ids.
    pub exercises: Vec<String>,
    /// What to look for.
    pub prompt: String,
    /// The id of the note that the learner writes.
    pub note: String,
}

/// Questions of an interview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interview {
    /// In the order in which they are asked.
    pub questions: Vec<Question>,
}

/// One question of an interview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Unique within the lesson.
    pub id: String,
    /// What is asked.
    pub question: String,
    /// A good answer, shown after the learner's own.
    pub model_answer: String,
    /// What a good answer mentions.
    pub points: Vec<String>,
}

/// Notes to write at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reflect {
    /// In order.
    pub prompts: Vec<Prompt>,
}

/// One note to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// The id of the note, unique within the course.
    pub id: String,
    /// What is asked.
    pub question: String,
    /// Shown while nothing is written.
    pub placeholder: String,
}

/// A learner's file and its scenarios.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exercise {
    /// Unique within the course.
    pub id: String,
    /// What it is called on screens.
    pub title: String,
    /// The task, as Markdown; may be empty.
    pub text: String,
    /// From a nudge to the shape of the answer.
    pub hints: Vec<String>,
    /// The scenarios that check it, by name.
    pub scenarios: Vec<ScenarioFile>,
    /// How long it takes.
    pub minutes: u32,
}

/// A scenario of an exercise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScenarioFile {
    /// The file's name without its extension.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
}
