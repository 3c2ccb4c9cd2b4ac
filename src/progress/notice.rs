//! Warnings to the learner about the saved state.

use std::fmt;
use std::path::PathBuf;

use super::state::SCHEMA;

/// A warning about the saved state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The state could not be read; it was set aside.
    SetAside {
        /// Where it is now.
        aside: PathBuf,
        /// Why it could not be read.
        why: String,
        /// Whether the previous state was loaded in its place.
        recovered: bool,
    },
    /// There was no state, but the previous one existed, and was loaded.
    Missing {
        /// The folder to remove for a fresh start.
        home: PathBuf,
    },
    /// The state could be neither read nor set aside, so nothing is saved over it.
    Stuck {
        /// The state.
        path: PathBuf,
        /// Why it could not be read.
        why: String,
    },
    /// The state was written by a newer program, so nothing is saved over it.
    Newer {
        /// The state.
        path: PathBuf,
        /// Its version.
        schema: String,
    },
}

impl fmt::Display for Notice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SetAside { aside, why, recovered } => {
                let instead = if *recovered { "The state saved before it was loaded" } else { "You start afresh" };
                write!(
                    formatter,
                    "Your progress could not be read: {why}. {instead}; the unreadable file is now {}",
                    aside.display()
                )
            }
            Self::Missing { home } => write!(
                formatter,
                "Your progress was missing, so the state saved before it was loaded. To start afresh, remove {}",
                home.display()
            ),
            Self::Stuck { path, why } => write!(
                formatter,
                "Your progress could not be read: {why}. So nothing is saved in this session. Make {} readable, or move it away",
                path.display()
            ),
            Self::Newer { path, schema } => write!(
                formatter,
                "{} was written by a newer rtws (schema {schema}, this one knows {SCHEMA}), so nothing is saved in this session. Update rtws",
                path.display()
            ),
        }
    }
}
