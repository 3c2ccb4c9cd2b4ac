//! Lists the answers of this package for `benches/answers.rs`.

#[allow(dead_code, unreachable_pub, reason = "the engine uses the rest of it")]
#[path = "../crates/judge/src/folder.rs"]
mod folder;

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The folders of answers, each with their depth below it.
const FOLDERS: [(&str, usize); 3] = [("src", 0), ("wrong", 1), ("right", 1)];

fn main() -> io::Result<()> {
    let package = named("CARGO_MANIFEST_DIR");
    let mut answers = Vec::new();
    for (name, depth) in FOLDERS {
        // Cargo looks at all that is in the folder, so a new file is a change.
        println!("cargo::rerun-if-changed={name}");
        answers.extend(answers_in(&package.join(name), depth)?);
    }
    fs::write(named("OUT_DIR").join("answers.rs"), list(&answers))
}

/// A folder that cargo tells a build script.
fn named(variable: &str) -> PathBuf {
    env::var_os(variable).unwrap_or_default().into()
}

fn answers_in(folder: &Path, depth: usize) -> io::Result<Vec<PathBuf>> {
    if depth == 0 {
        return Ok(folder::files(folder, "rs"));
    }
    let entries = folder::entries(folder)?;
    let below = entries.iter().filter(|path| path.is_dir()).map(|path| answers_in(path, depth - 1));
    Ok(below.collect::<io::Result<Vec<_>>>()?.concat())
}

/// A module for each answer, and what all of them offer in one list.
fn list(answers: &[PathBuf]) -> String {
    let (mut modules, mut apps) = (String::new(), String::new());
    for (number, path) in answers.iter().enumerate() {
        let _ = writeln!(modules, "#[path = {path:?}]\nmod answer_{number};");
        let _ = writeln!(apps, "    answer_{number}::app,");
    }
    format!("{modules}\nconst APPS: &[fn(&rooms::Io)] = &[\n{apps}];\n")
}
