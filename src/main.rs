//! The command line: the subcommands, and the code that runs each.

use std::panic;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use rtws::cli::{self, Context, Global};
use rtws::terminal::EXIT_PANIC;

const AFTER_HELP: &str = "\
Exit codes: 0 passed or done, 1 not passed, 2 wrong usage, 3 the tool or the machine failed.
RTWS_LOG=debug adds what goes on inside to the file `log` in the learner's folder (.rtws, or RTWS_HOME); \
RTWS_LOG=FILE to another file.";

/// An interactive terminal workshop for real-time communication with WebSockets
#[derive(Parser)]
#[command(name = "rtws", version, about, disable_help_subcommand = true)]
#[command(after_help = AFTER_HELP)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// One variant for each subcommand, in the order in which `--help` shows them.
#[derive(Subcommand)]
enum Command {
    Learn(cli::learn::Args),
    List(cli::list::Args),
    Check(cli::check::Args),
    Hint(cli::hint::Args),
    Reset(cli::reset::Args),
    Undo(cli::undo::Args),
    Compare(cli::compare::Args),
    Report(cli::report::Args),
    Serve(cli::serve::Args),
    Play(cli::play::Args),
    Client(cli::client::Args),
    Lesson(cli::lesson::Args),
    Doctor(cli::doctor::Args),
}

fn main() -> ExitCode {
    if let Some(code) = judge::process::supervise_if_asked() {
        return code;
    }
    let Cli { global, command } = Cli::parse();
    // The panic has been reported; all that is left is the exit code that says so.
    let outcome = panic::catch_unwind(|| dispatch(&global, &command));
    outcome.map_or(ExitCode::from(EXIT_PANIC), |result| result.unwrap_or_else(|error| cli::fail(&error)))
}

fn dispatch(global: &Global, command: &Command) -> anyhow::Result<ExitCode> {
    let context = || Context::new(global).map(Context::logged);
    match command {
        Command::Learn(args) => cli::learn::run(args, &context()?),
        Command::List(args) => cli::list::run(args, &context()?),
        Command::Check(args) => cli::check::run(args, context()),
        Command::Hint(args) => cli::hint::run(args, &context()?),
        Command::Reset(args) => cli::reset::run(args, &context()?),
        Command::Undo(args) => cli::undo::run(args, &context()?),
        Command::Compare(args) => cli::compare::run(args, &context()?),
        Command::Report(args) => cli::report::run(args, &context()?),
        Command::Serve(args) => cli::serve::run(args, &context()?),
        Command::Play(args) => cli::play::run(args, &context()?),
        Command::Client(args) => cli::client::run(args, &context()?),
        Command::Lesson(args) => cli::lesson::run(args, &context()?),
        Command::Doctor(args) => cli::doctor::run(args, &context()?),
    }
}
