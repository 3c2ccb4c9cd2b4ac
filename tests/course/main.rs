//! The course that ships has no mistakes, and covers its modules.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;

use judge::report::Verdict;
use judge::{Scenarios, Subject, Workshop, check_text};
use rtws::authoring::schema;
use rtws::course::{Body, Colour, Course, render};
use serde::Deserialize;

fn course() -> Course {
    Course::load(Path::new(env!("CARGO_MANIFEST_DIR")))
        .unwrap_or_else(|diagnostics| panic!("{}", render(&diagnostics, Colour::Off)))
}

#[test]
fn nothing_in_the_lessons_is_wrong_or_doubtful() {
    let found = Course::lint(Path::new(env!("CARGO_MANIFEST_DIR")));
    assert!(found.is_empty(), "{}", render(&found, Colour::Off));
}

#[test]
fn the_schemas_are_those_of_the_tables_that_read_lessons() {
    for (path, text) in schema::files() {
        let kept = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&path)).unwrap_or_default();
        assert!(kept == text, "{} is old: run `rtws lesson schema`", path.display());
    }
}

/// What takes a build is the business of `rtws lesson lint --full`; most of it is a test of another package as well. Shows
/// are not.
#[cfg(unix)]
#[tokio::test]
async fn every_show_holds_on_its_own_server() {
    judge::process::stand_in(env!("CARGO_BIN_EXE_rtws").into());
    let workshop = Workshop::at(env!("CARGO_MANIFEST_DIR"));
    let mut shows = 0;
    for lesson in course().lessons {
        for show in lesson.steps.into_iter().filter_map(|step| step.show) {
            let scenario = lesson.folder.path().join(&show.name);
            let subject = Subject { file: &show.stage.file, exercise: "show" };
            let only = Scenarios::Only(&scenario);
            let report = check_text(&workshop, subject, &show.stage.program(), only, &|_| {}).await.unwrap();
            assert_eq!(report.verdict, Verdict::Passed, "{}: {report:?}", scenario.display());
            shows += 1;
        }
    }
    assert!(shows > 0, "the course has shows");
}

/// What a module wants of its lesson.
#[derive(Deserialize)]
struct Module {
    lesson: String,
    minutes: [u32; 2],
    sections: Vec<String>,
    questions: Vec<String>,
}

#[derive(Deserialize)]
struct Modules {
    modules: Vec<Module>,
}

fn modules() -> Vec<Module> {
    toml::from_str::<Modules>(include_str!("modules.toml")).unwrap().modules
}

#[test]
fn the_steps_cover_every_section_of_the_module_and_no_other() {
    let course = course();
    for module in modules() {
        let lesson = course.lesson(&module.lesson).unwrap();
        let covered: Vec<&str> = lesson.sections().into_iter().map(|(section, _)| section).collect();
        assert_eq!(covered, module.sections, "in the order of the module, too");
    }
}

/// The module's questions in its own words come first.
#[test]
fn the_interview_asks_what_the_module_asks() {
    let course = course();
    for module in modules() {
        let steps = &course.lesson(&module.lesson).unwrap().steps;
        let interview =
            steps.iter().find_map(|step| if let Body::Interview(it) = &step.body { Some(it) } else { None });
        let asked = interview.unwrap().questions.iter().filter_map(|question| question.question.lines().next());
        assert_eq!(asked.take(module.questions.len()).collect::<Vec<_>>(), module.questions);
    }
}

#[test]
fn all_of_a_module_fits_into_its_session() {
    let course = course();
    for module in modules() {
        let lesson = course.lesson(&module.lesson).unwrap();
        let minutes: u32 = lesson.steps.iter().map(|step| step.minutes.unwrap()).sum();
        assert_eq!(lesson.minutes, module.minutes);
        assert!((module.minutes[0]..=module.minutes[1]).contains(&minutes), "{minutes}");
    }
}
