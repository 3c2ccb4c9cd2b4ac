//! The tools that build exercises.

use std::{env, ffi::OsString, process::Command};

use super::finding::Finding;

/// The oldest Rust that builds the workshop.
const OLDEST: &str = env!("CARGO_PKG_RUST_VERSION");

/// Whether cargo is there, and new enough.
pub(super) fn cargo() -> Finding {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    judge_cargo(first_line(&cargo, &["--version"]).as_deref())
}

fn judge_cargo(says: Option<&str>) -> Finding {
    let Some(says) = says else {
        let fix = "Install Rust from https://rustup.rs, or set CARGO to the cargo that you use.";
        return Finding::failed("cargo", "it was not found, and nothing can be built without it", fix);
    };
    let version = says.split_whitespace().nth(1).unwrap_or_default();
    if numbers(version) < numbers(OLDEST) {
        return Finding::failed("cargo", format!("{version}, older than {OLDEST}"), "rustup update stable");
    }
    Finding::ok("cargo", version)
}

/// Whether there is a linker for rustc to call.
pub(super) fn linker() -> Finding {
    if cfg!(target_env = "msvc") {
        return Finding::ok("linker", "that of Visual Studio, which rustc looks for itself");
    }
    match first_line(&"cc".into(), &["--version"]) {
        Some(says) => Finding::ok("linker", format!("cc: {says}")),
        // Another one may be set in .cargo/config.toml.
        None => Finding::warning(
            "linker",
            "`cc` was not found, which rustc uses as the linker unless told otherwise",
            linker_fix(),
        ),
    }
}

fn linker_fix() -> &'static str {
    if cfg!(target_os = "macos") {
        return "xcode-select --install";
    }
    let has = |program: &str| first_line(&program.into(), &["--version"]).is_some();
    let by_package_manager = [
        ("apt-get", "sudo apt-get install build-essential"),
        ("dnf", "sudo dnf install gcc"),
        ("pacman", "sudo pacman -S base-devel"),
        ("zypper", "sudo zypper install gcc"),
        ("apk", "sudo apk add build-base"),
    ];
    let fix = by_package_manager.iter().find(|(manager, _)| has(manager)).map(|(_, fix)| *fix);
    fix.unwrap_or("Install a C compiler, such as gcc or clang.")
}

/// The first line that a program prints, if it runs and ends well.
fn first_line(program: &OsString, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).lines().next()?.to_owned();
    output.status.success().then_some(text)
}

fn numbers(version: &str) -> Vec<u32> {
    version.split(['.', '-']).map_while(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::Status;

    #[test]
    fn cargo_has_to_be_there_and_new_enough() {
        assert_eq!(judge_cargo(Some("cargo 1.95.0 (abc 2026-03-21)")), Finding::ok("cargo", "1.95.0"));
        assert_eq!(judge_cargo(Some("cargo 1.100.0-nightly (abc)")).status, Status::Ok);
        let old = judge_cargo(Some("cargo 1.9.0 (abc)"));
        assert_eq!((old.status, old.fix.as_deref()), (Status::Failed, Some("rustup update stable")));
        assert_eq!(judge_cargo(None).status, Status::Failed);
    }

    #[test]
    fn a_program_that_is_missing_or_fails_says_nothing() {
        assert_eq!(first_line(&"no-such-program".into(), &[]), None);
    }
}
