//! Code that was about to be replaced by a starter or a bug.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use judge::source::bytes;
use layout::CodeFile;

use super::files::{self, FileError};
use crate::course::is_id;

/// The backups of the learner's code.
#[derive(Debug, Clone)]
pub struct Backups {
    folder: PathBuf,
}

/// What [`Backups::replace`] found where it put the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replaced {
    /// The same code already.
    Same,
    /// No file.
    Nothing,
    /// Something else, of which this is the copy.
    Kept(PathBuf),
}

impl Replaced {
    /// The path of the copy, if there was something to keep.
    pub fn kept(self) -> Option<PathBuf> {
        match self {
            Self::Kept(backup) => Some(backup),
            Self::Same | Self::Nothing => None,
        }
    }
}

/// The result of [`Backups::undo`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    /// The backup that was restored.
    pub restored: PathBuf,
    /// What was in its place before.
    pub replaced: Replaced,
}

impl Backups {
    /// The backups among the learner's files in `home`.
    pub fn new(home: &Path) -> Self {
        Self { folder: home.join("backups") }
    }

    /// Puts `code` into the file of an exercise and keeps what was there, even if it is not text. A file that holds
    /// this code already is left alone.
    pub fn replace(&self, exercise: &str, file: &Path, code: impl AsRef<[u8]>) -> Result<Replaced, FileError> {
        let code = code.as_ref();
        let replaced = match bytes(file) {
            Ok(old) if old == code => return Ok(Replaced::Same),
            Ok(old) => Replaced::Kept(self.keep(exercise, old)?),
            Err(error) if error.kind() == ErrorKind::NotFound => Replaced::Nothing,
            Err(error) if is_file(file) => return Err(FileError::read(file, error)),
            Err(_) => Replaced::Kept(self.move_aside(exercise, file)?),
        };
        // A link is replaced, not written through: it may lead to a file outside the workshop.
        if fs::symlink_metadata(file).is_ok_and(|it| it.is_symlink()) {
            fs::remove_file(file).map_err(|error| FileError::write(file, error))?;
        }
        fs::write(file, code).map_err(|error| FileError::write(file, error))?;
        Ok(replaced)
    }

    /// Moves a pipe or a folder out of the way, and returns its new path.
    fn move_aside(&self, exercise: &str, file: &Path) -> Result<PathBuf, FileError> {
        let folder = self.folder_of(exercise)?;
        fs::create_dir_all(&folder).map_err(|error| FileError::write(&folder, error))?;
        let place = |number: u32| folder.join(format!("not-a-file-{number}"));
        let free = (1..=u32::MAX).map(place).find(|place| fs::symlink_metadata(place).is_err()).unwrap_or_default();
        fs::rename(file, &free).map_err(|error| FileError::write(file, error))?;
        Ok(free)
    }

