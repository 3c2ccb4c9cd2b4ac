//! Keys, and their effects.

/// A key that means something to a re-typing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A character.
    Char(char),
    /// The Enter key.
    Enter,
    /// The Backspace key.
    Backspace,
}

/// The effect of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was right; the cursor is in the same line.
    Right,
    /// It was right and ended a line.
    LineDone,
    /// It was right and ended a chunk; the cursor is in the next one.
    ChunkDone,
    /// It was right and was the last of all.
    AllDone,
    /// It was wrong; the cursor stays. See [`Retyping::wrong`](super::Retyping::wrong).
    Wrong,
    /// It was Backspace and removed the mark of a wrong key.
    MarkCleared,
    /// It belongs to a paste; the earlier keys of the paste are taken back.
    PasteRefused,
    /// It means nothing here and is not counted.
    Ignored,
}

/// A wrong key that is still shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// What was expected: a character, or "Enter".
    pub expected: String,
    /// What was pressed instead.
    pub pressed: String,
}
