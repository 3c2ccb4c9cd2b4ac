//! The terminal works after every kind of end of a program.
//!
//! The program is `examples/terminal_guard.rs`. A shell with job control starts it and keeps the terminal afterwards,
//! so the tests see the terminal that a user would be left with.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure here is a failed test")]

mod common;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use common::{CommandBuilder, PATIENCE, Screen, signal_process};
use rustix::process::Signal;

/// Runs the program in the foreground, prints its exit code, and then runs the lines that are typed.
const SHELL: &str = r#"set -m; "$@"; echo "exit code $?"; while read -r line; do eval "$line"; done"#;

/// What the program shows once it is ready.
const READY: &str = "q quit";

/// Builds the example, because `cargo test --test terminal` alone does not.
fn program() -> &'static str {
    static PROGRAM: OnceLock<String> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let test = std::env::current_exe().unwrap();
        let profile: PathBuf = test.ancestors().nth(2).unwrap().into();
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--example", "terminal_guard", "--target-dir"]);
        cargo.arg(profile.parent().unwrap()).current_dir(env!("CARGO_MANIFEST_DIR"));
        if profile.ends_with("release") {
            cargo.arg("--release");
        }
        assert!(cargo.status().expect("cargo runs").success(), "the example does not build");
        let program = profile.join("examples/terminal_guard");
        assert!(Path::exists(&program), "{} is not there", program.display());
        program.into_os_string().into_string().unwrap()
    })
}

fn start() -> Screen {
    start_with(SHELL, &[])
}

fn start_with(shell: &str, env: &[(&str, &str)]) -> Screen {
    let env = [&[("RUST_BACKTRACE", "0")], env].concat();
    let screen = Screen::spawn(&["sh", "-c", shell, "sh", program()], 24, 80, &env);
    screen.wait_for(READY);
    assert_entered(&screen);
    screen
}

#[track_caller]
fn assert_entered(screen: &Screen) {
    assert_eq!(modes(screen), Modes { raw: true, alternate_screen: true, bracketed_paste: true, hidden_cursor: true });
}

#[track_caller]
fn assert_restored(screen: &Screen) {
    assert_eq!(modes(screen), Modes::default(), "\n{}", screen.text());
}

#[derive(Debug, Default, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "they are the terminal's modes")]
struct Modes {
    raw: bool,
    alternate_screen: bool,
    bracketed_paste: bool,
    hidden_cursor: bool,
}

fn modes(screen: &Screen) -> Modes {
    let raw = screen.is_raw();
    screen.with(|screen| Modes {
        raw,
        alternate_screen: screen.alternate_screen(),
        bracketed_paste: screen.bracketed_paste(),
        hidden_cursor: screen.hide_cursor(),
    })
}

#[test]
fn quitting_restores_the_terminal() {
    let mut screen = start();
    screen.press("q");
    screen.wait_for("exit code 0");
    assert_restored(&screen);
}

fn panics_and_restores(key: &str, message: &str) {
    let mut screen = start();
    screen.press(key);
    screen.wait_for("exit code 3");
    assert_restored(&screen);
    let text = screen.text();
    assert!(text.contains("panicked at") && text.contains(message), "no report on the normal screen:\n{text}");
    assert!(!text.contains(READY), "something was drawn on the normal screen:\n{text}");
}

#[test]
fn a_panic_on_the_guards_thread_restores_the_terminal() {
    panics_and_restores("p", "on the guard's thread");
}

#[test]
fn a_panic_in_a_worker_thread_restores_the_terminal_and_ends_the_program() {
    panics_and_restores("w", "in a worker thread");
}

#[test]
fn a_panic_in_a_task_restores_the_terminal_and_ends_the_program() {
    panics_and_restores("t", "in a task");
}

#[test]
fn a_panic_that_somebody_catches_changes_nothing() {
    let mut screen = start();
    screen.press("c");
    screen.wait_for("caught: true");
    assert_entered(&screen);
    screen.press("q");
    screen.wait_for("exit code 0");
    assert!(!screen.text().contains("panicked at"), "{}", screen.text());
}

fn signal_restores(signal: Signal, told: &str, code: &str) {
    let screen = start();
    signal_process(screen.foreground(), signal);
    screen.wait_for(code);
    assert_restored(&screen);
    assert!(screen.text().contains(told), "the program was not told:\n{}", screen.text());
}

#[test]
fn sigterm_is_told_and_the_terminal_restored() {
    signal_restores(Signal::TERM, "ended: Signal(Terminate)", "exit code 143");
}

