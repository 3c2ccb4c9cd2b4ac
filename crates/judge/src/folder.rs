//! The entries of a folder that count. Build scripts read this file as well, so it needs nothing but the standard
//! library.

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

/// A longer name is not a valid file name everywhere.
const LONGEST_ID: usize = 64;

/// Whether `text` is an id: lower-case letters, digits and single hyphens between them, and at most 64 of them.
///
/// Ids become file names, so they contain nothing else.
pub fn is_id(text: &str) -> bool {
    text.len() <= LONGEST_ID
        && text
            .split('-')
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_ID, is_id};

    #[test]
    fn an_id_is_short_enough_for_a_file() {
        assert!(is_id(&"a".repeat(LONGEST_ID)));
        assert!(!is_id(&"a".repeat(LONGEST_ID + 1)));
    }

    #[test]
    fn an_id_is_kebab_case_and_never_leaves_its_folder() {
        for id in ["rooms", "join-project", "q1", "01-rooms"] {
            assert!(is_id(id), "{id}");
        }
        for text in ["", "-", "a-", "-a", "a--b", "Rooms", "a b", "a_b", "..", "a/b", "a\\b", "é"] {
            assert!(!is_id(text), "{text}");
        }
    }
}
