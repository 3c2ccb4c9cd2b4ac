//! Everything that an author of lessons can do, without a terminal.
//!
//! | file | holds |
//! |---|---|
//! | [`new`] | writes a lesson that works as it stands |

pub mod new;
