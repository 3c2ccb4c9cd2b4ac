//! The course that ships has no mistakes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;

use rtws::course::{Body, Colour, Course, Step, render};
use rtws::server::{Embedded, PORT};
use scenario::generate::Alphabet;
use scenario::network::Address;
use scenario::{Network, Script};
use similar::{ChangeTag, TextDiff};

fn course() -> Course {
    Course::load(Path::new(env!("CARGO_MANIFEST_DIR")))
        .unwrap_or_else(|diagnostics| panic!("{}", render(&diagnostics, Colour::Off)))
}

#[test]
fn every_lesson_loads_and_the_first_is_the_welcome() {
    assert_eq!(course().lessons[0].id, "welcome");
}

/// This test ignores the learner's own files: solving an exercise must not break it.
#[test]
fn every_exercise_has_a_starter_a_solution_and_two_scenarios_with_snapshots() {
    let course = course();
    for lesson in &course.lessons {
        for exercise in &lesson.exercises {
            let files = course.files(&exercise.id).unwrap();
            for path in [&files.code, &files.starter, &files.solution] {
                assert!(path.exists(), "{} is missing", path.display());
            }
            assert!(exercise.scenarios.len() >= 2, "{}", exercise.id);
            for scenario in &exercise.scenarios {
                scenario::Script::load(&scenario.path).unwrap_or_else(|error| panic!("{error}"));
                let snapshot = files.snapshots.join(format!("{}.snap", scenario.name));
                assert!(snapshot.exists(), "{} is missing", snapshot.display());
            }
        }
    }
}

#[test]
fn every_alphabet_can_be_read() {
    for lesson in course().lessons {
        for exercise in &lesson.exercises {
            let path = lesson.folder.alphabet(&exercise.id);
            if !path.exists() {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            Alphabet::parse(&text, &path).unwrap_or_else(|error| panic!("{error}"));
        }
    }
}

/// Editors offer completion and checks in a learner's file because a bench includes it.
#[test]
fn every_exercise_is_in_sight_of_editors() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("exercises");
    for exercise in course().lessons.iter().flat_map(|lesson| &lesson.exercises) {
        let bench = root.join("benches").join(format!("{}.rs", exercise.id));
        let text = std::fs::read_to_string(&bench).unwrap_or_else(|error| panic!("{}: {error}", bench.display()));
        assert!(text.contains(&format!("#[path = \"../src/{}.rs\"]", exercise.id)), "{}", bench.display());
    }
}

#[test]
fn every_assertion_that_a_bug_lays_out_can_be_read_and_asserts_nothing_before_it_is_completed() {
    for lesson in course().lessons {
        let debugs = lesson.steps.iter().filter_map(|step| match &step.body {
            Body::Debug(debug) => Some(debug),
            _ => None,
        });
        for bug in debugs.flat_map(|debug| &debug.bugs) {
            let name = format!("{}.toml", bug.id);
            let asserts = |text: &str| {
                let script = scenario::Script::parse(text, Path::new(&name)).unwrap_or_else(|error| panic!("{error}"));
                script.steps.iter().any(|step| step.action.is_expectation())
            };
            assert!(!asserts(&bug.assertion_starter), "{name}");
            assert!(asserts(&bug.completed_assertion()), "{name}");
        }
    }
}

#[tokio::test]
async fn every_show_of_a_step_works_on_the_embedded_server() {
    let (embedded, _records) = Embedded::start(PORT).await.unwrap();
    let network = Network::Tcp(Address::parse(&embedded.address().to_string()).unwrap());
    let steps = course().lessons.into_iter().flat_map(|lesson| lesson.steps);
    for show in steps.filter_map(|step| step.show) {
        let script = Script::parse(&show.scenario, Path::new(&show.name)).unwrap_or_else(|error| panic!("{error}"));
        assert!(script.steps.iter().any(|step| step.action.is_expectation()), "{} expects nothing", show.name);
        let outcome = scenario::run(&script, network.clone()).await.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((outcome.unmet, outcome.end), (Vec::new(), None), "{}\n{}", show.name, outcome.transcript);
    }
    embedded.stop().await;
}

