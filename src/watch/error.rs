//! Why changes go unnoticed.

use std::io;
use std::path::PathBuf;

/// Why the folder is not watched.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// The folder cannot be read.
    #[error("cannot read {}: {source}\nSee that the folder exists; `git status` shows what is missing.", folder.display())]
    Folder {
        /// The folder to be watched.
        folder: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// Nothing can be saved in the folder.
    #[error("cannot write in {}: {source}", folder.display())]
    Unwritable {
        /// The folder.
        folder: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The system cannot watch it.
    #[error("cannot watch {} for saved files: {source}\nCheck by hand instead.", folder.display())]
    Watch {
        /// The folder to be watched.
        folder: PathBuf,
        /// The system's error.
        source: notify::Error,
    },
}
