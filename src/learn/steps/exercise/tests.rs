use std::path::PathBuf;

use judge::report::{ScenarioReport, Verdict};

use super::ExerciseScreen;
use crate::coursework::reset::ResetError;
use crate::learn::jobs::Job;
use crate::learn::message::{Effect, Message};
use crate::learn::model::Held;
use crate::learn::steps::compare::CompareScreen;
use crate::learn::testing::learner::{Learner, checked, report, running, saved};
use crate::progress::Replaced;
use judge::source::{SourceError, Unreadable};
use judge::{BuildError, CheckError, Location};

fn check_of(exercise: &str) -> Effect {
    Effect::Check { exercise: exercise.to_owned() }
}

fn reset(result: Result<Replaced, ResetError>) -> Message {
    Message::Reset { exercise: "join-room".to_owned(), result }
}

fn save_of(exercise: &str) -> Message {
    Message::Saved { exercise: exercise.to_owned() }
}

#[test]
fn a_save_of_this_exercise_is_checked_and_of_another_is_not() {
    for (step, exercise) in [("join-room", "join-room"), ("project", "tell-room"), ("recall", "join-room")] {
        let mut learner = Learner::at(step);
        assert_eq!(learner.tell(save_of(exercise)), [check_of(exercise)]);
        assert_eq!(running(&learner), Some(Job::Check));
        assert_eq!(Learner::at(step).tell(save_of("echo")), []);
    }
    assert_eq!(Learner::at("read").tell(save_of("join-room")), []);
    assert_eq!(Learner::at("retype").tell(save_of("echo")), [], "typing writes the file itself");
}

#[test]
fn a_check_by_hand_is_the_same() {
    assert_eq!(Learner::at("join-room").press("c"), [check_of("join-room")]);
}

#[test]
fn passing_finishes_the_step_and_is_remembered_with_the_code() {
    let mut learner = Learner::at("project");
    learner.press("c");
    let passed = report("tell-room", Verdict::Passed);
    let effects = learner.tell(checked(passed.clone()));
    assert!(saved(&effects).passed_with("tell-room", &passed.code));
    assert!(learner.has_done("project"));
    assert_eq!(running(&learner), None);
    assert_eq!(learner.says(), "Passed: 1 of 1 scenarios, 0.4 s. Press n to go on.");
}

#[test]
fn failing_counts_as_an_attempt_and_finishes_nothing() {
    let mut learner = Learner::at("join-room");
    let effects = learner.tell(checked(report("join-room", Verdict::Failed)));
    assert_eq!(saved(&effects).exercise("join-room").attempts, 1);
    assert!(!learner.has_done("join-room"));
    assert_eq!(learner.says(), "Not yet: 0 of 1 scenarios passed, 0.4 s.");
    learner.tell(checked(report("join-room", Verdict::CompileError)));
    assert_eq!(learner.says(), "Compile error: see above the text.");
}

#[test]
fn a_verdict_on_an_old_text_is_asked_for_again_and_not_shown() {
    let mut learner = Learner::at("join-room");
    learner.press("c");
    let effects = learner.tell(checked(report("join-room", Verdict::Stale)));
    assert_eq!(effects, [check_of("join-room")]);
    assert!(learner.model.work.reports.is_empty());
    assert_eq!(learner.model.progress.exercise("join-room").attempts, 0);
}

#[test]
fn a_verdict_that_comes_late_finishes_its_own_step_and_no_other() {
    let mut learner = Learner::at("join-room");
    learner.press("c n end");
    let scroll = learner.model.scroll;
    learner.tell(checked(report("join-room", Verdict::Passed)));
    assert_eq!(learner.step(), "compare");
    assert!(learner.has_done("join-room"));
    assert!(!learner.has_done("compare"));
    assert_eq!(learner.model.scroll, scroll, "the page that is read stays where it is");
    learner.sees::<CompareScreen>();
}

#[test]
fn a_check_that_cannot_be_made_says_why_until_one_can() {
    let mut learner = Learner::at("join-room");
    learner.tell(checked(report("join-room", Verdict::Passed)));
    let missing = || BuildError::CargoMissing("cargo".into());
    learner.tell(Message::Checked { exercise: "join-room".to_owned(), result: Err(missing().into()) });
    let failure = &learner.model.work.failures["join-room"];
    assert!(matches!(failure, CheckError::Build(BuildError::CargoMissing(_))), "{failure}");
    assert!(learner.model.work.reports.is_empty(), "an old verdict would contradict");
    assert!(learner.says().starts_with("The check could not be made"), "{}", learner.says());
    learner.tell(checked(report("join-room", Verdict::Failed)));
    assert!(learner.model.work.failures.is_empty());
}

#[test]
fn hints_come_one_by_one_and_stand_above_until_the_next_verdict() {
    let mut learner = Learner::at("join-room");
    let mut says = Vec::new();
    for _ in 0..3 {
        let effects = learner.press("h");
        says.push(learner.says().to_owned());
        assert_eq!(saved(&effects).exercise("join-room").hints, says.len().min(2));
    }
    assert_eq!(says, ["Hint 1 of 2.", "Hint 2 of 2.", "There are no more hints."]);
    assert!(learner.sees::<ExerciseScreen>().hints_first);
    learner.tell(checked(report("join-room", Verdict::Failed)));
    assert!(!learner.sees::<ExerciseScreen>().hints_first);
}

