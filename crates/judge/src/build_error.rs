//! Errors of the machine or the workshop, rather than of the learner's code.

use std::{ffi::OsString, io, path::PathBuf, time::Duration};

/// Why there is neither a program nor a compile error to show.
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
        /// The system's error.
        source: io::Error,
    },
    /// There is no such program.
    #[error(
        "there is no `{}` to compile the exercise with\n\
         Install Rust from https://rustup.rs, or set RUSTC to the compiler that you use.",
        .0.display()
    )]
    RustcMissing(OsString),
    /// The compiler could not be started or waited for.
    #[error("`{}` could not be run: {source}\nSee that you may execute it and that the machine has room for another process.", rustc.display())]
    Rustc {
        /// The compiler that was called.
        rustc: OsString,
        /// The system's error.
        source: io::Error,
    },
    /// The compiler does not tell its version.
    #[error("the compiler does not work\n{0}")]
    Toolchain(String),
    /// A `Cargo.toml` cannot be read.
    #[error(
        "the workshop's manifests are not understood\n{0}\n\
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
    /// The libraries that exercises link do not fit this program.
    #[error(
        "the crates of this workshop do not fit this `rtws`, which is of another version\n{0}\n\
         Use the `rtws` of that workshop: `cargo run -- check` in its folder."
    )]
    OtherVersion(String),
    /// The linker is missing or failed.
    #[error(
        "the code compiles, but the linker failed\n{0}\n\
         Install a C linker (`cc`), or repair the linker that cargo is told to use."
    )]
    Linker(String),
    /// Another cargo held the build folder for too long.
    #[error(
        "cargo waited {} s for another cargo that uses the same build folder\n\
         End the other one, and check again.",
        .0.as_secs()
    )]
    Locked(Duration),
    /// A crate's build printed nothing for too long.
    #[error(
        "the build of `{name}` said nothing for {} s, and was stopped\n\
         Check again; if it stops there again, look for code that the compiler cannot finish.",
        silence.as_secs()
    )]
    TimedOut {
        /// The crate that was being compiled.
        name: String,
        /// How long it printed nothing.
        silence: Duration,
    },
    /// The result of a build cannot be kept.
    #[error("cannot use {}: {source}\nSee that you may write there and that the disk is not full.", path.display())]
    Store {
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// Any other error of cargo or the compiler.
    #[error("the build failed\n{0}")]
    Other(String),
}
