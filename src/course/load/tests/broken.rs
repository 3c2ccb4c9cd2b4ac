//! The mistakes that are reported in a broken workshop.

use std::fs;
use std::path::Path;

use judge::generation::set::Set;

use super::super::super::{Body, Code, Course, Severity};
use super::fixture::{BUG, EXAMPLE, LESSON, WELCOME, Workshop, line_of};

#[test]
fn an_unknown_key_is_shown_where_it_stands() {
    let found = Workshop::with("summary =", "sumary =");
    let found = found.found();
    let codes: Vec<Code> = found.iter().map(|found| found.code).collect();
    assert_eq!(codes, [Code::MissingKey, Code::UnknownKey]);
    assert_eq!(found[1].path, Path::new("lessons/01-rooms/lesson.toml"));
    assert_eq!((found[1].line, found[1].column), (3, 1));
    assert_eq!(found[1].message, "a lesson has no key `sumary`");
    assert_eq!(found[1].help.as_deref(), Some("did you mean `summary`?"));
}

#[test]
fn every_mistake_is_reported_in_the_order_of_the_file() {
    let lesson = LESSON
        .replace("minutes = [120, 150]", "minutes = [150, 120]")
        .replace("kind = \"predict\"", "kind = \"predcit\"")
        .replace("text = \"rooms.md\"", "text = 7")
        .replace("note = \"refactor-to-keep\"", "note = \"production-risk\"")
        .replace("exercises = [\"join-project\"]", "exercises = [\"join-projcet\"]");
    let workshop = Workshop::sound();
    workshop.write("lessons/01-rooms/lesson.toml", &lesson);
    assert_eq!(
        workshop.codes(),
        [Code::BadValue, Code::WrongType, Code::UnknownKind, Code::UnknownExercise, Code::DuplicateId]
    );
    let found = workshop.found();
    assert_eq!(found.len(), 5);
}

#[test]
fn a_wrong_type_says_what_was_expected_and_found() {
    let found = Workshop::with("answer = 2", "answer = \"2\"").only();
    assert_eq!(found.code, Code::WrongType);
    assert_eq!(found.message, "expected a whole number, not negative, found a string");
    assert_eq!((found.line, found.column), (line_of("answer = 2"), 10));
    assert_eq!(
        Workshop::with("minutes = [120, 150]", "minutes = 120").only().message,
        "expected a list, found an integer"
    );
    assert_eq!(Workshop::with("minutes = [120, 150]", "minutes = [1, \"2\"]").only().code, Code::WrongType);
}

#[test]
fn a_file_that_is_not_toml_is_reported_alone() {
    let found = Workshop::with("answer = 2", "answer = = 2").only();
    assert_eq!(found.code, Code::Syntax);
    assert_eq!(found.line, line_of("answer = 2"));
}

#[test]
fn a_missing_file_is_reported_where_it_is_named() {
    let found = Workshop::with("\"rooms.md\"", "\"roms.md\"").only();
    assert_eq!(found.code, Code::MissingFile);
    assert_eq!(found.line, line_of("rooms.md"));
    assert_eq!(found.help.as_deref(), Some("did you mean `rooms.md`?"));
}

#[test]
fn a_path_stays_in_the_lesson() {
    for path in ["../00-welcome/hello.md", "/etc/hostname"] {
        assert_eq!(Workshop::with("rooms.md", path).only().code, Code::OutsideFolder, "{path}");
    }
}

#[test]
fn a_file_that_is_not_text_is_reported() {
    let workshop = Workshop::sound();
    fs::write(workshop.root().join("lessons/01-rooms/rooms.md"), [0xff, 0xfe]).unwrap();
    assert_eq!(workshop.only().code, Code::UnreadableFile);
}

#[test]
fn for_an_unknown_exercise_a_similar_one_is_suggested() {
    let found = Workshop::with(
        "kind = \"exercise\"\nexercise = \"join-project\"",
        "kind = \"exercise\"\nexercise = \"join-projects\"",
    );
    assert_eq!(found.only().help.as_deref(), Some("did you mean `join-project`?"));
}

