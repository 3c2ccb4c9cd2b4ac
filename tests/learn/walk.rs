//! From the first screen to the last.

use std::collections::BTreeSet;
use std::fs;

use rtws::course::steps::Retype;
use rtws::course::{Body, Course, Lesson};
use rtws::progress::Notes;

use crate::common::{PATIENCE, Screen};
use crate::learner::{Learner, keys, note};
use crate::visitor::Visitor;
use crate::workshop::Workshop;

/// The intended path through all lessons, with the stumbles that the workshop has to bear, in a small terminal.
#[test]
fn the_whole_path_in_a_small_terminal() {
    let workshop = Workshop::fresh();
    let mut learner = Learner::open(&workshop, 24, 80);
    watch_the_monitor(&mut learner, &workshop.course.lessons[0].steps[0].title);
    let mut stumbles = Stumbles::default();
    for lesson in &workshop.course.lessons {
        for (number, step) in (1..).zip(&lesson.steps) {
            learner.wait_for_step(&step.title, number, lesson.steps.len());
            learner = stumbles.take(learner, lesson, number);
            learner.screen.press("n");
        }
    }
    learner.screen.wait_for("This is the last step.");
    learner.quit();

    let open: Vec<_> = workshop.states().into_iter().filter(|(_, state)| state != "done").collect();
    assert_eq!(open, [], "every step was taken");
    for (id, question) in workshop.course.lessons.iter().flat_map(notes) {
        let markdown = fs::read_to_string(workshop.home().join("notes").join(format!("{id}.md"))).unwrap();
        assert_eq!(markdown, format!("# {question}\n\n{}\n", note(&id)));
    }
    resumes_with_the_note(&workshop, workshop.course.lessons.last().unwrap());
}

/// A lesson as `rtws lesson new` writes it, with a step of each kind: its show plays on its own server, its bug can be found,
/// and its exercises can be solved.
#[test]
fn a_new_lesson_can_be_taken_as_it_stands() {
    let workshop = Workshop::fresh();
    let made = workshop.run(&["lesson", "new", "99-made", "--all"]);
    assert!(made.status.success(), "{made:?}");
    let course = Course::load(&workshop.root).unwrap();
    let lesson = course.lesson("made").unwrap();
    let screen = Screen::start(workshop.rtws(&["learn", "made"]), 24, 80);
    let mut learner = Learner { screen, workshop: &workshop };
    for (number, step) in (1..).zip(&lesson.steps) {
        learner.wait_for_step(&step.title, number, lesson.steps.len());
        learner.do_step(step);
        if step.show.is_some() {
            learner.screen.wait_until("the show", PATIENCE, |screen| screen.contents().contains("echo: zoe 1, max 0"));
        }
        learner.screen.press("n");
    }
    learner.screen.wait_for("This is the last step.");
    learner.quit();
    let open: Vec<_> = workshop.states().into_iter().filter(|(name, _)| name.starts_with("made/")).collect();
    assert!(open.iter().all(|(_, state)| state == "done"), "{open:?}");
}

/// Occasions on which something goes wrong.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stumble {
    WrongAnswer,
    Paste,
    TwoSittings,
    Failure,
}

/// What has gone wrong already: each goes wrong once.
#[derive(Default)]
struct Stumbles(BTreeSet<Stumble>);

impl Stumbles {
    /// Takes a step, and leaves it done.
    fn take<'a>(&mut self, mut learner: Learner<'a>, lesson: &Lesson, number: usize) -> Learner<'a> {
        let step = &lesson.steps[number - 1];
        match &step.body {
            Body::Predict(predict) if self.0.insert(Stumble::WrongAnswer) => {
                learner.predict(predict, (predict.answer + 1) % predict.choices.len());
                learner.wait_until_done(PATIENCE);
            }
            Body::Retype(retype) if retype.exercise.is_none() && self.0.insert(Stumble::Paste) => {
                paste_first(&mut learner, retype);
            }
            Body::Retype(retype) if retype.chunks.len() > 1 && self.0.insert(Stumble::TwoSittings) => {
                learner = type_in_two_sittings(learner, lesson, number, retype);
            }
            Body::Exercise(solved) if self.0.insert(Stumble::Failure) => {
                fail_first(&mut learner, &solved.exercise);
                learner.do_step(step);
            }
            _ => learner.do_step(step),
        }
        learner
    }
}

/// A wrong key, and a paste, before the text is typed.
fn paste_first(learner: &mut Learner<'_>, retype: &Retype) {
    let (chunk, others) = retype.chunks.split_first().unwrap();
    let keys = keys(chunk);
    let (first, rest) = keys.split_at(1);
    learner.screen.press("enter");
    learner.screen.wait_for(&format!("0 of {} keys", keys.chars().count()));
    learner.screen.type_text("#");
    learner.screen.wait_for(&format!("✗ expected `{first}`, not `#`"));
    learner.screen.paste(&keys);
    learner.screen.wait_for("A paste inserts nothing");
    learner.screen.type_text(first);
    // One wrong key and nothing of the paste.
    learner.screen.wait_for(&format!("1 of {} keys, 0 % right at once", keys.chars().count()));
    learner.screen.type_text(rest);
    learner.type_chunks(others);
    learner.wait_until_done(PATIENCE);
}

