//! Operations that need unsafe calls to the system: [`fork`] a process, [`give_back_memory`], and [`Counted`], an allocator
//! that knows how much memory is in use.
//!
//! A program that is loaded once and copied for each scenario costs a fraction of one that is started for each, and each
//! copy begins with the same memory: nothing that one of them keeps in a `static` reaches the next.
//!
//! Forking is unsafe while other threads run: the copy has their locks but not the threads. So this checks first how
//! many threads there are, and refuses if it cannot tell.

mod counted;
#[cfg(unix)]
mod unix;

pub use counted::{Counted, live_bytes};
#[cfg(unix)]
pub use unix::{Side, fork, give_back_memory};
