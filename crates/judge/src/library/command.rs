//! The command that compiled a program of an answer's shape, kept so that it compiles answers.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::LIBRARIES;

/// Stands for the folder of the libraries: a workshop may be moved with everything that was built in it.
const PLACEHOLDER: &str = "{libraries}";
const FILE: &str = "command.json";

/// Arguments for the place and name of the build's program, or for the format of messages. The value is after the `=`
/// or is the next argument.
const DROPPED: [&str; 4] = ["--out-dir", "--error-format", "--json", "--emit"];
/// The same among the options of `-C`.
const DROPPED_OPTIONS: [&str; 3] = ["incremental=", "metadata=", "extra-filename="];

/// A call of the compiler without a file to compile and a place for the result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Command {
    words: Vec<String>,
}

impl Command {
    /// Makes it from the words that cargo printed, when the libraries were in `folder` and the path of the program's
    /// file ended in `main`.
    pub(super) fn of(words: &[String], main: &str, folder: &Path) -> Self {
        let mut kept = Vec::new();
        let mut rest = words.iter().peekable();
        while let Some(word) = rest.next() {
            let option = (word == "-C").then(|| rest.peek().copied()).flatten();
            if DROPPED.contains(&word.as_str()) || option.is_some_and(|it| is_dropped_option(it)) {
                rest.next();
            } else if !Path::new(word).ends_with(main)
                && !DROPPED.iter().any(|it| word.strip_prefix(it).is_some_and(|rest| rest.starts_with('=')))
            {
                kept.push(word.replace(&*folder.to_string_lossy(), PLACEHOLDER));
            }
        }
        Self { words: kept }
    }

    /// The program and its arguments, with the libraries in `folder`.
    pub(crate) fn words(&self, folder: &Path) -> Vec<String> {
        self.words.iter().map(|word| word.replace(PLACEHOLDER, &folder.to_string_lossy())).collect()
    }

    /// The command of a finished build, if all its files are there.
    pub(super) fn load(build: &Path) -> Option<Self> {
        let kept: Kept = serde_json::from_slice(&fs::read(build.join(FILE)).ok()?).ok()?;
        let is_there = |(name, bytes): &(String, u64)| size(&build.join(LIBRARIES).join(name)) == Some(*bytes);
        let compiler = Path::new(kept.command.words.first()?);
        let has_compiler = !compiler.is_absolute() || compiler.exists();
        (has_compiler && kept.libraries.iter().all(is_there)).then_some(kept.command)
    }

    /// Stores it in the folder of a build with libraries of these names.
    pub(super) fn store(&self, build: &Path, libraries: &[OsString]) -> io::Result<()> {
        let of = |name: &OsString| {
            let bytes = size(&build.join(LIBRARIES).join(name)).unwrap_or_default();
            (name.to_string_lossy().into_owned(), bytes)
        };
        let libraries = libraries.iter().map(of).collect();
        fs::write(build.join(FILE), serde_json::to_vec(&Kept { command: self.clone(), libraries })?)
    }
}

/// The contents of the file.
#[derive(Serialize, Deserialize)]
struct Kept {
    command: Command,
    /// The files that it needs, and their sizes: a full disk or a power cut leaves shorter ones.
    libraries: Vec<(String, u64)>,
}

fn size(path: &Path) -> Option<u64> {
    fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|file| file.len())
}

fn is_dropped_option(option: &str) -> bool {
    DROPPED_OPTIONS.iter().any(|it| option.starts_with(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_about_the_program_of_the_build_are_left_out_and_the_libraries_may_move() {
        let told = "/bin/rustc --crate-name answer --edition=2024 0f/answer/src/main.rs --error-format=json --json=a,b \
                    --crate-type bin --emit=dep-info,link -C embed-bitcode=no -C metadata=1 -C extra-filename=-1 \
                    --out-dir /t/deps -C linker=cc -C incremental=/t/inc -L dependency=/t/deps \
                    --extern rooms=/t/deps/librooms-1.rlib";
        let words: Vec<_> = told.split_whitespace().map(str::to_owned).collect();
        let command = Command::of(&words, "answer/src/main.rs", Path::new("/t/deps"));
        let expected = "/bin/rustc --crate-name answer --edition=2024 --crate-type bin -C embed-bitcode=no \
                        -C linker=cc -L dependency=/elsewhere --extern rooms=/elsewhere/librooms-1.rlib";
        assert_eq!(command.words(Path::new("/elsewhere")).join(" "), expected);
    }
}
