use super::InterviewScreen;
use crate::learn::message::Effect;
use crate::learn::testing::learner::{Learner, but_saves, saved};
use crate::progress::steps::SelfRating;

#[track_caller]
fn screen(learner: &Learner) -> &InterviewScreen {
    learner.sees()
}

fn answer(learner: &mut Learner, text: &str) -> Vec<Effect> {
    learner.press("enter");
    learner.type_text(text);
    learner.press("esc")
}

#[test]
fn the_model_answer_comes_after_the_learners_own() {
    let mut learner = Learner::at("interview");
    learner.press("m");
    assert!(!screen(&learner).revealed);
    assert!(learner.says().starts_with("Write your own answer first"), "{}", learner.says());
    answer(&mut learner, "one way");
    learner.press("m");
    assert!(screen(&learner).revealed);
}

#[test]
fn a_rating_comes_after_the_model_answer() {
    let mut learner = Learner::at("interview");
    answer(&mut learner, "one way");
    assert_eq!(learner.press("3"), []);
    assert_eq!(learner.model.progress.kinds.interview.0["rooms/when"].rating, None);
}

#[test]
fn an_answer_is_kept_as_progress_and_not_as_a_note() {
    let mut learner = Learner::at("interview");
    let effects = answer(&mut learner, "one way");
    assert_eq!(saved(&effects).kinds.interview.0["rooms/when"].text, "one way");
    let effects = learner.press("n");
    assert_eq!(but_saves(effects), []);
    learner.press("p");
    assert_eq!(screen(&learner).editor.text(), "one way");
}

#[test]
fn quitting_in_the_middle_of_an_answer_keeps_it() {
    let mut learner = Learner::at("interview");
    learner.press("enter");
    learner.type_text("one w");
    let effects = learner.press("ctrl-c");
    assert_eq!(saved(&effects).kinds.interview.0["rooms/when"].text, "one w");
    assert_eq!(but_saves(effects), [Effect::Quit]);
}

#[test]
fn rating_the_last_open_question_finishes_the_step() {
    let mut learner = Learner::at("interview");
    answer(&mut learner, "one way");
    learner.press("m 2");
    assert_eq!(learner.says(), "Rated: asked again after a break of 3 hours. Here is the next question.");
    assert_eq!(learner.model.progress.kinds.interview.0["rooms/when"].rating, Some(SelfRating::Partly));
    assert_eq!((screen(&learner).current, screen(&learner).revealed), (1, false));
    assert!(!learner.has_done("interview"));
    answer(&mut learner, "memory");
    learner.press("m");
    let effects = learner.press("1");
    assert_eq!(saved(&effects).kinds.interview.0["rooms/slow"].rating, Some(SelfRating::Missed));
    assert!(learner.has_done("interview"));
}

#[test]
fn the_other_question_can_be_read_without_an_answer() {
    let mut learner = Learner::at("interview");
    learner.press("x");
    assert_eq!(screen(&learner).editor.id, "slow");
    learner.press("x");
    assert_eq!(screen(&learner).editor.id, "when");
}

#[test]
fn another_answer_asks_for_another_rating() {
    let mut learner = Learner::at("interview");
    answer(&mut learner, "one way");
    learner.press("m 3 x");
    assert!(screen(&learner).revealed, "the answer was rated");
    answer(&mut learner, ", mostly");
    let kept = &learner.model.progress.kinds.interview.0["rooms/when"];
    assert_eq!((kept.text.as_str(), kept.rating), ("one way, mostly", None));
}

/// Both questions are answered: the first one well, the second one not.
fn weak() -> Learner {
    let mut learner = Learner::at("interview");
    answer(&mut learner, "one way");
    learner.press("m 3");
    answer(&mut learner, "time");
    learner.press("m 1");
    learner
}

#[test]
fn a_weak_answer_is_asked_for_again_in_a_later_sitting_and_before_the_others() {
    let learner = weak().reopened();
    assert_eq!(screen(&learner).editor.id, "when", "not in the same sitting");
    let mut learner = learner.later();
    let shown = screen(&learner);
    assert_eq!((shown.editor.id.as_str(), shown.editor.text().as_str(), shown.revealed), ("slow", "", false));
    learner.press("m");
    assert!(!screen(&learner).revealed, "the new answer comes first");
    answer(&mut learner, "memory");
    learner.press("m 3");
    assert!(learner.says().starts_with("All questions are answered"), "{}", learner.says());
    let kept = &learner.model.progress.kinds.interview.0["rooms/slow"];
    assert_eq!((kept.text.as_str(), kept.rating), ("memory", Some(SelfRating::Solid)));
    assert_eq!((kept.earlier[0].text.as_str(), kept.earlier[0].rating), ("time", Some(SelfRating::Missed)));
    let learner = learner.later();
    assert_eq!(screen(&learner).editor.id, "when", "nothing is due any more");
}

#[test]
fn the_same_words_are_an_answer_too() {
    let mut learner = weak().later();
    answer(&mut learner, "time");
    learner.press("m");
    assert!(screen(&learner).revealed);
    learner.press("2");
    assert_eq!(learner.model.progress.kinds.interview.0["rooms/slow"].earlier.len(), 1);
    assert_eq!(screen(&learner.later()).editor.id, "slow", "it was weak again");
}

#[test]
fn rating_one_of_several_weak_answers_goes_on_with_the_next() {
    let mut learner = Learner::at("interview");
    for _ in 0..2 {
        answer(&mut learner, "so");
        learner.press("m 1");
    }
    let mut learner = learner.later();
    answer(&mut learner, "better");
    learner.press("m 3");
    assert_eq!(screen(&learner).editor.id, "slow");
    assert_eq!(learner.says(), "Rated. Here is the next question.");
}
