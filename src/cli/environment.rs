//! Variables of the environment.

use std::env;
use std::ffi::OsString;

/// A variable that is set to nothing counts as not set.
pub(super) fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}
