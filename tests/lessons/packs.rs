//! A lesson is handed on in one file.

use std::fs;

use crate::copy::Workshop;

#[test]
fn a_packed_lesson_comes_into_another_workshop_whole_and_only_after_a_yes() {
    let (from, to) = (Workshop::new(), Workshop::empty());
    let pack = from.root.join("say.rtws");
    let pack = pack.to_str().unwrap();
    assert!(from.passes(&["lesson", "pack", "say", "--output", pack]).contains(" files in "));
    let unasked = to.rtws(&["lesson", "add", pack]);
    let shown = String::from_utf8(unasked.stdout).unwrap();
    assert_eq!(unasked.status.code(), Some(2));
    assert!(shown.contains("title = \"Say\"") && shown.contains("solutions/src/say.rs"), "{shown}");
    assert_eq!(fs::read_dir(to.root.join("lessons")).unwrap().count(), 0);
    to.passes(&["lesson", "add", pack, "--yes"]);
    assert_eq!(to.lint(&[]), Vec::<String>::new());
    for file in ["lessons/07-say/lesson.toml", "solutions/wrong/say/mistakes.toml", "exercises/src/say-example.rs"] {
        assert_eq!(fs::read(to.root.join(file)).unwrap(), fs::read(from.root.join(file)).unwrap(), "{file}");
    }
    let again = to.rtws(&["lesson", "add", pack, "--yes"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(String::from_utf8(again.stderr).unwrap().contains("`lessons/07-say` is there already"));
}

#[test]
fn the_folder_of_a_lesson_in_another_workshop_will_do() {
    let (from, to) = (Workshop::new(), Workshop::empty());
    to.passes(&["lesson", "add", from.path("").to_str().unwrap(), "--yes"]);
    assert_eq!(to.lint(&[]), Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn a_lesson_with_a_link_is_not_packed_and_a_file_that_is_no_pack_is_refused() {
    let workshop = Workshop::new();
    std::os::unix::fs::symlink("/etc/hostname", workshop.path("notes.md")).unwrap();
    let output = workshop.rtws(&["lesson", "pack", "say"]);
    assert!(String::from_utf8(output.stderr).unwrap().contains("a lesson may not have a file `notes.md`"));
    for (name, bytes) in [("text", &b"hello"[..]), ("empty", b""), ("half", &[31, 139, 8, 0][..])] {
        let file = workshop.root.join(name);
        fs::write(&file, bytes).unwrap();
        let output = workshop.rtws(&["lesson", "add", file.to_str().unwrap(), "--yes"]);
        assert_eq!(output.status.code(), Some(3), "{name}");
        assert!(String::from_utf8(output.stderr).unwrap().contains("this is not a lesson that"), "{name}");
    }
}
