//! What a learner does, without a terminal. The command line and the screen both call this, and say the same of it.
//!
//! | file | holds |
//! |---|---|
//! | [`check`] | a verdict on an exercise is recorded, and finishes steps |
//! | [`reset`], [`undo`] | the starter is put back, and so is what it replaced |
//! | [`hint`] | the next hint |
//! | [`solution`] | the solution is opened, perhaps before the exercise has passed |
//! | [`bug`] | a bug is planted in the worked example, and taken out again |
//! | [`assertion`] | the learner's assertion is tried on the buggy server and on a correct one |
//! | [`fix`] | the mended code is checked, and the bug is fixed |
//! | [`progress`] | how far a check is, in words |
//!
//! Files are read and written, and answers are judged; times come in as unix seconds. What changes the learner's progress
//! is given that and changes it in memory: who saves it, and when, is the caller's business.

pub mod assertion;
pub mod bug;
pub mod check;
pub mod fix;
pub mod hint;
pub mod progress;
pub mod reset;
pub mod solution;
#[cfg(test)]
mod testing;
pub mod undo;
