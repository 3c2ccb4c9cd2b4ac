//! The libraries that an answer links, built once from the workshop's own sources.
//!
//! Cargo decides by file times whether a crate has to be built again, and file times lie: after `cp -p`, `mv`, `tar x`,
//! `git stash` or when a clock was set back. So the sources are copied to a folder that is named after their contents
//! ([`sources`]), and cargo builds there ([`mod@build`]). The path of a crate in its workspace is part of its identity,
//! so no build can be taken for one of other sources, even if other workshops use the same target folder.
//!
//! The build ends with a program of the same shape as an answer's, and the command that compiled it is kept
//! ([`command`]). An answer is compiled by that very command, with another file: just as cargo would do, with the
//! machine's linker and flags, but without cargo.
//!
//! On Linux with glibc the libraries are linked once into one shared library: a program that links all of them itself takes
//! longer to link than to compile, at every save.

mod build;
mod command;
mod output;
mod sources;

use std::path::{Path, PathBuf};
use std::time::Instant;

use tracing::{debug, info};

use super::{BuildError, OnProgress, Workshop, key::Key, store, toolchain};
pub(super) use command::Command;

/// Whether answers link one shared library.
const IS_SHARED: bool = cfg!(all(target_os = "linux", target_env = "gnu"));

/// The libraries, and how to compile an answer with them.
#[derive(Debug, Clone)]
pub(super) struct Library {
    /// The key of the sources, the compiler and its settings.
    pub(super) key: Key,
    /// The folder of the libraries.
    pub(super) folder: PathBuf,
    pub(super) command: Command,
}

impl Library {
    /// The libraries of the workshop as its files are now: found built, or built.
    pub(super) async fn of(workshop: &Workshop, on_progress: OnProgress<'_>) -> Result<Self, BuildError> {
        let compiler = toolchain::ask(workshop)?;
        let sources = sources::Sources::read(workshop.layout.root())?;
        let toolchain = compiler.toolchain(workshop).await?;
        let key = toolchain.add_to(sources.parts()).key();
        let folder = workshop.store().join("libraries").join(key.as_str());
        if let Some(command) = Command::load(&folder) {
            store::touch(&folder);
            debug!(%key, "the libraries are built already");
            return Ok(Self { key, folder: folder.join(LIBRARIES), command });
        }
        let began = Instant::now();
        let built = build::build(workshop, &sources, &toolchain, &key, &folder, on_progress).await;
        info!(%key, seconds = began.elapsed().as_secs_f64(), is_built = built.is_ok(), "libraries");
        built?;
        let command = Command::load(&folder).ok_or_else(|| BuildError::Store {
            path: folder.clone(),
            source: std::io::Error::other("the files that were just written there cannot be read"),
        })?;
        Ok(Self { key, folder: folder.join(LIBRARIES), command })
    }

    /// Replaces the libraries' names in messages of the compiler by those that readers know.
    pub(super) fn readable(&self, message: &str) -> String {
        let folder = sources::folder_of(&self.key);
        message.replace(&format!("{}_{folder}::", sources::LINKED), "").replace(&format!("{folder}/"), "")
    }

    /// The folder of the answers that were compiled with it. They are removed with it: to the linker, a library that is
    /// built again from the same sources is another one.
    pub(super) fn answers(&self) -> PathBuf {
        self.folder.with_file_name("answers")
    }
}

/// An item that has everything in a program allocated by an allocator that counts. It stands where the program meets the
/// standard library first: in the shared library, if there is one.
const ALLOCATOR: &str = "#[global_allocator]\nstatic COUNTED: harness::Counted = harness::Counted;\n";

/// The main file of a program: these items, and a main function that hands this application over.
pub(super) fn main_file(items: &str, app: &str, file: &Path) -> String {
    let file = file.to_string_lossy();
    let linked = if IS_SHARED { "use linked as _;\n" } else { ALLOCATOR };
    format!("{linked}\n{items}\n\nfn main() -> std::process::ExitCode {{\n    harness::main({app}, {file:?})\n}}\n")
}

/// More arguments for the linker: where an answer finds the shared libraries, relative to its own place. A
/// `LD_LIBRARY_PATH` may contain other libraries with these names, so this path takes precedence.
pub(super) fn link_arguments() -> &'static [&'static str] {
    if IS_SHARED {
        &["-C", "link-arg=-Wl,--disable-new-dtags", "-C", "link-arg=-Wl,-rpath,$ORIGIN/../../deps"]
    } else {
        &[]
    }
}

/// The folder of the libraries in the folder of a build.
const LIBRARIES: &str = "deps";

/// The system's error about a path, as a [`BuildError`].
fn failed(path: &Path) -> impl FnOnce(std::io::Error) -> BuildError {
    let path = path.to_owned();
    move |source| BuildError::Store { path, source }
}