#[test]
fn the_editor_opens_where_the_compiler_points() {
    let mut learner = Learner::at("join-room");
    let edit = |line| Effect::EditExercise { exercise: "join-room".to_owned(), line };
    assert_eq!(learner.press("e"), [edit(None)]);
    let location = Location { path: PathBuf::from("/workshop/exercises/src/join-room.rs"), line: 7, column: 3 };
    learner
        .tell(checked(judge::CheckReport { location: Some(location), ..report("join-room", Verdict::CompileError) }));
    assert_eq!(learner.press("e"), [edit(Some(7))]);
}

#[test]
fn reset_puts_the_starter_back_and_forgets_the_verdict() {
    let mut learner = Learner::at("join-room");
    learner.tell(checked(report("join-room", Verdict::Failed)));
    let effects = learner.press("r r");
    let [Effect::Reset { exercise, starter }] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(exercise, "join-room");
    assert!(starter.ends_with("01-rooms/starters/join-room.rs"), "{}", starter.display());
    assert!(learner.model.work.reports.is_empty());
}

#[test]
fn reset_asks_first_and_any_other_key_calls_it_off() {
    let mut learner = Learner::at("join-room");
    assert_eq!(learner.press("r"), []);
    assert_eq!(learner.model.held, Some(Held::ResetAsked("join-room".to_owned())));
    learner.tell(checked(report("join-room", Verdict::Failed)));
    assert!(learner.model.held.is_some(), "a verdict in between leaves the question where it is");
    assert_eq!(learner.press("x r"), []);
    assert_eq!(learner.press("h r").iter().filter(|effect| matches!(effect, Effect::Reset { .. })).count(), 0);
    assert!(matches!(learner.press("r").as_slice(), [Effect::Reset { .. }]));
    assert_eq!(learner.model.held, None);
}

#[test]
fn the_way_back_after_a_reset_stays_until_the_next_key() {
    let mut learner = Learner::at("join-room");
    learner.press("r r");
    learner.tell(reset(Ok(Replaced::Kept(PathBuf::from("1.rs")))));
    learner.tell(save_of("join-room"));
    learner.tell(checked(report("join-room", Verdict::Failed)));
    learner.wait_until_ms(60_000);
    assert_eq!(learner.model.held, Some(Held::Reset("join-room".to_owned())));
    assert_eq!(learner.press("r"), [], "another reset is another question");
    learner.press("down");
    assert_eq!(learner.model.held, None);
}

#[test]
fn a_reset_that_replaced_nothing_says_so_and_one_that_failed_says_why() {
    let missing = SourceError { path: PathBuf::from("join-room.rs"), problem: Unreadable::Missing };
    for (result, says) in [
        (Ok(Replaced::Nothing), "join-room.rs was missing, and is the starter now."),
        (Ok(Replaced::Same), "join-room.rs is the starter already."),
        (Err(ResetError::Starter(missing)), "cannot read the starter join-room.rs: it is not there"),
    ] {
        let mut learner = Learner::at("join-room");
        learner.tell(reset(result));
        assert_eq!(learner.model.held, None);
        assert_eq!(learner.says(), says);
    }
}

#[test]
fn the_first_build_tells_only_when_it_fails() {
    let mut learner = Learner::at("read");
    learner.model.work.preparing = true;
    learner.tell(Message::Prepared(Ok(())));
    assert!(!learner.model.work.preparing);
    assert_eq!(learner.says(), "");
    learner.tell(Message::Prepared(Err(BuildError::CargoMissing("cargo".into()))));
    assert_eq!(learner.says(), "The exercises cannot be built: there is no `cargo` to build the exercise with");
}

#[test]
fn each_failure_can_be_opened_and_the_next_verdict_begins_with_the_first() {
    let mut learner = Learner::at("join-room");
    let failing = |line: Option<u32>| ScenarioReport {
        location: line.map(|line| Location { path: PathBuf::from("join-room.rs"), line, column: 1 }),
        ..report("join-room", Verdict::Failed).scenarios[0].clone()
    };
    let passing = ScenarioReport { verdict: Verdict::Passed, ..failing(None) };
    let scenarios = vec![failing(None), passing, failing(Some(7))];
    let check = || checked(judge::CheckReport { scenarios: scenarios.clone(), ..report("join-room", Verdict::Failed) });
    learner.tell(check());
    assert_eq!(learner.sees::<ExerciseScreen>().opened, 0);
    learner.press("o");
    assert_eq!(learner.sees::<ExerciseScreen>().opened, 1);
    assert_eq!(learner.press("e"), [Effect::EditExercise { exercise: "join-room".to_owned(), line: Some(7) }]);
    learner.press("o");
    assert_eq!(learner.sees::<ExerciseScreen>().opened, 0);
    learner.press("o");
    learner.tell(check());
    assert_eq!(learner.sees::<ExerciseScreen>().opened, 0);
}
