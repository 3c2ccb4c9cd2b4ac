//! A course grows: the program knows no lesson by name, and does not count them.

use crate::copy::Workshop;

#[test]
fn ten_lessons_at_once_are_sound_with_equal_bugs_in_each() {
    let workshop = Workshop::empty();
    for number in 0..10 {
        workshop.passes(&["lesson", "new", &format!("{number:02}-lesson-{number}"), "--all"]);
    }
    assert_eq!(workshop.lint(&[]), Vec::<String>::new());
    let list = workshop.passes(&["list"]);
    assert_eq!(list.matches("Send it back").count(), 20, "{list}");
    assert!(list.contains("[lesson-9]"), "{list}");
}

#[test]
fn nothing_is_overwritten_and_no_name_is_taken_twice() {
    let workshop = Workshop::new();
    let refused = |arguments: &[&str], words: &str| {
        let output = workshop.rtws(arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && said.contains(words), "{arguments:?}: {said}");
    };
    refused(&["lesson", "new", "08-say"], "the lesson `07-say` has this number or this id");
    refused(&["lesson", "new", "07-other"], "the lesson `07-say` has this number or this id");
    refused(&["lesson", "new", "8-other"], "`8-other` is not the name of a lesson");
    refused(&["lesson", "new", "../08-other"], "is not the name of a lesson");
    refused(&["lesson", "new", "08-other", "--with", "read,quiz"], "there is no kind of step `quiz`");
    refused(&["lesson", "new", "08-say-example"], "there is already a file `exercises/src/say-example.rs`");
    assert!(!workshop.root.join("lessons/08-say-example").exists(), "nothing was begun");
    assert_eq!(workshop.lint(&[]), Vec::<String>::new());
}

#[test]
fn a_broken_lesson_is_named_and_the_others_open() {
    let workshop = Workshop::new();
    workshop.passes(&["lesson", "new", "08-other"]);
    workshop.replace("lesson.toml", "summary =", "sumary =");
    let output = workshop.rtws(&["list"]);
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(1));
    assert!(
        out.contains("Other\n") && out.contains("07-say cannot be opened, because of a mistake in the course"),
        "{out}"
    );
    assert!(err.contains("a lesson has no key `sumary`") && err.contains("lessons/07-say/lesson.toml:2:1"), "{err}");
    let check = workshop.rtws(&["hint", "say"]);
    let said = String::from_utf8(check.stderr).unwrap();
    assert!(said.contains("07-say cannot be opened, because of a mistake in the course"), "{said}");
    assert!(workshop.passes(&["hint", "other"]).contains("socket.emit"));
    assert_eq!(workshop.lint(&["other"]), Vec::<String>::new(), "the other is not to blame");
    let all = workshop.rtws(&["check", "--all"]);
    let said = String::from_utf8(all.stderr).unwrap();
    assert!(all.status.code() == Some(3) && said.contains("07-say cannot be opened"), "not all were checked: {said}");
}

/// An author begins with a copy of another lesson.
#[test]
fn a_broken_draft_takes_nothing_from_the_lesson_that_it_was_copied_from() {
    let workshop = Workshop::new();
    let draft = workshop.root.join("lessons/09-draft");
    std::fs::create_dir_all(&draft).unwrap();
    let text = workshop.read("lesson.toml").replace("summary =", "sumary =");
    std::fs::write(draft.join("lesson.toml"), text).unwrap();
    assert_eq!(workshop.lint(&["07-say"]), Vec::<String>::new());
    assert!(workshop.lint(&["draft"]).iter().any(|it| it.contains("09-draft/lesson.toml:2:1 error[unknown-key]")));
    assert!(workshop.passes(&["hint", "say"]).contains("socket.emit"));
}

#[test]
fn an_exercise_is_not_called_as_cargo_calls_a_program() {
    let workshop = Workshop::empty();
    for folder in ["02-main", "02-lib"] {
        assert_eq!(workshop.rtws(&["lesson", "new", folder]).status.code(), Some(2), "{folder}");
    }
}

#[test]
fn a_hundred_mistakes_in_one_lesson_hide_none_in_the_next() {
    let workshop = Workshop::new();
    workshop.passes(&["lesson", "new", "08-other"]);
    let unknown: Vec<_> = (0..150).map(|number| format!("unknown{number} = 1\n")).collect();
    workshop.write("lesson.toml", unknown.concat() + &workshop.read("lesson.toml"));
    let other = workshop.root.join("lessons/08-other/lesson.toml");
    let text = std::fs::read_to_string(&other).unwrap();
    std::fs::write(&other, text.replace("[[steps]]", "[[stesp]]")).unwrap();
    let found = workshop.lint(&["other"]);
    assert!(found.iter().any(|it| it.contains("error[missing-key]")), "{found:?}");
}

#[test]
fn ids_as_long_as_any_work_too() {
    let workshop = Workshop::empty();
    workshop.passes(&["lesson", "new", &format!("02-{}", "a".repeat(64)), "--all"]);
    assert_eq!(workshop.lint(&[]), Vec::<String>::new());
}
