//! The command line, one file for each subcommand, with its `Args` and a `run` that returns an exit code.

pub mod check;
pub mod client;
pub mod compare;
mod context;
mod diff;
pub mod doctor;
mod environment;
mod exit;
pub mod hint;
mod interrupt;
pub mod learn;
pub mod lesson;
pub mod list;
mod logging;
mod output;
pub mod play;
mod reach;
pub mod report;
pub mod reset;
mod root;
pub mod serve;
mod session;
mod ui;
pub mod undo;

pub use context::{Context, Global};
pub use exit::{FAILED, NOT_PASSED, PASSED, Usage, fail};
pub use output::{Closed, StatusLine, print, print_json};
pub use root::find_root;
pub use ui::{Paint, Ui};