#[test]
fn chunks_have_to_cover_the_source_in_order() {
    let late = Workshop::with("starts = \"use rooms\"", "starts = \"pub fn\"");
    let found = late.found();
    assert_eq!(found[0].message, "the first chunk starts at line 3, so no chunk holds what stands above");
    assert_eq!(found[1].message, "`pub fn app` stands only before the chunk above it starts");

    let missing = Workshop::with("starts = \"pub fn app\"", "starts = \"pub fn application\"").only();
    assert_eq!(missing.code, Code::Chunks);
    assert_eq!(missing.message, "no line of the source contains `pub fn application`");
}

#[test]
fn a_long_chunk_is_a_warning_and_does_not_keep_the_course_away() {
    let workshop = Workshop::sound();
    workshop.write("lessons/01-rooms/worked-example.rs", &format!("{EXAMPLE}{}", "// more\n".repeat(12)));
    let found = workshop.only();
    assert_eq!((found.code, found.severity), (Code::LongChunk, Severity::Warning));
    workshop.course();
}

#[test]
fn a_bug_has_to_fit_exactly_once() {
    for (find, message) in [
        ("io.too(room)", "the worked example does not contain this text"),
        ("io", "the worked example contains this text 2 times"),
    ] {
        let workshop = Workshop::sound();
        workshop.write("lessons/01-rooms/bugs/broadcast-to-everyone.toml", &BUG.replace("io.to(room)", find));
        let found = workshop.found().remove(0);
        assert_eq!((found.code, found.message.as_str()), (Code::BugDoesNotFit, message));
        assert_eq!(found.path, Path::new("lessons/01-rooms/bugs/broadcast-to-everyone.toml"));
    }
}

