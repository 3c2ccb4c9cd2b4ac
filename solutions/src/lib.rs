//! The exemplary answers, one for each exercise, under the same ids as in `exercises`.
//!
//! - `src/<id>.rs` is an answer worth comparing yours with.
//! - `tests/<id>.rs` holds it to the same scenarios and the same expected transcripts.
//!
//! The worked example has no file here: its solution is the source that the lesson shows, and
//! `tests/worked-example.rs` compiles that.
