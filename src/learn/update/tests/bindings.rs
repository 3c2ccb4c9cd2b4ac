use std::collections::BTreeSet;

use judge::report::Verdict;

use super::*;
use crate::coursework::assertion::Tried;
use crate::learn::bindings::{Action, Deed, bindings};
use crate::learn::message::Message;
use crate::learn::model::{Overlay, Position, Scroll};
use crate::learn::steps::debug::DebugScreen;
use crate::learn::steps::predict::PredictScreen;
use crate::learn::testing::learner::{checked, connect, of_debug, report};

/// A state with its own keys, and the way to it.
struct State {
    name: String,
    reach: Box<dyn Fn() -> Learner>,
}

fn state(name: &str, reach: impl Fn() -> Learner + 'static) -> State {
    State { name: name.to_owned(), reach: Box::new(reach) }
}

/// Every state whose keys differ.
fn states() -> Vec<State> {
    let kinds = ["hello", "read", "predict", "retype", "practice", "debug", "join-room", "compare", "project"];
    let kinds = kinds.into_iter().chain(["interview", "recall", "reflect"]).map(|step| (step, ""));
    let reached_by_keys = [
        ("predict", "1 enter"),
        ("predict", "down"),
        ("retype", "enter u"),
        ("retype", "f2"),
        ("join-room", "h"),
        ("compare", "enter"),
        ("compare", "o"),
        ("interview", "enter a"),
        ("interview", "enter a esc m"),
        ("reflect", "enter a"),
        ("read", "tab"),
        ("read", "tab down f t enter"),
        ("read", "?"),
        ("read", "g"),
        ("retype", "enter u tab ?"),
    ];
    let by_keys = kinds.chain(reached_by_keys).map(|(step, keys)| {
        state(&format!("{step} {keys}"), move || {
            let mut learner = Learner::at(step);
            three_come(&mut learner);
            learner.press(keys);
            learner
        })
    });
    let others = [
        state("typed", typed),
        state("serving", serving),
        state("observing", || debugging(&[])),
        state("asserting", || debugging(&["a"])),
        state("fixing", || debugging(&["a", "proved"])),
        state("choosing another bug", || debugging(&["a", "b"])),
    ];
    by_keys.chain(others).collect()
}

fn three_come(learner: &mut Learner) {
    for (id, name) in [("s1", "ann"), ("s2", "bob"), ("s3", "eve")] {
        learner.hear(connect(id, name));
    }
}

fn typed() -> Learner {
    let mut learner = Learner::at("practice");
    learner.press("enter");
    learner.type_text("let a = 1;\na\n");
    learner
}

fn serving() -> Learner {
    let mut learner = Learner::at("join-room");
    let (exercise, address) = ("join-room".to_owned(), "127.0.0.1:9999".to_owned());
    learner.tell(Message::LiveStarted { exercise, address });
    learner.tell(checked(report("join-room", Verdict::Failed)));
    learner
}

fn debugging(deeds: &[&str]) -> Learner {
    let mut learner = Learner::at("debug");
    learner.tell(Message::Planted { about: of_debug("to-everyone"), result: Ok(String::new()) });
    for deed in deeds {
        if *deed == "proved" {
            let (on_buggy, on_correct) = (String::new(), String::new());
            let result = Tried { holds_on_buggy: false, on_buggy, holds_on_correct: true, on_correct };
            learner.tell(Message::AssertionTried { about: of_debug("to-everyone"), result: Ok(result) });
        } else {
            learner.press(deed);
        }
    }
    learner
}

#[test]
fn no_two_keys_of_one_state_are_the_same() {
    for State { name, reach } in states() {
        let mut seen = BTreeSet::new();
        for binding in bindings(&reach()) {
            assert!(seen.insert(binding.name), "{name}: {} is bound twice", binding.name);
        }
    }
}

/// Everything that a key can change, as text. Long, but complete.
fn picture(learner: &Learner) -> String {
    format!("{:?}", **learner)
}

#[test]
fn every_key_that_is_shown_does_something() {
    for State { name, reach } in states() {
        for binding in bindings(&reach()) {
            let mut learner = reach();
            if let Action::Workshop(Deed::Move(_) | Deed::Page(_) | Deed::Edge(_)) = binding.action {
                put_in_the_middle(&mut learner);
            }
            if let Some(screen) = learner.puts::<PredictScreen>() {
                // So that each digit chooses a different line, and every direction is open.
                screen.selected = usize::from(binding.name != "2");
            }
            let before = picture(&learner);
            let effects = learner.tell(Message::Key(binding.key()));
            let did = !effects.is_empty() || picture(&learner) != before;
            assert!(did, "{name}: {} ({}) does nothing", binding.name, binding.does);
        }
    }
}

/// Scrolls to a place from which every direction is open.
fn put_in_the_middle(learner: &mut Learner) {
    learner.model.scroll = Scroll::Row(if learner.model.measured.end == 1 { 2 } else { 1 });
    if let Some(Overlay::Outline(position)) = &mut learner.model.overlay {
        *position = Position { lesson: 1, step: 5 };
    }
    if let Some(screen) = learner.puts::<DebugScreen>() {
        screen.selected = 1;
    }
    if learner.model.pane.shown().connected() == 0 {
        three_come(learner);
    }
    learner.model.pane.selected = Some("s2".to_owned());
}

#[test]
fn a_key_that_is_not_shown_does_nothing() {
    for State { name, reach } in states() {
        let mut learner = reach();
        let before = picture(&learner);
        assert_eq!(learner.press("ctrl-x f5"), [], "{name}");
        assert_eq!(picture(&learner), before, "{name}");
    }
}
