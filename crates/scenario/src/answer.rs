//! The program that an answer becomes: the learner's `app`, and everything that plays scenarios against it.
//!
//! ```text
//! #[path = "join-project.rs"]
//! mod exercise;
//!
//! fn main() -> std::process::ExitCode {
//!     scenario::answer::main(exercise::app)
//! }
//! ```
//!
//! The program that started it says in the environment what to do:
//!
//! | variable | effect |
//! |---|---|
//! | `RTWS_PLAY=FOLDER` | plays the scenarios of the [`Order`](order::Order) in that folder, each in a process of its own, and writes there how each went |
//! | `RTWS_LIVE=ADDRESS` | serves the application on TCP |
//!
//! It judges nothing: what is expected is not known here.

pub mod order;
mod play;
mod processes;

use std::path::Path;
use std::process::ExitCode;

use rooms::Io;

pub(crate) use play::panic_message;

use crate::limits;
use crate::live;

/// Names the folder with the order; see [`order`].
pub const PLAY: &str = "RTWS_PLAY";
/// Names the address to serve on.
pub const LIVE: &str = "RTWS_LIVE";
/// Names the one scenario that this process is to play, where processes are not copied.
const ONE: &str = "RTWS_PLAY_ONE";

/// The exit code of a program that was not told what to do, or could not do it, for example because the disk is full. It is
/// one that answers do not use.
pub const NOT_DONE: u8 = 113;

/// The application under test.
pub type App = fn(&Io);

/// The main function of an answer's program.
pub fn main(app: App) -> ExitCode {
    let done = if let Some(folder) = std::env::var_os(PLAY) {
        limits::limit_test_run();
        play(Path::new(&folder), app)
    } else if let Ok(address) = std::env::var(LIVE) {
        limits::limit_live();
        live::serve(&address, app).map_err(|error| format!("cannot serve on {address}: {error}"))
    } else {
        Err(format!("set {PLAY} or {LIVE}, or use `rtws check`"))
    };
    done.map_or_else(|message| complain(&message), |()| ExitCode::SUCCESS)
}

fn play(folder: &Path, app: App) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("cannot play what {} asks for: {error}", folder.display());
    let order = order::Order::read(folder).map_err(failed)?;
    match std::env::var(ONE).ok().and_then(|one| one.parse().ok()) {
        Some(index) => play::one(&order, index, folder, app),
        None => processes::play_each(&order, folder, app),
    }
    .map_err(failed)
}

#[expect(clippy::print_stderr, reason = "this is the program's own output")]
fn complain(message: &str) -> ExitCode {
    eprintln!("{message}");
    ExitCode::from(NOT_DONE)
}
