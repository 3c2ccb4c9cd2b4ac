//! Makes a file of each mistake in `wrong`, and lists the answers of this package for `benches/answers.rs`.

#[allow(dead_code, unreachable_pub, reason = "the engine uses the rest of it")]
#[path = "../crates/judge/src/mistakes.rs"]
mod mistakes;
#[allow(unreachable_pub, reason = "the engine uses it as well")]
#[path = "../crates/judge/src/replace.rs"]
mod replace;

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use layout::{Answers, Language, Layout, Package};

fn main() -> io::Result<()> {
    let (package, out) = (named("CARGO_MANIFEST_DIR"), named("OUT_DIR"));
    let workshop = Layout::at(package.parent().unwrap_or(&package));
    let (solutions, wrong, right) = (workshop.sources(Package::Solutions), workshop.wrong(), workshop.right());
    // Cargo watches everything in a folder, so a new file is a change.
    for folder in [&solutions, wrong.folder(), right.folder()] {
        println!("cargo::rerun-if-changed={}", folder.display());
    }
    let made = Answers::wrong(&out);
    let mut answers = Language::files_in(&solutions);
    for exercise in wrong.exercises()? {
        answers.extend(wrong.files(&exercise));
        answers.extend(make(&workshop, &exercise, &made)?);
    }
    // The files of exercises that are gone.
    for exercise in made.exercises()?.iter().filter(|exercise| !wrong.to(exercise).is_dir()) {
        fs::remove_dir_all(made.to(exercise))?;
    }
    for exercise in right.exercises()? {
        answers.extend(right.files(&exercise));
    }
    fs::write(out.join("answers.rs"), list(&answers))
}

/// A folder that cargo tells a build script.
fn named(variable: &str) -> PathBuf {
    env::var_os(variable).unwrap_or_default().into()
}

/// The files that are made from the mistakes of an exercise. A mistake that cannot be made is left out: its test says
/// why.
fn make(workshop: &Layout, exercise: &str, made: &Answers) -> io::Result<Vec<PathBuf>> {
    fs::create_dir_all(made.to(exercise))?;
    let mut files = Vec::new();
    for wrong in mistakes::of(workshop, exercise) {
        let file = made.file(exercise, &wrong.name);
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
    let mut others = made.files(exercise).into_iter().filter(|file| !files.contains(file));
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