#[test]
fn sighup_is_told_and_the_terminal_restored() {
    signal_restores(Signal::HUP, "ended: Signal(Hangup)", "exit code 129");
}

#[test]
fn sigint_is_told_and_the_terminal_restored() {
    signal_restores(Signal::INT, "ended: Signal(Interrupt)", "exit code 130");
}

/// A program that does not listen, because such a signal does not ask for an orderly end.
fn signal_kills(signal: impl FnOnce(&mut Screen), code: &str) {
    let mut screen = start();
    screen.press("d");
    screen.wait_for("key Char('d')");
    signal(&mut screen);
    screen.wait_for(code);
    assert_restored(&screen);
}

#[test]
fn a_signal_that_kills_does_so_once_the_terminal_is_restored() {
    for (signal, code) in [
        (Signal::QUIT, "exit code 131"),
        (Signal::ABORT, "exit code 134"),
        (Signal::USR1, "exit code 138"),
        (Signal::ALARM, "exit code 142"),
        (Signal::XCPU, "exit code 152"),
    ] {
        signal_kills(|screen| signal_process(screen.foreground(), signal), code);
    }
}

#[test]
fn control_backslash_kills_as_in_any_terminal() {
    signal_kills(|screen| screen.press("ctrl-\\"), "exit code 131");
}

#[test]
fn a_second_signal_ends_a_program_that_does_not_listen() {
    let mut screen = start();
    screen.press("d");
    screen.wait_for("key Char('d')");
    signal_process(screen.foreground(), Signal::TERM);
    screen.wait_for("Signal(Terminate)");
    assert_entered(&screen);
    signal_process(screen.foreground(), Signal::TERM);
    screen.wait_for("exit code 143");
    assert_restored(&screen);
}

#[test]
fn one_signal_ends_a_program_that_is_stuck_in_a_frame() {
    let mut screen = start();
    screen.press("s");
    screen.wait_for("stuck");
    signal_process(screen.foreground(), Signal::TERM);
    screen.wait_for("exit code 143");
    assert_restored(&screen);
    assert!(!screen.text().contains("ended:"), "{}", screen.text());
}

/// A program that leaves, was asked to end, and is still busy with leaving.
fn asked_while_it_leaves() -> Screen {
    let mut screen = start();
    screen.press("l");
    screen.wait_for("leaving");
    signal_process(screen.foreground(), Signal::TERM);
    screen.wait_for("still here");
    screen
}

#[test]
fn a_program_that_leaves_is_not_taken_for_one_that_is_stuck() {
    let mut screen = asked_while_it_leaves();
    screen.resize(30, 80);
    screen.wait_for("exit code 0");
    assert_restored(&screen);
}

#[test]
fn a_second_signal_ends_a_program_that_takes_too_long_to_leave() {
    let screen = asked_while_it_leaves();
    signal_process(screen.foreground(), Signal::TERM);
    screen.wait_for("exit code 143");
    assert_restored(&screen);
    assert!(!screen.text().contains("ended:"), "{}", screen.text());
}

/// Takes a running program through a stop, a continue and a quit.
fn suspends_and_continues(mut screen: Screen, stop: impl FnOnce(&mut Screen)) {
    stop(&mut screen);
    screen.wait_for("exit code 1");
    assert_restored(&screen);
    screen.type_text("fg\n");
    // The log from before is there again, so the whole screen was drawn.
    screen.wait_for("Signal(Continue)");
    assert!(screen.text().contains(READY), "not drawn again:\n{}", screen.text());
    assert_entered(&screen);
    screen.press("x");
    screen.wait_for("key Char('x')");
    screen.press("q");
    screen.wait_for("ended: Quit");
    screen.wait_until("a restored terminal", PATIENCE, |screen| !screen.alternate_screen());
    assert_restored(&screen);
}

#[test]
fn control_z_stops_the_program_and_the_shell_continues_it() {
    suspends_and_continues(start(), |screen| screen.press("ctrl-z"));
}

#[test]
fn sigtstp_stops_the_program_and_the_shell_continues_it() {
    suspends_and_continues(start(), |screen| signal_process(screen.foreground(), Signal::TSTP));
}

