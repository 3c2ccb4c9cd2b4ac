//! Everything that an author of lessons can do, without a terminal.
//!
//! | file | holds |
//! |---|---|
//! | [`full`] | finds out what takes a build |
//! | [`new`] | writes a lesson that works as it stands |
//! | [`pack`] | a lesson in one file |
//! | [`preview`] | a workshop in which nothing is recorded |
//! | [`schema`] | the keys of lessons, for editors and as a page |
//! | [`transcripts`] | the expected transcripts, made by the solutions |

pub mod full;
pub mod new;
pub mod pack;
pub mod preview;
pub mod schema;
pub mod transcripts;
