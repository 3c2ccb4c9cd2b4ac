//! Where the files of exercises lie is known to the crate `layout` alone.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use layout::{Layout, folder};

use super::root;
use super::sources::Sources;

/// The crate that knows it.
const OWNER: &str = "layout";

/// Folders below others.
const BELOW: [&str; 4] = ["exercises/src", "solutions/src", "solutions/wrong", "solutions/right"];

/// Folders of a lesson.
const FOLDERS: [&str; 3] = ["scenarios", "snapshots", "starters"];

/// The root file of each program, library and build script, but for the owner's.
fn roots() -> Vec<PathBuf> {
    let crates = folder::folders(&root().join("crates")).unwrap();
    let others = crates.into_iter().filter(|package| folder::stem(package) != OWNER);
    let packages = others.chain(["", "exercises", "solutions", "xtask"].map(|package| root().join(package)));
    let files = packages.flat_map(|package| {
        let files = ["build.rs", "src/lib.rs", "src/main.rs"].map(|file| package.join(file));
        files.into_iter().chain(folder::files(&package.join("src/bin"), "rs"))
    });
    files.filter(|file| file.is_file()).collect()
}

/// Whether a text spells where something of an exercise lies.
fn spells_a_place(text: &str, exercises: &[String]) -> bool {
    let names = |folder: &str| {
        text == folder || [format!("{folder}/"), format!("/{folder}")].iter().any(|part| text.contains(part))
    };
    BELOW.iter().any(|place| text.contains(place))
        || FOLDERS.iter().any(|folder| names(folder))
        || ends_a_name(text, exercises)
}

/// Whether a text ends the name of an exercise's file: one that it is put behind, or that of an exercise. Files of other
/// names have another owner, such as cargo or a build script.
fn ends_a_name(text: &str, exercises: &[String]) -> bool {
    let is_end = |(at, _): (usize, &str)| {
        let (before, after) = (&text[..at], &text[at + 3..]);
        let is_put_behind = !before.ends_with(|it: char| it.is_alphanumeric() || it == '_');
        let is_of_exercise = exercises.iter().any(|id| before.ends_with(id.as_str()));
        !after.starts_with(|it: char| it.is_alphanumeric()) && (is_put_behind || is_of_exercise)
    };
    text == "rs" || text.match_indices(".rs").any(is_end)
}

/// Each file that spells such a place, with the text.
fn spelled(sources: &Sources, exercises: &[String]) -> BTreeSet<String> {
    let places = sources.texts().filter(|(_, text)| spells_a_place(text, exercises));
    places.map(|(file, text)| format!("{file}: {text}")).collect()
}

#[test]
fn only_the_layout_spells_where_the_files_of_exercises_lie() {
    let exercises = Layout::at(root()).exercises();
    let roots = roots();
    for known in ["build.rs", "src/lib.rs", "solutions/build.rs", "crates/judge/src/lib.rs", "xtask/src/main.rs"] {
        assert!(roots.contains(&root().join(known)), "{known} is not read");
    }
    let of_root = |path: &Path| {
        let place = path.strip_prefix(root()).unwrap().display().to_string();
        spelled(&Sources::below(path), &exercises).into_iter().map(move |found| format!("{place}: {found}"))
    };
    let found: Vec<_> = roots.iter().flat_map(|path| of_root(path)).collect();
    assert!(found.is_empty(), "ask the crate `layout` for these places:\n{}", found.join("\n"));
}

/// Each of them is hidden in another way: in an expression, in a macro, in an attribute, and in a module of a module.
#[test]
fn a_place_that_is_spelled_is_found_wherever_it_stands() {
    let found = |module: &str, text: &str| {
        let texts = [("", "mod a;".to_owned()), (module, text.to_owned())];
        !spelled(&Sources::of(&texts), &["greet".to_owned()]).is_empty()
    };
    for text in [
        "fn f() { path.join(\"exercises/src\"); }",
        "const SCENARIOS: &str = \"scenarios\";",
        "fn f() { lesson.join(\"snapshots/greet\"); }",
        "fn f() { format!(\"{lesson}/starters/{id}\"); }",
        "fn f() { g(vec![format!(\"{id}.rs\")]); }",
        "fn f() { path.extension() == Some(\"rs\") }",
        "const EXAMPLE: &str = \"greet.rs\";",
        "#[derive(Error)] enum E { #[error(\"{exercise}.rs is gone\")] Gone }",
        "impl T { fn f() { println!(r\"in solutions/wrong\") } }",
        "mod inner { const A: &str = \".rs\"; }",
    ] {
        assert!(found("a", text), "{text}");
    }
    for text in [
        "/// Of `exercises/src`.\nfn f() {}",
        "#[path = \"greet.rs\"] mod b { }",
        "#[cfg(test)] mod tests { const A: &str = \"exercises/src/greet.rs\"; }",
        "fn f() { say(\"See https://rustup.rs, or main.rs\"); }",
        "fn f() { say(\"It plays the scenarios of a lesson.\"); }",
    ] {
        assert!(!found("a", text), "{text}");
    }
}
