//! Passes on events that are not keys: signals, and the end of the terminal.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use std::{process, thread};

use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

use super::event::Event;

/// How long a program may go on after its terminal is gone. Crossterm's reader spins on a dead terminal while it holds
/// its own lock, and cannot be stopped, so only the end of the process ends it.
const GRACE: Duration = Duration::from_secs(3);

/// The exit code of a program that did not leave in time: the machine failed.
const EXIT_LOST: i32 = 3;

/// How long a program may be busy with something else when it is asked to end.
const BUSY: Duration = Duration::from_secs(1);

/// How much longer a program may take that is already leaving. A disk can be slow, and has its own limit in the program.
const LEAVING: Duration = Duration::from_secs(10);

static IS_LEAVING: AtomicBool = AtomicBool::new(false);
static HEARD: AtomicBool = AtomicBool::new(false);
static LISTENER: Mutex<Option<UnboundedSender<Event>>> = Mutex::new(None);
static LOST: AtomicBool = AtomicBool::new(false);

/// Makes the caller the receiver of all messages.
pub(super) fn subscribe() -> UnboundedReceiver<Event> {
    let (sender, receiver) = mpsc::unbounded_channel();
    if is_lost() {
        let _ = sender.send(Event::Lost);
    }
    *LISTENER.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender);
    IS_LEAVING.store(false, Ordering::SeqCst);
    receiver
}

/// Sends a message; returns whether there is a receiver.
pub(super) fn tell(event: Event) -> bool {
    let listener = LISTENER.lock().unwrap_or_else(PoisonError::into_inner);
    listener.as_ref().is_some_and(|sender| sender.send(event).is_ok())
}

/// The program has taken a message.
pub(super) fn heard() {
    HEARD.store(true, Ordering::SeqCst);
}

/// The program takes no more messages, because it saves and leaves.
pub(super) fn leaving() {
    IS_LEAVING.store(true, Ordering::SeqCst);
}

/// Calls `otherwise` after a while if the program has taken no message until then, because it is stuck, in a frame for
/// example. A program that is leaving gets more time.
pub(super) fn unless_heard(otherwise: impl FnOnce() + Send + 'static) {
    HEARD.store(false, Ordering::SeqCst);
    let unheard = || !HEARD.load(Ordering::SeqCst);
    let wait = move || {
        thread::sleep(BUSY);
        if unheard() && IS_LEAVING.load(Ordering::SeqCst) {
            thread::sleep(LEAVING);
        }
        if unheard() {
            otherwise();
        }
    };
    // Without this thread, a second signal does the same.
    let _ = thread::Builder::new().name("busy".to_owned()).spawn(wait);
}

/// Reports, once, that the terminal is gone, and ends the process if the program does not leave.
pub(super) fn lost() {
    if !LOST.swap(true, Ordering::SeqCst) {
        tell(Event::Lost);
        end_after_grace();
    }
}

/// Ends the process after a while. For cases in which the user cannot ask a second time, because the terminal is gone.
pub(super) fn end_after_grace() {
    let end = || {
        thread::sleep(GRACE);
        process::exit(EXIT_LOST);
    };
    if thread::Builder::new().name("grace".to_owned()).spawn(end).is_err() {
        process::exit(EXIT_LOST);
    }
}

pub(super) fn is_lost() -> bool {
    LOST.load(Ordering::SeqCst)
}
