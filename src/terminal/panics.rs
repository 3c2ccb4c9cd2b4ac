//! The panic hook for the time in which the terminal is entered.

use std::panic::{self, PanicHookInfo};
use std::process;
use std::sync::{Mutex, Once, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use super::gate;

/// The exit code after a panic on another thread than the guard's: the tool failed, not the learner's code.
pub const EXIT_PANIC: u8 = 3;

/// How long a report waits for a terminal that another thread is still writing to.
const PATIENCE: Duration = Duration::from_secs(1);

/// It is not behind the gate's lock, which a thread may hold in a write that never ends.
static OWNER: Mutex<Option<ThreadId>> = Mutex::new(None);
static CAUGHT: Mutex<fn() -> bool> = Mutex::new(nobody);

fn nobody() -> bool {
    false
}

/// Makes the current thread the owner of the terminal; false if it has one.
pub(super) fn claim() -> bool {
    let mut owner = OWNER.lock().unwrap_or_else(PoisonError::into_inner);
    if owner.is_some() {
        return false;
    }
    *owner = Some(thread::current().id());
    true
}

/// Ends the ownership, and with it the effect of the hook.
pub(super) fn release() {
    *OWNER.lock().unwrap_or_else(PoisonError::into_inner) = None;
    spare(nobody);
}

pub(super) fn spare(caught: fn() -> bool) {
    *CAUGHT.lock().unwrap_or_else(PoisonError::into_inner) = caught;
}

/// Installs the hook, once: it stays and does nothing while nobody owns the terminal, because a hook cannot be removed
/// while its thread panics.
pub(super) fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let report = panic::take_hook();
        panic::set_hook(Box::new(move |info| on_panic(info, &report)));
    });
}

fn on_panic(info: &PanicHookInfo<'_>, report: &dyn Fn(&PanicHookInfo<'_>)) {
    let owner = *OWNER.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(owner) = owner else {
        return report(info);
    };
    let caught = *CAUGHT.lock().unwrap_or_else(PoisonError::into_inner);
    if caught() {
        return;
    }
    gate::restore_within(PATIENCE);
    report(info);
    if thread::current().id() != owner {
        process::exit(i32::from(EXIT_PANIC));
    }
}
