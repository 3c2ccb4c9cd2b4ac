//! Every block of Rust in the lessons' texts, as one crate: that it compiles is the test.

#![allow(warnings, clippy::all, clippy::pedantic, clippy::restriction, reason = "these are excerpts")]

/// The names that a block need not import.
mod prelude {
    pub use std::collections::{BTreeMap, BTreeSet};

    pub use rooms::{Io, Payload, Socket};
    pub use serde_json::{Value, json};
}

include!(concat!(env!("OUT_DIR"), "/blocks.rs"));

#[test]
fn blocks_are_found() {
    assert!(COUNT > 0);
}
