//! The two threads that notice signals and the terminal's disappearance.
//!
//! They are threads and not tasks because they must work when the program's loop does not.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use signal_hook::consts::{
    SIGABRT, SIGALRM, SIGCONT, SIGHUP, SIGINT, SIGPROF, SIGQUIT, SIGSYS, SIGTERM, SIGTRAP, SIGTSTP, SIGUSR1, SIGUSR2,
    SIGVTALRM, SIGXCPU, SIGXFSZ,
};
use signal_hook::iterator::Signals;
use signal_hook::low_level;

use super::event::{Event, Signal};
use super::{gate, hub};

/// How long the end of the process waits for the terminal to be restored.
const PATIENCE: Duration = Duration::from_millis(300);

/// The signals that do more than end the process.
const HEEDED: [i32; 6] = [SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT, SIGXFSZ];

/// The signals that end the process as they would without us, once the terminal is restored. Those that a processor
/// fault raises are not among them, because after a fault our code cannot be relied on.
const DEADLY: [i32; 10] = [SIGQUIT, SIGABRT, SIGALRM, SIGPROF, SIGSYS, SIGTRAP, SIGUSR1, SIGUSR2, SIGVTALRM, SIGXCPU];

/// Whether the program has been asked to end.
static ENDING: AtomicBool = AtomicBool::new(false);

/// Starts both threads, once for the process: once a handler is removed, its signal is ignored. While nobody listens,
/// signals have their default effect.
pub(super) fn listen() -> io::Result<()> {
    static STARTED: Mutex<bool> = Mutex::new(false);
    let mut started = STARTED.lock().unwrap_or_else(PoisonError::into_inner);
    if !*started {
        let signals = Signals::new(HEEDED.iter().chain(&DEADLY))?;
        thread::Builder::new().name("signals".to_owned()).spawn(move || heed(signals))?;
        thread::Builder::new().name("watchdog".to_owned()).spawn(watch)?;
        *started = true;
    }
    Ok(())
}

/// Raises the signal that the terminal would raise for this key outside raw mode; false if there is none.
pub(super) fn raised_by(key: KeyEvent) -> bool {
    let Some(signal) = signal_of(key) else { return false };
    // It takes the same path as a signal from outside. It can fail only for a number that is not a signal.
    let _ = low_level::raise(signal);
    true
}

/// Ctrl-C is not among them: the program handles that key itself.
fn signal_of(key: KeyEvent) -> Option<i32> {
    match key.code {
        KeyCode::Char('z') if key.modifiers == KeyModifiers::CONTROL => Some(SIGTSTP),
        // Terminals send the same byte for Ctrl-4, and crossterm reports it as that key.
        KeyCode::Char('\\' | '4') if key.modifiers == KeyModifiers::CONTROL => Some(SIGQUIT),
        _ => None,
    }
}

fn heed(mut signals: Signals) {
    for signal in signals.forever() {
        match signal {
            SIGTSTP => stop(),
            SIGCONT => go_on(),
            SIGHUP => hang_up(),
            SIGTERM => end(signal, Signal::Terminate),
            // A file has become too long: the failed write reports it.
            SIGXFSZ => {}
            // Ctrl-C and Ctrl-\ in a program that has the terminal are meant for that program.
            SIGINT | SIGQUIT if gate::is_outside() => {}
            SIGINT => end(signal, Signal::Interrupt),
            _ => end_now(signal),
        }
    }
}

/// Asks the program to end; ends it if it was asked before, does not listen or is stuck.
fn end(signal: i32, message: Signal) {
    if ENDING.swap(true, Ordering::SeqCst) {
        return end_now(signal);
    }
    // While another program has the terminal, this one takes no messages, but is not stuck.
    if !gate::is_outside() {
        hub::unless_heard(move || end_now(signal));
    }
    if !hub::tell(Event::Signal(message)) {
        end_now(signal);
    }
}

/// A closing terminal raises several hang-ups and is noticed by the watchdog as well. So a repetition is not
/// impatience, and a program that is about to leave gets time to save.
fn hang_up() {
    let asked_before = ENDING.swap(true, Ordering::SeqCst) || hub::is_lost();
    if hub::tell(Event::Signal(Signal::Hangup)) || asked_before {
        hub::end_after_grace();
    } else {
        end_now(SIGHUP);
    }
}

fn end_now(signal: i32) {
    gate::restore_within(PATIENCE);
    let _ = low_level::emulate_default_handler(signal);
}

/// Hands the terminal to the shell and stops, as the terminal itself would do it: the whole process group, so that a
/// script which started us stops with us.
///
/// The way back is [`go_on`]. Nothing is re-entered here, because this thread may run on for a moment before it stops.
fn stop() {
    if somebody_can_continue_us() {
        gate::suspend();
        let _ = rustix::process::kill_current_process_group(rustix::process::Signal::STOP);
    }
}

/// A process group that holds its session's leader has no shell above it: once stopped, it stays so.
fn somebody_can_continue_us() -> bool {
    rustix::process::getsid(None).is_ok_and(|session| session != rustix::process::getpgrp())
}

fn go_on() {
    match gate::resume() {
        Ok(true) => {
            hub::tell(Event::Signal(Signal::Continue));
        }
        Ok(false) => {}
        Err(_) => hub::lost(),
    }
}

/// Waits for the other end of the terminal to close. That usually raises SIGHUP as well, but not under `nohup`, without
/// a controlling terminal, or when a shell keeps the signal to itself.
fn watch() {
    let terminal = rustix::stdio::stdin();
    loop {
        // No flag is requested: hang-up and error are reported in any case, and keys must not wake this thread.
        let mut watched = [PollFd::new(&terminal, PollFlags::empty())];
        match poll(&mut watched, None) {
            Ok(_) if watched[0].revents().intersects(PollFlags::HUP | PollFlags::ERR) => return hub::lost(),
            Err(Errno::INTR) => {}
            // Some systems cannot poll a terminal. Then there is no watchdog.
            Ok(_) | Err(_) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_plain_control_keys_of_a_terminal_raise_signals() {
        let with = |key: char, modifiers| signal_of(KeyEvent::new(KeyCode::Char(key), modifiers));
        assert_eq!(with('z', KeyModifiers::CONTROL), Some(SIGTSTP));
        assert_eq!(with('4', KeyModifiers::CONTROL), Some(SIGQUIT));
        assert_eq!(with('z', KeyModifiers::NONE), None);
        assert_eq!(with('\\', KeyModifiers::NONE), None);
        assert_eq!(with('z', KeyModifiers::CONTROL | KeyModifiers::ALT), None);
        assert_eq!(with('c', KeyModifiers::CONTROL), None);
    }
}
