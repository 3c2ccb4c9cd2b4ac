//! Reads a file as it is now: an answer's, or any other that a person may have replaced.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// The most bytes of a file. No file that a learner or an instructor writes is that long.
pub const MOST_BYTES: u64 = 4 << 20;

/// Why there is no text, in words that follow "cannot read".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// There is no file.
    #[error("it is not there")]
    Missing,
    /// The file exists, but is not text, or the system does not let us read it.
    #[error("{0}")]
    Other(String),
}

impl Unreadable {
    /// What to do about it. A file that is there may be the learner's code, so a reset is advised only if there is
    /// none.
    pub fn advice(&self, exercise: &str) -> String {
        match self {
            Self::Missing => format!("`rtws reset {exercise}` puts the starter back."),
            Self::Other(_) => "The file has been left as it is.".to_owned(),
        }
    }
}

/// A file without a text, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot read {}: {problem}", path.display())]
pub struct SourceError {
    /// The path of the file.
    pub path: PathBuf,
    /// Why there is no text.
    #[source]
    pub problem: Unreadable,
}

/// Reads the text of a file. The error names the file.
///
/// # Errors
///
/// When the file has no text.
pub fn text_of(path: &Path) -> Result<String, SourceError> {
    read(path).map_err(|problem| SourceError { path: path.to_owned(), problem })
}

/// Reads the text.
///
/// # Errors
///
/// When there is none.
pub fn read(path: &Path) -> Result<String, Unreadable> {
    let bytes = bytes(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Unreadable::Missing,
        _ => Unreadable::Other(error.to_string()),
    })?;
    String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.split(|byte| *byte == b'\n').count();
        Unreadable::Other(format!("it is not UTF-8 text, first in line {line}"))
    })
}

/// Reads the contents of a file, and is never held up: a pipe, a device or a folder is refused unread, and so is a file
/// of more than [`MOST_BYTES`].
///
/// # Errors
///
/// When the system fails, or the file is refused.
pub fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let file = open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(io::Error::other("it is a folder"));
    }
    if !metadata.is_file() {
        return Err(io::Error::other("it is not a file, but a pipe or a device"));
    }
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(io::Error::other(format!("it has more than {} MiB", MOST_BYTES >> 20)));
    }
    Ok(bytes)
}

/// Opening a pipe waits for the program at its other end, unless this flag is set.
#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags};
    Ok(rustix::fs::open(path, OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC, Mode::empty())?.into())
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn odd_files_are_told_apart_and_none_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("text"), "fn é() {}\n").unwrap();
        symlink(path("text"), path("link")).unwrap();
        assert_eq!(read(&path("link")), Ok("fn é() {}\n".to_owned()));

        fs::write(path("bytes"), b"one\n\xff").unwrap();
        fs::write(path("long"), vec![b' '; 5 << 20]).unwrap();
        fs::create_dir(path("folder")).unwrap();
        symlink(path("nowhere"), path("dangling")).unwrap();
        symlink(path("round"), path("round")).unwrap();
        symlink("/dev/zero", path("endless")).unwrap();
        std::process::Command::new("mkfifo").arg(path("pipe")).status().unwrap();
        for (name, words) in [
            ("missing", "it is not there"),
            ("dangling", "it is not there"),
            ("bytes", "not UTF-8 text, first in line 2"),
            ("long", "more than 4 MiB"),
            ("folder", "it is a folder"),
            ("endless", "a pipe or a device"),
            ("pipe", "a pipe or a device"),
            ("round", "symbolic links"),
        ] {
            let error = read(&path(name)).unwrap_err();
            assert!(error.to_string().contains(words), "{name}: {error}");
            let is_missing = ["missing", "dangling"].contains(&name);
            assert_eq!(error.advice("greet").contains("rtws reset"), is_missing, "{name}");
        }
    }
}
