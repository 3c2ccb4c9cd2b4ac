//! What a course is made of.

use layout::{Layout, LessonFolder};

use super::exercise::Exercise;
use super::steps::Body;

/// All lessons, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// Where the workshop's files are.
    pub layout: Layout,
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
    pub folder: LessonFolder,
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
