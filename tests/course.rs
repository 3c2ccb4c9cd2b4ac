//! The course that ships is without a fault.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;

use rtws::course::{Colour, Course, render};

fn course() -> Course {
    Course::load(Path::new(env!("CARGO_MANIFEST_DIR")))
        .unwrap_or_else(|diagnostics| panic!("{}", render(&diagnostics, Colour::Off)))
}

#[test]
fn every_lesson_loads() {
    let ids: Vec<_> = course().lessons.into_iter().map(|lesson| lesson.id).collect();
    assert_eq!(ids, ["welcome", "realtime-websockets"]);
}

#[test]
fn every_exercise_has_a_pristine_starter_a_solution_and_two_scenarios_with_snapshots() {
    let course = course();
    for lesson in &course.lessons {
        for exercise in &lesson.exercises {
            let files = course.files(&exercise.id).unwrap();
            let read = |path: &Path| {
                std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
            };
            assert_eq!(read(&files.source), read(&files.starter), "{}", exercise.id);
            assert!(files.solution.exists(), "{}", exercise.id);
            assert!(exercise.scenarios.len() >= 2, "{}", exercise.id);
            for scenario in &exercise.scenarios {
                assert!(
                    files.snapshots.join(format!("{}.snap", scenario.name)).exists(),
                    "{}",
                    scenario.path.display()
                );
            }
        }
    }
}
