//! From memory: the core pattern, written without looking back.

use rooms::Io;

/// The server under test.
pub fn app(_io: &Io) {
    // What happens when a client connects?
}
