//! The environment that tells the program what to do, and the exit code for a program that could not do it.

use std::error::Error;
use std::process::ExitCode;

/// Names the folder with the order; see [`order`](crate::order).
pub const PLAY: &str = "RTWS_PLAY";
/// Names the address to serve on.
pub const LIVE: &str = "RTWS_LIVE";
/// Names the one scenario that this process is to play, on systems on which processes are not copied.
pub(crate) const ONE: &str = "RTWS_PLAY_ONE";

/// The exit code of a program that was not told what to do, or could not do it, for example because the disk is full.
/// Answers do not use it.
pub const NOT_DONE: u8 = 113;

/// The scenario that [`ONE`] names, by its place in the order.
pub(crate) fn only_one() -> Option<usize> {
    std::env::var(ONE).ok()?.parse().ok()
}

#[expect(clippy::print_stderr, reason = "this is the program's own output")]
pub(crate) fn complain(error: &dyn Error) -> ExitCode {
    eprintln!("{error}");
    ExitCode::from(NOT_DONE)
}