    /// Keeps the code of an exercise, and returns the path. Code that equals the newest backup is not kept twice.
    pub fn keep(&self, exercise: &str, code: impl AsRef<[u8]>) -> Result<PathBuf, FileError> {
        let code = code.as_ref();
        let folder = self.folder_of(exercise)?;
        let mut number = match self.kept(exercise)?.pop_last() {
            Some((_, path)) if bytes(&path).is_ok_and(|kept| kept == code) => return Ok(path),
            Some((number, _)) => number + 1,
            None => 1,
        };
        loop {
            let path = folder.join(file_name(exercise, number));
            match files::create(&path, code) {
                Ok(()) => return Ok(path),
                // Another session has taken the number.
                Err(error) if error.source.kind() == ErrorKind::AlreadyExists => number += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// Puts the newest backup that differs from `file` into it, and keeps what was there; so doing it twice changes
    /// nothing. If there is no such backup, returns `None`, and the file stays as it is.
    pub fn undo(&self, exercise: &str, file: &Path) -> Result<Option<Undone>, FileError> {
        let present = bytes(file).ok();
        for (_, restored) in self.kept(exercise)?.into_iter().rev() {
            let code = bytes(&restored).map_err(|error| FileError::read(&restored, error))?;
            if Some(&code) != present.as_ref() {
                let replaced = self.replace(exercise, file, code)?;
                return Ok(Some(Undone { restored, replaced }));
            }
        }
        Ok(None)
    }

    /// The backups of an exercise by their numbers.
    fn kept(&self, exercise: &str) -> Result<BTreeMap<u32, PathBuf>, FileError> {
        let folder = self.folder_of(exercise)?;
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
            Err(error) => return Err(FileError::read(&folder, error)),
        };
        let paths = entries.filter_map(Result::ok).map(|entry| entry.path());
        Ok(paths.filter_map(|path| Some((number(exercise, &path)?, path))).collect())
    }

    /// An invalid id could name a folder anywhere.
    fn folder_of(&self, exercise: &str) -> Result<PathBuf, FileError> {
        let folder = self.folder.join(exercise);
        if is_id(exercise) { Ok(folder) } else { Err(FileError::read(&folder, ErrorKind::InvalidInput.into())) }
    }
}

fn is_file(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|it| it.is_file())
}

/// What a copy of an exercise's code is called.
fn file_name(exercise: &str, number: u32) -> String {
    CodeFile::of(exercise).language.file_name(&number.to_string())
}

fn number(exercise: &str, path: &Path) -> Option<u32> {
    let number = path.file_stem()?.to_str()?.parse::<u32>().ok()?;
    // The round trip refuses names with a zero in front, which would not be found again.
    (path.file_name()? == OsStr::new(&file_name(exercise, number)) && number < u32::MAX).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn anything_but_a_file_is_moved_aside_and_holds_nothing_up() {
        let home = tempfile::tempdir().unwrap();
        let (backups, file) = (Backups::new(home.path()), home.path().join("greet.rs"));
        let make: [&dyn Fn(); 3] = [
            &|| fs::create_dir(&file).unwrap(),
            &|| assert!(std::process::Command::new("mkfifo").arg(&file).status().unwrap().success()),
            &|| std::os::unix::fs::symlink("nowhere", &file).unwrap(),
        ];
        for make in make {
            make();
            backups.replace("greet", &file, "code").unwrap();
            assert_eq!(fs::read_to_string(&file).unwrap(), "code");
            fs::remove_file(&file).unwrap();
        }
        assert!(!home.path().join("nowhere").exists());
        assert!(home.path().join("backups/greet/not-a-file-1").is_dir());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_replaced_and_the_file_it_leads_to_stays_as_it_is() {
        let home = tempfile::tempdir().unwrap();
        let (backups, file) = (Backups::new(home.path()), home.path().join("greet.rs"));
        let other = home.path().join("other");
        fs::write(&other, "not ours").unwrap();
        std::os::unix::fs::symlink(&other, &file).unwrap();
        let kept = home.path().join("backups/greet/1.rs");
        assert_eq!(backups.replace("greet", &file, "code").unwrap(), Replaced::Kept(kept));
        assert_eq!(fs::read_to_string(&file).unwrap(), "code");
        assert_eq!(fs::read_to_string(&other).unwrap(), "not ours");
    }

    #[cfg(unix)]
    #[test]
    fn a_backup_that_is_a_pipe_holds_nothing_up() {
        let home = tempfile::tempdir().unwrap();
        let (backups, file) = (Backups::new(home.path()), home.path().join("greet.rs"));
        let first = backups.keep("greet", "code").unwrap();
        fs::remove_file(&first).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(&first).status().unwrap().success());
        assert_eq!(backups.keep("greet", "code").unwrap(), home.path().join("backups/greet/2.rs"));
        fs::write(&file, "code").unwrap();
        let error = backups.undo("greet", &file).unwrap_err().to_string();
        assert!(error.contains("backups/greet/1.rs: it is not a file"), "{error}");
    }

    #[test]
    fn each_backup_has_its_number() {
        let home = tempfile::tempdir().unwrap();
        let backups = Backups::new(home.path());
        for number in 1..=11 {
            let path = backups.keep("join-project", format!("fn v{number}() {{}}")).unwrap();
            assert_eq!(path, home.path().join(format!("backups/join-project/{number}.rs")));
        }
        assert_eq!(backups.kept("join-project").unwrap().len(), 11);
        assert!(backups.kept("scoped-broadcast").unwrap().is_empty());
    }

    #[test]
    fn replaced_code_is_kept_byte_for_byte_even_if_it_is_not_text() {
        let home = tempfile::tempdir().unwrap();
        let backups = Backups::new(home.path());
        let file = home.path().join("a.rs");
        assert_eq!(backups.replace("a", &file, "starter").unwrap(), Replaced::Nothing);
        assert_eq!(backups.replace("a", &file, "starter").unwrap(), Replaced::Same);
        for _ in 0..2 {
            fs::write(&file, b"caf\xe9").unwrap();
            let Replaced::Kept(kept) = backups.replace("a", &file, "starter").unwrap() else { panic!() };
            assert_eq!(kept, home.path().join("backups/a/1.rs"));
            assert_eq!(fs::read(kept).unwrap(), b"caf\xe9");
            assert_eq!(fs::read_to_string(&file).unwrap(), "starter");
        }
    }

    #[test]
    fn the_same_code_is_not_kept_twice() {
        let home = tempfile::tempdir().unwrap();
        let backups = Backups::new(home.path());
        let first = backups.keep("a", "x").unwrap();
        assert_eq!(backups.keep("a", "x").unwrap(), first);
        assert_ne!(backups.keep("a", "y").unwrap(), first);
    }

    #[test]
    fn undoing_puts_the_newest_other_code_back_and_undoing_that_takes_it_away_again() {
        let home = tempfile::tempdir().unwrap();
        let backups = Backups::new(home.path());
        let file = home.path().join("a.rs");
        fs::write(&file, b"caf\xe9").unwrap();
        assert_eq!(backups.undo("a", &file).unwrap(), None, "there is nothing to put back");
        backups.keep("a", "older").unwrap();
        backups.replace("a", &file, "starter").unwrap();
        for expected in [&b"caf\xe9"[..], b"starter", b"caf\xe9"] {
            let undone = backups.undo("a", &file).unwrap().unwrap();
            assert_eq!(fs::read(&file).unwrap(), expected);
            assert!(matches!(undone.replaced, Replaced::Kept(_)));
        }
        fs::remove_file(&file).unwrap();
        assert_eq!(backups.undo("a", &file).unwrap().unwrap().replaced, Replaced::Nothing);
        assert_eq!(fs::read(&file).unwrap(), b"starter", "the newest of all");
    }

    #[test]
    fn foreign_files_in_the_folder_do_no_harm() {
        let home = tempfile::tempdir().unwrap();
        let backups = Backups::new(home.path());
        backups.keep("a", "x").unwrap();
        for name in ["notes.txt", "99.rs.orig", "07.rs", "4294967295.rs", "-1.rs"] {
            fs::write(home.path().join("backups/a").join(name), "other").unwrap();
        }
        assert_eq!(backups.kept("a").unwrap().into_keys().collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn an_id_that_would_leave_the_folder_is_refused() {
        let home = tempfile::tempdir().unwrap();
        assert!(Backups::new(home.path()).keep("../a", "x").is_err());
        assert!(fs::read_dir(home.path()).unwrap().next().is_none());
    }
}
