//! A small program around the terminal guard, with one way to end it a key. `tests/terminal.rs` drives it.
//!
//! ```text
//! cargo run --example terminal_guard
//! ```

use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe};
use std::process::{Command, ExitCode, Stdio};
use std::thread;

use crossterm::event::KeyCode;
use futures_util::StreamExt;
use ratatui::text::Line;
use rtws::learn::theme::Theme;
use rtws::terminal::{EXIT_PANIC, Error, Event, Guard, Input, Signal};

const KEYS: &str = "q quit  p panic  w panic in a thread  t panic in a task  c caught panic  e editor  d deaf";

fn main() -> ExitCode {
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
    let theme = Theme::detect(|name| std::env::var(name).ok());
    let mut log = vec!["Terminal guard".to_owned(), KEYS.to_owned()];
    let mut deaf = false;
    loop {
        guard.draw(|frame| {
            for (line, row) in log.iter().rev().take(usize::from(frame.area().height)).rev().zip(frame.area().rows()) {
                frame.render_widget(Line::raw(line), row);
            }
            if let Some(title) = frame.area().rows().next() {
                frame.buffer_mut().set_style(title, theme.title);
            }
        });
        let Some(event) = input.next().await else {
            return if deaf { std::future::pending().await } else { Ended::Lost };
        };
        log.push(describe(&event));
        match event {
            Event::Key(key) => match key.code {
                KeyCode::Char('q') => return Ended::Quit,
                KeyCode::Char('e') => log.push(edit(&mut guard, &mut input).await),
                KeyCode::Char('d') => deaf = true,
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
        'w' => drop(thread::spawn(|| panic!("in a worker thread"))),
        't' => drop(tokio::spawn(async { panic!("in a task") })),
        _ => {}
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
    let ran = guard.outside(input, tokio::task::spawn_blocking(run)).await;
    format!("editor: {ran:?}")
}
