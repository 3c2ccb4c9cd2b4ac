//! Whether the terminal is ours, and the only way for bytes to reach it.
//!
//! One lock covers both the state and the writing, so that a frame is either on the screen before the terminal is
//! restored or never.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use crossterm::cursor::{Hide, Show};
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::style::{Attribute, SetAttribute};
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode,
};
use crossterm::{execute, queue};

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Never entered, or left for good.
    Left,
    /// The program has it.
    Entered,
    /// The shell has it, until the process is continued.
    Suspended,
    /// Another program has it, which we started.
    Outside,
}

static STATE: Mutex<State> = Mutex::new(State::Left);

/// When another program last gave the terminal back.
static CAME_BACK: Mutex<Option<Instant>> = Mutex::new(None);

/// How long a signal may take to reach the thread that handles it.
#[cfg(unix)]
const HEARD_LATE: Duration = Duration::from_millis(250);

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Enters the terminal. If a step fails, the earlier ones are undone.
pub(super) fn enter() -> io::Result<()> {
    let mut state = state();
    *state = State::Entered;
    set_up().inspect_err(|_| {
        undo();
        *state = State::Left;
    })
}

/// Restores the terminal for good. Harmless when it is not ours, from any thread, any number of times.
pub fn restore() {
    leave(State::Left);
}

/// [`restore`], for use when another thread may be stuck in a write to a terminal that accepts nothing any more.
pub(super) fn restore_within(limit: Duration) {
    let (done, restored) = mpsc::channel();
    let spawned = thread::Builder::new().name("restore".to_owned()).spawn(move || {
        restore();
        // The other thread may have given up waiting.
        let _ = done.send(());
    });
    if spawned.is_ok() {
        let _ = restored.recv_timeout(limit);
    }
}

/// Hands the terminal to the shell, before this process stops.
#[cfg(unix)]
pub(super) fn suspend() {
    let mut state = state();
    if *state == State::Entered {
        undo();
        *state = State::Suspended;
    }
}

/// Enters again after the process was stopped; false if the terminal was not ours when it stopped.
///
/// The modes may have been changed in between, so all of them are set again.
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

/// Hands the terminal to another program.
pub(super) fn step_outside() {
    let mut state = state();
    if *state == State::Entered {
        undo();
        *state = State::Outside;
    }
}

/// Takes the terminal back from another program, unless it has been restored for good in between.
pub(super) fn come_back() -> io::Result<()> {
    let mut state = state();
    if *state == State::Outside {
        *state = State::Entered;
        *CAME_BACK.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        set_up()?;
    }
    Ok(())
}

/// Whether a signal that arrives now may be meant for another program: one that has the terminal, or just had it.
#[cfg(unix)]
pub(super) fn is_outside() -> bool {
    let came_back = *CAME_BACK.lock().unwrap_or_else(PoisonError::into_inner);
    *state() == State::Outside || came_back.is_some_and(|instant| instant.elapsed() < HEARD_LATE)
}

fn leave(next: State) {
    let mut state = state();
    if *state == State::Entered {
        undo();
    }
    *state = next;
}

fn set_up() -> io::Result<()> {
    // First, because this stops a process that was continued in the background until it is in the foreground.
    enable_raw_mode()?;
    execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, Hide)
}

/// Undoes everything that can still be undone: one failure does not prevent the rest.
fn undo() {
    let _ = disable_raw_mode();
    let mut out = io::stdout();
    let _ = queue!(out, SetAttribute(Attribute::Reset), Show, DisableBracketedPaste, LeaveAlternateScreen);
    let _ = out.flush();
}

/// The target for frames: everything of one frame is collected and shown at once.
#[derive(Debug, Clone, Default)]
pub(super) struct Output {
    frame: Rc<RefCell<Vec<u8>>>,
}

impl Output {
    /// Puts the frame on the screen, or drops it while the terminal is not ours.
    ///
    /// A terminal with synchronised updates never shows half of it.
    pub(super) fn present(&self) -> io::Result<()> {
        let frame = self.frame.take();
        let state = state();
        if frame.is_empty() || *state != State::Entered {
            return Ok(());
        }
        let mut out = io::stdout().lock();
        queue!(out, BeginSynchronizedUpdate)?;
        out.write_all(&frame)?;
        execute!(out, EndSynchronizedUpdate)
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.frame.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    /// Does nothing: the backend flushes several times for each frame, and the screen would flicker.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
