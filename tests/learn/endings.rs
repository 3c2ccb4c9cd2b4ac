//! The ends of the workshop, and failures to start it.

use rustix::process::Signal;

use crate::common::{CommandBuilder, RTWS, Screen, signal_process};
use crate::learner::{BUILD, Learner};
use crate::processes::{Process, descendants};
use crate::workshop::Workshop;

#[test]
fn without_a_terminal_it_says_what_it_needs() {
    let workshop = Workshop::fresh();
    let output = workshop.run(&["learn"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(output.stdout.is_empty(), "{output:?}");
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("rtws learn needs a terminal, but its standard input is not one"), "{error}");
    assert!(!error.contains('\x1b'), "{error:?}");
}

#[test]
fn a_second_program_says_that_the_first_has_the_workshop_and_records_nothing() {
    let workshop = Workshop::fresh();
    let mut learner = Learner { screen: workshop.open(24, 80), workshop: &workshop };
    learner.wait_for_step(&workshop.course.lessons[0].steps[0].title, 1, 4);

    let learn = workshop.run(&["learn"]);
    assert_eq!(learn.status.code(), Some(3));
    let error = String::from_utf8(learn.stderr).unwrap();
    assert!(error.contains("`rtws learn` has this workshop open (process "), "{error}");

    let state = || std::fs::read(workshop.home().join("state.json")).unwrap_or_default();
    let before = state();
    let hint = workshop.run(&["hint", "greet"]);
    assert_eq!(hint.status.code(), Some(0));
    let warning = String::from_utf8(hint.stderr).unwrap();
    assert!(warning.contains("so this is not recorded"), "{warning}");
    assert_eq!(state(), before);

    learner.screen.press("q");
    assert!(learner.screen.wait_exit().success());
    let hint = workshop.run(&["hint", "greet"]);
    assert!(hint.stderr.is_empty(), "{hint:?}");
    assert_ne!(state(), before);
}

/// Runs the program under a shell that keeps the terminal afterwards.
fn open_below_a_shell(workshop: &Workshop) -> Screen {
    let mut command = CommandBuilder::new("sh");
    command.args(["-c", r#"set -m; "$@"; echo "exit code $?"; read -r line"#, "sh", RTWS, "learn", "welcome"]);
    Screen::start(workshop.prepare(command), 24, 80)
}

#[test]
fn a_last_save_that_fails_is_reported_on_the_restored_terminal() {
    let workshop = Workshop::fresh();
    let mut learner = Learner { screen: open_below_a_shell(&workshop), workshop: &workshop };
    let welcome = &workshop.course.lessons[0];
    learner.wait_for_step(&welcome.steps[0].title, 1, 4);
    // From now on a folder is in place of the state.
    let state = workshop.home().join("state.json");
    let _ = std::fs::remove_file(&state);
    std::fs::create_dir_all(state.join("in the way")).unwrap();
    learner.screen.press("n");
    learner.wait_for_step(&welcome.steps[1].title, 2, 4);
    learner.screen.press("q");
    learner.screen.wait_for("exit code 3");
    let text = learner.screen.text().replace('\n', "");
    assert!(text.contains("error: your last changes are not saved: cannot write "), "{text}");
    assert!(text.contains("state.json"), "{text}");
    assert!(!learner.screen.is_raw());
}

/// It finds the processes in `/proc`, which only Linux has.
#[cfg(target_os = "linux")]
#[test]
fn sigterm_during_a_check_leaves_a_working_terminal_and_no_process() {
    let workshop = Workshop::fresh();
    let mut learner = Learner { screen: open_below_a_shell(&workshop), workshop: &workshop };
    let welcome = &workshop.course.lessons[0];
    learner.wait_for_step(&welcome.steps[0].title, 1, 4);
    learner.screen.press("n n");
    learner.wait_for_step(&welcome.steps[2].title, 3, 4);
    // Runs until the check's time is up, in its own process.
    workshop.save("greet", "pub fn app(_: &rooms::Io) { loop { std::thread::park() } }\n");
    let program = learner.screen.foreground();
    let children = || -> Vec<_> { descendants(program).into_iter().map(Process::open).collect() };
    // The step says so a moment before the check's program has replaced its starter process.
    learner.screen.wait_until("the scenarios to run", BUILD, |screen| {
        screen.contents().contains("checking: running the scenarios")
            && children().iter().any(|child| child.name == "answer")
    });
    let children = children();
    let names: Vec<_> = children.iter().map(|child| &child.name).collect();

    signal_process(program, Signal::TERM);
    learner.screen.wait_for("exit code 143");
    for child in &children {
        assert!(child.ends(), "{} still runs, of {names:?}", child.name);
    }
    assert!(!learner.screen.is_raw());
    let modes = learner.screen.with(|it| (it.alternate_screen(), it.bracketed_paste(), it.hide_cursor()));
    assert_eq!(modes, (false, false, false));
}
