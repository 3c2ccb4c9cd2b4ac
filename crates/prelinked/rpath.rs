//! A build script: tells the tests of `exercises` and `solutions` where the shared libraries are that they link.
//!
//! Cargo says so in the environment of what it runs. A check runs the binary itself.

use std::env;
use std::process::Command;

/// Writes down for cargo what the linker is told.
pub fn main() {
    println!("cargo::rerun-if-changed=../crates/prelinked/rpath.rs");
    let target = env::var("TARGET").unwrap_or_default();
    if !(target.contains("linux") && target.ends_with("gnu")) {
        return;
    }
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).args(["--print", "target-libdir", "--target", &target]).output();
    let Ok(standard_library) = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()) else {
        return;
    };
    // Whoever started the binary may have a workshop of its own, and its libraries in LD_LIBRARY_PATH: this goes before.
    println!("cargo::rustc-link-arg-tests=-Wl,--disable-new-dtags");
    for folder in ["$ORIGIN", &standard_library] {
        println!("cargo::rustc-link-arg-tests=-Wl,-rpath,{folder}");
    }
}
