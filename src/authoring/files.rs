//! The files of a lesson that comes into a workshop. All of them are written, or none.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use layout::{Layout, LessonName};

/// Why the files are not written.
#[derive(Debug)]
pub(super) enum WriteError {
    /// This one is there already.
    Exists(PathBuf),
    /// This one cannot be written.
    File(PathBuf, io::Error),
}

/// The folder of the lesson that has the number or the id of this one.
pub(super) fn taken(workshop: &Layout, name: LessonName<'_>) -> Option<String> {
    let lessons = workshop.lesson_folders().unwrap_or_default();
    let mut folders = lessons.iter().filter_map(|lesson| lesson.path().file_name()?.to_str());
    let is_like = |other: LessonName<'_>| other.number == name.number || other.id == name.id;
    folders.find(|folder| LessonName::parse(folder).is_some_and(is_like)).map(str::to_owned)
}

/// The file by which editors know the learner's file of an exercise.
pub(super) fn bench(exercise: &str) -> String {
    include_str!("new/bench.txt").replace("@exercise@", exercise)
}

/// Writes files that are not there yet, by their paths from the root.
///
/// # Errors
///
/// When one is there already, or cannot be written. What was written until then is removed: half a lesson would only be in
/// the way.
pub(super) fn write(root: &Path, files: &[(PathBuf, impl AsRef<[u8]>)]) -> Result<(), WriteError> {
    if let Some((path, _)) = files.iter().find(|(path, _)| fs::symlink_metadata(root.join(path)).is_ok()) {
        return Err(WriteError::Exists(path.clone()));
    }
    let mut written = Written::default();
    for (path, bytes) in files {
        if let Err(error) = written.create(&root.join(path), bytes.as_ref()) {
            written.remove();
            return Err(WriteError::File(path.clone(), error));
        }
    }
    Ok(())
}

/// The files and folders that were not there before, in the order in which they were made.
#[derive(Default)]
struct Written {
    files: Vec<PathBuf>,
    folders: Vec<PathBuf>,
}

impl Written {
    fn create(&mut self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let folder = path.parent().unwrap_or(path);
        let missing: Vec<_> = folder.ancestors().take_while(|folder| !folder.exists()).map(Path::to_owned).collect();
        self.folders.extend(missing.into_iter().rev());
        fs::create_dir_all(folder)?;
        let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
        self.files.push(path.to_owned());
        file.write_all(bytes)
    }

    /// A folder in which something else has come to lie stays.
    fn remove(self) {
        for file in self.files {
            drop(fs::remove_file(file));
        }
        for folder in self.folders.iter().rev() {
            drop(fs::remove_dir(folder));
        }
    }
}

#[cfg(test)]
mod tests {
    use layout::{CodeFile, LESSONS, LessonFolder, Package};

    use super::*;

    #[test]
    fn nothing_stays_of_files_that_cannot_all_be_written() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join(Package::Solutions.name()), "a file, where a folder should be").unwrap();
        fs::create_dir(root.path().join(LESSONS)).unwrap();
        let lesson = LessonFolder::at(Path::new(LESSONS).join("02-echo"));
        let files = [(lesson.scenario("echo", "a"), "a"), (CodeFile::of("echo").path(Package::Solutions), "b")];
        let error = write(root.path(), &files).unwrap_err();
        assert!(matches!(error, WriteError::File(path, _) if path == files[1].0));
        assert_eq!(fs::read_dir(root.path().join(LESSONS)).unwrap().count(), 0);
    }
}
