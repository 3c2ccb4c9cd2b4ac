//! A small program around the terminal guard, with a key for each way to end it. `tests/terminal.rs` drives it.
//!
//! ```text
//! cargo run --example terminal_guard
//! ```

use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe};
use std::process::{Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crossterm::event::KeyCode;
use futures_util::StreamExt;
use ratatui::style::Style;
use ratatui::text::Line;
use rtws::colour::Depth;
use rtws::learn::theme::Theme;
use rtws::terminal::{EXIT_PANIC, Error, Event, Guard, Input, Signal};
use tokio::{select, sync::mpsc, time::sleep};

const KEYS: &str = "q quit  p panic  w panic in a thread  t panic in a task  c caught panic  e editor  d deaf  l leave";

/// Frames drawn so far.
static FRAMES: AtomicUsize = AtomicUsize::new(0);

fn main() -> ExitCode {
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        report(info);
        if thread::current().name() == Some("worker") {
            wait_for_frames(2);
        }
    }));
    // The default hook has printed the report by the time the panic arrives here.
    panic::catch_unwind(AssertUnwindSafe(run)).unwrap_or(ExitCode::from(EXIT_PANIC))
}

#[tokio::main]
async fn run() -> ExitCode {
    let ended = match Guard::enter("terminal_guard") {
        Ok(guard) => use_terminal(guard).await,
        Err(error) => {
            complain(&error);
            return ExitCode::from(3);
        }
    };
    // The guard is gone, so this is on the normal screen.
    let _ = writeln!(io::stdout(), "ended: {ended:?}");
    match ended {
        Ended::Quit => ExitCode::SUCCESS,
        Ended::Signal(signal) => ExitCode::from(signal.exit_code().unwrap_or_default()),
        Ended::Lost => ExitCode::from(3),
    }
}

fn complain(error: &Error) {
    let _ = writeln!(io::stderr(), "error: {error}");
}

#[derive(Debug)]
enum Ended {
    Quit,
    Signal(Signal),
    Lost,
}

async fn use_terminal(mut guard: Guard) -> Ended {
    guard.spare_panics(is_caught);
    let mut input = guard.input();
    let mut log = vec!["Terminal guard".to_owned(), KEYS.to_owned()];
    let mut deaf = false;
    let (ask_for_editor, mut editor_asked) = mpsc::unbounded_channel();
    loop {
        draw(&mut guard, &log);
        // The editor comes as a message, as from a real program's loop: the input is already waiting for a key then,
        // which must not be the editor's.
        let event = select! {
            biased;
            event = input.next() => event,
            Some(()) = editor_asked.recv() => {
                log.push(edit(&mut guard, &mut input).await);
                continue;
            }
        };
        let Some(event) = event else {
            return if deaf { std::future::pending().await } else { Ended::Lost };
        };
        log.push(describe(&event));
        match event {
            Event::Key(key) => match key.code {
                KeyCode::Char('q') => return Ended::Quit,
                KeyCode::Char('e') => drop(ask_for_editor.send(())),
                KeyCode::Char('d') => deaf = true,
                KeyCode::Char('l') => return leave(&mut guard, &mut log).await,
                KeyCode::Char('s') => stick(&mut guard, &mut log),
                KeyCode::Char('w') => draw_while_a_worker_panics(&mut guard, &log),
                KeyCode::Char('c') => log.push(format!("caught: {}", catch())),
                KeyCode::Char(key) => misbehave(key),
                _ => {}
            },
            Event::Signal(Signal::Continue) => guard.redraw(),
            Event::Signal(signal) if !deaf => return Ended::Signal(signal),
            Event::Lost if !deaf => return Ended::Lost,
            Event::Paste(_) | Event::Resize { .. } | Event::Signal(_) | Event::Lost => {}
        }
    }
}

fn draw(guard: &mut Guard, log: &[String]) {
    let theme = Theme::new(Depth::of_output());
    // Not the theme's colour: a foreign colour must not take the bold with it, even with NO_COLOR.
    let foreign = Style::new().bold().magenta();
    guard.draw(|frame| {
        let hidden = log.len().saturating_sub(usize::from(frame.area().height));
        for ((index, line), row) in log.iter().enumerate().skip(hidden).zip(frame.area().rows()) {
            let style = [theme.title, foreign].get(index).copied().unwrap_or_default();
            frame.render_widget(Line::styled(line, style), row);
        }
    });
    FRAMES.fetch_add(1, Ordering::SeqCst);
}

fn describe(event: &Event) -> String {
    match event {
        Event::Key(key) => format!("key {:?}", key.code),
        other => format!("{other:?}"),
    }
}

#[expect(clippy::panic, reason = "panics are what this program is there to show")]
fn misbehave(key: char) {
    match key {
        'p' => panic!("on the guard's thread"),
        't' => drop(tokio::spawn(async { panic!("in a task") })),
        _ => {}
    }
}

/// Keeps drawing, even between the worker's report and the end of the process: the shell's screen must not show it.
#[expect(clippy::panic, reason = "panics are what this program is there to show")]
fn draw_while_a_worker_panics(guard: &mut Guard, log: &[String]) {
    let worker = thread::Builder::new().name("worker".to_owned()).spawn(|| panic!("in a worker thread"));
    while worker.as_ref().is_ok_and(|worker| !worker.is_finished()) {
        guard.redraw();
        draw(guard, log);
    }
}

/// A frame that takes for ever.
fn stick(guard: &mut Guard, log: &mut Vec<String>) {
    log.push("stuck".to_owned());
    draw(guard, log);
    guard.draw(|_| {
        loop {
            thread::park();
        }
    });
}

/// Takes longer to leave than a stuck program could live after SIGTERM, and then waits until the terminal is resized.
#[cfg(unix)]
async fn leave(guard: &mut Guard, log: &mut Vec<String>) -> Ended {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut asked), Ok(mut resized)) = (signal(SignalKind::terminate()), signal(SignalKind::window_change()))
    else {
        return Ended::Lost;
    };
    guard.leaving();
    log.push("leaving".to_owned());
    draw(guard, log);
    asked.recv().await;
    sleep(Duration::from_secs(2)).await;
    log.push("still here".to_owned());
    draw(guard, log);
    resized.recv().await;
    Ended::Quit
}

#[cfg(not(unix))]
async fn leave(_: &mut Guard, _: &mut Vec<String>) -> Ended {
    Ended::Quit
}

fn wait_for_frames(count: usize) {
    let enough = FRAMES.load(Ordering::SeqCst) + count;
    while FRAMES.load(Ordering::SeqCst) < enough {
        thread::yield_now();
    }
}

#[expect(clippy::panic, reason = "panics are what this program is there to show")]
fn catch() -> bool {
    let thread = thread::Builder::new().name("caught".to_owned()).spawn(|| panic!("caught"));
    thread.is_ok_and(|thread| thread.join().is_err())
}

fn is_caught() -> bool {
    thread::current().name() == Some("caught")
}

/// Runs `$EDITOR`, here a program that reads a line from the terminal and prints it.
async fn edit(guard: &mut Guard, input: &mut Input) -> String {
    let editor = std::env::var("EDITOR").unwrap_or_else(|_| "vi".to_owned());
    let run = move || Command::new("sh").args(["-c", &editor]).stderr(Stdio::null()).status();
    let ran = guard.outside(input, async || tokio::task::spawn_blocking(run).await).await;
    format!("editor: {ran:?}")
}
