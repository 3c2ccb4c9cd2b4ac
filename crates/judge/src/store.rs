//! The store of results that are found again by their contents. It is below the target folder, which may be deleted at
//! any time.
//!
//! ```text
//! judge/libraries/<key>/                 libraries that answers link, see `library`
//! judge/libraries/<key>/answers/<key>/   answers that were compiled with it, see `compile`
//! judge/verdicts/<key>.json              earlier verdicts, see `memory`
//! judge/build/                           libraries that are being made, one at a time
//! judge/work/                            everything else that is being made
//! ```
//!
//! Entries are whole: each is made elsewhere and moved to its place. File times decide only which of too many entries
//! are thrown away.

use std::path::Path;
use std::time::{Duration, SystemTime};
use std::{
    fs::{self, File},
    io,
};

use tempfile::TempDir;
use tracing::debug;

use super::Workshop;

/// A folder to make something in. It is removed when this is dropped.
pub(crate) fn work(workshop: &Workshop) -> io::Result<TempDir> {
    let folder = workshop.store().join("work");
    fs::create_dir_all(&folder)?;
    tempfile::Builder::new().prefix("").rand_bytes(12).tempdir_in(folder)
}

/// The name of a folder that [`work`] made: letters and digits, used once.
pub(crate) fn name_of(work: &Path) -> String {
    work.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Moves a finished entry to its place. If a whole one is there already, according to `is_whole`, that one stays:
/// another program may be using it.
pub(crate) fn keep(made: &Path, place: &Path, is_whole: impl Fn(&Path) -> bool) -> io::Result<()> {
    if let Some(above) = place.parent() {
        fs::create_dir_all(above)?;
    }
    match fs::rename(made, place) {
        Err(_) if is_whole(place) => Ok(()),
        Err(_) if place.exists() => {
            throw_away(place);
            fs::rename(made, place)
        }
        done => done,
    }
}

/// Marks an entry as used, so that others are thrown away before it.
pub(crate) fn touch(place: &Path) {
    // If this fails, the entry will just be made again one day.
    if let Err(error) = File::open(place).and_then(|file| file.set_modified(SystemTime::now())) {
        debug!(%error, place = %place.display(), "cannot be marked as used");
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

/// Throws away the entries of a folder that have been unused for longest, until `most` are left; but never `spared`,
/// which is about to be used, even if the clock makes it the oldest. Entries whose names begin with a dot are being made.
pub(crate) fn prune(folder: &Path, most: usize, spared: &Path) {
    let mut entries = layout::folder::entries(folder).unwrap_or_default();
    let surplus = entries.len().saturating_sub(most);
    if surplus == 0 {
        // The usual case, at every check: no file time is read.
        return;
    }
    entries.retain(|path| path != spared);
    entries.sort_by_cached_key(|path| used_at(path));
    entries.into_iter().take(surplus).for_each(|path| throw_away(&path));
}

/// Throws away the unfinished entries that killed programs have left behind.
pub(crate) fn clear_leftovers(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let paths = entries.flatten().map(|entry| entry.path());
    for path in paths.filter(|path| path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))) {
        if used_at(&path).elapsed().is_ok_and(|age| age > LEFT_BEHIND) {
            throw_away(&path);
        }
    }
}

/// From this age on, an unfinished entry is no longer being made.
const LEFT_BEHIND: Duration = Duration::from_secs(3600);

fn used_at(path: &Path) -> SystemTime {
    fs::metadata(path).and_then(|it| it.modified()).unwrap_or(SystemTime::UNIX_EPOCH)
}

/// It loses its name first, so that an entry is never half there.
fn throw_away(path: &Path) {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let nameless = path.with_file_name(format!(".gone-{}-{name}", std::process::id()));
    if fs::rename(path, &nameless).is_ok() {
        // The rest is removed with the leftovers.
        let gone = if nameless.is_dir() { fs::remove_dir_all(&nameless) } else { fs::remove_file(&nameless) };
        if let Err(error) = gone {
            debug!(%error, place = %nameless.display(), "cannot be removed completely");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_entry_is_whole_and_the_first_one_stays() {
        let root = tempfile::tempdir().unwrap();
        let workshop = Workshop::in_target(root.path(), root.path().join("target"));
        let place = workshop.store().join("things/one");
        for text in ["first", "second"] {
            let work = work(&workshop).unwrap();
            let made = work.path().join("made");
            fs::create_dir(&made).unwrap();
            fs::write(made.join("text"), text).unwrap();
            keep(&made, &place, Path::exists).unwrap();
        }
        assert_eq!(fs::read_to_string(place.join("text")).unwrap(), "first");
        assert!(fs::read_dir(workshop.store().join("work")).unwrap().next().is_none());
    }

    #[test]
    fn an_entry_that_is_not_whole_is_replaced() {
        let root = tempfile::tempdir().unwrap();
        let (made, place) = (root.path().join("made"), root.path().join("place"));
        for (folder, text) in [(&made, "whole"), (&place, "half")] {
            fs::create_dir(folder).unwrap();
            fs::write(folder.join("text"), text).unwrap();
        }
        keep(&made, &place, |_| false).unwrap();
        assert_eq!(fs::read_to_string(place.join("text")).unwrap(), "whole");
    }

    #[test]
    fn too_many_entries_are_thrown_away_and_the_latest_and_the_spared_stay() {
        let folder = tempfile::tempdir().unwrap();
        for number in 0..5_u64 {
            let path = folder.path().join(number.to_string());
            let time = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(100 - number);
            fs::File::create(path).unwrap().set_modified(time).unwrap();
        }
        let spared = folder.path().join("4");
        prune(folder.path(), 3, &spared);
        let mut left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["0", "1", "4"]);
    }
}
