//! Lists the answers of this package for `benches/answers.rs`.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The folders of answers, each with their depth below it.
const FOLDERS: [(&str, usize); 3] = [("src", 0), ("wrong", 1), ("right", 1)];

fn main() -> io::Result<()> {
    let package = folder("CARGO_MANIFEST_DIR");
    let mut answers = Vec::new();
    for (name, depth) in FOLDERS {
        // Cargo looks at all that is in the folder, so a new file is a change.
        println!("cargo::rerun-if-changed={name}");
        answers.extend(answers_in(&package.join(name), depth)?);
    }
    fs::write(folder("OUT_DIR").join("answers.rs"), list(&answers))
}

/// A folder that cargo tells a build script.
fn folder(variable: &str) -> PathBuf {
    env::var_os(variable).unwrap_or_default().into()
}

fn answers_in(folder: &Path, depth: usize) -> io::Result<Vec<PathBuf>> {
    let mut entries: Vec<_> = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    entries.retain(|path| path.file_name().is_some_and(|name| !name.as_encoded_bytes().starts_with(b".")));
    entries.sort();
    if depth == 0 {
        entries.retain(|path| path.extension().is_some_and(|end| end == "rs"));
        return Ok(entries);
    }
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
