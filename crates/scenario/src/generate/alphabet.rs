//! What the clients of an exercise may do.
//!
//! ```toml
//! rooms = false
//! any_order = ["task-freed"]
//! ends = ["goodbye", "page-left", "break", "nonsense", "silence"]
//! waits_ms = [1000, 3600000]
//!
//! [[clients]]
//! name = "ann"
//! auth = { user = "ann" }
//!
//! [[events]]
//! name = "join-project"
//! opens = true
//! fields.projectId = { pool = "ids", usual = ["p1", "p2"] }
//! ```

use std::collections::BTreeMap;
use std::path::Path;

use fields::{Found, Mistake, Shape, Value as _};
use serde_json::Value;

use super::pools::Pool;
use super::read;
use crate::load::{LoadError, whole};
use crate::script::ServerSettings;

/// What the clients of an exercise may do, and what of it matters.
#[derive(Debug, Clone, PartialEq)]
pub struct Alphabet {
    /// The clients that there may be. Two with the same `auth` are two tabs of one person.
    pub clients: Vec<Person>,
    /// The keys of their `auth` that may have unusual values, the same for clients with the same one.
    pub auth: BTreeMap<String, Field>,
    /// What they may send.
    pub events: Vec<Sent>,
    /// What they may be asked to acknowledge.
    pub answers: Vec<Answered>,
    /// How their connections may end.
    pub ends: Vec<Ending>,
    /// Pauses, in milliseconds.
    pub waits_ms: Vec<u64>,
    /// Whether the rooms at the end count.
    pub rooms: bool,
    /// Events whose messages may come in any order among themselves.
    pub any_order: Vec<String>,
    /// Settings of the server.
    pub server: ServerSettings,
}

/// A client.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Its name, one word.
    pub name: String,
    /// What it sends as it connects.
    pub auth: Option<Value>,
}

/// An event that clients may send.
#[expect(clippy::struct_excessive_bools, reason = "each is a separate key")]
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    /// Its name.
    pub name: String,
    /// How often it is chosen, as a share: one of 3 comes thrice as often as one of 1.
    pub often: u32,
    /// Whether clients usually begin with it.
    pub opens: bool,
    /// Whether an acknowledgement is asked for.
    pub ack: Asked,
    /// How many may be sent without a pause.
    pub floods: Vec<u32>,
    /// Whether anything may come in place of the object with the fields, or nothing.
    pub anything: bool,
    /// Whether a list may come in place of the object, too.
    pub lists: bool,
    /// Whether there may be fields besides these.
    pub further: bool,
    /// The fields of its payload. Without any, it has no payload.
    pub fields: BTreeMap<String, Field>,
}

/// Whether a client asks for an acknowledgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Asked {
    /// `false`.
    #[default]
    Never,
    /// `true`.
    Always,
    /// `"sometimes"`.
    Sometimes,
}

/// A field of a payload.
#[expect(clippy::struct_excessive_bools, reason = "each is a separate key")]
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Field {
    /// Where unusual values come from.
    pub pool: Pool,
    /// The values that it has most of the time.
    pub usual: Vec<Value>,
    /// How many characters a text may have. The pool has values on both sides of that.
    pub limit: Option<usize>,
    /// Texts of more bytes than this are left out, because what happens to them is left open.
    pub most_bytes: Option<usize>,
    /// Other values that the page leaves open.
    pub open: Vec<Value>,
    /// Whether the field may be missing as a matter of course.
    pub optional: bool,
    /// Whether values of other types, and a missing field, may come. Without it values stay what the page says that they are.
    pub unfit: bool,
    /// Whether blank texts are what the page says, too.
    pub blank: bool,
    /// Whether JSON may come that programs read in different ways, or cannot hold.
    pub raw: bool,
}

/// An event that the server sends and asks to be acknowledged.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    /// Its name.
    pub event: String,
    /// What may go with the acknowledgement. Empty: nothing does.
    pub payloads: Vec<Value>,
}

/// How a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The client says goodbye.
    Goodbye,
    /// The client closes the connection, as a browser does when its page is left.
    PageLeft,
    /// The stream breaks without a word.
    Break,
    /// The client breaks the protocol.
    Nonsense,
    /// The client stops reading, and may read again.
    Silence,
}

impl Alphabet {
    /// Reads an alphabet from a text; `path` is for messages alone.
    ///
    /// # Errors
    ///
    /// [`LoadError`] with everything that is wrong, each where it stands.
    pub fn parse(text: &str, path: &Path) -> Result<Self, LoadError> {
        Self::read(text).map_err(|mistakes| LoadError::wrong(mistakes, text, path))
    }

    /// What may be written in the file of an alphabet.
    pub fn shape() -> Shape {
        read::File::shape()
    }

    /// Reads an alphabet, for callers that show mistakes in their own way.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, in the order of the text.
    pub fn read(text: &str) -> Result<Self, Vec<Mistake>> {
        let found = Found::default();
        let alphabet = fields::read(text, &found).map(|file| read::alphabet(file, &found));
        whole(alphabet, found)
    }
}
