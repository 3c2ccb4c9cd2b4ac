//! The exercises and their scenarios, counted in the folders here: the program may have overlooked one.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use layout::{CodeFile, GENERATED, Layout, LessonFolder, folder};

/// An exercise that a lesson has scenarios for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Exercise {
    pub(crate) id: String,
    pub(crate) starter: PathBuf,
    /// The names of its scenarios, and one for all that were generated.
    pub(crate) scenarios: Vec<String>,
}

/// The exercises of all lessons, by id.
pub(crate) fn exercises(root: &Path) -> io::Result<Vec<Exercise>> {
    let mut exercises = Vec::new();
    for lesson in Layout::at(root).lesson_folders()? {
        let scenarios = lesson.all_scenarios();
        let folders = if scenarios.is_dir() { folder::folders(&scenarios)? } else { Vec::new() };
        exercises.extend(folders.iter().map(|path| exercise(&lesson, folder::stem(path))));
    }
    exercises.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(exercises)
}

fn exercise(lesson: &LessonFolder, id: String) -> Exercise {
    let mut scenarios: Vec<_> = lesson.scenario_files(&id).iter().map(|path| folder::stem(path)).collect();
    scenarios.extend(lesson.generated(&id).exists().then(|| GENERATED.to_owned()));
    Exercise { starter: lesson.starter(CodeFile::of(&id)), scenarios, id }
}

/// The answers that put the scenarios to the test: the file of each, which is TOML for mistakes, and the name of its
/// test.
pub(crate) fn answers(root: &Path) -> io::Result<Vec<(PathBuf, String)>> {
    let workshop = Layout::at(root);
    let mut found = Vec::new();
    for answers in [workshop.wrong(), workshop.right()] {
        for exercise in answers.exercises()? {
            let name = |answer: &str| format!("{}/{exercise}/{answer}", answers.name());
            found.extend(answers.files(&exercise).into_iter().map(|path| (path.clone(), name(&folder::stem(&path)))));
            for path in answers.mistakes(&exercise) {
                let mistakes = mistakes(&path, &fs::read_to_string(&path)?)?;
                found.extend(mistakes.iter().map(|mistake| (path.clone(), name(mistake))));
            }
        }
    }
    Ok(found)
}

/// The names in a file of mistakes, each on its own line. A mistake that is written in another way is an error, so that
/// none is overlooked.
fn mistakes(path: &Path, text: &str) -> io::Result<Vec<String>> {
    let name = |line: &str| Some(line.strip_prefix("name = \"")?.strip_suffix('"')?.to_owned());
    let names: Vec<_> = text.lines().filter_map(name).collect();
    let begun = text.lines().filter(|line| line.trim() == "[[mistakes]]").count();
    if names.len() != begun || begun == 0 {
        let problem = format!("{} begins {begun} mistakes and names {}", path.display(), names.len());
        return Err(io::Error::other(problem));
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_is_known_by_its_name() {
        let read = |text: &str| mistakes(Path::new("a.toml"), text).ok();
        let one = "[[mistakes]]\nname = \"a\"\n";
        assert_eq!(read(&one.repeat(2)), Some(vec!["a".to_owned(), "a".to_owned()]));
        for overlooked in ["", "[[mistakes]]\nname = 'a'\n", "[[mistakes]]\n  name = \"a\"\n"] {
            assert_eq!(read(overlooked), None, "{overlooked}");
        }
    }
}