#[test]
fn a_stop_that_could_not_be_caught_is_repaired_on_continue() {
    // A user who finds a terminal in raw mode repairs it before going on, as this shell does.
    let shell = r#"set -m; "$@"; stty sane; fg; echo "exit code $?"; read -r line"#;
    let mut screen = start_with(shell, &[]);
    signal_process(screen.foreground(), Signal::STOP);
    screen.wait_for("Signal(Continue)");
    assert_entered(&screen);
    screen.press("q");
    screen.wait_for("exit code 0");
    assert_restored(&screen);
}

#[test]
fn without_a_shell_to_continue_it_the_program_does_not_stop() {
    let mut screen = Screen::spawn(&[program()], 24, 80, &[]);
    screen.wait_for(READY);
    screen.press("ctrl-z x");
    screen.wait_for("key Char('x')");
    screen.press("q");
    assert_eq!(screen.wait_exit().exit_code(), 0);
}

#[test]
fn an_editor_gets_the_terminal_and_gives_it_back() {
    let editor = r#"trap "" INT QUIT; echo editing; while read -r line && [ "$line" ]; do echo "read $line"; done"#;
    let mut screen = start_with(SHELL, &[("EDITOR", editor)]);
    screen.press("e");
    screen.wait_for("editing");
    assert_restored(&screen);
    // Neither Ctrl-C nor Ctrl-\ nor any key belongs to the program now; if it stole keys, the editor would not get all
    // of them.
    screen.press("ctrl-c ctrl-\\");
    for line in 1..=8 {
        screen.type_text(&format!("line {line}\n"));
        screen.wait_for(&format!("read line {line}"));
    }
    screen.type_text("\n");
    screen.wait_for("editor: Ok");
    assert_entered(&screen);
    screen.press("x");
    screen.wait_for("key Char('x')");
    let text = screen.text();
    assert!(!text.contains("key Char('l')") && !text.contains("Interrupt"), "the program got a key:\n{text}");
}

#[test]
fn pastes_and_sizes_arrive() {
    let mut screen = start();
    screen.paste("one\ntwo");
    screen.wait_for(r#"Paste("one\ntwo")"#);
    screen.resize(30, 100);
    screen.wait_for("Resize { columns: 100, rows: 30 }");
}

#[test]
fn no_color_keeps_bold_and_removes_colours() {
    let screen = start_with(SHELL, &[("NO_COLOR", "1")]);
    let cell = screen.cell(0, 0);
    assert!(cell.bold(), "the title is not bold");
    assert_eq!(cell.fgcolor(), vt100::Color::Default);
    assert!(screen.cell(1, 0).bold(), "a colour took the bold with it");
    assert_eq!(start().cell(0, 0).fgcolor(), vt100::Color::Idx(133), "without NO_COLOR the title has a colour");
}

#[test]
fn a_dump_of_the_screen_tells_its_styles() {
    let dump = start_with(SHELL, &[("NO_COLOR", "1")]).styled_dump();
    assert!(dump.starts_with("Terminal guard\nq quit"), "{dump}");
    assert!(dump.contains("0     0-79    bold  \"Terminal guard\"\n"), "{dump}");
}

#[test]
fn a_terminal_that_closes_ends_the_program() {
    let mut screen = Screen::spawn(&[program()], 24, 80, &[]);
    screen.wait_for(READY);
    screen.hang_up("x");
    // The kernel's SIGHUP and the watchdog's message race.
    let status = screen.wait_exit_after_hang_up();
    let code = status.exit_code();
    assert!(code == 129 || code == 3, "{status}");
}

fn detached() -> Screen {
    let mut command = CommandBuilder::new(program());
    // The kernel raises SIGHUP for a controlling terminal only.
    command.set_controlling_tty(false);
    let screen = Screen::start(command, 24, 80);
    screen.wait_for(READY);
    screen
}

#[test]
fn a_terminal_that_vanishes_without_a_signal_ends_the_program() {
    let mut screen = detached();
    screen.hang_up("x");
    assert_eq!(screen.wait_exit_after_hang_up().exit_code(), 3);
}

#[test]
fn a_program_that_ignores_its_lost_terminal_is_ended() {
    let mut screen = detached();
    screen.press("d");
    screen.wait_for("key Char('d')");
    screen.hang_up("x");
    assert_eq!(screen.wait_exit_after_hang_up().exit_code(), 3);
}

#[test]
fn a_pipe_is_refused_with_the_way_out() {
    let output = Command::new(program()).stdin(Stdio::null()).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(output.stdout.is_empty(), "escape codes went into the pipe: {output:?}");
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("terminal_guard needs a terminal, but its standard input is not one"), "{error}");
    assert!(error.contains("Start it in a terminal window"), "{error}");
}
