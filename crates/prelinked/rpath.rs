//! A build script, or a part of one: tells the tests of `exercises` and `solutions` where the shared libraries are that they link.
//!
//! Cargo says so in the environment of what it runs. A check runs the binary itself.

use std::env;
use std::process::Command;

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
    for folder in ["$ORIGIN", &standard_library] {
        println!("cargo::rustc-link-arg-tests=-Wl,-rpath,{folder}");
    }
}
