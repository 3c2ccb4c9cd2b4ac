//! The workshop's screens.

pub mod markdown;
#[cfg(test)]
pub(crate) mod testing;
pub mod theme;