#[test]
fn a_bug_that_changes_nothing_or_overlaps_is_reported() {
    for replacements in [
        r#"[{ find = "io.to(room)", replace = "io.to(room)" }]"#,
        r#"[{ find = "io.to(room)", replace = "io" }, { find = "to(room).emit", replace = "emit" }]"#,
    ] {
        let workshop = Workshop::sound();
        let bug = BUG.replace(r#"[{ find = "io.to(room)", replace = "io" }]"#, replacements);
        workshop.write("lessons/01-rooms/bugs/broadcast-to-everyone.toml", &bug);
        assert_eq!(workshop.only().code, Code::BugDoesNotFit, "{replacements}");
    }
}

#[test]
fn a_debug_step_needs_something_to_plant_its_bugs_in() {
    let found = Workshop::with("bugs = [\"broadcast-to-everyone\"]", "bugs = [\"broadcast-to-all\"]").only();
    assert_eq!(found.code, Code::MissingFile);
    let unrelated = Workshop::with(
        "kind = \"debug\"\nexercise = \"worked-example\"",
        "kind = \"debug\"\nexercise = \"join-project\"",
    );
    assert_eq!(unrelated.only().code, Code::BugDoesNotFit);
}

#[test]
fn requirements_have_to_exist_and_not_go_in_a_circle() {
    let unknown = Workshop::with("requires = [\"welcome\"]", "requires = [\"wellcome\"]").only();
    assert_eq!((unknown.code, unknown.help.as_deref()), (Code::UnknownLesson, Some("did you mean `welcome`?")));

    let circle = Workshop::sound();
    circle.write("lessons/00-welcome/lesson.toml", &format!("requires = [\"rooms\"]\n{WELCOME}"));
    let found = circle.only();
    assert_eq!(found.code, Code::RequiresCycle);
    assert_eq!(found.message, "lessons require each other: welcome > rooms > welcome");

    let alone = Workshop::with("requires = [\"welcome\"]", "requires = [\"rooms\"]").only();
    assert_eq!(alone.message, "lessons require each other: rooms > rooms");
}

#[test]
fn ids_are_given_once() {
    let step = Workshop::with("id = \"who-hears-it\"", "id = \"rooms\"").only();
    assert_eq!((step.code, step.message.as_str()), (Code::DuplicateId, "there is already a step `rooms`"));

    let exercise = Workshop::sound();
    let more = "\n[[exercises]]\nid = \"join-project\"\ntitle = \"Again\"\nminutes = 1\n";
    exercise.write("lessons/00-welcome/lesson.toml", &format!("{WELCOME}{more}"));
    exercise.write("lessons/00-welcome/scenarios/join-project/a.toml", "");
    let messages: Vec<_> = exercise.found().into_iter().map(|found| found.message).collect();
    assert_eq!(
        messages,
        ["no step uses the exercise `join-project`", "there is already an exercise `join-project`"],
        "the first is not the second's mistake"
    );

    let folder = Workshop::sound();
    folder.write("lessons/01-other/lesson.toml", WELCOME);
    folder.write("lessons/01-other/hello.md", "");
    assert!(folder.codes().contains(&Code::DuplicateId));
}

#[test]
fn an_id_that_would_leave_its_folder_is_refused() {
    let found = Workshop::with("note = \"refactor-to-keep\"", "note = \"../state\"").only();
    assert_eq!(found.code, Code::BadId);
}

#[test]
fn folders_have_to_be_lessons() {
    let workshop = Workshop::sound();
    workshop.write("lessons/drafts/notes.md", "");
    workshop.write("lessons/.hidden/notes.md", "");
    workshop.write("lessons/02-empty/notes.md", "");
    workshop.write("lessons/README.md", "");
    assert_eq!(workshop.codes(), [Code::MissingFile, Code::BadId]);
}

#[test]
fn an_exercise_that_nothing_checks_is_a_warning() {
    let workshop = Workshop::sound();
    workshop.remove("lessons/01-rooms/scenarios/worked-example/first.toml");
    let found = workshop.only();
    assert_eq!((found.code, found.severity), (Code::NoScenario, Severity::Warning));
}

#[test]
fn two_scenarios_at_the_same_place_are_a_warning() {
    let workshop = Workshop::sound();
    let write = |name: &str, order: u32| {
        let text = format!("title = \"t\"\norder = {order}\nclients = [\"ann\"]\n[[steps]]\nconnect = \"ann\"\n");
        workshop.write(&format!("lessons/01-rooms/scenarios/join-project/{name}.toml"), &text);
    };
    write("comes", 1);
    write("goes", 2);
    assert_eq!(workshop.codes(), []);
    write("stays", 1);
    let found = workshop.only();
    assert_eq!((found.code, found.severity), (Code::SamePlace, Severity::Warning));
    assert_eq!(found.message, "`order = 1` is also that of the scenario `comes`");
    assert!(found.path.ends_with("01-rooms/scenarios/join-project/stays.toml"), "{}", found.path.display());
}

#[test]
fn a_set_of_another_alphabet_is_a_warning() {
    let workshop = Workshop::sound();
    let set = workshop.root().join("lessons/01-rooms/generated/join-project.json.gz");
    Set::new(Vec::new(), "waits_ms = [1]").write(&set).unwrap();
    assert_eq!(workshop.codes(), [], "there is no alphabet");
    workshop.write("lessons/01-rooms/alphabets/join-project.toml", "waits_ms = [1]");
    assert_eq!(workshop.codes(), []);
    workshop.write("lessons/01-rooms/alphabets/join-project.toml", "waits_ms = [2]");
    let found = workshop.only();
    assert_eq!((found.code, found.severity), (Code::OldSet, Severity::Warning));
    assert!(found.path.ends_with("01-rooms/generated/join-project.json.gz"), "{}", found.path.display());
}

#[test]
fn a_step_without_a_section_is_a_warning_where_other_steps_have_one() {
    let found = Workshop::with("section = \"Practice\"\nid = \"board\"", "id = \"board\"").only();
    assert_eq!(
        (found.code, found.severity, found.line),
        (Code::NoSection, Severity::Warning, line_of("id = \"board\"") - 2)
    );
    let bare = LESSON.lines().filter(|line| !line.starts_with("section")).collect::<Vec<_>>().join("\n");
    let workshop = Workshop::sound();
    workshop.write("lessons/01-rooms/lesson.toml", &bare);
    assert_eq!(workshop.codes(), [], "a lesson without sections has no module to cover");
}

#[test]
fn minutes_count_from_one() {
    for minutes in ["id = \"compare\"\nminutes = 0", "id = \"compare\"\nminutes = \"2\""] {
        let found = Workshop::with("id = \"compare\"", minutes).only();
        assert_eq!(found.line, line_of("id = \"compare\"") + 1, "{minutes}");
        assert!(found.is_error());
    }
    assert_eq!(Workshop::with("minutes = 10", "minutes = 0").only().message, "`minutes` takes a number from 1 on");
}

/// The second lesson with minutes in every step: 110 in all, plus those of the recall step.
fn with_minutes(recall: u32) -> Workshop {
    let give = |lesson: String, (kind, minutes): (&str, u32)| {
        let kind = format!("kind = \"{kind}\"\n");
        lesson.replace(&kind, &format!("{kind}minutes = {minutes}\n"))
    };
    // The exercise and the project have ten each, as their exercise says; the first of the others has the rest.
    let others: Vec<_> =
        Body::KINDS.iter().filter(|kind| !["exercise", "project", "recall", "read"].contains(kind)).collect();
    let left = u32::try_from(90 - others.len()).unwrap();
    let minutes = others.into_iter().map(|kind| (*kind, 1)).chain([("read", left), ("recall", recall)]);
    let workshop = Workshop::sound();
    workshop.write("lessons/01-rooms/lesson.toml", &minutes.fold(LESSON.to_owned(), give));
    workshop
}

#[test]
fn steps_that_take_less_or_more_than_their_lesson_are_a_warning() {
    for recall in [10, 40] {
        assert_eq!(with_minutes(recall).codes(), [], "{recall}");
    }
    for (recall, sum) in [(9, "119"), (41, "151"), (u32::MAX, "4294967405")] {
        let workshop = with_minutes(recall);
        let found = workshop.only();
        assert_eq!(found.message, format!("the minutes of the steps add up to {sum}, which is outside of [120, 150]"));
        assert!(found.help.unwrap().contains(sum));
        assert_eq!((found.code, found.severity), (Code::MinutesDoNotAddUp, Severity::Warning));
        assert_eq!((found.line, found.column), (line_of("minutes = [120"), 11));
        workshop.course();
    }
}

#[test]
fn where_a_step_has_no_minutes_there_is_no_sum() {
    let workshop = with_minutes(9);
    let path = "lessons/01-rooms/lesson.toml";
    let lesson = fs::read_to_string(workshop.root().join(path)).unwrap();
    workshop.write(path, &lesson.replacen("minutes = 1\n", "", 1));
    assert_eq!(workshop.codes(), []);
}

#[test]
fn a_scenario_may_not_be_called_as_a_generated_one() {
    let workshop = Workshop::sound();
    workshop.write("lessons/01-rooms/scenarios/worked-example/generated-1.toml", "");
    let found = workshop.only();
    assert_eq!((found.code, found.severity), (Code::DuplicateId, Severity::Error));
    assert_eq!(found.path, Path::new("lessons/01-rooms/scenarios/worked-example/generated-1.toml"));
    assert_eq!(found.message, "`generated-1` would be mistaken for a generated scenario");
    workshop.remove("lessons/01-rooms/scenarios/worked-example/generated-1.toml");
    workshop.write("lessons/01-rooms/scenarios/worked-example/newly-generated.toml", "");
    assert_eq!(workshop.codes(), []);
}

#[test]
fn scenarios_that_nobody_runs_are_a_warning() {
    let workshop = Workshop::sound();
    workshop.write("lessons/01-rooms/scenarios/join-projct/a.toml", "");
    let found = workshop.only();
    assert_eq!(found.help.as_deref(), Some("did you mean `join-project`?"));
    assert!(!found.is_error());
}

#[test]
fn a_folder_without_lessons_says_where_to_start() {
    let empty = tempfile::tempdir().unwrap();
    let found = Course::load(empty.path()).unwrap_err();
    assert_eq!(found[0].code, Code::MissingFile);
    assert!(found[0].help.as_ref().unwrap().contains("root"));
    fs::create_dir(empty.path().join("lessons")).unwrap();
    assert_eq!(Course::load(empty.path()).unwrap_err()[0].code, Code::Empty);
}

#[test]
fn a_diagnostic_serialises_as_documented() {
    let found = Workshop::with("\"rooms.md\"", "\"roms.md\"").only();
    let json = serde_json::to_value(found).unwrap();
    let keys: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["severity", "code", "message", "path", "line", "column", "help"]);
    assert_eq!((json["severity"].as_str(), json["code"].as_str()), (Some("error"), Some("missing-file")));
}

