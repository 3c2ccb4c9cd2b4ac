use super::*;
use crate::learn::message::Message;
use crate::learn::model::{Focus, Measured, Model, Overlay, Position, Scroll, Size};
use crate::learn::screen::Screen;
use crate::learn::testing::learner::{course, disk_full, key};
use crate::learn::update::update;
use crate::progress::{Place, StepState};

#[test]
fn going_on_from_a_page_finishes_it_and_begins_the_next() {
    let mut learner = Learner::at("hello");
    let effects = learner.press("n");
    assert_eq!(learner.step(), "read", "the next lesson begins");
    let progress = saved(&effects);
    assert_eq!(progress.step_state("start/hello"), StepState::Done);
    assert_eq!(progress.step_state("rooms/read"), StepState::Started);
    assert_eq!(progress.position, Some(Place::new("rooms", "read")));
}

#[test]
fn other_steps_are_not_done_by_going_on() {
    let mut learner = Learner::at("predict");
    learner.press("n");
    assert_eq!(learner.step(), "retype");
    assert!(!learner.has_done("predict"));
}

#[test]
fn enter_goes_on_from_a_page_too() {
    let mut learner = Learner::at("read");
    learner.press("enter");
    assert_eq!(learner.step(), "predict");
    assert!(learner.has_done("read"));
}

#[test]
fn the_first_and_the_last_step_are_ends_and_say_so() {
    let mut learner = Learner::at("hello");
    assert_eq!(learner.press("p"), []);
    assert_eq!((learner.step(), learner.says()), ("hello", "This is the first step."));
    let mut learner = Learner::at("reflect");
    learner.press("n");
    assert_eq!(learner.step(), "reflect");
    assert!(learner.says().starts_with("Still open: "), "{}", learner.says());
}

#[test]
fn the_last_step_says_what_is_still_open() {
    let mut progress = Progress::default();
    let steps = course().lessons[1].steps.clone();
    for step in &steps {
        progress.finish(&format!("rooms/{}", step.id), 1);
    }
    let says = |open: &[&str], columns| {
        let mut progress = progress.clone();
        progress.steps.retain(|key, _| !open.iter().any(|step| *key == format!("rooms/{step}")));
        let mut learner = Learner::resuming("reflect", progress);
        learner.tell(Message::Resize { columns, rows: 24 });
        learner.press("n");
        learner.says().to_owned()
    };
    assert_eq!(says(&[], 80), "This is the last step. All steps of the lesson are done; q leaves.");
    assert_eq!(says(&["interview"], 80), "Still open: Interview; g goes there.");
    let open = ["predict", "retype", "interview", "reflect"];
    assert_eq!(
        says(&open, 120),
        "Still open: Predict: who hears it?, Re-type the echo, Interview, Ready to leave; g goes there."
    );
    assert_eq!(says(&open, 80), "Still open: Predict: who hears it?, Re-type the echo and 2 more; g goes there.");
    assert_eq!(says(&open, 40), "Still open: Predict: who hears it? and 3 more; g goes there.");
}

#[test]
fn a_step_begins_at_its_top_in_its_own_pane_without_old_news() {
    let mut learner = Learner::at("read");
    learner.press("end tab");
    assert_ne!(learner.model.scroll, Scroll::TOP);
    learner.tell(disk_full("old-news"));
    learner.press("n");
    assert_eq!((learner.model.scroll, learner.model.focus, learner.says()), (Scroll::TOP, Focus::Step, ""));
}

#[test]
fn a_text_scrolls_by_lines_and_pages_and_not_past_its_ends() {
    let mut learner = Learner::at("read");
    learner.press("up");
    assert_eq!(learner.model.scroll, Scroll::TOP);
    learner.press("down j");
    assert_eq!(learner.model.scroll, Scroll::Row(2));
    learner.press("k");
    assert_eq!(learner.model.scroll, Scroll::Row(1));
    learner.press("end");
    let end = learner.model.scroll;
    learner.press("down pagedown");
    assert_eq!(learner.model.scroll, end);
    learner.press("pageup");
    let row = |scroll| learner.model.measured.row(scroll);
    assert!(row(learner.model.scroll) < row(end));
    learner.press("home");
    assert_eq!(learner.model.scroll, Scroll::TOP);
}

#[test]
fn the_outline_leads_to_any_step() {
    let mut learner = Learner::at("read");
    learner.press("g");
    assert_eq!(learner.model.overlay, Some(Overlay::Outline(Position { lesson: 1, step: 0 })));
    learner.press("up");
    assert_eq!(learner.model.overlay, Some(Overlay::Outline(Position { lesson: 0, step: 0 })), "over the lesson's end");
    learner.press("up down down down");
    let effects = learner.press("enter");
    assert_eq!((learner.step(), learner.model.overlay), ("retype", None));
    assert_eq!(saved(&effects).position, Some(Place::new("rooms", "retype")));
    assert!(!learner.has_done("read"), "looking around is not reading");
}

