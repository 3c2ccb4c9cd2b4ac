//! The re-typing step writes this file.

use rooms::Io;

/// The worked example, once it is typed.
pub fn app(_io: &Io) {}
