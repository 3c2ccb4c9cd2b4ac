//! The types of a course: lessons and steps.

use layout::{Layout, LessonFolder};

use super::diagnostic::Diagnostic;
use super::exercise::Exercise;
use super::stage::Stage;
use super::steps::Body;

/// All lessons, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// Where the workshop's files are.
    pub layout: Layout,
    /// The lessons, by their numbers.
    pub lessons: Vec<Lesson>,
    /// Those that cannot be opened, by the names of their folders.
    pub broken: Vec<Broken>,
}

/// A lesson that cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The name of its folder.
    pub folder: String,
    /// The mistakes that keep it closed; at least one.
    pub mistakes: Vec<Diagnostic>,
}

/// One module of the course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lesson {
    /// The part of the folder's name after its number.
    pub id: String,
    /// The number that the folder's name starts with.
    pub number: u32,
    /// The lesson's name on screens.
    pub title: String,
    /// What it is about, in a sentence or two.
    pub summary: String,
    /// How long it takes, in minutes: from, to.
    pub minutes: [u32; 2],
    /// The lessons to do before this one.
    pub requires: Vec<String>,
    /// What the learner does, in order.
    pub steps: Vec<Step>,
    /// The exercises that the steps use.
    pub exercises: Vec<Exercise>,
    /// Where its files are.
    pub folder: LessonFolder,
}

/// One thing to do in a lesson.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Unique within the lesson.
    pub id: String,
    /// The step's name on screens.
    pub title: String,
    /// The sections of the module that the step covers.
    pub sections: Vec<String>,
    /// The author's estimate in minutes: the step's own, or else its exercise's, if the step is done once that has
    /// passed. Re-typing and debugging share an exercise, so for them only the step's own counts.
    pub minutes: Option<u32>,
    /// The text, as Markdown; may be empty except in a read step.
    pub text: String,
    /// The scenario that shows on a server what the text explains.
    pub show: Option<Show>,
    /// The kind of the step, with the data of that kind.
    pub body: Body,
}

/// A scenario that is played while the learner watches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Show {
    /// The name of its file.
    pub name: String,
    /// The scenario, as TOML.
    pub scenario: String,
    /// The program that it is played on.
    pub stage: Stage,
}
