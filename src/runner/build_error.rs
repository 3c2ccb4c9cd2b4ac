//! What can be wrong with the machine or the workshop, rather than with the learner's code.

use std::{ffi::OsString, io, time::Duration};

use super::Package;

/// Why there is neither a test binary nor a compile error to show.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// There is no such program.
    #[error(
        "there is no `{}` to build the exercise with\n\
         Install Rust from https://rustup.rs, or set CARGO to the cargo that you use.",
        .0.display()
    )]
    CargoMissing(OsString),
    /// Cargo could not be started or waited for.
    #[error("`{}` could not be run: {source}\nSee that you may execute it and that the machine has room for another process.", cargo.display())]
    Cargo {
        /// The cargo that was called.
        cargo: OsString,
        /// What the system said.
        source: io::Error,
    },
    /// The package has no test of that name.
    #[error(
        "the package `{package}` has no test `{exercise}`\n\
         Add {package}/tests/{exercise}.rs; README.md says what it holds."
    )]
    NoSuchTest {
        /// The package that was looked at.
        package: Package,
        /// The exercise whose test is missing.
        exercise: String,
    },
    /// Cargo does not understand a `Cargo.toml`.
    #[error(
        "cargo does not understand the workshop's manifests\n{0}\n\
         Undo the last change to the file named above (`git diff -- '*.toml'` shows it)."
    )]
    Manifest(String),
    /// A dependency is not on this machine yet, and cannot be fetched.
    #[error(
        "cargo could not download what the first build needs\n{0}\n\
         Connect to the network once and check again; later builds work without it."
    )]
    Download(String),
    /// A crate that the exercise depends on does not compile.
    #[error(
        "`{name}`, which every exercise needs, does not compile\n{text}\n\
         Undo the last change to it (`git status` shows it)."
    )]
    OtherCrate {
        /// The crate.
        name: String,
        /// Its first error, as rustc draws it.
        text: String,
    },
    /// The linker is missing or failed.
    #[error(
        "the code compiles, but the linker failed\n{0}\n\
         Install a C linker (`cc`), or mend the one that cargo is told to use."
    )]
    Linker(String),
    /// Another cargo held the build folder for too long.
    #[error(
        "cargo waited {} s for another cargo that uses the same build folder\n\
         End the other one, and check again.",
        .0.as_secs()
    )]
    Locked(Duration),
    /// A crate's build said nothing for too long.
    #[error(
        "the build of `{name}` said nothing for {} s, and was stopped\n\
         Check again; if it stops there again, look for code that the compiler cannot finish.",
        silence.as_secs()
    )]
    TimedOut {
        /// The crate that was being compiled.
        name: String,
        /// How long it said nothing.
        silence: Duration,
    },
    /// Anything else that cargo complains of.
    #[error(
        "the build failed\n{text}\n\
         Run `cargo test -p {package} --test {exercise} --no-run` to see all of it."
    )]
    Other {
        /// The package that was built.
        package: Package,
        /// The exercise that was built.
        exercise: String,
        /// What cargo said.
        text: String,
    },
}
