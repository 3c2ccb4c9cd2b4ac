//! What happened in the server: the feed that a monitor shows, a test explains and a log prints.
//!
//! Every [`Record`] is also one line of JSON. A reader that reads gets all lifecycle records; the others are log lines,
//! which a [`feed`] may drop, and count, under load. So rates come from [`Event::Counters`], never from counting log
//! lines. A reader that hangs is told how much it has lost, and then the current state ([`Event::Lost`]).
//!
//! Texts in records are cut ([`MAX_NAME_BYTES`], [`PREVIEW_CHARACTERS`]), because clients can make them as long as they
//! like.

mod feed;
mod record;
mod size;

pub use feed::{Feed, FeedReceiver, feed};
pub use record::{Event, Observer, Record, SocketCounters};
pub(crate) use size::preview;
pub use size::{MAX_MESSAGE_BYTES, MAX_NAME_BYTES, PREVIEW_CHARACTERS};
