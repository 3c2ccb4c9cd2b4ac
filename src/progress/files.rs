//! Writes a file so that it is always either the old one or the new one.

use std::fmt;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use judge::source::bytes;
use tempfile::NamedTempFile;

/// A file of the learner's could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("cannot {access} {}: {}. {}", path.display(), reason(source), advice(source))]
pub struct FileError {
    /// The kind of access that failed.
    pub access: Access,
    /// The path of the file.
    pub path: PathBuf,
    /// The system's error.
    #[source]
    pub source: io::Error,
}

/// A kind of access to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// To read it.
    Read,
    /// To write or replace it.
    Write,
}

impl fmt::Display for Access {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Read => "read",
            Self::Write => "write",
        })
    }
}

impl FileError {
    /// Whether the same may succeed a moment later. A file that was refused for its contents will be refused again.
    pub fn may_pass(&self) -> bool {
        !matches!(self.source.kind(), ErrorKind::InvalidData | ErrorKind::InvalidInput | ErrorKind::Other)
    }

    pub(super) fn read(path: &Path, source: io::Error) -> Self {
        Self { access: Access::Read, path: path.to_path_buf(), source }
    }

    pub(super) fn write(path: &Path, source: io::Error) -> Self {
        Self { access: Access::Write, path: path.to_path_buf(), source }
    }
}

/// In few words, because it may have to fit on one line. The system's own words are longer, and may name a temporary
/// file.
pub(super) fn reason(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::StorageFull => "the disk is full".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "the disk is read-only".to_owned(),
        ErrorKind::PermissionDenied => "that is not allowed".to_owned(),
        _ => error.to_string(),
    }
}

fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "Free some space on this disk; the next save tries again",
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "Make the folder writable, or set RTWS_HOME to one that is"
        }
        ErrorKind::InvalidData => "Save the file as UTF-8 text",
        // Something with the file's name is not readable at all.
        ErrorKind::Other => "Move it away, or write the file again",
        _ => "See that the folder is there and can be written to; RTWS_HOME can name another one",
    }
}

/// Replaces `path` by a file with this content: written beside it, synced, then renamed, then the folder synced.
pub(super) fn replace(path: &Path, content: &[u8]) -> Result<(), FileError> {
    written(path, content, |file| file.persist(path).map(drop).map_err(io::Error::from))
}

/// Like [`replace`], but a file that is already there stays, and that is an error.
pub(super) fn create(path: &Path, content: &[u8]) -> Result<(), FileError> {
    written(path, content, |file| file.persist_noclobber(path).map(drop).map_err(io::Error::from))
}

/// The text of a file, or nothing if there is none.
pub(super) fn read(path: &Path) -> Result<Option<String>, FileError> {
    let text = match bytes(path) {
        Ok(bytes) => {
            String::from_utf8(bytes).map_err(|_| io::Error::new(ErrorKind::InvalidData, "it is not UTF-8 text"))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => Err(error),
    };
    text.map(Some).map_err(|error| FileError::read(path, error))
}

fn written(path: &Path, content: &[u8], rename: impl FnOnce(NamedTempFile) -> io::Result<()>) -> Result<(), FileError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let write = || {
        fs::create_dir_all(folder)?;
        let mut file = temporary(path, folder)?;
        file.write_all(content)?;
        file.as_file().sync_all()?;
        rename(file)?;
        sync_folder(folder)
    };
    write().map_err(|error| FileError::write(path, error))
}

/// A temporary file is private by default; a replacement keeps the permissions of the file.
#[cfg(unix)]
fn temporary(path: &Path, folder: &Path) -> io::Result<NamedTempFile> {
    use std::os::unix::fs::PermissionsExt;
    let file = tempfile::Builder::new().permissions(fs::Permissions::from_mode(0o666)).tempfile_in(folder)?;
    if let Ok(old) = fs::metadata(path) {
        file.as_file().set_permissions(old.permissions())?;
    }
    Ok(file)
}

#[cfg(not(unix))]
fn temporary(_: &Path, folder: &Path) -> io::Result<NamedTempFile> {
    NamedTempFile::new_in(folder)
}

/// Without this a rename may not survive a power cut.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/state.json");
        replace(&path, b"a longer first text").unwrap();
        replace(&path, b"second").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "second");
        assert_eq!(names(path.parent().unwrap()), ["state.json"]);
    }

    #[test]
    fn creating_does_not_replace() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("1.rs");
        create(&path, b"first").unwrap();
        assert_eq!(create(&path, b"second").unwrap_err().source.kind(), ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&path).unwrap(), "first");
        assert_eq!(names(folder.path()), ["1.rs"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_keeps_its_rights() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.rs");
        fs::write(&path, "a").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        replace(&path, b"b").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[test]
    fn an_error_names_the_file_and_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), "").unwrap();
        let path = folder.path().join("file/state.json");
        let error = replace(&path, b"").unwrap_err().to_string();
        assert!(error.starts_with(&format!("cannot write {}: ", path.display())), "{error}");
        assert!(error.contains("RTWS_HOME"), "{error}");
        let full = FileError::write(&path, ErrorKind::StorageFull.into());
        assert!(full.to_string().ends_with("Free some space on this disk; the next save tries again"));
    }
}
