//! Lists the files in `wrong` and `right` for `tests/variants.rs`, so that who adds one adds nothing else.

#[path = "../crates/prelinked/rpath.rs"]
mod rpath;

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// One file in these folders.
struct Answer {
    kind: &'static str,
    exercise: String,
    name: String,
    path: PathBuf,
}

fn main() -> io::Result<()> {
    rpath::main();
    let package = folder("CARGO_MANIFEST_DIR");
    let mut answers = Vec::new();
    for (folder, kind) in [("wrong", "Wrong"), ("right", "Right")] {
        // Cargo looks at all that is in the folder, so a new file is a change.
        println!("cargo::rerun-if-changed={folder}");
        answers.extend(answers_in(&package.join(folder), kind)?);
    }
    fs::write(folder("OUT_DIR").join("variants.rs"), list(&answers))
}

/// A folder that cargo tells a build script.
fn folder(variable: &str) -> PathBuf {
    env::var_os(variable).unwrap_or_default().into()
}

fn answers_in(folder: &Path, kind: &'static str) -> io::Result<Vec<Answer>> {
    let mut answers = Vec::new();
    for exercise in sorted(folder)?.into_iter().filter(|path| path.is_dir()) {
        let files = sorted(&exercise)?.into_iter().filter(|path| path.extension().is_some_and(|end| end == "rs"));
        let answer = |path: PathBuf| Answer { kind, exercise: stem(&exercise), name: stem(&path), path };
        answers.extend(files.map(answer));
    }
    Ok(answers)
}

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths: Vec<_> = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    paths.sort();
    Ok(paths)
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// A module for each answer, and all of them in one list.
fn list(answers: &[Answer]) -> String {
    let (mut modules, mut variants) = (String::new(), String::new());
    for (number, Answer { kind, exercise, name, path }) in answers.iter().enumerate() {
        let _ = writeln!(modules, "#[path = {path:?}]\nmod answer_{number};");
        let _ = writeln!(
            variants,
            "    Variant {{ kind: Kind::{kind}, exercise: {exercise:?}, name: {name:?}, path: {path:?}, app: answer_{number}::app }},"
        );
    }
    format!("use scenario::variants::{{Kind, Variant}};\n\n{modules}\nconst VARIANTS: &[Variant] = &[\n{variants}];\n")
}
