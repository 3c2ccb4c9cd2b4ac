//! Everything that an author of lessons can do, without a terminal.
//!
//! | file | holds |
//! |---|---|
//! | [`full`] | finds out what takes a build |
//! | [`new`] | writes a lesson that works as it stands |

pub mod full;
pub mod new;
