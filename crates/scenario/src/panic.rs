//! Panics in the application's code: their messages, and their places.

use std::any::Any;
use std::backtrace::Backtrace;
use std::panic::{PanicHookInfo, set_hook, take_hook};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use serde::{Deserialize, Serialize};

/// More panics than this tell nothing new.
const MOST: usize = 8;

/// More of a message, in characters, than anybody reads.
const LONGEST: usize = 1000;

/// The panics since they were last taken.
static SEEN: Mutex<Vec<Panic>> = Mutex::new(Vec::new());

/// A panic, in whichever task or thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Panic {
    /// What it says.
    pub message: String,
    /// The place in the watched file, or from where in it the panic was called; `None` if that is unknown.
    pub place: Option<Place>,
}

/// A place in the watched file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The file, as the compiler was told it.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

impl Panic {
    /// The place in parentheses, as the end of a sentence; empty if it is unknown.
    pub fn place_in_words(&self) -> String {
        let place = self.place.as_ref();
        place.map(|Place { file, line, column }| format!(" ({file}:{line}:{column})")).unwrap_or_default()
    }
}

/// The message of a panic; empty if that is not a text.
pub fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
}

/// Notes the panics of this process from now on; they are still printed. `file` is the file of the application, as the
/// compiler was told it.
pub fn watch(file: &'static str) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let printing = take_hook();
        set_hook(Box::new(move |info| {
            printing(info);
            note(info, file);
        }));
    });
}

/// The panics since the last call, at most the first few of them; none unless they are [watched](watch).
pub fn take() -> Vec<Panic> {
    std::mem::take(&mut *seen())
}

fn seen() -> MutexGuard<'static, Vec<Panic>> {
    SEEN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn note(info: &PanicHookInfo<'_>, file: &str) {
    if seen().len() >= MOST {
        return;
    }
    let message = message(info.payload()).chars().take(LONGEST).collect();
    let at = info.location().filter(|at| at.file() == file);
    let place = at.map(|at| Place { file: file.to_owned(), line: at.line(), column: at.column() });
    // Only a panic in a library needs a backtrace, which takes its time.
    let place = place.or_else(|| caller(&Backtrace::force_capture().to_string(), file));
    seen().push(Panic { message, place });
}

/// The first line `at FILE:LINE:COLUMN` of a backtrace that is about this file.
fn caller(backtrace: &str, file: &str) -> Option<Place> {
    backtrace.lines().find_map(|line| {
        let mut parts = line.trim().strip_prefix("at ")?.rsplitn(3, ':');
        let (column, line) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        Path::new(parts.next()?).ends_with(file).then(|| Place { file: file.to_owned(), line, column })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caller_of_a_library_is_found_in_a_backtrace() {
        let backtrace = "   0: std::panicking\n             at /rustc/abc/library/core/src/time.rs:1:2\n\
            \x20  7: board::app\n             at ./exercises/src/board.rs:12:9\n   8: main\n";
        let expected = Place { file: "src/board.rs".into(), line: 12, column: 9 };
        assert_eq!(caller(backtrace, "src/board.rs"), Some(expected));
        assert_eq!(caller(backtrace, "src/greet.rs"), None);
    }
}
