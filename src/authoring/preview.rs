//! A workshop for a preview: the author's own lessons, with exercises as a learner finds them. Nothing that happens in it
//! reaches the author's files.

use std::fs;
use std::io;
use std::path::Path;

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
        let root = course.layout.root().canonicalize()?;
        let exercises = Package::Exercises.name();
        for entry in fs::read_dir(&root)? {
            let name = entry?.file_name();
            if name != exercises {
                std::os::unix::fs::symlink(root.join(&name), preview.root().join(&name))?;
            }
        }
        copy(&root.join(exercises), &preview.root().join(exercises))?;
        let layout = Layout::at(preview.root());
        for lesson in &course.lessons {
            for exercise in &lesson.exercises {
                let starter = lesson.folder.starter(CodeFile::of(&exercise.id));
                fs::write(layout.code(Package::Exercises, &exercise.id), fs::read(starter)?)?;
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

    /// The workshop's root.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// The folder of a learner who has done nothing yet.
    pub fn home(&self) -> std::path::PathBuf {
        self.folder.path().join("home")
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
