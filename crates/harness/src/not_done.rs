//! Why the program did not do what it is there for.

use std::io;
use std::path::PathBuf;

use crate::invocation::{LIVE, PLAY};

/// What the program says before it ends with [`NOT_DONE`](crate::NOT_DONE).
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotDone {
    /// The environment says nothing: a person has started it.
    #[error("set {PLAY} or {LIVE}, or use `rtws check`")]
    NotAsked,
    /// The order cannot be read, or what happened cannot be written.
    #[error("cannot play what {} asks for: {error}", folder.display())]
    Play { folder: PathBuf, error: io::Error },
    /// The address is taken, or is none of this machine.
    #[error("cannot serve on {address}: {error}")]
    Serve { address: String, error: io::Error },
}
