//! Where things are kept that are found again by their contents: below the target folder, which anybody may delete.
//!
//! ```text
//! judge/libraries/<key>/                 what answers link, see `library`
//! judge/libraries/<key>/answers/<key>/   answers that were compiled with it, see `compile`
//! judge/verdicts/<key>.json              what was found, see `memory`
//! judge/build/                           libraries that are being made, one at a time
//! judge/work/                            what else is being made
//! ```
//!
//! Entries are whole: each is made elsewhere and moved to its place. Times of files decide about nothing but which of too
//! many entries is thrown away.

use std::path::Path;
use std::time::{Duration, SystemTime};
use std::{
    fs::{self, File},
    io,
};

use tempfile::TempDir;
use tracing::debug;

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

/// Moves what was made to its place. If the same is there already, by the word of `is_whole`, that one stays: another
/// program may be using it.
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

/// Notes that an entry was found and used, so that others are thrown away before it.
pub(crate) fn touch(place: &Path) {
    // Where this cannot be done, the entry is made again one day.
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

/// Throws the entries of a folder away that were not used for longest, until `most` are left; but never `spared`, which is
/// about to be used, whatever the clock says. Names that begin with a dot are of things that are being made.
pub(crate) fn prune(folder: &Path, most: usize, spared: &Path) {
    let mut entries = layout::folder::entries(folder).unwrap_or_default();
    let surplus = entries.len().saturating_sub(most);
    if surplus == 0 {
        // The usual case, at every check: no file is asked for its time.
        return;
    }
    entries.retain(|path| path != spared);
    entries.sort_by_cached_key(|path| used_at(path));
    entries.into_iter().take(surplus).for_each(|path| throw_away(&path));
}

/// Throws away what programs that were killed have left behind as they made it.
pub(crate) fn clear_leftovers(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let paths = entries.flatten().map(|entry| entry.path());
    for path in paths.filter(|path| path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))) {
        if used_at(&path).elapsed().is_ok_and(|age| age > LEFT_BEHIND) {
            throw_away(&path);
        }
    }
}

/// How old something is that is no longer being made.
const LEFT_BEHIND: Duration = Duration::from_secs(3600);

fn used_at(path: &Path) -> SystemTime {
    fs::metadata(path).and_then(|it| it.modified()).unwrap_or(SystemTime::UNIX_EPOCH)
}

/// An entry is never half there: it loses its name first.
fn throw_away(path: &Path) {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let nameless = path.with_file_name(format!(".gone-{}-{name}", std::process::id()));
    if fs::rename(path, &nameless).is_ok() {
        // The rest of it goes with the leftovers.
        let gone = if nameless.is_dir() { fs::remove_dir_all(&nameless) } else { fs::remove_file(&nameless) };
        if let Err(error) = gone {
            debug!(%error, place = %nameless.display(), "cannot be thrown away whole");
        }
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
            keep(&made, &place, Path::exists).unwrap();
        }
        assert_eq!(fs::read_to_string(place.join("text")).unwrap(), "first");
        assert!(fs::read_dir(workshop.store().join("work")).unwrap().next().is_none());
    }

    #[test]
    fn what_is_not_whole_gives_way() {
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
    fn too_many_are_thrown_away_and_the_latest_stay_and_what_is_spared() {
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
