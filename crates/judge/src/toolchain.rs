//! The compiler and its settings on this machine: everything but the code itself that decides how it is compiled.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use layout::folder;
use tokio::process::{Child, Command};

use super::{BuildError, Workshop, key::Parts};

/// Variables with the compiler's flags, and how their words are separated.
const FLAGS: [(&str, char); 3] =
    [("CARGO_ENCODED_RUSTFLAGS", '\x1f'), ("RUSTFLAGS", ' '), ("CARGO_BUILD_RUSTFLAGS", ' ')];
/// Variables that choose the compiler or what it compiles for.
const CHOICES: [&str; 8] = [
    "CARGO_BUILD_RUSTC",
    "CARGO_BUILD_RUSTC_WORKSPACE_WRAPPER",
    "CARGO_BUILD_RUSTC_WRAPPER",
    "CARGO_BUILD_TARGET",
    "RUSTC",
    "RUSTC_BOOTSTRAP",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTC_WRAPPER",
];

/// The compiler and its settings.
#[derive(Debug, Clone)]
pub(super) struct Toolchain {
    /// The output of `rustc -vV`.
    version: String,
    /// Variables, with the values that builds get.
    variables: Vec<(OsString, OsString)>,
    /// The texts of cargo's configuration files.
    configuration: Vec<Vec<u8>>,
}

/// A compiler that was asked for its version.
pub(super) struct Asked {
    rustc: OsString,
    answer: Child,
}

