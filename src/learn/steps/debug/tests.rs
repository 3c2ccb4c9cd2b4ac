use judge::report::Verdict;

use super::DebugScreen;
use crate::course::Body;
use crate::course::steps::Bug;
use crate::coursework::assertion::{Tried, TryError};
use crate::coursework::bug::PlantError;
use crate::coursework::fix::Fix;
use crate::learn::jobs::Job;
use crate::learn::message::{Effect, Message};
use crate::learn::steps::exercise::ExerciseScreen;
use crate::learn::testing::learner::{Learner, of_debug, report, running, saved};
use crate::progress::steps::DebugStage;

const BUGGY: &str = "// the buggy text\n";

fn echo() -> String {
    include_str!("../../testing/course/lessons/01-rooms/echo.rs").to_owned()
}

/// The first bug of the step.
fn bug() -> Bug {
    match &Learner::at("debug").model.step().body {
        Body::Debug(debug) => debug.bugs[0].clone(),
        other => panic!("{other:?}"),
    }
}

fn planted(bug: &str) -> Message {
    Message::Planted { about: of_debug(bug), result: Ok(BUGGY.to_owned()) }
}

fn tried(holds_on_buggy: bool, holds_on_correct: bool) -> Message {
    let says = String::new;
    let result = Ok(Tried { holds_on_buggy, on_buggy: says(), holds_on_correct, on_correct: says() });
    Message::AssertionTried { about: of_debug("to-everyone"), result }
}

fn fix(assertion_holds: bool, verdict: Verdict) -> Message {
    let check = report("echo", verdict);
    let result = Ok(Box::new(Fix { check, assertion_holds, assertion: "bob heard it".to_owned() }));
    Message::FixChecked { about: of_debug("to-everyone"), result }
}

/// At a stage of the first bug.
fn at(wanted: DebugStage) -> Learner {
    let mut learner = Learner::at("debug");
    learner.tell(planted("to-everyone"));
    learner.tell(Message::LiveEnded(None));
    if wanted >= DebugStage::Asserting {
        learner.press("a");
    }
    if wanted >= DebugStage::Fixing {
        learner.tell(tried(false, true));
    }
    if wanted >= DebugStage::Fixed {
        learner.tell(fix(true, Verdict::Passed));
    }
    assert_eq!(stage(&learner), Some(wanted));
    learner
}

#[track_caller]
fn screen(learner: &Learner) -> &DebugScreen {
    learner.sees()
}

#[track_caller]
fn stage(learner: &Learner) -> Option<DebugStage> {
    screen(learner).stage(&learner.model)
}

#[track_caller]
fn planting(effects: &[Effect]) -> &str {
    let Some(Effect::Plant { step, exercise, bug }) = effects.last() else { panic!("nothing is planted: {effects:?}") };
    assert_eq!((step.as_str(), exercise.as_str()), ("rooms/debug", "echo"));
    &bug.id
}

#[test]
fn the_chosen_bug_is_planted() {
    assert_eq!(planting(&Learner::at("debug").press("enter")), "to-everyone");
    assert_eq!(planting(&Learner::at("debug").press("down enter")), "wrong-name");
}

#[test]
fn a_surprise_is_any_of_them() {
    for (dice, bug) in [(0, "to-everyone"), (1, "wrong-name"), (7, "wrong-name")] {
        for keys in ["s", "down down enter"] {
            let mut learner = Learner::at("debug");
            learner.model.dice = dice;
            assert_eq!(planting(&learner.press(keys)), bug, "{keys}");
        }
    }
}

#[test]
fn a_planted_bug_is_served_and_watched() {
    let mut learner = Learner::at("debug");
    let effects = learner.tell(planted("to-everyone"));
    assert_eq!(effects.last(), Some(&Effect::StartLive { exercise: "echo".to_owned() }));
    let progress = &saved(&effects).kinds.debug.0["rooms/debug"];
    assert_eq!((progress.bug.as_str(), progress.stage), ("to-everyone", DebugStage::Observing));
    assert_eq!(progress.planted, crate::text::fingerprint(BUGGY));
    assert_eq!(running(&learner), Some(Job::ServeBug));
}

#[test]
fn a_bug_that_does_not_fit_says_so_and_changes_nothing() {
    let mut learner = Learner::at("debug");
    let misfit = bug().plant("// mine").unwrap_err();
    let result = Err(PlantError::OtherCode { exercise: "echo".to_owned(), source: misfit });
    assert_eq!(learner.tell(Message::Planted { about: of_debug("to-everyone"), result }), []);
    assert_eq!(learner.says(), "echo.rs is not the worked example. Re-type it, or press w to take it.");
    assert_eq!(stage(&learner), None);
    let written = Effect::WriteExercise { exercise: "echo".to_owned(), text: echo() };
    assert_eq!(learner.press("w"), [written], "the way out");
}

