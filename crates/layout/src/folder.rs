//! The entries of a folder that count.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// The entries of a folder, by name. Names that begin with a dot do not count: editors name lock files and backups like
/// this, and systems their own files.
///
/// # Errors
///
/// When the folder cannot be read.
pub fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut entries: Vec<_> = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    entries.retain(|path| path.file_name().is_some_and(|name| !name.as_encoded_bytes().starts_with(b".")));
    entries.sort();
    Ok(entries)
}

/// The folders in a folder, by name.
///
/// # Errors
///
/// As [`entries`].
pub fn folders(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut folders = entries(folder)?;
    folders.retain(|path| path.is_dir());
    Ok(folders)
}

/// The files of a folder with this ending, by name. Without the folder there are none.
pub fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut files = entries(folder).unwrap_or_default();
    files.retain(|path| path.extension().is_some_and(|it| it == ending));
    files
}

/// A file's name without its ending.
pub fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
