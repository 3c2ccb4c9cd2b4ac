//! How much one client may have done before everybody else has a turn.
//!
//! One read or one body can bring very many small parts, and each of them takes some time.

use std::pin::pin;
use std::task::Context;

use tokio::task::yield_now;

/// Messages that are handled or let go. With fewer, the answers would be written in more and smaller pieces.
pub(crate) const MESSAGES: usize = 64;

/// Bytes that are read or handled: a few large messages can take as long as many small ones, and three thousand frames of
/// these may be no message at all.
pub(crate) const BYTES: usize = 16 * 1024;

/// Bytes that are written. One large event can go to a thousand clients, and the system takes a quarter of a megabyte for
/// each.
pub(crate) const WRITTEN: usize = 32 * 1024;

/// Ends a turn from within a `poll`. The task is polled again when all that are about to run have run and the system was
/// asked for what has come; a task that just wakes itself goes on many times before that.
pub(crate) fn end(context: &mut Context<'_>) {
    let _ = pin!(yield_now()).poll(context);
}