#[test]
fn another_bug_is_planted_on_the_example_and_not_on_the_bug() {
    let mut learner = at(DebugStage::Fixing);
    learner.press("b");
    let effects = learner.press("down enter");
    let restored = Effect::WriteExercise { exercise: "echo".to_owned(), text: echo() };
    assert_eq!(effects.first(), Some(&restored));
    assert_eq!(planting(&effects), "wrong-name");
    learner.tell(planted("wrong-name"));
    assert_eq!(stage(&learner), Some(DebugStage::Observing));
}

#[test]
fn a_fixed_file_is_the_learners_and_stays() {
    let mut learner = at(DebugStage::Fixed);
    learner.press("b");
    let effects = learner.press("down enter");
    assert_eq!(effects.len(), 1, "{effects:?}");
    assert_eq!(planting(&effects), "wrong-name");
}

#[test]
fn the_catalogue_can_be_left_without_planting() {
    let mut learner = at(DebugStage::Asserting);
    learner.press("b");
    assert!(screen(&learner).choosing);
    learner.press("b");
    assert!(!screen(&learner).choosing);
    assert_eq!(stage(&learner), Some(DebugStage::Asserting));
}

#[test]
fn the_assertion_is_written_in_the_editor_and_tried_on_the_planted_text() {
    let mut learner = at(DebugStage::Observing);
    let edit = Effect::EditAssertion { exercise: "echo".to_owned(), bug: "to-everyone".to_owned() };
    assert_eq!(learner.press("a").last(), Some(&edit));
    assert_eq!(stage(&learner), Some(DebugStage::Asserting));
    assert_eq!(learner.press("e"), [edit]);
    let (exercise, about) = ("echo".to_owned(), of_debug("to-everyone"));
    let planted = crate::text::fingerprint(BUGGY);
    assert_eq!(learner.press("c"), [Effect::TryAssertion { exercise, about, planted }]);
}

#[test]
fn the_hint_is_there_while_the_assertion_is_written() {
    let shown = |learner: &Learner| screen(learner).proof;
    let mut learner = at(DebugStage::Asserting);
    learner.press("h");
    assert!(shown(&learner));
    learner.press("h");
    assert!(!shown(&learner));
    for stage in [DebugStage::Observing, DebugStage::Fixing, DebugStage::Fixed] {
        let mut learner = at(stage);
        learner.press("h");
        assert!(!shown(&learner), "{stage:?}");
    }
}

#[test]
fn an_assertion_proves_only_if_it_tells_the_servers_apart() {
    for (holds_on_buggy, holds_on_correct) in [(true, true), (true, false), (false, false)] {
        let mut learner = at(DebugStage::Asserting);
        assert_eq!(learner.tell(tried(holds_on_buggy, holds_on_correct)), []);
        assert_eq!(stage(&learner), Some(DebugStage::Asserting), "{holds_on_buggy} {holds_on_correct}");
        assert!(learner.says().starts_with("The assertion does not prove the bug yet"), "{}", learner.says());
    }
    let mut learner = at(DebugStage::Asserting);
    let effects = learner.tell(tried(false, true));
    assert_eq!(saved(&effects).kinds.debug.0["rooms/debug"].stage, DebugStage::Fixing);
    assert!(learner.says().starts_with("Proved"), "{}", learner.says());
}

#[test]
fn going_on_while_an_assertion_is_tried_stops_a_buggy_server_that_is_still_being_built() {
    let mut learner = Learner::at("debug");
    learner.tell(planted("to-everyone"));
    learner.press("a c");
    assert_eq!(learner.press("n").first(), Some(&Effect::StopLive));
}

#[test]
fn an_assertion_that_cannot_be_tried_says_why() {
    let mut learner = at(DebugStage::Asserting);
    learner.press("c");
    learner.tell(Message::AssertionTried { about: of_debug("to-everyone"), result: Err(TryError::AssertsNothing) });
    assert_eq!(running(&learner), None);
    assert!(matches!(&screen(&learner).assertion, Some(Err(TryError::AssertsNothing))));
}

