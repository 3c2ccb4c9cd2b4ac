//! Tasks for authors: `cargo xtask ci` runs everything that a change has to pass, or sections of it.
//!
//! [`ci`] has the sections, one file each. [`context`] is the state that they share, [`job`] runs a program and keeps
//! its output, [`test_log`] reads the output of tests, and [`install`] fetches packages for the tests with other
//! programs.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this program talks to a person at a terminal or to a log"
)]

mod attack;
mod ci;
mod context;
mod equivalents;
mod generate;
mod install;
mod job;
mod test_log;
mod workshop;

use std::process::ExitCode;

use clap::Parser;

#[derive(Parser)]
#[command(bin_name = "cargo xtask", about = "Tasks for authors")]
enum Task {
    /// Checks everything that a change has to pass
    Ci(ci::Arguments),
    /// Changes right answers mechanically, and lists the changes that no scenario notices
    Attack(attack::Arguments),
    /// Makes scenarios of what clients may do, and keeps the best
    Generate(generate::Arguments),
}

fn main() -> ExitCode {
    if let Some(code) = judge::process::supervise_if_asked() {
        return code;
    }
    let done = match Task::parse() {
        Task::Ci(arguments) => ci::run(&arguments),
        Task::Attack(arguments) => context::places().and_then(|(root, _)| attack::run(&root, &arguments)),
        Task::Generate(arguments) => context::places().and_then(|(root, _)| generate::run(&root, &arguments)),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
