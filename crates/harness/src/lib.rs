//! The program that an answer becomes: the learner's `app`, and the code that plays scenarios against it.
//!
//! ```text
//! #[path = "join-project.rs"]
//! mod exercise;
//!
//! fn main() -> std::process::ExitCode {
//!     harness::main(exercise::app, "join-project.rs")
//! }
//! ```
//!
//! The program that started it says in the environment what to do:
//!
//! | variable | effect |
//! |---|---|
//! | `RTWS_PLAY=FOLDER` | plays the scenarios of the [`Order`](order::Order) in that folder, each in its own process, and writes the results there |
//! | `RTWS_LIVE=ADDRESS` | serves the application on TCP |
//!
//! It judges nothing: it does not know the expected results.
//!
//! # Map
//!
//! - `invocation`: the environment that says what to do, and the exit code of a program that cannot do it. `not_done`:
//!   why it cannot.
//! - [`order`]: the scenarios to play, and the results that are left behind.
//! - `play`: one scenario, in this process. `processes`: each in a copy of it.
//! - [`live`]: the application as a server on TCP.
//! - [`limits`]: limits on the resources that the learner's code may use.

#![warn(clippy::missing_errors_doc)]

mod invocation;
pub mod limits;
pub mod live;
mod not_done;
pub mod order;
mod play;
mod processes;

use std::path::Path;
use std::process::ExitCode;

pub use invocation::{LIVE, NOT_DONE, PLAY};
pub use play::App;
/// The allocator of an answer's program, which knows how much memory is in use.
pub use system::Counted;

use not_done::NotDone;

/// The main function of an answer's program. `file` is the file of `app`, as the compiler was told it.
pub fn main(app: App, file: &'static str) -> ExitCode {
    let done = if let Some(folder) = std::env::var_os(PLAY) {
        limits::limit_test_run();
        scenario::panic::watch(file);
        play_order(Path::new(&folder), app)
    } else if let Ok(address) = std::env::var(LIVE) {
        limits::limit_any();
        live::serve(&address, app).map_err(|error| NotDone::Serve { address, error })
    } else {
        Err(NotDone::NotAsked)
    };
    done.map_or_else(|error| invocation::complain(&error), |()| ExitCode::SUCCESS)
}

fn play_order(folder: &Path, app: App) -> Result<(), NotDone> {
    let failed = |error| NotDone::Play { folder: folder.to_owned(), error };
    let order = order::Order::read(folder).map_err(failed)?;
    match invocation::only_one() {
        Some(index) => play::one(&order, index, folder, app),
        None => processes::play_each(&order, folder, app),
    }
    .map_err(failed)
}
