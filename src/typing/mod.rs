//! Typing the worked example again, key by key.
//!
//! [`Retyping`] holds the chunks of a [`Retype`](crate::course::steps::Retype) step and the learner's place in them. It
//! knows neither terminal nor clock: keys come in with their times, and lines to draw come out.
//!
//! The rules, and why:
//!
//! - **A wrong key does not advance.** It is counted, and shown until the next key. So everything before the cursor is
//!   right, and there is nothing to delete: Backspace only takes the mark of the wrong key away.
//! - **What teaches nothing is typed for the learner**: indentation, white space at line ends, blank lines, lines that
//!   are only comments, and characters outside ASCII, which may not be on the learner's keyboard. Typing them anyway
//!   does no harm: a space or Enter at the start of a line, and the very character that was just given, are ignored.
//! - **Enter ends a line**, the last line of a chunk too.
//! - **A paste inserts nothing.** It is counted and reported. See [`PasteGuard`] for terminals that do not mark a paste.
//! - **Speed never gates.** A pause of more than [`LONGEST_PAUSE_MS`] counts as reading, not as typing.
//!
//! Accuracy is the share of the characters asked for so far that were right at the first try; the others count as
//! missed, once for each place.

mod engine;
mod fading;
mod key;
mod paste;
mod plan;
mod saved;
mod score;
mod view;

pub use engine::{LONGEST_PAUSE_MS, Retyping};
pub use fading::Fading;
pub use key::{Key, Outcome, Wrong};
pub use paste::{Burst, PasteGuard};
pub use saved::{Cursor, Saved};
pub use score::Score;
pub use view::{Line, Piece, State};
