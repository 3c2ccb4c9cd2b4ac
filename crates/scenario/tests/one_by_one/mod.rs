//! Tests that run one after another on the only thread of their process, as an exercise's scenarios do. The virtual clock takes
//! every further thread for the application's, so tests of the clock cannot run side by side.

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

/// Tests by the names of their functions.
macro_rules! trials {
    ($($test:ident),* $(,)?) => {
        vec![$(libtest_mimic::Trial::test(stringify!($test), || { $test(); Ok(()) })),*]
    };
}
pub(crate) use trials;

/// Runs those that the command line asks for.
pub(crate) fn run(trials: Vec<Trial>) -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads = Some(1);
    libtest_mimic::run(&arguments, trials).exit_code()
}
