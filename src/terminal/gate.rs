//! Whether the terminal is ours, and the only way for bytes to reach it.
//!
//! One lock covers both the state and the writing, so that a frame is either on the screen before the terminal is
//! restored or never.

use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use crossterm::cursor::{Hide, Show};
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::style::{Attribute, SetAttribute};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use crossterm::{execute, queue};

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Never entered, or left for good.
    Left,
    /// Ours.
    Entered,
    /// The shell's, until the process is continued.
    Suspended,
    /// Another program's, which we started.
    Outside,
}

static STATE: Mutex<State> = Mutex::new(State::Left);

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Enters the terminal; what was done before a failure is undone.
pub(super) fn enter() -> io::Result<()> {
    let mut state = state();
    *state = State::Entered;
    set_up().inspect_err(|_| {
        undo();
        *state = State::Left;
    })
}

/// Gives the terminal back for good. Harmless when it is not ours, from any thread, any number of times.
pub fn restore() {
    leave(State::Left);
}

/// [`restore`] for when another thread may be stuck in a write to a terminal that takes nothing any more.
pub(super) fn restore_within(limit: Duration) {
    let (done, restored) = mpsc::channel();
    let spawned = thread::Builder::new().name("restore".to_owned()).spawn(move || {
        restore();
        // The other side may have given up waiting.
        let _ = done.send(());
    });
    if spawned.is_ok() {
        let _ = restored.recv_timeout(limit);
    }
}

/// Gives the terminal to the shell that is about to see this process stop.
#[cfg(unix)]
pub(super) fn suspend() {
    let mut state = state();
    if *state == State::Entered {
        undo();
        *state = State::Suspended;
    }
}

/// Enters again after the process was stopped; false if the terminal was not ours then.
///
/// Whoever stopped the process may have changed the modes without asking, so they are all set anew.
#[cfg(unix)]
pub(super) fn resume() -> io::Result<bool> {
    let mut state = state();
    if !matches!(*state, State::Entered | State::Suspended) {
        return Ok(false);
    }
    *state = State::Entered;
    let _ = disable_raw_mode();
    set_up().map(|()| true)
}

/// Gives the terminal to another program.
pub(super) fn step_outside() {
    let mut state = state();
    if *state == State::Entered {
        undo();
        *state = State::Outside;
    }
}

/// Takes the terminal back from another program, unless it was left for good meanwhile.
pub(super) fn come_back() -> io::Result<()> {
    let mut state = state();
    if *state == State::Outside {
        *state = State::Entered;
        set_up()?;
    }
    Ok(())
}

/// Whether what is drawn now reaches the screen.
pub(super) fn is_open() -> bool {
    *state() == State::Entered
}

/// Whether another program has the terminal.
#[cfg(unix)]
pub(super) fn is_outside() -> bool {
    *state() == State::Outside
}

fn leave(next: State) {
    let mut state = state();
    if *state == State::Entered {
        undo();
    }
    *state = next;
}

fn set_up() -> io::Result<()> {
    // First, as this is what stops a process that was continued in the background until it is in front.
    enable_raw_mode()?;
    execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, Hide)
}

/// Undoes everything that can still be undone: one refusal does not keep the rest.
fn undo() {
    let _ = disable_raw_mode();
    let mut out = io::stdout();
    let _ = queue!(out, SetAttribute(Attribute::Reset), Show, DisableBracketedPaste, LeaveAlternateScreen);
    let _ = out.flush();
}

/// Where frames are drawn. A frame is collected and written whole, or dropped while the terminal is not ours.
#[derive(Debug, Default)]
pub(super) struct Output {
    frame: Vec<u8>,
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.frame.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let state = state();
        let result = if *state == State::Entered {
            let mut out = io::stdout().lock();
            out.write_all(&self.frame).and_then(|()| out.flush())
        } else {
            Ok(())
        };
        self.frame.clear();
        result
    }
}