/// A hint, an answer that fails, and one that does not compile.
fn fail_first(learner: &mut Learner<'_>, exercise: &str) {
    learner.screen.press("h");
    learner.screen.wait_for("Hint 1 of ");
    learner.workshop.save(exercise, "pub fn app(_: &rooms::Io) {}\n");
    let scenarios = &learner.workshop.course.exercise(exercise).unwrap().1.scenarios;
    learner.wait_for_verdict(&format!("✗ Failed · 0 of {} scenarios", scenarios.len()));
    learner.workshop.save(exercise, "pub fn app(_: &rooms::Io) {\n");
    learner.wait_for_verdict("✗ Compile error");
}

/// There are clients from the first second, and the monitor shows a real client connect, join and leave.
fn watch_the_monitor(learner: &mut Learner<'_>, title: &str) {
    learner.screen.press("tab");
    for text in ["socket id", "ann", "scraper", "joined project:"] {
        learner.screen.wait_for(text);
    }
    let visitor = Visitor::connect(&learner.address(), "visitor");
    let id = visitor.id();
    learner.screen.wait_until("the visitor's socket", PATIENCE, |screen| {
        screen.contents().lines().any(|line| line.contains("visitor") && line.contains(&id))
    });
    visitor.join("walk");
    learner.screen.wait_for(&format!("{} visitor joined project:walk", &id[..6]));
    visitor.leave();
    learner.screen.wait_for(&format!("{} visitor disconnected: client namespace disconnect", &id[..6]));
    learner.screen.wait_for("▲ scraper sends");
    learner.screen.press("tab");
    learner.screen.wait_for(title);
}

/// Types the first chunk, leaves the workshop, comes back and types the rest.
fn type_in_two_sittings<'a>(mut learner: Learner<'a>, lesson: &Lesson, number: usize, retype: &Retype) -> Learner<'a> {
    let workshop = learner.workshop;
    let (first, rest) = retype.chunks.split_first().unwrap();
    learner.screen.press("enter");
    learner.type_chunks(std::slice::from_ref(first));
    learner.screen.wait_for(&format!("2 of {}  {}", retype.chunks.len(), rest[0].label));
    learner.screen.press("f2");
    learner.screen.wait_for("The same in JavaScript");
    learner.screen.press("f2");
    learner.screen.press("esc");
    learner.screen.wait_for("Enter type");
    learner.quit();

    let step = &lesson.steps[number - 1];
    assert_eq!(workshop.current_step(), step.id);
    let mut learner = Learner::open(workshop, 24, 80);
    learner.wait_for_step(&step.title, number, lesson.steps.len());
    learner.screen.wait_for("Enter type");
    learner.screen.press("enter");
    learner.screen.wait_for(&format!("2 of {}  {}", retype.chunks.len(), rest[0].label));
    learner.type_chunks(rest);
    learner.screen.wait_for("✓ Typed to the end");
    learner.wait_until_done(PATIENCE);
    let exercise = retype.exercise.as_deref().expect("what is typed goes to an exercise");
    learner.screen.wait_for(&format!("It is in exercises/src/{exercise}.rs now."));
    assert_eq!(workshop.source(exercise), retype.source);
    learner
}

/// The ids and questions of a lesson's notes.
fn notes(lesson: &Lesson) -> impl Iterator<Item = (String, String)> {
    lesson.steps.iter().flat_map(|step| match &step.body {
        Body::Compare(compare) => vec![(compare.note.clone(), compare.prompt.clone())],
        Body::Reflect(reflect) => {
            reflect.prompts.iter().map(|prompt| (prompt.id.clone(), prompt.question.clone())).collect()
        }
        _ => Vec::new(),
    })
}

fn resumes_with_the_note(workshop: &Workshop, lesson: &Lesson) {
    let last = lesson.steps.last().unwrap();
    let Body::Reflect(reflect) = &last.body else { return };
    let learner = Learner::open(workshop, 24, 80);
    learner.wait_for_step(&last.title, lesson.steps.len(), lesson.steps.len());
    learner.screen.wait_for(&note(&reflect.prompts[0].id));
    assert!(Notes::new(workshop.home()).read(&reflect.prompts[0].id).unwrap().is_some());
    learner.quit();
}

/// The first lesson with both panes side by side.
#[test]
fn the_first_lesson_in_a_large_terminal() {
    let workshop = Workshop::fresh();
    let welcome = &workshop.course.lessons[0];
    let mut learner = Learner::open(&workshop, 40, 120);
    for (number, step) in (1..).zip(&welcome.steps) {
        learner.wait_for_step(&step.title, number, welcome.steps.len());
        learner.address();
        learner.screen.wait_for("scraper");
        learner.do_step(step);
        learner.screen.press("n");
    }
    let [_, others @ ..] = &workshop.course.lessons[..] else { panic!("there is a lesson") };
    let next = &others[0];
    learner.wait_for_step(&next.steps[0].title, 1, next.steps.len());
    let visitor = Visitor::connect(&learner.address(), "visitor");
    learner.screen.wait_for(&visitor.id());
    learner.quit();
    let open: Vec<_> =
        workshop.states().into_iter().filter(|(_, state)| state != "done").map(|(name, _)| name).collect();
    assert_eq!(open.len(), others.iter().map(|lesson| lesson.steps.len()).sum::<usize>(), "{open:?}");
    assert_eq!(workshop.current_step(), next.steps[0].id);
}
