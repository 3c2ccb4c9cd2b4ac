use super::PredictScreen;
use crate::learn::message::{Effect, Message, Played};
use crate::learn::model::Shown;
use crate::learn::testing::learner::{Learner, saved};
use crate::progress::Progress;

#[track_caller]
fn state(learner: &Learner) -> (usize, Option<usize>) {
    let screen: &PredictScreen = learner.sees();
    (screen.selected, screen.answered)
}

#[test]
fn the_choice_moves_within_the_choices() {
    let mut learner = Learner::at("predict");
    learner.press("up");
    assert_eq!(state(&learner), (0, None));
    learner.press("down down down down");
    assert_eq!(state(&learner), (2, None));
}

#[test]
fn the_chosen_line_is_the_answer_and_the_right_one_is_praised() {
    let mut learner = Learner::at("predict");
    let effects = learner.press("down enter");
    assert_eq!(state(&learner), (1, Some(1)));
    assert_eq!(learner.says(), "Right.");
    assert_eq!(saved(&effects).step_state("rooms/predict"), crate::progress::StepState::Done);
}

#[test]
fn a_digit_only_chooses() {
    let mut learner = Learner::at("predict");
    assert_eq!(learner.press("2 3"), []);
    assert_eq!((state(&learner), learner.says()), ((2, None), ""));
    learner.press("enter");
    assert_eq!((state(&learner), learner.step()), ((2, Some(2)), "predict"));
}

#[test]
fn a_wrong_answer_finishes_the_step_too() {
    let mut learner = Learner::at("predict");
    learner.press("3 enter");
    assert_eq!(state(&learner), (2, Some(2)));
    assert!(learner.says().starts_with("Not quite."), "{}", learner.says());
    assert!(learner.has_done("predict"), "the reason has been read; there is no second guess");
}

#[test]
fn a_digit_without_a_choice_chooses_nothing() {
    let mut learner = Learner::at("predict");
    assert_eq!(learner.press("4 9 0"), []);
    assert_eq!(state(&learner), (0, None));
}

#[test]
fn after_the_answer_enter_goes_on_and_the_answer_stands() {
    let mut learner = Learner::at("predict");
    learner.press("1 enter 2");
    assert_eq!(state(&learner), (0, Some(0)));
    learner.press("enter");
    assert_eq!(learner.step(), "retype");
}

#[test]
fn an_answer_is_shown_again_on_return_and_in_a_later_sitting() {
    let mut learner = Learner::at("predict");
    let effects = learner.press("3 enter");
    assert_eq!(saved(&effects).kinds.predictions.0["rooms/predict"], 2);
    learner.press("n p");
    assert_eq!(state(&learner), (2, Some(2)));
    assert!(learner.model.work.shown.is_none(), "it is played when it is asked for");
    let mut learner = learner.later();
    assert_eq!(state(&learner), (2, Some(2)));
    assert!(matches!(learner.press("s").as_slice(), [Effect::Show { .. }]));
    learner.press("enter");
    assert_eq!(learner.step(), "retype");
}

#[test]
fn a_question_whose_answer_is_not_known_is_asked_again() {
    let mut progress = Progress::default();
    progress.finish("rooms/predict", 1);
    assert_eq!(state(&Learner::resuming("predict", progress.clone())), (0, None), "an older program kept no answer");
    progress.kinds.predictions.answer("rooms/predict", 3);
    assert_eq!(state(&Learner::resuming("predict", progress)), (0, None), "the lesson has lost that choice");
}

#[test]
fn an_answer_is_followed_by_what_happens_and_that_can_be_seen_again() {
    let mut learner = Learner::at("predict");
    assert!(!learner.press("s").iter().any(|effect| matches!(effect, Effect::Show { .. })), "not before the answer");
    let effects = learner.press("2 enter");
    let Some(Effect::Show { show, .. }) = effects.last() else { panic!("nothing is shown: {effects:?}") };
    assert_eq!(show.name, "show.toml");
    assert!(matches!(learner.model.work.shown, Some(Shown::Playing)));
    let result = Played { transcript: "1 connect ann".to_owned(), tally: Vec::new() };
    let played = |number| Message::Shown { number, result: Ok(result.clone()) };
    learner.tell(played(1));
    assert!(matches!(&learner.model.work.shown, Some(Shown::Played(Ok(shown))) if *shown == result));
    assert!(matches!(learner.press("s").as_slice(), [Effect::EndShow, Effect::Show { .. }]));
    learner.tell(played(1));
    assert!(matches!(learner.model.work.shown, Some(Shown::Playing)), "that was the one before");
    learner.press("n");
    learner.tell(played(2));
    assert!(learner.model.work.shown.is_none(), "the learner has gone on");
}
