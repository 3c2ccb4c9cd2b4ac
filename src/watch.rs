//! Notices which exercise was saved, with any editor.
//!
//! The folder is watched, not the files: many editors save by renaming a new file over the old one. One save raises
//! several events, so nothing is reported until the folder has been quiet for a moment; then the texts are compared,
//! because a touched file is not a change. The moment is short: the next save cancels a running check, so an editor
//! that formats after saving costs nothing.
//!
//! The folder above is watched as well, because to the system, a folder that is removed and made again is another one.

mod error;
mod lessons;

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use judge::source::bytes;
use layout::{CodeFile, folder::entries};
use notify::{
    EventKind, RecommendedWatcher, RecursiveMode, Watcher as _,
    event::{AccessKind, AccessMode, ModifyKind},
};
use tokio::{
    sync::mpsc::{self, UnboundedReceiver},
    time::{Instant, timeout_at},
};
use tracing::{debug, warn};

pub use error::WatchError;
pub use lessons::LessonWatcher;

/// How long the folder must be quiet before its texts are compared: longer than between the events of one save.
pub const QUIET: Duration = Duration::from_millis(20);

/// Watches the folder of the exercises.
pub struct ExerciseWatcher {
    events: UnboundedReceiver<notify::Result<notify::Event>>,
    quiet: Duration,
    texts: Texts,
    quiet_at: Option<Instant>,
    saved: VecDeque<String>,
    watcher: RecommendedWatcher,
}

impl ExerciseWatcher {
    /// Starts to watch `folder`, whose present texts are taken as known. `quiet` is [`QUIET`], except in tests.
    pub fn start(folder: &Path, quiet: Duration) -> Result<Self, WatchError> {
        // Events come from the watcher's own thread, which must not wait for us.
        let (to_events, events) = mpsc::unbounded_channel();
        let watching = |source| WatchError::Watch { folder: folder.to_owned(), source };
        let mut watcher = notify::recommended_watcher(move |event| {
            // Nobody listens any more when the workshop closes.
            if to_events.send(event).is_err() {
                debug!("a file changed after the end");
            }
        })
        .map_err(watching)?;
        watcher.watch(folder, RecursiveMode::NonRecursive).map_err(watching)?;
        if let Some(above) = folder.parent() {
            // Only a folder that is made again would go unnoticed.
            if let Err(error) = watcher.watch(above, RecursiveMode::NonRecursive) {
                warn!(%error, folder = %above.display(), "not watched: an exercises folder that is made again goes unnoticed");
            }
        }
        let texts = Texts::read(folder).map_err(|source| WatchError::Folder { folder: folder.to_owned(), source })?;
        Ok(Self { events, quiet, texts, quiet_at: None, saved: VecDeque::new(), watcher })
    }

    /// The id of the next exercise whose text changed. Dropping the future loses nothing.
    pub async fn saved(&mut self) -> Option<String> {
        loop {
            if let Some(exercise) = self.saved.pop_front() {
                return Some(exercise);
            }
            // Kept here and not in the future: a `select!` starts a new wait for every key.
            let Some(quiet_at) = self.quiet_at else {
                self.next_change().await?;
                self.quiet_at = Some(Instant::now() + self.quiet);
                continue;
            };
            let is_quiet = !matches!(timeout_at(quiet_at, self.next_change()).await, Ok(Some(())));
            self.quiet_at = (!is_quiet).then(|| Instant::now() + self.quiet);
            if is_quiet {
                let changed = self.texts.changed();
                debug!(exercises = ?changed, "saved");
                self.saved.extend(changed);
            }
        }
    }

    async fn next_change(&mut self) -> Option<()> {
        while let Some(event) = self.events.recv().await {
            if let Err(error) = &event {
                warn!(%error, "changes of files may have gone unnoticed");
            }
            let is_new_folder = self.texts.is_folder_made(&event);
            if is_new_folder {
                // It may be gone again already; then the next one is noticed.
                if let Err(error) = self.watcher.watch(&self.texts.folder, RecursiveMode::NonRecursive) {
                    debug!(%error, "the exercises folder was made again, and is not watched");
                }
            }
            if is_new_folder || is_change(&event) {
                return Some(());
            }
        }
        None
    }
}

