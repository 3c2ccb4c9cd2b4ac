//! What a lesson brings along.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::{CodeFile, Language, folder, is_id};

/// The name of a lesson's folder, such as `01-rooms`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LessonName<'a> {
    /// The lesson's place among the others.
    pub number: u32,
    /// The lesson's id.
    pub id: &'a str,
}

impl<'a> LessonName<'a> {
    /// Takes a name apart, if it is one: two digits or more, a hyphen, and an id.
    pub fn parse(name: &'a str) -> Option<Self> {
        let (number, id) = name.split_once('-')?;
        let is_number = number.len() >= 2 && number.bytes().all(|byte| byte.is_ascii_digit());
        (is_number && is_id(id)).then_some(())?;
        Some(Self { number: number.parse().ok()?, id })
    }
}

impl fmt::Display for LessonName<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:02}-{}", self.number, self.id)
    }
}

/// The folder of generated scenarios, and the name of their test.
pub const GENERATED: &str = "generated";

const SCENARIO: &str = "toml";
const SNAPSHOT: &str = "snap";
const BUG: &str = "toml";

/// The folder of a lesson. An empty path gives the places in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LessonFolder {
    path: PathBuf,
}

impl LessonFolder {
    /// The folder at this path.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file that says what the lesson is.
    pub fn file(&self) -> PathBuf {
        self.path.join("lesson.toml")
    }

    /// What the learner's file is at first.
    pub fn starter(&self, file: CodeFile<'_>) -> PathBuf {
        self.path.join("starters").join(file.name())
    }

    /// The folder of all scenarios, which has a folder for each exercise.
    pub fn all_scenarios(&self) -> PathBuf {
        self.path.join("scenarios")
    }

    /// The folder of an exercise's scenarios.
    pub fn scenarios(&self, exercise: &str) -> PathBuf {
        self.all_scenarios().join(exercise)
    }

    /// The scenario of an exercise with this name.
    pub fn scenario(&self, exercise: &str, name: &str) -> PathBuf {
        self.scenarios(exercise).join(format!("{name}.{SCENARIO}"))
    }

    /// The files of an exercise's scenarios, by name.
    pub fn scenario_files(&self, exercise: &str) -> Vec<PathBuf> {
        folder::files(&self.scenarios(exercise), SCENARIO)
    }

    /// The ids of the exercises that have a folder of scenarios here, by name.
    pub fn exercises(&self) -> Vec<String> {
        folder::folders(&self.all_scenarios()).unwrap_or_default().iter().map(|path| folder::stem(path)).collect()
    }

    /// What the clients of an exercise may do, for generated scenarios.
    pub fn alphabet(&self, exercise: &str) -> PathBuf {
        self.path.join("alphabets").join(format!("{exercise}.{SCENARIO}"))
    }

    /// The changes of right answers to an exercise that make no difference.
    pub fn equivalents(&self, exercise: &str) -> PathBuf {
        self.path.join("equivalents").join(format!("{exercise}.{SCENARIO}"))
    }

    /// The generated scenarios of an exercise. Where there are any, they are one test of this name beside the others.
    pub fn generated(&self, exercise: &str) -> PathBuf {
        self.path.join(GENERATED).join(format!("{exercise}.json.gz"))
    }

    /// The folder of an exercise's expected transcripts.
    pub fn snapshots(&self, exercise: &str) -> PathBuf {
        self.path.join("snapshots").join(exercise)
    }

    /// The expected transcript of an exercise's scenario.
    pub fn snapshot(&self, exercise: &str, scenario: &str) -> PathBuf {
        self.snapshots(exercise).join(format!("{scenario}.{SNAPSHOT}"))
    }

    /// The file of a bug to plant.
    pub fn bug(&self, id: &str) -> PathBuf {
        self.bugs().join(format!("{id}.{BUG}"))
    }

    /// The files of all bugs, by name.
    pub fn bug_files(&self) -> Vec<PathBuf> {
        folder::files(&self.bugs(), BUG)
    }

    fn bugs(&self) -> PathBuf {
        self.path.join("bugs")
    }

    /// The worked example that the bugs are planted in.
    pub fn worked_example(&self, language: Language) -> PathBuf {
        self.path.join(language.file_name("worked-example"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lesson_is_named_by_a_number_and_an_id() {
        for (name, number, id) in [("00-welcome", 0, "welcome"), ("12-a-b", 12, "a-b"), ("100-last", 100, "last")] {
            assert_eq!(LessonName::parse(name), Some(LessonName { number, id }));
            assert_eq!(LessonName { number, id }.to_string(), name);
        }
        for name in ["welcome", "1-welcome", "-welcome", "01", "01-", "01-Welcome", "+1-welcome", "99999999999-a"] {
            assert_eq!(LessonName::parse(name), None, "{name}");
        }
    }

    #[test]
    fn an_empty_path_gives_the_places_in_the_folder() {
        let inside = LessonFolder::default();
        assert_eq!(inside.scenario("greet", "first"), Path::new("scenarios/greet/first.toml"));
        assert_eq!(inside.bug("to-everyone"), Path::new("bugs/to-everyone.toml"));
    }
}
