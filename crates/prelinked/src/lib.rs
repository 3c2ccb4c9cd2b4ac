//! The libraries of an exercise, linked once into one shared library.
//!
//! A test binary that links them itself takes longer to link than to compile, at every save. `scenario::harness!` names
//! this crate where that was tried, on Linux with glibc; `rpath.rs` says where the binary finds it.

pub use rooms;
pub use scenario;
pub use serde;
pub use serde_json;
pub use tokio;
