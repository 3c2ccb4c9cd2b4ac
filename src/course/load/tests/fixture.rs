//! A small workshop in a temporary folder, to be broken.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::super::super::{Code, Course, Diagnostic};

pub(super) const LESSON: &str = r#"
title = "Rooms"
summary = "Who hears what."
minutes = [120, 150]
requires = ["welcome"]

[[steps]]
section = ["Deep Dive", "Rooms"]
id = "rooms"
kind = "read"
title = "Room-based broadcasting"
text = "rooms.md"

[[steps]]
section = "Practice"
id = "who-hears-it"
kind = "predict"
question = "Who hears it?"
choices = ["everyone", "the room"]
answer = 2
why = "Rooms scope."

[[steps]]
section = "Practice"
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
section = "Practice"
id = "debug"
kind = "debug"
exercise = "worked-example"
bugs = ["broadcast-to-everyone"]

[[steps]]
section = "Practice"
id = "join-project"
kind = "exercise"
exercise = "join-project"

[[steps]]
section = "Practice"
id = "compare"
kind = "compare"
exercises = ["join-project"]
prompt = "What is different?"
note = "refactor-to-keep"

[[steps]]
section = "Practice"
id = "board"
kind = "project"
exercise = "join-project"

[[steps]]
section = "Practice"
id = "interview"
kind = "interview"
questions = "interview.toml"

[[steps]]
section = "Practice"
id = "recall"
kind = "recall"
exercise = "join-project"

[[steps]]
section = "Practice"
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

pub(super) const EXAMPLE: &str = "use rooms::Io;\n\npub fn app(io: &Io) {\n    io.to(room).emit(payload);\n}\n";

pub(super) const BUG: &str = r#"
title = "Everyone hears it"
symptom = "eve hears it"
pitfall = "Broadcasting globally."
explanation = "It skipped the room."
assertion = "clients = []"
proof = "steps = []"
replacements = [{ find = "io.to(room)", replace = "io" }]
"#;

pub(super) const WELCOME: &str = r#"
title = "Welcome"
summary = "The screen and the keys."
minutes = [10, 10]

[[steps]]
id = "hello"
kind = "read"
text = "hello.md"
"#;

pub(super) struct Workshop {
    folder: TempDir,
}

impl Workshop {
    pub(super) fn sound() -> Self {
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
    pub(super) fn with(from: &str, to: &str) -> Self {
        assert!(LESSON.contains(from), "{from}");
        let workshop = Self::sound();
        workshop.write("lessons/01-rooms/lesson.toml", &LESSON.replacen(from, to, 1));
        workshop
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(super) fn remove(&self, path: &str) {
        fs::remove_file(self.root().join(path)).unwrap();
    }

    pub(super) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn course(&self) -> Course {
        let (course, found) = super::super::read(self.root(), |_, _, _| ());
        assert!(course.broken.is_empty(), "{found:#?}");
        course
    }

    /// What is found as it is opened.
    pub(super) fn found(&self) -> Vec<Diagnostic> {
        super::super::read(self.root(), |_, _, _| ()).1
    }

    pub(super) fn codes(&self) -> Vec<Code> {
        self.found().iter().map(|found| found.code).collect()
    }

    /// The only mistake.
    pub(super) fn only(&self) -> Diagnostic {
        let mut found = self.found();
        assert_eq!(found.len(), 1, "{found:#?}");
        found.remove(0)
    }
}

/// The line of the second lesson's file that contains `text`.
pub(super) fn line_of(text: &str) -> usize {
    LESSON.lines().position(|line| line.contains(text)).unwrap() + 1
}