/// Makes a change in `folder`, undoes it, and returns once it has been noticed. If changes go unnoticed, it never
/// returns.
pub async fn notices_changes(folder: &Path) -> Result<(), WatchError> {
    fs::read_dir(folder).map_err(|source| WatchError::Folder { folder: folder.to_owned(), source })?;
    let mut watcher = ExerciseWatcher::start(folder, QUIET)?;
    let unwritable = |source| WatchError::Unwritable { folder: folder.to_owned(), source };
    // Named like an exercise, or it would be ignored.
    let name = format!("rtws-doctor-{}", std::process::id());
    let file = tempfile::Builder::new().prefix(&CodeFile::of(&name).name()).rand_bytes(0).tempfile_in(folder);
    fs::write(file.map_err(unwritable)?.path(), "// noticed?").map_err(unwritable)?;
    watcher.next_change().await;
    Ok(())
}

/// Our own reading of a file is an event, too, and would never let the folder become quiet. An error may hide a change.
fn is_change(event: &notify::Result<notify::Event>) -> bool {
    let Ok(event) = event else { return true };
    match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
        EventKind::Access(_) => false,
        _ => {
            event.need_rescan()
                || event.paths.is_empty()
                || event.paths.iter().any(|path| CodeFile::named(path).is_some())
        }
    }
}

/// The texts of a folder's exercises at the last comparison.
struct Texts {
    folder: PathBuf,
    known: HashMap<String, Vec<u8>>,
}

impl Texts {
    fn read(folder: &Path) -> io::Result<Self> {
        let known = read(folder)?;
        Ok(Self { folder: folder.to_owned(), known })
    }

    fn is_folder_made(&self, event: &notify::Result<notify::Event>) -> bool {
        let Ok(event) = event else { return false };
        matches!(event.kind, EventKind::Create(_) | EventKind::Modify(ModifyKind::Name(_)))
            && event.paths.contains(&self.folder)
    }

    /// The exercises whose text has changed since the last time, or is new. An exercise that is gone keeps its last
    /// text: it is probably being renamed.
    fn changed(&mut self) -> BTreeSet<String> {
        let now = read(&self.folder).unwrap_or_else(|error| {
            warn!(%error, folder = %self.folder.display(), "cannot be read");
            HashMap::new()
        });
        let is_changed = |(id, text): &(&String, &Vec<u8>)| self.known.get(*id) != Some(*text);
        let changed = now.iter().filter(is_changed).map(|(id, _)| id.clone()).collect();
        self.known.extend(now);
        changed
    }
}