/// The module's three questions in its own words, and five more.
#[test]
fn the_interview_asks_what_the_module_asks_and_five_questions_more() {
    let course = course();
    let steps = &course.lesson("realtime-websockets").unwrap().steps;
    let interview = steps.iter().find_map(|step| if let Body::Interview(it) = &step.body { Some(it) } else { None });
    let questions = &interview.unwrap().questions;
    assert_eq!(questions.len(), 8);
    let asked = [
        "What problem does this module solve in real backend systems?",
        "How do you test this area effectively?",
        "What tradeoff should you be ready to explain?",
    ];
    for (question, words) in questions.iter().zip(asked) {
        assert_eq!(question.question.lines().next(), Some(words));
    }
    for question in questions {
        assert!((3..=6).contains(&question.points.len()), "{}", question.id);
        let words = question.model_answer.split_whitespace().count();
        assert!((60..=200).contains(&words), "{}: {words} words are too few or too many to say aloud", question.id);
    }
}

#[test]
fn nothing_in_the_lessons_is_doubtful() {
    let found = Course::lint(Path::new(env!("CARGO_MANIFEST_DIR")));
    assert!(found.is_empty(), "{}", render(&found, Colour::Off));
}

/// The sections of the module, by their names there.
const SECTIONS: [&str; 13] = [
    "Module Info",
    "Learning Outcomes",
    "Deep Dive: When WebSockets Fit",
    "Deep Dive: Room-Based Broadcasting",
    "Deep Dive: Payload Validation",
    "Deep Dive: Connection Lifecycle",
    "Worked Example",
    "Common Pitfalls",
    "Debugging Checklist",
    "Step-by-Step Practice Plan",
    "Mini Project Task",
    "Interview Q&A",
    "Exit Criteria",
];

#[test]
fn the_steps_cover_every_section_of_the_module_and_no_other() {
    let course = course();
    let lesson = course.lesson("realtime-websockets").unwrap();
    let covered: Vec<&str> = lesson.sections().into_iter().map(|(section, _)| section).collect();
    assert_eq!(covered, SECTIONS, "in the order of the module, too");
}

/// Words of a page that a learner reads in a minute, and characters of code that a learner works out, writes and fixes
/// in one.
const WORDS_A_MINUTE: usize = 200;
const CHARACTERS_A_MINUTE: usize = 100;

/// The estimated seconds of a step, if they can be counted: reading its page and its starter, and writing the code that
/// the solution has and the starter has not. `lessons/README.md` tells authors about it.
fn reckoned(course: &Course, step: &Step) -> Option<usize> {
    let Some(id) = step.body.exercise_to_pass() else {
        let is_page = matches!(step.body, Body::Read(_)) && step.show.is_none();
        return is_page.then(|| reading(&step.text));
    };
    let (_, exercise) = course.exercise(id).unwrap();
    let files = course.files(id).unwrap();
    let [starter, solution] = [files.starter, files.solution].map(|path| std::fs::read_to_string(path).unwrap());
    Some(reading(&exercise.text) + reading(&starter) + to_write(&starter, &solution) * 60 / CHARACTERS_A_MINUTE)
}

fn reading(text: &str) -> usize {
    text.split_whitespace().count() * 60 / WORDS_A_MINUTE
}

/// Characters of code that `solution` has and `starter` has not, without comments and indentation.
fn to_write(starter: &str, solution: &str) -> usize {
    fn lines(text: &str) -> Vec<&str> {
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")).collect()
    }
    let (starter, solution) = (lines(starter), lines(solution));
    let diff = TextDiff::from_slices(&starter, &solution);
    let inserted = diff.iter_all_changes().filter(|change| change.tag() == ChangeTag::Insert);
    inserted.map(|change| change.value().chars().count()).sum()
}

#[test]
fn the_minutes_of_a_step_are_what_reading_and_writing_take() {
    let course = course();
    for step in &course.lesson("realtime-websockets").unwrap().steps {
        let minutes = step.minutes.unwrap() as usize;
        if let Some(seconds) = reckoned(&course, step) {
            assert!(
                seconds.abs_diff(60 * minutes) <= 60,
                "{}: {minutes} minutes, and {seconds} s by its length",
                step.id
            );
        }
    }
}

#[test]
fn all_of_the_module_fits_into_its_session() {
    let course = course();
    let lesson = course.lesson("realtime-websockets").unwrap();
    let minutes: u32 = lesson.steps.iter().map(|step| step.minutes.unwrap()).sum();
    assert_eq!(lesson.minutes, [120, 150]);
    assert!((120..=150).contains(&minutes), "{minutes}");
}
