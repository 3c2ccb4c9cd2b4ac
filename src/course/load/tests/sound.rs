//! Reading a sound workshop.

use std::fs;

use super::super::super::{Body, Code};
use super::fixture::{EXAMPLE, LESSON, Workshop};

#[test]
fn a_sound_workshop_is_read_whole() {
    let workshop = Workshop::sound();
    let course = workshop.course();
    assert_eq!(course.lessons.iter().map(|lesson| lesson.id.as_str()).collect::<Vec<_>>(), ["welcome", "rooms"]);
    let lesson = course.lesson("rooms").unwrap();
    assert_eq!(
        (lesson.number, lesson.minutes, lesson.requires.as_slice()),
        (1, [120, 150], &["welcome".to_owned()][..])
    );
    assert_eq!(lesson.folder.path(), workshop.root().join("lessons/01-rooms"));
    let kinds: Vec<&str> = lesson.steps.iter().map(|step| step.body.kind()).collect();
    assert_eq!(kinds, Body::KINDS, "there is one of each");
    assert_eq!(lesson.steps[0].text, "# Rooms\n");
    let places: Vec<usize> = (1..Body::KINDS.len()).collect();
    assert_eq!(lesson.sections(), [("Deep Dive", vec![0]), ("Rooms", vec![0]), ("Practice", places)]);
    assert_eq!(workshop.found(), []);
}

#[test]
fn chunks_together_are_the_source() {
    let course = Workshop::sound().course();
    let Body::Retype(retype) = &course.lesson("rooms").unwrap().step("retype").unwrap().body else { panic!() };
    assert_eq!(retype.chunks.len(), 2);
    assert_eq!(retype.chunks[0].text, "use rooms::Io;\n\n");
    assert_eq!(retype.chunks.iter().map(|chunk| chunk.text.as_str()).collect::<String>(), retype.source);
    assert_eq!(retype.beside.as_deref(), Some("io.on();\n"));
}

#[test]
fn typing_may_be_mere_practice() {
    let steps = LESSON.replacen("kind = \"retype\"\nexercise = \"worked-example\"", "kind = \"retype\"", 1);
    let workshop = Workshop::sound();
    workshop.write("lessons/01-rooms/lesson.toml", &steps);
    assert_eq!(workshop.codes(), [Code::BugDoesNotFit], "only the debug step misses it");
}

#[test]
fn a_bug_fits_its_worked_example() {
    let course = Workshop::sound().course();
    let Body::Debug(debug) = &course.lesson("rooms").unwrap().step("debug").unwrap().body else { panic!() };
    assert!(debug.bugs[0].plant(EXAMPLE).unwrap().contains("    io.emit(payload);"));
}

#[test]
fn answers_count_from_one_in_the_file_and_from_zero_in_the_program() {
    let course = Workshop::sound().course();
    let Body::Predict(predict) = &course.lesson("rooms").unwrap().step("who-hears-it").unwrap().body else { panic!() };
    assert_eq!(predict.choices[predict.answer], "the room");
    for answer in ["answer = 0", "answer = 3"] {
        assert_eq!(Workshop::with("answer = 2", answer).only().code, Code::BadValue);
    }
}

#[test]
fn a_step_takes_its_own_minutes_or_those_of_the_exercise_that_has_to_pass() {
    let course = Workshop::with("kind = \"recall\"", "kind = \"recall\"\nminutes = 4").course();
    let minutes = |id: &str| course.lesson("rooms").unwrap().step(id).unwrap().minutes;
    assert_eq!((minutes("join-project"), minutes("board"), minutes("recall")), (Some(10), Some(10), Some(4)));
    assert_eq!((minutes("rooms"), minutes("compare")), (None, None));
    assert_eq!((minutes("retype"), minutes("debug")), (None, None), "they share an exercise");
}

#[test]
fn scenarios_are_listed_by_name() {
    let workshop = Workshop::sound();
    let course = workshop.course();
    let (_, exercise) = course.exercise("join-project").unwrap();
    let names: Vec<&str> = exercise.scenarios.iter().map(|scenario| scenario.name.as_str()).collect();
    assert_eq!(names, ["a-first", "b-second"]);
    assert!(exercise.scenarios[0].path.is_file());
}

#[test]
fn a_step_without_title_is_called_as_its_exercise_or_its_id() {
    let course = Workshop::sound().course();
    let lesson = course.lesson("rooms").unwrap();
    assert_eq!(lesson.step("who-hears-it").unwrap().title, "Who hears it");
    assert_eq!(lesson.step("join-project").unwrap().title, "Join a project");
}

#[test]
fn a_checkout_with_carriage_returns_is_the_same_course() {
    let (unix, windows) = (Workshop::sound(), Workshop::sound());
    let lesson = windows.root().join("lessons/01-rooms");
    for name in ["lesson.toml", "rooms.md", "worked-example.rs", "bugs/broadcast-to-everyone.toml"] {
        let text = fs::read_to_string(lesson.join(name)).unwrap();
        fs::write(lesson.join(name), text.replace('\n', "\r\n")).unwrap();
    }
    assert_eq!(windows.course().lesson("rooms").unwrap().steps, unix.course().lesson("rooms").unwrap().steps);
}
