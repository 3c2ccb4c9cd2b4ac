//! While the learner's own editor has the terminal, the workshop keeps running.

use std::fs;

use crate::learner::{BUILD, Learner};
use crate::workshop::Workshop;

#[test]
fn a_save_in_the_editor_is_checked_while_the_editor_is_open() {
    let workshop = Workshop::fresh();
    // It saves the answer, and stays until its check has been recorded.
    let editor = r#"cat "$SOLUTION" > "$1"; echo editing
        until grep -q '"attempts": 1' "$RTWS_HOME/state.json"; do sleep 0.05; done
        echo counted; read -r line"#;
    fs::write(workshop.home().join("editor.sh"), editor).unwrap();
    let mut command = workshop.rtws(&["learn", "welcome"]);
    command.env("SOLUTION", workshop.root.join("solutions/src/greet.rs"));
    let mut learner = Learner { screen: crate::common::Screen::start(command, 24, 80), workshop: &workshop };
    let welcome = &workshop.course.lessons[0];
    learner.wait_for_step(&welcome.steps[0].title, 1, 4);
    learner.screen.press("n n");
    learner.wait_for_step(&welcome.steps[2].title, 3, 4);
    learner.screen.press("e");
    learner.screen.wait_for("editing");
    learner.screen.wait_until("the check", BUILD, |screen| screen.contents().contains("counted"));
    learner.screen.type_text("\n");
    learner.wait_for_verdict("✓ Passed · ");
    learner.quit();
}