#[test]
fn the_outline_jumps_within_a_lesson_and_closes_without_a_trace() {
    let mut learner = Learner::at("predict");
    learner.press("g end");
    assert_eq!(learner.model.overlay, Some(Overlay::Outline(Position { lesson: 1, step: 10 })));
    learner.press("home pagedown");
    assert_eq!(learner.model.overlay, Some(Overlay::Outline(Position { lesson: 1, step: 5 })));
    assert_eq!(learner.press("esc"), []);
    assert_eq!((learner.step(), learner.model.overlay), ("predict", None));
}

#[test]
fn an_overlay_keeps_keys_from_the_screen_below() {
    for opens in ["?", "g"] {
        let mut learner = Learner::at("hello");
        learner.press(opens);
        learner.press("n x 1");
        assert_eq!(learner.step(), "hello");
        learner.press("q");
        assert_eq!(learner.model.overlay, None, "q closes what {opens} has opened");
    }
}

#[test]
fn tab_changes_the_pane_and_takes_the_keys_out_of_the_text() {
    let mut learner = Learner::at("retype");
    learner.press("enter u tab");
    assert_eq!(learner.model.focus, Focus::Monitor);
    assert!(!learner.step.input().takes_text());
    learner.press("tab");
    assert_eq!(learner.model.focus, Focus::Step);
}

#[test]
fn quitting_saves_and_leaves_from_everywhere() {
    for step in ["hello", "read", "predict", "retype", "debug", "join-room", "compare", "project", "interview"] {
        for before in ["", "tab", "?", "g"] {
            let mut learner = Learner::at(step);
            learner.press(before);
            let effects = learner.press("ctrl-c");
            assert_eq!(effects.last(), Some(&Effect::Quit), "{step} {before}");
            assert_eq!(saved(&effects).position.as_ref().map(|place| place.step.as_str()), Some(step));
        }
    }
    assert_eq!(Learner::at("hello").press("q").last(), Some(&Effect::Quit));
    assert_eq!(Learner::at("hello").tell(Message::Quit).last(), Some(&Effect::Quit), "a signal");
}

#[test]
fn a_message_goes_after_a_while() {
    let mut learner = Learner::at("hello");
    learner.tell(disk_full("a"));
    learner.wait_until_ms(12_000);
    assert!(learner.says().contains("the disk is full"), "{}", learner.says());
    learner.wait_until_ms(12_001);
    assert_eq!(learner.says(), "");
}

#[test]
fn a_step_that_is_gone_from_the_lesson_resumes_at_its_first() {
    let course = course();
    let size = Size { columns: 80, rows: 24 };
    let open = |lesson: &str, step: &str| {
        let mut progress = Progress::default();
        progress.enter(Place::new(lesson, step), 1);
        Model::open(course.clone(), progress, size).position
    };
    assert_eq!(open("rooms", "predict"), Position { lesson: 1, step: 1 });
    assert_eq!(open("rooms", "gone"), Position { lesson: 1, step: 0 });
    assert_eq!(open("gone", "predict"), Position { lesson: 0, step: 0 });
}

#[test]
fn a_text_that_was_not_drawn_yet_has_no_end_and_the_next_frame_finds_it() {
    let (mut screen, _) = Screen::open(Model::open(course(), Progress::default(), Size { columns: 80, rows: 24 }));
    let press = |screen: &mut Screen, name| drop(update(screen, Message::Key(key(name))));
    for _ in 0..500 {
        press(&mut screen, "down");
    }
    assert_eq!(screen.model.scroll, Scroll::Row(500), "keys may be faster than the first frame");
    screen.model.measure(Measured { rows: 20, end: 7, item: 0 });
    press(&mut screen, "up");
    assert_eq!(screen.model.scroll, Scroll::Row(7));
}

#[test]
fn a_wish_becomes_a_row_when_it_is_drawn() {
    let mut learner = Learner::at("read");
    learner.tell(Message::Key(key("end")));
    assert_eq!(learner.model.scroll, Scroll::End);
    let short = learner.model.measured.end;
    learner.tell(Message::Resize { columns: 80, rows: 16 });
    learner.look();
    let long = learner.model.measured.end;
    assert_eq!((learner.model.scroll, long > short), (Scroll::Row(long), true), "it is longer in fewer rows");
    learner.tell(Message::Resize { columns: 80, rows: 24 });
    learner.look();
    learner.press("down");
    assert_eq!(learner.model.scroll, Scroll::Row(short), "a key goes by the last frame");
}
