//! Why a background task failed, or a step could not carry out an action.

use judge::LiveError;
use scenario::LoadError;
use scenario::network::AddressError;
use scenario::run::RunError;

use crate::progress::{FileError, SaveError};

/// A failure that is shown in the status line.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The progress is only in memory; the next save tries again.
    #[error("Your progress is not saved: {0}")]
    Progress(SaveError),
    /// A note is only on the screen; its save is tried again when the learner leaves.
    #[error("Your note is not saved: {0}")]
    Note(FileError),
    /// A note or an exercise's file cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
}

/// Why a step's show cannot be played.
#[derive(Debug, thiserror::Error)]
pub enum ShowError {
    /// Its scenario is not valid.
    #[error(transparent)]
    Script(#[from] LoadError),
    /// Its server did not start.
    #[error("its server does not run. That is the course's mistake, not yours.\n{0}")]
    Server(#[from] LiveError),
    /// Its server listens where nobody can connect.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// It could not be played.
    #[error(transparent)]
    Run(#[from] RunError),
}

/// Why the learner's own server does not run, or no longer runs.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// It did not start.
    #[error(transparent)]
    Start(#[from] LiveError),
    /// It ended by itself. Holds how, if that is known.
    #[error("{}", .0.as_deref().unwrap_or("it ended"))]
    Ended(Option<String>),
    /// Nobody knows how it ended.
    #[error(transparent)]
    Lost(std::io::Error),
}
