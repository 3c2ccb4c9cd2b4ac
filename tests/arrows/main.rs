//! Knowledge flows one way: the tables in `ARCHITECTURE.md` say which way, and the sources keep to them.

#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, reason = "a test fails by panicking")]

mod layout_of_files;
mod paths;
mod sources;
mod table;

use std::collections::BTreeSet;
use std::path::Path;

use self::sources::{Arrow, Sources};
use self::table::Table;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The table below this heading of `ARCHITECTURE.md`.
fn table(heading: &str) -> Table {
    Table::below(heading, &std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap())
}

fn program() -> Vec<Arrow> {
    Sources::read(&root().join("src")).arrows()
}

/// The arrows between the rooms of a folder that its table forbids.
fn forbidden(arrows: &[Arrow], folder: &[&str], table: &Table) -> BTreeSet<String> {
    let crossing = arrows.iter().filter_map(|arrow| Some((arrow.from.room(folder)?, arrow.to.room(folder)?, arrow)));
    let wrong = crossing.filter(|(from, to, _)| from != to && !table.allows(from, to));
    wrong.map(|(_, _, arrow)| arrow.to_string()).collect()
}

#[test]
fn the_folders_of_the_program_know_only_what_is_below_them() {
    assert_eq!(forbidden(&program(), &[], &table("Direction of knowledge")), BTreeSet::new());
}

#[test]
fn the_rooms_of_the_screen_know_only_what_is_below_them() {
    assert_eq!(forbidden(&program(), &["learn"], &table("Direction of knowledge in `learn`")), BTreeSet::new());
}

#[test]
fn every_room_has_its_place_in_the_tables() {
    let arrows = program();
    for (folder, heading) in [(&[][..], "Direction of knowledge"), (&["learn"], "Direction of knowledge in `learn`")] {
        let rooms: BTreeSet<_> =
            arrows.iter().flat_map(|arrow| [&arrow.from, &arrow.to]).filter_map(|file| file.room(folder)).collect();
        assert_eq!(rooms, table(heading).rooms(), "{heading}");
    }
}

#[test]
fn no_files_of_a_folder_know_each_other_in_a_circle() {
    let arrows = program();
    for folder in table("Direction of knowledge").rooms() {
        let inside = arrows.iter().filter(|arrow| arrow.from.is_below(&folder) && arrow.to.is_below(&folder));
        assert_eq!(sources::circle(inside), None, "{folder}");
    }
}

/// Three forbidden arrows, each hidden in a different way: behind a re-export, in an expression, and inside a macro.
#[test]
fn a_planted_arrow_is_found() {
    let sound = [
        ("", "mod high; mod low; mod middle;"),
        ("high", "use crate::low::Thing; fn f(_: Thing) { crate::middle::g() }"),
        ("middle", "pub use self::inner::g; mod inner;"),
        ("middle::inner", "pub fn g() { drop(super::super::low::Thing) }"),
        ("low", "pub struct Thing;"),
    ];
    let table =
        Table::below("Floors", "# Floors\n\n|x|y|\n|---|---|\n| a | `high` |\n| b | `middle` |\n| c | `low` |\n");
    let found = |plant: Option<(&str, &str)>| {
        let texts = sound.map(|(module, text)| match plant {
            Some((planted, more)) if planted == module => (module, format!("{text} {more}")),
            Some(_) | None => (module, text.to_owned()),
        });
        forbidden(&Sources::of(&texts).arrows(), &[], &table)
    };
    assert_eq!(found(None), BTreeSet::new());
    for (module, planted, arrow) in [
        ("low", "use crate::middle::g as harmless;", "low -> middle::inner"),
        ("low", "fn f() { let _ = super::high::f; }", "low -> high"),
        ("middle::inner", "fn f() { println!(\"{}\", crate::high::NAME) }", "middle::inner -> high"),
    ] {
        assert_eq!(found(Some((module, planted))), BTreeSet::from([arrow.to_owned()]), "{planted}");
    }
}

#[test]
fn a_planted_circle_is_found() {
    let circle = |texts: &[(&str, &str)]| {
        let texts: Vec<_> = texts.iter().map(|(module, text)| (*module, (*text).to_owned())).collect();
        let arrows = Sources::of(&texts).arrows();
        sources::circle(arrows.iter())
    };
    let line = [("", "mod a; mod b; mod c;"), ("a", "use super::b::B;"), ("b", "use crate::c::C; pub struct B;")];
    assert_eq!(circle(&[&line[..], &[("c", "pub struct C;")]].concat()), None);
    let back = circle(&[&line[..], &[("c", "pub struct C; mod inner { use super::super::a; }")]].concat());
    assert_eq!(back.as_deref(), Some("a -> b -> c -> a"));
}
