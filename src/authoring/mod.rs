//! Everything that an author of lessons can do, without a terminal.
//!
//! | file | holds |
//! |---|---|
//! | `files` | writes the files of a lesson that comes into a workshop |
//! | [`full`] | finds out what takes a build |
//! | [`new`] | writes a lesson that works as it stands |
//! | [`pack`] | a lesson in one file |
//! | [`preview`] | a workshop in which nothing is recorded |
//! | [`schema`] | the keys of lessons, for editors and as a page |
//! | [`transcripts`] | the expected transcripts, made by the solutions |

mod files;
pub mod full;
pub mod new;
pub mod pack;
pub mod preview;
pub mod schema;
pub mod transcripts;