fn read(folder: &Path) -> io::Result<HashMap<String, Vec<u8>>> {
    let texts = entries(folder)?.into_iter().filter_map(|path| {
        let exercise = CodeFile::named(&path)?.exercise.to_owned();
        let text = bytes(&path).inspect_err(|error| debug!(%error, exercise, "cannot be read"));
        Some((exercise, text.ok()?))
    });
    Ok(texts.collect())
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;
    use tokio::time::timeout;

    use super::*;

    struct Folder {
        folder: TempDir,
        watcher: ExerciseWatcher,
    }

    impl Folder {
        /// A watched folder with the exercises `first` and `second`.
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            fs::create_dir(folder.path().join("src")).unwrap();
            for id in ["first", "second"] {
                fs::write(folder.path().join(format!("src/{id}.rs")), "old").unwrap();
            }
            let watcher = ExerciseWatcher::start(&folder.path().join("src"), Duration::from_millis(50)).unwrap();
            Self { folder, watcher }
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join("src").join(name)
        }

        fn write(&self, name: &str, text: &str) {
            fs::write(self.path(name), text).unwrap();
        }

        fn rename(&self, from: &str, to: &str) {
            fs::rename(self.path(from), self.path(to)).unwrap();
        }

        async fn saved(&mut self) -> String {
            let saved = timeout(Duration::from_secs(10), self.watcher.saved()).await;
            saved.expect("no change was noticed").unwrap()
        }

        /// Proves that nothing earlier was reported: the next report is a new save of `second`.
        async fn nothing_was_said(&mut self) {
            self.write("second.rs", "a save that is noticed");
            assert_eq!(self.saved().await, "second");
        }
    }

    #[tokio::test]
    async fn a_plain_write_is_noticed_once() {
        let mut folder = Folder::new();
        folder.write("first.rs", "new");
        assert_eq!(folder.saved().await, "first");
        folder.nothing_was_said().await;
    }

    #[tokio::test]
    async fn a_save_by_renaming_is_noticed_every_time() {
        let mut folder = Folder::new();
        for text in ["one", "two"] {
            folder.write(".first.rs.tmp", text);
            folder.rename(".first.rs.tmp", "first.rs");
            assert_eq!(folder.saved().await, "first");
        }
    }

    #[tokio::test]
    async fn a_save_that_moves_the_old_text_aside_first_is_one_save() {
        let mut folder = Folder::new();
        folder.rename("first.rs", "first.rs~");
        folder.write("first.rs", "new");
        assert_eq!(folder.saved().await, "first");
        folder.nothing_was_said().await;
    }

    #[tokio::test]
    async fn a_formatter_that_writes_again_at_once_makes_one_save() {
        let mut folder = Folder::new();
        folder.write("first.rs", "new");
        folder.write("first.rs", "new and formatted");
        assert_eq!(folder.saved().await, "first");
        folder.nothing_was_said().await;
    }

    #[tokio::test]
    async fn a_touched_file_is_not_a_change() {
        let mut folder = Folder::new();
        folder.write("first.rs", "old");
        folder.nothing_was_said().await;
    }

    #[tokio::test]
    async fn files_that_are_not_exercises_are_ignored() {
        let mut folder = Folder::new();
        for name in [".first.rs.swp", "first.rs~", "#first.rs#", ".#first.rs", "4913", "first.rs.orig", "-first.rs"] {
            folder.write(name, "new");
        }
        folder.nothing_was_said().await;
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_pipe_in_place_of_a_file_holds_nothing_up() {
        let mut folder = Folder::new();
        fs::remove_file(folder.path("first.rs")).unwrap();
        let made = std::process::Command::new("mkfifo").arg(folder.path("first.rs")).status().unwrap();
        assert!(made.success());
        folder.nothing_was_said().await;
        let again = ExerciseWatcher::start(&folder.path(""), QUIET);
        assert!(again.is_ok());
    }

    #[tokio::test]
    async fn two_exercises_saved_together_are_both_reported() {
        let mut folder = Folder::new();
        folder.write("second.rs", "new");
        folder.write("first.rs", "new");
        assert_eq!(folder.saved().await, "first");
        assert_eq!(folder.saved().await, "second");
    }

    #[tokio::test]
    async fn a_folder_that_was_removed_or_moved_away_is_watched_again() {
        let mut folder = Folder::new();
        for text in ["one", "two"] {
            fs::remove_dir_all(folder.path("")).unwrap();
            fs::create_dir(folder.path("")).unwrap();
            folder.write("first.rs", text);
            assert_eq!(folder.saved().await, "first");
        }
        let elsewhere = folder.folder.path().join("elsewhere");
        fs::rename(folder.path(""), &elsewhere).unwrap();
        fs::rename(&elsewhere, folder.path("")).unwrap();
        folder.nothing_was_said().await;
    }

    #[tokio::test]
    async fn a_wait_that_is_dropped_again_and_again_still_completes() {
        let mut folder = Folder::new();
        folder.write("first.rs", "new");
        let impatient = async {
            loop {
                if let Ok(saved) = timeout(Duration::from_millis(10), folder.watcher.saved()).await {
                    return saved;
                }
            }
        };
        let saved = timeout(Duration::from_secs(10), impatient).await.expect("no change was noticed");
        assert_eq!(saved.unwrap(), "first");
    }

    #[test]
    fn a_folder_that_is_missing_is_named() {
        let error = ExerciseWatcher::start(Path::new("no/such/folder"), QUIET).err().unwrap();
        assert!(error.to_string().contains("no/such/folder"), "{error}");
    }
}
