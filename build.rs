//! Makes a module of each bug in the lessons: the worked example with the bug in it, for the embedded server to show.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use toml::{Table, Value};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=lessons");
    let out: PathBuf = env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?.into();
    let (mut modules, mut list) = (String::new(), String::new());
    for (number, (id, code)) in buggy_examples(Path::new("lessons"))?.into_iter().enumerate() {
        let path = out.join(format!("bug_{number}.rs"));
        fs::write(&path, code)?;
        let quoted = path.to_string_lossy().escape_default().to_string();
        // Whoever plants a bug writes as a learner does, not as this package does.
        writeln!(modules, "#[allow(warnings, clippy::unwrap_used)]\n#[path = \"{quoted}\"]\nmod bug_{number};")?;
        writeln!(list, "    ({id:?}, bug_{number}::app),")?;
    }
    let all = format!(
        "type App = fn(&rooms::Io);\n\n{modules}\n/// Each bug's id and the application with it.\n\
         pub(crate) const ALL: &[(&str, App)] = &[\n{list}];\n"
    );
    Ok(fs::write(out.join("bugs.rs"), all)?)
}

/// The worked example of each lesson with each of its bugs. One that does not fit is left out: reading the lesson says why.
fn buggy_examples(lessons: &Path) -> Result<BTreeMap<String, String>, Box<dyn Error>> {
    let mut examples = BTreeMap::new();
    for lesson in fs::read_dir(lessons)? {
        let lesson = lesson?.path();
        let (Ok(source), Ok(bugs)) =
            (fs::read_to_string(lesson.join("worked-example.rs")), fs::read_dir(lesson.join("bugs")))
        else {
            continue;
        };
        for bug in bugs {
            let path = bug?.path();
            let id = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            if let Some(code) = fs::read_to_string(&path).ok().and_then(|bug| planted(&source, &bug)) {
                examples.insert(id, code);
            }
        }
    }
    Ok(examples)
}

fn planted(source: &str, bug: &str) -> Option<String> {
    let bug: Table = bug.parse().ok()?;
    let replacements = bug.get("replacements").and_then(Value::as_array)?;
    let mut places = Vec::new();
    for replacement in replacements {
        let text = |key| replacement.get(key).and_then(Value::as_str);
        let (find, replace) = (text("find")?, text("replace")?);
        places.push((source.find(find)?, find.len(), replace));
    }
    // From the end, so that the places before keep their positions.
    places.sort_by_key(|place| std::cmp::Reverse(place.0));
    let mut code = source.to_owned();
    for (start, length, replace) in places {
        code.replace_range(start..start + length, replace);
    }
    Some(code)
}
