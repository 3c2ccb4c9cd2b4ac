//! Where things are kept that are found again by their contents: below the target folder, which anybody may delete.
//!
//! ```text
//! judge/libraries/<key>/                 what answers link, see `library`
//! judge/libraries/<key>/answers/<key>/   answers that were compiled with it, see `compile`
//! judge/verdicts/<key>.json              what was found, see `memory`
//! judge/work/                            what is being made
//! ```
//!
//! What is there is whole: it is made elsewhere and moved to its place. Times of files decide about nothing but which of
//! too many things is thrown away.

use std::path::Path;
use std::time::SystemTime;
use std::{fs, io};

use tempfile::TempDir;

use super::Workshop;

/// A folder to make something in. It goes when this is dropped.
pub(crate) fn work(workshop: &Workshop) -> io::Result<TempDir> {
    let folder = workshop.store().join("work");
    fs::create_dir_all(&folder)?;
    tempfile::Builder::new().prefix("").rand_bytes(12).tempdir_in(folder)
}

/// The name of a folder that [`work`] made: letters and digits, used once.
pub(crate) fn name_of(work: &Path) -> String {
    work.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Moves what was made to its place. If the same is there already, that one stays.
pub(crate) fn keep(made: &Path, place: &Path) -> io::Result<()> {
    if let Some(above) = place.parent() {
        fs::create_dir_all(above)?;
    }
    match fs::rename(made, place) {
        Err(_) if place.exists() => Ok(()),
        done => done,
    }
}

/// Writes a file whole.
pub(crate) fn write(workshop: &Workshop, place: &Path, text: &[u8]) -> io::Result<()> {
    let work = work(workshop)?;
    let file = work.path().join("file");
    fs::write(&file, text)?;
    if let Some(above) = place.parent() {
        fs::create_dir_all(above)?;
    }
    fs::rename(file, place)
}

/// Throws the oldest entries of a folder away until `most` are left. What begins with a dot is being made.
pub(crate) fn prune(folder: &Path, most: usize) {
    let entries = super::folder::entries(folder).unwrap_or_default().into_iter().map(|path| {
        let time = fs::metadata(&path).and_then(|it| it.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
        (time, path)
    });
    let mut entries: Vec<_> = entries.collect();
    entries.sort();
    let surplus = entries.len().saturating_sub(most);
    for (_, path) in entries.into_iter().take(surplus) {
        // Another program may do the same at this moment; and what cannot be thrown away now is next time.
        let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_whole_and_the_first_one_stays() {
        let root = tempfile::tempdir().unwrap();
        let workshop = Workshop::in_target(root.path(), root.path().join("target"));
        let place = workshop.store().join("things/one");
        for text in ["first", "second"] {
            let work = work(&workshop).unwrap();
            let made = work.path().join("made");
            fs::create_dir(&made).unwrap();
            fs::write(made.join("text"), text).unwrap();
            keep(&made, &place).unwrap();
        }
        assert_eq!(fs::read_to_string(place.join("text")).unwrap(), "first");
        assert!(fs::read_dir(workshop.store().join("work")).unwrap().next().is_none());
    }

    #[test]
    fn too_many_are_thrown_away_and_the_latest_stay() {
        let folder = tempfile::tempdir().unwrap();
        for number in 0..5_u64 {
            let path = folder.path().join(number.to_string());
            let time = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(100 - number);
            fs::File::create(path).unwrap().set_modified(time).unwrap();
        }
        prune(folder.path(), 2);
        let mut left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["0", "1"]);
    }
}
