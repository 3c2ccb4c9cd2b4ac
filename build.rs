//! Makes a module of the lessons' worked example, and of each bug: the example with the bug in it. The embedded server runs
//! the one and shows the others.

#[allow(unreachable_pub, reason = "the program uses it as well")]
#[path = "crates/judge/src/replace.rs"]
mod replace;

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use fields::{Found, Required, Verbatim, table};
use layout::{Language, Layout, LessonFolder, folder};

fn main() -> Result<(), Box<dyn Error>> {
    let workshop = Layout::at(named("CARGO_MANIFEST_DIR")?);
    println!("cargo::rerun-if-changed={}", workshop.lessons().display());
    println!("cargo::rerun-if-changed=crates/judge/src/replace.rs");
    let out = named("OUT_DIR")?;
    let lessons = workshop.lesson_folders()?;
    let lesson = lessons.iter().find(|lesson| example_in(lesson).is_file()).ok_or("no lesson has a worked example")?;
    let example = text_of(&example_in(lesson))?;
    fs::write(out.join("worked_example.rs"), worked_example(lesson, &example))?;
    Ok(fs::write(out.join("bugs.rs"), bugs(lesson, &example, &out)?)?)
}

/// A folder that cargo tells a build script.
fn named(variable: &str) -> Result<PathBuf, String> {
    env::var_os(variable).map(PathBuf::from).ok_or_else(|| format!("cargo sets {variable}"))
}

/// The worked example of a lesson, as a module and as a text.
fn worked_example(lesson: &LessonFolder, text: &str) -> String {
    format!(
        "/// The worked example, from the lesson's own file.\n{}\npub mod worked_example;\n\n\
         /// Its text.\nconst WORKED_EXAMPLE: &str = {text:?};\n",
        from(&example_in(lesson))
    )
}

/// As the course reads it: a checkout on Windows is the same text.
fn text_of(path: &Path) -> io::Result<String> {
    Ok(fs::read_to_string(path)?.replace("\r\n", "\n"))
}

/// The embedded server is a part of a program in Rust, so it runs the example in Rust.
fn example_in(lesson: &LessonFolder) -> PathBuf {
    lesson.worked_example(Language::Rust)
}

/// The attribute of a module whose code is in this file.
fn from(path: &Path) -> String {
    format!("#[path = \"{}\"]", path.to_string_lossy().escape_default())
}

/// A module of each bug, and all of them in a list.
fn bugs(lesson: &LessonFolder, example: &str, out: &Path) -> Result<String, Box<dyn Error>> {
    let (mut modules, mut list) = (String::new(), String::new());
    for (number, (id, code)) in buggy_examples(lesson, example).into_iter().enumerate() {
        let path = out.join(Language::Rust.file_name(&format!("bug_{number}")));
        // A planted bug is code as a learner writes it, not as this package does.
        writeln!(modules, "#[allow(warnings, clippy::unwrap_used)]\n{}\nmod bug_{number};", from(&path))?;
        writeln!(list, "    Bug {{ id: {id:?}, code: {code:?}, app: bug_{number}::app }},")?;
        fs::write(&path, code)?;
    }
    Ok(format!("use super::Bug;\n\n{modules}\n/// All of them.\npub(crate) const ALL: &[Bug] = &[\n{list}];\n"))
}

/// The worked example with each of its bugs. A bug that does not fit is left out: reading the lesson says why.
fn buggy_examples(lesson: &LessonFolder, example: &str) -> Vec<(String, String)> {
    let mut examples = Vec::new();
    for path in lesson.bug_files() {
        match text_of(&path).ok().and_then(|bug| planted(example, &bug)) {
            Some(code) => examples.push((folder::stem(&path), code)),
            None => println!("cargo::warning=the bug in {} does not fit the worked example", path.display()),
        }
    }
    examples
}

fn planted(source: &str, bug: &str) -> Option<String> {
    let bug: Bug = fields::read(bug, &Found::default())?;
    let texts: Vec<_> =
        bug.replacements.into_iter().map(|it| Some((it.find.0?, it.replace.0?))).collect::<Option<_>>()?;
    if texts.is_empty() {
        return None;
    }
    let pairs: Vec<_> = texts.iter().map(|(find, replace)| (find.0.as_str(), replace.0.as_str())).collect();
    replace::replaced(source, &pairs).ok()
}

table! {
    /// A bug, as far as it changes the example.
    struct Bug = "a bug" {
        /// What is changed.
        replacements: Vec<Replacement>,
    }
}

table! {
    /// One change.
    struct Replacement = "a replacement" {
        /// The code that stands exactly once in the example.
        find: Required<Verbatim>,
        /// The code that comes in its place.
        replace: Required<Verbatim>,
    }
}
