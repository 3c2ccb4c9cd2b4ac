//! Makes a module of each bug in the lessons: the worked example with the bug in it, for the embedded server to show.

#[allow(dead_code, unreachable_pub, reason = "the engine uses the rest of it")]
#[path = "crates/judge/src/folder.rs"]
mod folder;
#[allow(unreachable_pub, reason = "the program uses it as well")]
#[path = "crates/judge/src/replace.rs"]
mod replace;

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use toml::{Table, Value};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=lessons");
    println!("cargo::rerun-if-changed=crates/judge/src/replace.rs");
    let out: PathBuf = env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?.into();
    let (mut modules, mut list) = (String::new(), String::new());
    for (number, (id, code)) in buggy_examples(Path::new("lessons"))?.into_iter().enumerate() {
        let path = out.join(format!("bug_{number}.rs"));
        fs::write(&path, code)?;
        let quoted = path.to_string_lossy().escape_default().to_string();
        // A planted bug is code as a learner writes it, not as this package does.
        writeln!(modules, "#[allow(warnings, clippy::unwrap_used)]\n#[path = \"{quoted}\"]\nmod bug_{number};")?;
        writeln!(list, "    ({id:?}, bug_{number}::app),")?;
    }
    let all = format!(
        "type App = fn(&rooms::Io);\n\n{modules}\n/// Each bug's id and the application with it.\n\
         pub(crate) const ALL: &[(&str, App)] = &[\n{list}];\n"
    );
    Ok(fs::write(out.join("bugs.rs"), all)?)
}

/// The worked example of each lesson with each of its bugs. A bug that does not fit is left out: reading the lesson
/// says why.
fn buggy_examples(lessons: &Path) -> Result<BTreeMap<String, String>, Box<dyn Error>> {
    let mut examples = BTreeMap::new();
    for lesson in folder::entries(lessons)? {
        let Ok(source) = fs::read_to_string(lesson.join("worked-example.rs")) else { continue };
        for path in folder::files(&lesson.join("bugs"), "toml") {
            let id = folder::stem(&path);
            match fs::read_to_string(&path).ok().and_then(|bug| planted(&source, &bug)) {
                Some(code) => drop(examples.insert(id, code)),
                None => println!("cargo::warning=the bug in {} does not fit the worked example", path.display()),
            }
        }
    }
    Ok(examples)
}

fn planted(source: &str, bug: &str) -> Option<String> {
    let bug: Table = bug.parse().ok()?;
    let replacements = bug.get("replacements").and_then(Value::as_array)?;
    let text = |replacement: &'_ Value, key| replacement.get(key).and_then(Value::as_str).map(str::to_owned);
    let texts: Vec<(String, String)> =
        replacements.iter().map(|it| Some((text(it, "find")?, text(it, "replace")?))).collect::<Option<_>>()?;
    let pairs: Vec<_> = texts.iter().map(|(find, replace)| (find.as_str(), replace.as_str())).collect();
    replace::replaced(source, &pairs).ok()
}