#[test]
fn a_page_that_nests_too_deep_is_reported_where_it_does() {
    for nested in ["- ", "> ", ">"] {
        let workshop = Workshop::sound();
        workshop.write("lessons/01-rooms/rooms.md", &format!("# Rooms\n\n{}x\n", nested.repeat(30_000)));
        let found = workshop.only();
        assert_eq!(found.code, Code::TooDeep);
        assert_eq!((found.path.as_path(), found.line), (Path::new("lessons/01-rooms/rooms.md"), 3));
    }
}

#[test]
fn a_text_in_toml_that_nests_too_deep_is_reported_where_it_does() {
    let why = format!("why = '''\nBecause:\n\n{}x\n'''", "> ".repeat(100));
    let original = LESSON.lines().find(|line| line.starts_with("why = ")).unwrap();
    let found = Workshop::with(original, &why).only();
    assert_eq!((found.code, found.line), (Code::TooDeep, line_of(original) + 3));
    let hints = format!("hints = [\"{}x\"]", "- ".repeat(100));
    let original = LESSON.lines().find(|line| line.starts_with("hints = ")).unwrap();
    let found = Workshop::with(original, &hints).only();
    assert_eq!((found.code, found.line), (Code::TooDeep, line_of(original)));
}

#[test]
fn a_page_that_is_too_long_is_reported_where_it_should_end() {
    let workshop = Workshop::sound();
    workshop.write("lessons/01-rooms/rooms.md", &"a line\n".repeat(10_000));
    let found = workshop.only();
    assert_eq!((found.code, found.line), (Code::TooLong, judge::LONGEST / "a line\n".len() + 1));
}

