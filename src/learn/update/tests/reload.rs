use super::*;
use crate::course::{Broken, Code, Course, Diagnostic};
use crate::learn::message::Message;
use crate::learn::testing::learner::course;

fn reloaded(learner: &mut Learner, course: Course) -> Vec<Effect> {
    learner.tell(Message::Reloaded(Ok(Box::new(course))))
}

#[test]
fn a_changed_page_is_shown_and_the_learner_stays_at_the_step() {
    let mut learner = Learner::at("predict");
    learner.press("2 enter");
    assert_eq!(learner.tell(Message::LessonsChanged), [Effect::Reload]);
    let mut changed = course();
    for lesson in &mut changed.lessons {
        lesson.steps.rotate_left(1);
        lesson.steps.iter_mut().for_each(|step| step.text += "More.");
    }
    let effects = reloaded(&mut learner, changed);
    assert_eq!(effects, [], "the show goes on");
    assert_eq!(learner.model.step().id, "predict");
    assert!(learner.model.step().text.ends_with("More."));
    assert!(learner.model.pane.show.is_some());
}

#[test]
fn a_step_that_is_another_one_begins_anew() {
    let mut learner = Learner::at("predict");
    learner.press("2 enter");
    let mut changed = course();
    let other = changed.lessons[0].steps[0].body.clone();
    let mut steps = changed.lessons.iter_mut().flat_map(|lesson| &mut lesson.steps);
    steps.find(|step| step.id == "predict").unwrap().body = other;
    let effects = reloaded(&mut learner, changed);
    assert!(effects.contains(&Effect::EndShow), "{effects:?}");
    assert!(learner.model.pane.show.is_none());
}

#[test]
fn lessons_that_cannot_be_read_stay_as_they_were() {
    let mut learner = Learner::at("predict");
    let before = learner.model.course.clone();
    let mistake = Diagnostic::about("lessons/a/lesson.toml", Code::Syntax, "not TOML");
    let mut broken = course();
    broken.broken.push(Broken { folder: learner.model.lesson().folder_name(), mistakes: vec![mistake.clone()] });
    let mut gone = course();
    gone.lessons.iter_mut().for_each(|lesson| lesson.steps.retain(|step| step.id != "predict"));
    for (result, words) in [
        (Ok(Box::new(broken)), "The lesson is shown as it was: lessons/a/lesson.toml:1:1: error[syntax]: not TOML"),
        (Ok(Box::new(gone)), "this step is gone"),
        (Err(vec![mistake]), "The lesson is shown as it was: lessons/a/lesson.toml:1:1"),
    ] {
        learner.tell(Message::Reloaded(result));
        let said = learner.model.status.as_ref().map(|status| status.text.clone()).unwrap_or_default();
        assert!(said.contains(words), "{said}");
        assert_eq!(learner.model.course, before);
    }
}

#[test]
fn what_has_not_changed_is_not_told() {
    let mut learner = Learner::at("predict");
    assert_eq!(reloaded(&mut learner, course()), []);
    assert_eq!(learner.model.status, None);
}
