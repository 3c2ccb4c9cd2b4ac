//! Everything that a learner can do, without a terminal. The command line and the screen both call this, and use its
//! sentences.
//!
//! | file | holds |
//! |---|---|
//! | [`check`] | records a verdict on an exercise, which may finish steps |
//! | [`reset`], [`undo`] | puts the starter back, and brings back the code that it replaced |
//! | [`hint`] | the next hint |
//! | [`solution`] | opens the solution, perhaps before the exercise has passed |
//! | [`bug`] | plants a bug in the worked example, and removes it again |
//! | [`assertion`] | tries the learner's assertion on the buggy server and on a correct one |
//! | [`fix`] | checks the fixed code |
//! | [`progress`] | how far a check is, in words |
//!
//! Files are read and written, and answers are judged; times come in as unix seconds. Functions that change the
//! learner's progress get it as an argument and change it in memory: saving it is the caller's business.

pub mod assertion;
pub mod bug;
pub mod check;
pub mod fix;
pub mod hint;
pub mod progress;
pub mod reset;
pub mod solution;
pub mod stage;
#[cfg(test)]
mod testing;
pub mod undo;
