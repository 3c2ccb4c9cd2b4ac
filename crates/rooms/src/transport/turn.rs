//! How much work one client may cause before all others have a turn.
//!
//! One read or one body can contain very many small parts, and each of them takes some time.

use std::pin::pin;
use std::task::Context;

use tokio::task::yield_now;

/// Messages that are handled or discarded. With fewer, the answers would be written in more and smaller pieces.
pub(crate) const MESSAGES: usize = 64;

/// Bytes that are read or handled: a few large messages can take as long as many small ones, and this many bytes can be
/// three thousand frames without one whole message.
pub(crate) const BYTES: usize = 16 * 1024;

/// Bytes that are written. One large event can go to a thousand clients, and the system takes a quarter of a megabyte for
/// each.
pub(crate) const WRITTEN: usize = 32 * 1024;

/// Ends a turn from within a `poll`. The task is polled again when all tasks that are ready have run and the system has
/// been asked for new input; a task that merely wakes itself runs many times before that.
pub(crate) fn end(context: &mut Context<'_>) {
    let _ = pin!(yield_now()).poll(context);
}
