//! The exercises and their scenarios, read from the folders and not from the program, which may have overlooked one.

#[allow(dead_code, unreachable_pub, reason = "the engine uses the rest of it")]
#[path = "../../crates/judge/src/folder.rs"]
pub(crate) mod folder;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// An exercise that a lesson has scenarios for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Exercise {
    pub(crate) id: String,
    pub(crate) starter: PathBuf,
    /// The names of its scenarios.
    pub(crate) scenarios: Vec<String>,
}

/// The exercises of all lessons, by id.
pub(crate) fn exercises(root: &Path) -> io::Result<Vec<Exercise>> {
    let mut exercises = Vec::new();
    for lesson in folder::entries(&root.join("lessons"))?.iter().filter(|path| path.is_dir()) {
        let scenarios = lesson.join("scenarios");
        let folders = if scenarios.is_dir() { folder::entries(&scenarios)? } else { Vec::new() };
        exercises.extend(folders.iter().filter(|path| path.is_dir()).map(|folder| exercise(lesson, folder)));
    }
    exercises.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(exercises)
}

fn exercise(lesson: &Path, scenarios: &Path) -> Exercise {
    let id = folder::stem(scenarios);
    Exercise {
        starter: lesson.join("starters").join(format!("{id}.rs")),
        scenarios: folder::files(scenarios, "toml").iter().map(|path| folder::stem(path)).collect(),
        id,
    }
}

/// The answers that put the scenarios to the test: the file of each, which is TOML for mistakes, and the name of its
/// test.
pub(crate) fn answers(root: &Path) -> io::Result<Vec<(PathBuf, String)>> {
    let mut answers = Vec::new();
    for kind in ["wrong", "right"] {
        for exercise in folder::entries(&root.join("solutions").join(kind))?.iter().filter(|path| path.is_dir()) {
            let name = |path: &PathBuf| format!("{kind}/{}/{}", folder::stem(exercise), folder::stem(path));
            answers.extend(folder::files(exercise, "rs").into_iter().map(|path| (path.clone(), name(&path))));
            for path in folder::files(exercise, "toml") {
                let mistakes = mistakes(&path, &fs::read_to_string(&path)?)?;
                answers.extend(mistakes.into_iter().map(|mistake| (path.clone(), name(&mistake.into()))));
            }
        }
    }
    Ok(answers)
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
