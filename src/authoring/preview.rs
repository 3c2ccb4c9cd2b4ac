//! A workshop for a preview: the author's own lessons, with exercises as a learner finds them. Nothing that happens in it
//! reaches the author's files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use layout::{CodeFile, Layout, Package};
use tempfile::TempDir;

use crate::course::Course;

/// A workshop in a temporary folder, which goes with this.
#[derive(Debug)]
pub struct Preview {
    folder: TempDir,
}

impl Preview {
    /// Lays one out: everything is a link to the author's own, except for the package with the learner's files.
    ///
    /// # Errors
    ///
    /// What the system says.
    #[cfg(unix)]
    pub fn of(course: &Course) -> io::Result<Self> {
        let preview = Self { folder: tempfile::Builder::new().prefix("rtws-preview-").tempdir()? };
        fs::create_dir(preview.root())?;
        let root = course.layout.root().canonicalize()?;
        let exercises = Package::Exercises.name();
        for entry in fs::read_dir(&root)? {
            let name = entry?.file_name();
            if name != exercises {
                std::os::unix::fs::symlink(root.join(&name), preview.root().join(&name))?;
            }
        }
        copy(&root.join(exercises), &preview.root().join(exercises))?;
        let layout = preview.layout();
        for lesson in &course.lessons {
            for exercise in &lesson.exercises {
                // The lint says which are missing; the rest of the course can be looked at all the same.
                if let Ok(starter) = fs::read(lesson.folder.starter(CodeFile::of(&exercise.id))) {
                    fs::write(layout.code(Package::Exercises, &exercise.id), starter)?;
                }
            }
        }
        Ok(preview)
    }

    /// The same where folders cannot be linked without a privilege.
    ///
    /// # Errors
    ///
    /// Always.
    #[cfg(not(unix))]
    pub fn of(_: &Course) -> io::Result<Self> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "a preview needs symbolic links to folders"))
    }

    /// The workshop.
    pub fn layout(&self) -> Layout {
        Layout::at(self.root())
    }

    /// The folder of a learner who has done nothing yet. It is beside the workshop, whose own folders may be called anything.
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("workshop")
    }
}

#[cfg(unix)]
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() { copy(&path, &to)? } else { fs::copy(&path, &to).map(drop)? }
    }
    Ok(())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_it_leads_to_a_file_of_the_author_but_the_lessons() {
        let author = tempfile::tempdir().unwrap();
        let lesson = author.path().join("lessons/00-a");
        fs::create_dir_all(lesson.join("starters")).unwrap();
        fs::write(lesson.join("lesson.toml"), LESSON).unwrap();
        fs::write(lesson.join("starters/a.rs"), "// starter").unwrap();
        for (path, text) in
            [("exercises/src/a.rs", "// solved"), ("home/state.json", "mine"), (".rtws/state.json", "mine")]
        {
            fs::create_dir_all(author.path().join(path).parent().unwrap()).unwrap();
            fs::write(author.path().join(path), text).unwrap();
        }
        let preview = Preview::of(&Course::load(author.path()).unwrap()).unwrap();
        let code = preview.layout().code(Package::Exercises, "a");
        assert_eq!(fs::read_to_string(&code).unwrap(), "// starter");
        fs::write(&code, "// typed").unwrap();
        fs::create_dir_all(preview.home()).unwrap();
        fs::write(preview.home().join("state.json"), "previewed").unwrap();
        for (path, text) in
            [("exercises/src/a.rs", "// solved"), ("home/state.json", "mine"), (".rtws/state.json", "mine")]
        {
            assert_eq!(fs::read_to_string(author.path().join(path)).unwrap(), text, "{path}");
        }
        assert!(preview.layout().lessons().join("00-a/lesson.toml").exists());
    }

    const LESSON: &str = r#"
title = "A"
summary = "A."
minutes = [1, 2]
[[steps]]
id = "a"
kind = "exercise"
exercise = "a"
[[exercises]]
id = "a"
title = "A"
minutes = 1
"#;
}
