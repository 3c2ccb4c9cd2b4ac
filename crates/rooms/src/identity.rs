//! Ids that nobody can guess, and the identity that a client keeps when it comes back.

use std::fmt;
use std::sync::Arc;

use rand::RngExt;
use rand::distr::Alphanumeric;

/// The length of the ids in Node's Socket.IO; 62^20 of them cannot be guessed.
const ID_LENGTH: usize = 20;

/// The id of a socket. It changes with every connection, so it does not identify a user.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SocketId(Arc<str>);

impl SocketId {
    pub(crate) fn new(id: String) -> Self {
        Self(id.into())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Allows lookups by plain text in a map with ids as keys.
impl std::borrow::Borrow<str> for SocketId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SocketId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What a socket keeps when its client comes back.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    /// Its place in the order of connections.
    pub(crate) key: u64,
    pub(crate) id: SocketId,
}

/// An id that nobody can guess.
pub(crate) fn new_id() -> String {
    rand::rng().sample_iter(Alphanumeric).take(ID_LENGTH).map(char::from).collect()
}
