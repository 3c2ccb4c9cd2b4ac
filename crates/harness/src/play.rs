//! One scenario, played in this process.

use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rooms::Io;
use scenario::memory::Living;
use scenario::panic::{self, Panic};
use scenario::run::{Outcome, RunError, run_in_real_time, simulate_stepwise};
use system::live_bytes;

use crate::order::{Line, Lines, Order, Ordered, place};

/// The application under test.
pub type App = fn(&Io);

/// Plays the scenario at this place in the order, and leaves its results behind.
pub(crate) fn one(order: &Order, index: usize, folder: &Path, app: App) -> io::Result<()> {
    let place = place(folder, index);
    let ordered =
        order.scenarios.get(index).ok_or_else(|| io::Error::other(format!("there is no scenario {index}")))?;
    let lines = Mutex::new(Lines::create(&place.join("played.jsonl"))?);
    let write = |line: &Line| lines.lock().unwrap_or_else(PoisonError::into_inner).write(line);
    write(&Line::At(None))?;
    // A step that cannot be recorded is played all the same.
    let on_step = |step| drop(write(&Line::At(Some(step))));
    let played = catch_unwind(AssertUnwindSafe(|| play(ordered, order.real_time, app, &on_step)));
    let line = match played {
        Ok(Ok(mut outcome)) => {
            // Written before the last line, and to a separate file: it is read only if something has to be explained.
            let log = std::mem::take(&mut outcome.log);
            if ordered.log {
                fs::write(place.join("log.json"), serde_json::to_vec(&log)?)?;
            }
            Line::Played(Box::new(outcome))
        }
        Ok(Err(error)) => Line::Unplayable(error.to_string()),
        Err(panic) => {
            let message = panic::message(&*panic);
            Line::Panicked(panic::take().pop().unwrap_or(Panic { message, place: None }))
        }
    };
    write(&line)
}

/// The scenario is at fault, and not the answer.
#[derive(Debug, thiserror::Error)]
#[error("{}: {error}", path.display())]
struct Unplayable {
    path: PathBuf,
    error: RunError,
}

fn play(
    ordered: &Ordered,
    in_real_time: bool,
    app: App,
    on_step: &(dyn Fn(String) + Sync),
) -> Result<Outcome, Unplayable> {
    let played =
        if in_real_time { run_in_real_time(&ordered.script, app, on_step) } else { simulate(ordered, app, on_step) };
    played.map_err(|error| Unplayable { path: ordered.path.clone(), error })
}

/// Plays a script once, and many times more if it is about memory and nothing has gone wrong.
fn simulate(ordered: &Ordered, app: App, on_step: &(dyn Fn(String) + Sync)) -> Result<Outcome, RunError> {
    let script = &ordered.script;
    let mut outcome = simulate_stepwise(script, app, ordered.log.then_some(on_step))?;
    let is_good = outcome.end.is_none() && outcome.waits.is_empty();
    if let Some(memory) = script.memory.as_ref().filter(|_| is_good) {
        outcome.lives = Living { script, memory, on_step, live_bytes }.play(ordered.repetitions, app)?;
    }
    Ok(outcome)
}
