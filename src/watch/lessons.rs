//! Notices that the lessons have changed, because an author works on them or a new version of the course has come.

use std::path::Path;
use std::time::Duration;

use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::mpsc::{self, UnboundedReceiver};
use tokio::time::{Instant, timeout_at};
use tracing::{debug, warn};

use super::error::WatchError;

/// How long nothing may change before the lessons are read: a save is several events, and a checkout is many.
const QUIET: Duration = Duration::from_millis(20);

/// Watches the folder of all lessons, with everything in it.
pub struct LessonWatcher {
    changes: UnboundedReceiver<()>,
    quiet_at: Option<Instant>,
    _watcher: RecommendedWatcher,
}

impl LessonWatcher {
    /// Starts to watch `folder`, which may be a link to the folder.
    ///
    /// # Errors
    ///
    /// When the system cannot watch it.
    pub fn start(folder: &Path) -> Result<Self, WatchError> {
        let (to_changes, changes) = mpsc::unbounded_channel();
        let watching = |source| WatchError::Watch { folder: folder.to_owned(), source };
        let mut watcher = notify::recommended_watcher(move |event| {
            if is_change(&event) && to_changes.send(()).is_err() {
                debug!("a lesson changed after the end");
            }
        })
        .map_err(watching)?;
        let real = folder.canonicalize().map_err(|source| WatchError::Folder { folder: folder.to_owned(), source })?;
        watcher.watch(&real, RecursiveMode::Recursive).map_err(watching)?;
        Ok(Self { changes, quiet_at: None, _watcher: watcher })
    }

    /// Completes when something has changed, and is quiet again. Dropping the future loses nothing.
    pub async fn changed(&mut self) -> Option<()> {
        loop {
            let Some(quiet_at) = self.quiet_at else {
                self.changes.recv().await?;
                self.quiet_at = Some(Instant::now() + QUIET);
                continue;
            };
            if let Ok(Some(())) = timeout_at(quiet_at, self.changes.recv()).await {
                self.quiet_at = Some(Instant::now() + QUIET);
            } else {
                self.quiet_at = None;
                return Some(());
            }
        }
    }
}

/// Our own reading is an event, too.
fn is_change(event: &notify::Result<Event>) -> bool {
    match event {
        Ok(event) => match event.kind {
            EventKind::Access(kind) => kind == AccessKind::Close(AccessMode::Write),
            EventKind::Any | EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_) | EventKind::Other => {
                true
            }
        },
        Err(error) => {
            warn!(%error, "changes of lessons may have gone unnoticed");
            true
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tokio::time::timeout;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(10);

    #[tokio::test]
    async fn a_file_deep_in_the_folder_is_noticed_and_reading_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let page = folder.path().join("01-a/pages/a.md");
        fs::create_dir_all(page.parent().unwrap()).unwrap();
        fs::write(&page, "one").unwrap();
        let mut watcher = LessonWatcher::start(folder.path()).unwrap();
        fs::write(&page, "two").unwrap();
        assert_eq!(timeout(PATIENCE, watcher.changed()).await, Ok(Some(())));
        fs::read(&page).unwrap();
        fs::write(folder.path().join("mark"), "").unwrap();
        assert_eq!(timeout(PATIENCE, watcher.changed()).await, Ok(Some(())), "the mark");
    }
}