/// Asks the compiler of this workshop for its version. It is asked each time, because another one may have been
/// installed since the last check; and early, because the answer takes longer than everything else before a known
/// verdict.
pub(super) fn ask(workshop: &Workshop) -> Result<Asked, BuildError> {
    let rustc = rustc(workshop);
    let mut command = apart(&rustc);
    command.arg("-vV").current_dir(workshop.layout.root());
    let answer = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    match answer {
        Ok(answer) => Ok(Asked { rustc, answer }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(BuildError::RustcMissing(rustc)),
        Err(source) => Err(BuildError::Rustc { rustc, source }),
    }
}

impl Asked {
    /// The compiler with its settings.
    pub(super) async fn toolchain(self, workshop: &Workshop) -> Result<Toolchain, BuildError> {
        let Self { rustc, answer } = self;
        let output = answer.wait_with_output().await.map_err(|source| BuildError::Rustc { rustc, source })?;
        if !output.status.success() {
            return Err(BuildError::Toolchain(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
        }
        let version = String::from_utf8_lossy(&output.stdout).into_owned();
        let variables = env::vars_os().filter(|(name, _)| decides(name)).map(|(name, value)| {
            let value = without_lints(&name, &value);
            (name, value)
        });
        let mut variables: Vec<_> = variables.collect();
        variables.sort();
        Ok(Toolchain { version, variables, configuration: configuration(workshop.layout.root()) })
    }
}

impl Toolchain {
    pub(super) fn add_to(&self, mut parts: Parts) -> Parts {
        parts = parts.with(&self.version);
        for (name, value) in &self.variables {
            parts = parts.with(name.as_encoded_bytes()).with(value.as_encoded_bytes());
        }
        self.configuration.iter().fold(parts, Parts::with)
    }

    /// The variables that a build gets in place of those in the environment.
    pub(super) fn variables(&self) -> impl Iterator<Item = (OsString, Option<OsString>)> {
        self.variables.iter().map(|(name, value)| (name.clone(), Some(value.clone())))
    }
}

/// The standard library as a shared library. A program that links it may be put beside it. `words` is the command that
/// compiles such a program.
pub(super) async fn shared_standard_library(words: &[String]) -> Result<PathBuf, BuildError> {
    let unclear = |what: String| BuildError::Other(format!("the shared standard library is not found: {what}"));
    let rustc = words.iter().position(|word| word == "--crate-name").and_then(|at| words.get(at.checked_sub(1)?));
    let rustc = rustc.ok_or_else(|| unclear("cargo named no compiler".into()))?;
    let target = words.iter().position(|word| word == "--target").and_then(|at| words.get(at..at + 2));
    let mut command = apart(rustc);
    command.args(["--print", "target-libdir"]).args(target.unwrap_or_default());
    let output = command.output().await.map_err(|source| BuildError::Rustc { rustc: rustc.into(), source })?;
    let folder = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    let mut libraries = folder::files(&folder, "so").into_iter();
    let library = libraries.find(|path| folder::stem(path).starts_with("libstd-"));
    library.ok_or_else(|| unclear(format!("there is none in {}", folder.display())))
}

/// A program that the terminal's signals do not reach: this process receives them, and ends the other when it is
/// dropped.
fn apart(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.kill_on_drop(true).stdin(Stdio::null());
    #[cfg(unix)]
    command.process_group(0);
    command
}

/// The compiler beside the cargo that is called, because that cargo calls it; or the one in `PATH`.
fn rustc(workshop: &Workshop) -> OsString {
    let named = ["RUSTC", "CARGO_BUILD_RUSTC"].into_iter().filter_map(env::var_os).find(|name| !name.is_empty());
    if let Some(named) = named {
        return named;
    }
    let cargo = Path::new(&workshop.cargo);
    let beside = cargo.with_file_name(format!("rustc{}", env::consts::EXE_SUFFIX));
    if cargo.is_absolute() && beside.is_file() { beside.into() } else { "rustc".into() }
}

fn decides(name: &OsStr) -> bool {
    let Some(name) = name.to_str() else { return false };
    let of_target = name.starts_with("CARGO_TARGET_") && (name.ends_with("_LINKER") || name.ends_with("_RUSTFLAGS"));
    FLAGS.iter().any(|(flags, _)| *flags == name)
        || CHOICES.contains(&name)
        || name.starts_with("CARGO_PROFILE_DEV_")
        || of_target
}

/// Removes flags that turn a warning into an error: a warning never changes a verdict.
fn without_lints(name: &OsStr, value: &OsStr) -> OsString {
    let separator = FLAGS.iter().find(|(flags, _)| *flags == name).map(|(_, separator)| *separator);
    let separator = separator.or_else(|| name.to_str()?.ends_with("_RUSTFLAGS").then_some(' '));
    let (Some(separator), Some(value)) = (separator, value.to_str()) else { return value.to_owned() };
    let mut kept: Vec<&str> = Vec::new();
    let mut words = value.split(separator).filter(|word| !word.is_empty());
    while let Some(word) = words.next() {
        let is_alone = ["-D", "-F", "--deny", "--forbid"].contains(&word);
        let has_lint = ["-D", "-F", "--deny=", "--forbid="].iter().any(|flag| word.starts_with(flag));
        if is_alone {
            words.next();
        } else if !has_lint {
            kept.push(word);
        }
    }
    kept.join(&separator.to_string()).into()
}

/// The configuration files that cargo reads: from the workshop upwards, and at home.
fn configuration(root: &Path) -> Vec<Vec<u8>> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")));
    let folders = root.ancestors().map(|folder| folder.join(".cargo")).chain(home);
    let files = folders.flat_map(|folder| ["config", "config.toml"].map(|name| folder.join(name)));
    files.filter_map(|file| std::fs::read(file).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_flags_that_turn_a_warning_into_an_error_are_removed() {
        let kept = |name: &str, value: &str| without_lints(name.as_ref(), value.as_ref()).into_string().unwrap();
        assert_eq!(kept("RUSTFLAGS", "-D warnings"), "");
        let flags = "-Dwarnings -C target-cpu=native --deny unused -Funsafe_code --forbid=x -Clink-arg=-s";
        assert_eq!(kept("RUSTFLAGS", flags), "-C target-cpu=native -Clink-arg=-s");
        assert_eq!(kept("CARGO_ENCODED_RUSTFLAGS", "-D\x1fwarnings\x1f--cfg\x1fx"), "--cfg\x1fx");
        assert_eq!(kept("CARGO_TARGET_X_RUSTFLAGS", "-Dwarnings -g"), "-g");
        assert_eq!(kept("CARGO_TARGET_X_LINKER", "my -D linker"), "my -D linker");
    }

    #[test]
    fn the_place_of_a_build_does_not_change_its_key() {
        for name in ["CARGO_TARGET_DIR", "CARGO_MANIFEST_DIR", "PATH", "CARGO"] {
            assert!(!decides(name.as_ref()), "{name}");
        }
        for name in ["RUSTFLAGS", "RUSTC_WRAPPER", "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER"] {
            assert!(decides(name.as_ref()), "{name}");
        }
    }
}