#[test]
fn a_save_is_checked_only_while_the_code_is_being_fixed() {
    let check = Effect::CheckFix { exercise: "echo".to_owned(), about: of_debug("to-everyone") };
    let save = |stage| at(stage).tell(Message::Saved { exercise: "echo".to_owned() });
    assert_eq!(save(DebugStage::Observing), []);
    assert_eq!(save(DebugStage::Asserting), []);
    assert_eq!(save(DebugStage::Fixing).first(), Some(&check));
    assert_eq!(save(DebugStage::Fixed), []);
    let mut learner = at(DebugStage::Fixing);
    assert_eq!(learner.press("c"), [check]);
    assert_eq!(learner.press("e"), [Effect::EditExercise { exercise: "echo".to_owned(), line: None }]);
}

#[test]
fn a_fix_needs_the_assertion_and_the_examples_own_scenarios() {
    let mut learner = at(DebugStage::Fixing);
    learner.tell(fix(false, Verdict::Passed));
    assert!(screen(&learner).fix.as_ref().unwrap().contains("bob heard it"), "{:?}", screen(&learner).fix);
    learner.tell(fix(true, Verdict::Failed));
    let left = screen(&learner).fix.clone().unwrap();
    assert!(left.contains("the example's own scenarios do not") && left.contains("ann never joined"), "{left}");
    assert_eq!(stage(&learner), Some(DebugStage::Fixing));
    assert!(!learner.has_done("debug"));

    let effects = learner.tell(fix(true, Verdict::Passed));
    let progress = saved(&effects);
    assert!(progress.kinds.debug.0["rooms/debug"].fixed.contains("to-everyone"));
    assert!(learner.has_done("debug"));
    assert_eq!(screen(&learner).fix, None);
}

#[test]
fn a_fixed_bug_is_no_longer_served() {
    let mut learner = at(DebugStage::Fixing);
    let (exercise, address) = ("echo".to_owned(), "127.0.0.1:9999".to_owned());
    learner.tell(Message::LiveStarted { exercise, address });
    assert!(learner.tell(fix(true, Verdict::Passed)).contains(&Effect::StopLive));
}

#[test]
fn a_fix_that_was_saved_again_during_its_check_is_checked_again() {
    let mut learner = at(DebugStage::Fixing);
    // For a text that is no longer there, nothing was played.
    let result = Err(TryError::NotPlayed { verdict: Verdict::Stale, message: None });
    let effects = learner.tell(Message::FixChecked { about: of_debug("to-everyone"), result });
    assert_eq!(effects, [Effect::CheckFix { exercise: "echo".to_owned(), about: of_debug("to-everyone") }]);
    assert_eq!(screen(&learner).fix, None);
}

#[test]
fn results_that_come_after_the_learner_has_gone_on_finish_nothing() {
    let mut learner = at(DebugStage::Asserting);
    learner.press("c n");
    learner.tell(tried(false, true));
    assert_eq!(learner.says(), "");
    let mut learner = at(DebugStage::Fixing);
    learner.press("c n");
    learner.tell(fix(true, Verdict::Passed));
    assert!(!learner.has_done("join-room") && !learner.has_done("debug"));
    let mut learner = Learner::at("debug");
    learner.press("enter n");
    assert_eq!(learner.tell(planted("to-everyone")), []);
    assert!(learner.model.progress.kinds.debug.0.is_empty());
    learner.sees::<ExerciseScreen>();
}

#[test]
fn the_stage_is_there_again_after_a_restart() {
    let learner = at(DebugStage::Fixing).reopened();
    assert_eq!(stage(&learner), Some(DebugStage::Fixing));
    assert_eq!(screen(&learner).debugging(&learner.model).unwrap().0.id, "to-everyone");
}

#[test]
fn a_bug_that_is_planted_after_the_learner_has_gone_on_is_there_when_they_come_back() {
    let mut learner = at(DebugStage::Fixing);
    learner.press("b down enter n");
    let effects = learner.tell(planted("wrong-name"));
    let kept = &saved(&effects).kinds.debug.0["rooms/debug"];
    assert_eq!((kept.bug.as_str(), kept.stage), ("wrong-name", DebugStage::Observing));
    assert_eq!(effects.len(), 1, "nothing is served elsewhere: {effects:?}");
    learner.press("p");
    assert_eq!(stage(&learner), Some(DebugStage::Observing));
}

#[test]
fn late_results_about_an_earlier_bug_say_nothing_about_this_one() {
    let mut learner = at(DebugStage::Asserting);
    learner.press("c b down enter");
    learner.tell(planted("wrong-name"));
    learner.press("a");
    learner.tell(tried(false, true));
    assert_eq!(stage(&learner), Some(DebugStage::Asserting));
    assert!(screen(&learner).assertion.is_none());
}