#[cfg(unix)]
#[test]
fn a_page_that_is_a_pipe_is_reported_and_not_waited_for() {
    let workshop = Workshop::sound();
    let page = workshop.root().join("lessons/01-rooms/rooms.md");
    fs::remove_file(&page).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&page).status().unwrap().success());
    let found = workshop.only();
    assert_eq!((found.code, found.help.as_deref()), (Code::UnreadableFile, None));
    assert!(found.message.contains("it is not a file"), "{}", found.message);
}

#[test]
fn names_of_any_length_are_compared_in_no_time() {
    let long = "a".repeat(200_000);
    let found = Workshop::with("starts = \"pub fn app\"", &format!("starts = \"{}b\"", &long[..60_000]));
    found.write("lessons/01-rooms/worked-example.rs", &format!("use rooms;\n{long}\n"));
    assert!(found.codes().contains(&Code::Chunks));
}

#[test]
fn a_file_that_is_too_long_is_not_read() {
    let workshop = Workshop::sound();
    workshop.write("lessons/01-rooms/lesson.toml", &format!("{LESSON}\n{}", "# more\n".repeat(100_000)));
    let found = workshop.only();
    assert_eq!((found.code, found.path.as_path()), (Code::TooLong, Path::new("lessons/01-rooms/lesson.toml")));
}

#[test]
fn only_the_first_of_very_many_mistakes_are_reported() {
    for mistakes in ["= \n".repeat(80_000), "=".repeat(250_000), "x = [\n".repeat(40_000)] {
        let workshop = Workshop::sound();
        workshop.write("lessons/01-rooms/lesson.toml", &mistakes);
        assert!((1..=101).contains(&workshop.found().len()));
    }
    let keys = (0..20_000).map(|number| format!("k{number} = 1\n")).collect::<Vec<_>>().concat();
    let workshop = Workshop::sound();
    workshop.write("lessons/01-rooms/lesson.toml", &format!("{keys}{LESSON}"));
    assert_eq!(workshop.codes(), [Code::UnknownKey; 100]);
}
