//! Why something did not work that the learner did not wait for, or a step could not do what was asked of it.

use judge::LiveError;
use scenario::LoadError;
use scenario::run::RunError;

use crate::progress::{FileError, SaveError};

/// Something that is told in the status line.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The progress is in memory alone; the next save tries again.
    #[error("Your progress is not saved: {0}")]
    Progress(SaveError),
    /// A note is on the screen alone; it is tried again when the learner leaves.
    #[error("Your note is not saved: {0}")]
    Note(FileError),
    /// A note or an exercise's file cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
}

/// Why a step cannot show what it tells.
#[derive(Debug, thiserror::Error)]
pub enum ShowError {
    /// Its scenario is none.
    #[error(transparent)]
    Script(#[from] LoadError),
    /// It could not be played.
    #[error(transparent)]
    Run(#[from] RunError),
}

/// Why the learner's own server does not run, or not any more.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// It did not start.
    #[error(transparent)]
    Start(#[from] LiveError),
    /// It ended by itself; how, if that is known.
    #[error("{}", .0.as_deref().unwrap_or("it ended"))]
    Ended(Option<String>),
    /// Nobody knows how it ended.
    #[error(transparent)]
    Lost(std::io::Error),
}
