//! The learner's progress: kept between sittings, and never lost to a crash.
//!
//! | in the learner's folder | holds | here |
//! |---|---|---|
//! | `state.json` | steps, exercises, positions, answers | [`Progress`], kept by [`Store`] |
//! | `state.json.bak` | the state that was saved before | [`Store`] |
//! | `*.lock` | the id of the process that holds a lock on them | [`Store`] |
//! | `notes/<id>.md` | the learner's own words | [`Notes`] |
//! | `assertions/<exercise>/<bug>.toml` | scenarios that a planted bug must fail | [`Assertions`] |
//! | `backups/<exercise>/<n>.rs` | code that a reset or a bug replaced | [`Backups`] |
//!
//! Nothing here is waited for: anything that is not a file, or is too long for one of these, is refused by name.
//!
//! Nothing here reads a clock or the environment: times are unix seconds that the caller passes in, and [`home`] is
//! given the value of `RTWS_HOME`. A failed write is an error to show, not a reason to stop: the session goes on, and
//! the next save tries again.

mod assertions;
mod backups;
mod changes;
mod files;
mod holder;
mod lock;
mod notes;
mod notice;
mod page;
pub mod report;
mod sitting;
mod state;
mod step;
pub mod steps;
mod store;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

pub use assertions::Assertions;
pub use backups::{Backups, Replaced, Undone};
pub use files::{Access, FileError};
pub use holder::Holder;
pub use lock::LockError;
pub use notes::{Note, Notes};
pub use notice::Notice;
pub use sitting::{EDITOR_LIMIT_MS, IDLE_LIMIT_MS, SITTING_GAP, Sitting};
pub use state::{ExerciseProgress, Passed, Progress, SCHEMA};
pub use step::{Place, StepProgress, StepState, step_key};
pub use steps::Kinds;
pub use store::{InUse, Opened, Refusal, SaveError, Store, TooLong};

/// The folder of the learner's files: `RTWS_HOME`, or else `.rtws` in the workshop's root.
pub fn home(root: &Path, rtws_home: Option<&OsStr>) -> PathBuf {
    match rtws_home {
        Some(home) if !home.is_empty() => PathBuf::from(home),
        _ => root.join(".rtws"),
    }
}

/// Tries to write a file in the learner's folder.
///
/// # Errors
///
/// When that fails, so that no progress would be kept.
pub fn try_home(home: &Path) -> Result<(), FileError> {
    // As large as a state can become.
    let (file, content) = (home.join("writable"), vec![b' '; 256 * 1024]);
    files::replace(&file, &content)?;
    std::fs::remove_file(&file).map_err(|error| FileError::write(&file, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_moves_the_learners_files() {
        let root = Path::new("workshop");
        assert_eq!(home(root, None), Path::new("workshop/.rtws"));
        assert_eq!(home(root, Some(OsStr::new(""))), Path::new("workshop/.rtws"));
        assert_eq!(home(root, Some(OsStr::new("elsewhere"))), Path::new("elsewhere"));
    }
}
