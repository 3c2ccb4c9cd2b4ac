//! Finds lessons, steps and exercises by the ids that people type.

use std::fmt;

use layout::{ExerciseFiles, LessonName};

use fields::suggest;

use super::exercise::Exercise;
use super::types::{Course, Lesson, Step};

/// There is nothing with this id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownId {
    /// The kind of thing that was looked for.
    pub sought: Sought,
    /// The id as it was typed.
    pub id: String,
    /// What to type instead.
    pub help: Option<String>,
}

/// The things that have an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sought {
    /// A lesson.
    Lesson,
    /// An exercise.
    Exercise,
    /// A step of a lesson.
    Step,
}

impl fmt::Display for Sought {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Lesson => "lesson",
            Self::Exercise => "exercise",
            Self::Step => "step",
        })
    }
}

impl fmt::Display for UnknownId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "there is no {} `{}`", self.sought, self.id)?;
        match &self.help {
            Some(help) => write!(formatter, "; {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for UnknownId {}

impl Course {
    /// The lesson with this id (`realtime-websockets`), folder (`01-realtime-websockets`) or number (`1`).
    pub fn lesson(&self, wanted: &str) -> Result<&Lesson, UnknownId> {
        let number = wanted.parse::<u32>().ok();
        self.lessons
            .iter()
            .find(|lesson| lesson.id == wanted || lesson.folder_name() == wanted || Some(lesson.number) == number)
            .ok_or_else(|| self.unknown(Sought::Lesson, wanted, self.lessons.iter().map(|lesson| lesson.id.as_str())))
    }

    /// The exercise with this id, and its lesson.
    pub fn exercise(&self, id: &str) -> Result<(&Lesson, &Exercise), UnknownId> {
        let all = || self.lessons.iter().flat_map(|lesson| lesson.exercises.iter().map(move |found| (lesson, found)));
        all()
            .find(|(_, exercise)| exercise.id == id)
            .ok_or_else(|| self.unknown(Sought::Exercise, id, all().map(|(_, exercise)| exercise.id.as_str())))
    }

    /// There is no such thing; or a lesson has it that cannot be opened, which is not the learner's mistake.
    fn unknown<'a>(&'a self, sought: Sought, id: &str, known: impl IntoIterator<Item = &'a str>) -> UnknownId {
        let help: Vec<_> = suggest::help(id, known).into_iter().chain(self.closed()).collect();
        UnknownId { sought, id: id.to_owned(), help: (!help.is_empty()).then(|| help.join("; ")) }
    }

    /// Whether the lesson with this id is there and cannot be opened.
    pub fn is_closed(&self, id: &str) -> bool {
        self.broken.iter().any(|lesson| LessonName::parse(&lesson.folder).is_some_and(|name| name.id == id))
    }

    /// Which lessons cannot be opened, in words; nothing if all can.
    pub fn closed(&self) -> Option<String> {
        let broken: Vec<_> = self.broken.iter().map(|lesson| lesson.folder.as_str()).collect();
        let closed = || {
            let names = broken.join(", ");
            format!("{names} cannot be opened, because of a mistake in the course; `rtws lesson lint` shows it")
        };
        (!broken.is_empty()).then(closed)
    }

    /// Where the files of the exercise with this id are.
    pub fn files(&self, id: &str) -> Result<ExerciseFiles, UnknownId> {
        let (lesson, exercise) = self.exercise(id)?;
        Ok(self.layout.files(&lesson.folder, &exercise.id))
    }
}

impl Lesson {
    /// The exercise of this lesson with this id.
    pub fn exercise(&self, id: &str) -> Option<&Exercise> {
        self.exercises.iter().find(|exercise| exercise.id == id)
    }

    /// The step of this lesson with this id.
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }

    /// The place of the step with this id, from 0.
    pub fn place_of(&self, step: &str) -> Result<usize, UnknownId> {
        let help = || suggest::help(step, self.steps.iter().map(|step| step.id.as_str()));
        let unknown = || UnknownId { sought: Sought::Step, id: step.to_owned(), help: help() };
        self.steps.iter().position(|it| it.id == step).ok_or_else(unknown)
    }

    /// The sections of the module in the order of the steps that cover them, with the indices of these steps, from 0.
    pub fn sections(&self) -> Vec<(&str, Vec<usize>)> {
        let mut sections: Vec<(&str, Vec<usize>)> = Vec::new();
        for (place, step) in self.steps.iter().enumerate() {
            for name in &step.sections {
                match sections.iter_mut().find(|(known, _)| known == name) {
                    Some((_, places)) => places.push(place),
                    None => sections.push((name, vec![place])),
                }
            }
        }
        sections
    }

    /// The name of its folder.
    pub fn folder_name(&self) -> String {
        self.folder.path().file_name().unwrap_or_default().to_string_lossy().into_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use layout::{Layout, LessonFolder};

    use super::*;

    fn lesson(number: u32, id: &str, exercise: &str) -> Lesson {
        Lesson {
            id: id.to_owned(),
            number,
            title: String::new(),
            summary: String::new(),
            minutes: [10, 10],
            requires: Vec::new(),
            steps: Vec::new(),
            exercises: vec![Exercise {
                id: exercise.to_owned(),
                title: String::new(),
                text: String::new(),
                hints: Vec::new(),
                scenarios: Vec::new(),
                starter_fails: None,
                minutes: 10,
            }],
            folder: LessonFolder::at(format!("lessons/{number:02}-{id}")),
        }
    }

    fn course() -> Course {
        let lessons = vec![lesson(0, "welcome", "greet"), lesson(1, "realtime-websockets", "join-project")];
        Course { layout: Layout::at("root"), lessons, broken: Vec::new() }
    }

    #[test]
    fn a_lesson_is_found_by_id_folder_and_number() {
        let course = course();
        for wanted in ["realtime-websockets", "01-realtime-websockets", "1", "01"] {
            assert_eq!(course.lesson(wanted).unwrap().number, 1, "{wanted}");
        }
        assert_eq!(course.lesson("0").unwrap().id, "welcome");
        assert!(course.lesson("02-realtime-websockets").is_err());
    }

    #[test]
    fn a_near_miss_is_suggested() {
        assert_eq!(
            course().lesson("realtime-websocket").unwrap_err().to_string(),
            "there is no lesson `realtime-websocket`; did you mean `realtime-websockets`?"
        );
        assert_eq!(
            course().exercise("nothing-like-it").unwrap_err().to_string(),
            "there is no exercise `nothing-like-it`; there is `greet` and `join-project`"
        );
    }

    #[test]
    fn an_exercise_knows_its_lesson_and_its_files() {
        let course = course();
        let (lesson, exercise) = course.exercise("join-project").unwrap();
        assert_eq!((lesson.id.as_str(), exercise.id.as_str()), ("realtime-websockets", "join-project"));
        let files = course.files("join-project").unwrap();
        assert_eq!(files.code, Path::new("root/exercises/src/join-project.rs"));
        assert_eq!(files.starter, Path::new("lessons/01-realtime-websockets/starters/join-project.rs"));
    }
}
