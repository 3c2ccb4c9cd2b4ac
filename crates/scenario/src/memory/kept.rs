//! What is in use when all clients have gone, and what is wrong with that, in words.

use serde::{Deserialize, Serialize};

use crate::script::Memory;

/// What came of playing a script many times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lives {
    /// All were played.
    Played(Kept),
    /// The server ended one of them before its last step.
    Ended {
        /// How many had been played before.
        before: u32,
        /// What happened, in words.
        why: String,
    },
}

/// The memory at two moments when all clients had gone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The first.
    pub earlier: Look,
    /// The second.
    pub later: Look,
}

/// A look at the memory.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// How many clients had come and gone.
    pub clients: u32,
    /// How many bytes were in use.
    pub bytes: usize,
}

impl Lives {
    /// What is wrong, if anything is.
    pub fn complaint(&self, memory: &Memory) -> Option<String> {
        match self {
            Self::Played(kept) => kept.complaint(&memory.forgotten),
            Self::Ended { before, why } => Some(format!(
                "The same was done again and again, with new clients on the same server. After {before} times it came to another end: {why}"
            )),
        }
    }
}

impl Kept {
    /// Bytes that are kept of each client.
    pub(super) fn of_each(self) -> usize {
        let clients = usize::try_from(self.later.clients - self.earlier.clients).unwrap_or(usize::MAX);
        self.later.bytes.saturating_sub(self.earlier.bytes) / clients.max(1)
    }

    fn complaint(self, forgotten: &str) -> Option<String> {
        let (Self { earlier, later }, each) = (self, self.of_each());
        (each > 0).then(|| {
            format!(
                "After {} clients that came and went, {} of memory are in use, and after {} it is {}: about {} are kept for each client that is gone, by a collection or by a task that does not end. The page says: \u{201c}{forgotten}\u{201d}",
                earlier.clients,
                size(earlier.bytes),
                later.clients,
                size(later.bytes),
                size(each)
            )
        })
    }
}

fn size(bytes: usize) -> String {
    let tenths = |unit: usize| format!("{}.{}", bytes / unit, bytes % unit * 10 / unit);
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", tenths(1_000)),
        _ => format!("{} MB", tenths(1_000_000)),
    }
}
