//! Makes a file of each mistake in `wrong`, and lists the answers of this package for `benches/answers.rs`.

#[allow(dead_code, unreachable_pub, reason = "the engine uses the rest of it")]
#[path = "../crates/judge/src/folder.rs"]
mod folder;
#[allow(dead_code, unreachable_pub, reason = "the engine uses the rest of it")]
#[path = "../crates/judge/src/mistakes.rs"]
mod mistakes;
#[allow(unreachable_pub, reason = "the engine uses it as well")]
#[path = "../crates/judge/src/replace.rs"]
mod replace;

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let (package, out) = (named("CARGO_MANIFEST_DIR"), named("OUT_DIR"));
    // Cargo watches everything in a folder, so a new file is a change.
    ["src", "wrong", "right"].iter().for_each(|folder| println!("cargo::rerun-if-changed={folder}"));
    let mut answers = folder::files(&package.join("src"), "rs");
    for exercise in exercises(&package.join("wrong"))? {
        answers.extend(folder::files(&exercise, "rs"));
        answers.extend(made(&package, &folder::stem(&exercise), &out)?);
    }
    // The files of exercises that are gone.
    for folder in exercises(&out.join("wrong"))? {
        if !package.join("wrong").join(folder::stem(&folder)).is_dir() {
            fs::remove_dir_all(folder)?;
        }
    }
    for exercise in exercises(&package.join("right"))? {
        answers.extend(folder::files(&exercise, "rs"));
    }
    fs::write(out.join("answers.rs"), list(&answers))
}

/// A folder that cargo tells a build script.
fn named(variable: &str) -> PathBuf {
    env::var_os(variable).unwrap_or_default().into()
}

fn exercises(folder: &Path) -> io::Result<Vec<PathBuf>> {
    Ok(folder::entries(folder)?.into_iter().filter(|path| path.is_dir()).collect())
}

/// The files that are made from the mistakes of an exercise. A mistake that cannot be made is left out: its test says
/// why.
fn made(package: &Path, exercise: &str, out: &Path) -> io::Result<Vec<PathBuf>> {
    let folder = out.join("wrong").join(exercise);
    fs::create_dir_all(&folder)?;
    let mut files = Vec::new();
    for wrong in mistakes::of(package, exercise) {
        let file = folder.join(format!("{}.rs", wrong.name));
        match wrong.answer {
            Ok(answer) => {
                write(&file, &answer.code)?;
                files.push(file);
            }
            Err(unfit) => {
                let problem = unfit.to_string();
                println!("cargo::warning={}: {}", wrong.place, problem.lines().next().unwrap_or_default());
            }
        }
    }
    // The files of mistakes that are gone.
    let mut others = folder::files(&folder, "rs").into_iter().filter(|file| !files.contains(file));
    others.try_for_each(fs::remove_file)?;
    Ok(files)
}

/// Writes a file if its text differs.
fn write(file: &Path, text: &str) -> io::Result<()> {
    if fs::read(file).is_ok_and(|old| old == text.as_bytes()) { Ok(()) } else { fs::write(file, text) }
}

/// A module for each answer, and the applications of all of them in one list.
fn list(answers: &[PathBuf]) -> String {
    let (mut modules, mut apps) = (String::new(), String::new());
    for (number, path) in answers.iter().enumerate() {
        let _ = writeln!(modules, "#[path = {path:?}]\nmod answer_{number};");
        let _ = writeln!(apps, "    answer_{number}::app,");
    }
    format!("{modules}\nconst APPS: &[fn(&rooms::Io)] = &[\n{apps}];\n")
}
