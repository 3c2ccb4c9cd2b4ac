//! Makes a module of the lessons' worked example, and of each bug: the example with the bug in it. The embedded server runs
//! the one and shows the others.

#[allow(unreachable_pub, reason = "the program uses it as well")]
#[path = "crates/judge/src/replace.rs"]
mod replace;

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use fields::{Found, Required, Verbatim, table};
use layout::{Language, Layout, LessonFolder, folder};

fn main() -> Result<(), Box<dyn Error>> {
    let workshop = Layout::at(named("CARGO_MANIFEST_DIR")?);
    println!("cargo::rerun-if-changed={}", workshop.lessons().display());
    println!("cargo::rerun-if-changed=crates/judge/src/replace.rs");
    let out = named("OUT_DIR")?;
    let lessons = workshop.lesson_folders()?;
    fs::write(out.join("worked_example.rs"), worked_example(&lessons)?)?;
    Ok(fs::write(out.join("bugs.rs"), bugs(&lessons, &out)?)?)
}

/// A folder that cargo tells a build script.
fn named(variable: &str) -> Result<PathBuf, String> {
    env::var_os(variable).map(PathBuf::from).ok_or_else(|| format!("cargo sets {variable}"))
}

/// The worked example of the first lesson that has one, as a module.
fn worked_example(lessons: &[LessonFolder]) -> Result<String, Box<dyn Error>> {
    let mut examples = lessons.iter().map(example_in);
    let example = examples.find(|path| path.is_file()).ok_or("no lesson has a worked example")?;
    Ok(format!("/// The worked example, from the lesson's own file.\n{}\npub mod worked_example;\n", from(&example)))
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
fn bugs(lessons: &[LessonFolder], out: &Path) -> Result<String, Box<dyn Error>> {
    let (mut modules, mut list) = (String::new(), String::new());
    for (number, (id, code)) in buggy_examples(lessons).into_iter().enumerate() {
        let path = out.join(Language::Rust.file_name(&format!("bug_{number}")));
        fs::write(&path, code)?;
        // A planted bug is code as a learner writes it, not as this package does.
        writeln!(modules, "#[allow(warnings, clippy::unwrap_used)]\n{}\nmod bug_{number};", from(&path))?;
        writeln!(list, "    ({id:?}, bug_{number}::app),")?;
    }
    Ok(format!(
        "type App = fn(&rooms::Io);\n\n{modules}\n/// Each bug's id and the application with it.\n\
         pub(crate) const ALL: &[(&str, App)] = &[\n{list}];\n"
    ))
}

/// The worked example of each lesson with each of its bugs. A bug that does not fit is left out: reading the lesson
/// says why.
fn buggy_examples(lessons: &[LessonFolder]) -> BTreeMap<String, String> {
    let mut examples = BTreeMap::new();
    for lesson in lessons {
        let Ok(source) = fs::read_to_string(example_in(lesson)) else { continue };
        for path in lesson.bug_files() {
            match fs::read_to_string(&path).ok().and_then(|bug| planted(&source, &bug)) {
                Some(code) => drop(examples.insert(folder::stem(&path), code)),
                None => println!("cargo::warning=the bug in {} does not fit the worked example", path.display()),
            }
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
