//! Small workshops in temporary folders, sound and broken.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::super::{Body, Code, Course, Diagnostic, Severity};

const LESSON: &str = r#"
title = "Rooms"
summary = "Who hears what."
minutes = [120, 150]
requires = ["welcome"]

[[steps]]
id = "rooms"
kind = "read"
title = "Room-based broadcasting"
section = "Deep Dive: Room-Based Broadcasting"
text = "rooms.md"

[[steps]]
id = "who-hears-it"
kind = "predict"
question = "Who hears it?"
choices = ["everyone", "the room"]
answer = 2
why = "Rooms scope."

[[steps]]
id = "retype"
kind = "retype"
exercise = "worked-example"
source = "worked-example.rs"
beside = "worked-example.js"
chunks = [
  { starts = "use rooms", label = "Bring it in", why = "Names." },
  { starts = "pub fn app", label = "Listen", why = "Events." },
]

[[steps]]
id = "debug"
kind = "debug"
exercise = "worked-example"
bugs = ["broadcast-to-everyone"]

[[steps]]
id = "join-project"
kind = "exercise"
exercise = "join-project"

[[steps]]
id = "compare"
kind = "compare"
exercises = ["join-project"]
prompt = "What is different?"
note = "refactor-to-keep"

[[steps]]
id = "board"
kind = "project"
exercise = "join-project"

[[steps]]
id = "interview"
kind = "interview"
questions = "interview.toml"

[[steps]]
id = "recall"
kind = "recall"
exercise = "join-project"

[[steps]]
id = "exit"
kind = "reflect"
prompts = [{ id = "production-risk", question = "Which risk?", placeholder = "One risk." }]

[[exercises]]
id = "worked-example"
title = "The worked example"
minutes = 15

[[exercises]]
id = "join-project"
title = "Join a project"
text = "exercise-join-project.md"
minutes = 10
hints = ["a nudge", "the shape"]
"#;

const EXAMPLE: &str = "use rooms::Io;\n\npub fn app(io: &Io) {\n    io.to(room).emit(payload);\n}\n";

const BUG: &str = r#"
title = "Everyone hears it"
symptom = "eve hears it"
pitfall = "Broadcasting globally."
explanation = "It skipped the room."
assertion = "clients = []"
replacements = [{ find = "io.to(room)", replace = "io" }]
"#;

const WELCOME: &str = r#"
title = "Welcome"
summary = "The screen and the keys."
minutes = [10, 10]

[[steps]]
id = "hello"
kind = "read"
text = "hello.md"
"#;

struct Workshop {
    folder: TempDir,
}

impl Workshop {
    fn sound() -> Self {
        let workshop = Self { folder: tempfile::tempdir().unwrap() };
        workshop.write("lessons/00-welcome/lesson.toml", WELCOME);
        workshop.write("lessons/00-welcome/hello.md", "Hello.\n");
        workshop.write("lessons/01-rooms/lesson.toml", LESSON);
        for (name, text) in [
            ("rooms.md", "# Rooms\n"),
            ("worked-example.rs", EXAMPLE),
            ("worked-example.js", "io.on();\n"),
            ("bugs/broadcast-to-everyone.toml", BUG),
            ("exercise-join-project.md", "Join.\n"),
            ("scenarios/join-project/b-second.toml", ""),
            ("scenarios/join-project/a-first.toml", ""),
            ("scenarios/worked-example/first.toml", ""),
            (
                "interview.toml",
                "[[questions]]\nid = \"q1\"\nquestion = \"Why?\"\nmodel_answer = \"So.\"\npoints = [\"a\"]\n",
            ),
        ] {
            workshop.write(&format!("lessons/01-rooms/{name}"), text);
        }
        workshop
    }

    /// A sound workshop in which `from` became `to` in the second lesson.
    fn with(from: &str, to: &str) -> Self {
        assert!(LESSON.contains(from), "{from}");
        let workshop = Self::sound();
        workshop.write("lessons/01-rooms/lesson.toml", &LESSON.replacen(from, to, 1));
        workshop
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn remove(&self, path: &str) {
        fs::remove_file(self.root().join(path)).unwrap();
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn course(&self) -> Course {
        Course::load(self.root()).unwrap_or_else(|found| panic!("{found:#?}"))
    }

    fn codes(&self) -> Vec<Code> {
        Course::lint(self.root()).iter().map(|found| found.code).collect()
    }

    /// The one thing that is wrong.
    fn only(&self) -> Diagnostic {
        let mut found = Course::lint(self.root());
        assert_eq!(found.len(), 1, "{found:#?}");
        found.remove(0)
    }
}

/// The line of the second lesson's file that contains `text`.
fn line_of(text: &str) -> usize {
    LESSON.lines().position(|line| line.contains(text)).unwrap() + 1
}

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
    assert_eq!(lesson.folder, workshop.root().join("lessons/01-rooms"));
    let kinds: Vec<&str> = lesson.steps.iter().map(|step| step.body.kind()).collect();
    assert_eq!(
        kinds,
        ["read", "predict", "retype", "debug", "exercise", "compare", "project", "interview", "recall", "reflect"]
    );
    assert_eq!(lesson.steps[0].text, "# Rooms\n");
    assert_eq!(lesson.steps[0].section.as_deref(), Some("Deep Dive: Room-Based Broadcasting"));
    assert_eq!(Course::lint(workshop.root()), []);
}

#[test]
fn every_kind_is_one_that_the_loader_knows() {
    let course = Workshop::sound().course();
    let kinds: Vec<&str> = course.lesson("rooms").unwrap().steps.iter().map(|step| step.body.kind()).collect();
    assert_eq!(kinds, Body::KINDS);
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

#[test]
fn an_unknown_key_is_shown_where_it_stands() {
    let found = Workshop::with("summary =", "sumary =");
    let found = Course::lint(found.root());
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
    let found = Course::load(workshop.root()).unwrap_err();
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
fn an_unknown_exercise_is_suggested() {
    let found = Workshop::with(
        "kind = \"exercise\"\nexercise = \"join-project\"",
        "kind = \"exercise\"\nexercise = \"join-projects\"",
    );
    assert_eq!(found.only().help.as_deref(), Some("did you mean `join-project`?"));
}

#[test]
fn chunks_have_to_cover_the_source_in_order() {
    let late = Workshop::with("starts = \"use rooms\"", "starts = \"pub fn\"");
    let found = Course::lint(late.root());
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
        let found = Course::lint(workshop.root()).remove(0);
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
    assert_eq!(exercise.only().message, "there is already an exercise `join-project`");

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
