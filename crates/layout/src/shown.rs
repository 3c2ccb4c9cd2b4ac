//! A path in a message.

use std::path::Path;

/// A path from the workshop's root as messages have it, the same on every system.
pub fn shown(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}
