//! What takes a build to find out about a lesson: whether its answers, bugs and shows do what they should.
//!
//! | file | tries |
//! |---|---|
//! | `answers` | starters, solutions, right and wrong answers of an exercise |
//! | `bugs` | bugs, each with its proof |
//! | `shows` | shows, each on its own server |
//! | `subject` | a lesson that is tried, and what is said about it |
//! | `format` | whether rustfmt would change a file |

mod answers;
mod bugs;
mod format;
mod shows;
mod subject;

use futures_util::{StreamExt as _, stream};
use judge::{Workshop, checks_at_a_time};

use crate::course::{Diagnostic, Lesson};
pub use subject::FullError;
use subject::{Subject, Trial};

/// How many things were tried, of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tried {
    /// So many are done.
    pub done: usize,
    /// So many there are.
    pub of: usize,
}

/// Tries everything in these lessons, as many things at the same time as the machine can take.
///
/// # Errors
///
/// If something has no verdict, through no fault of the lessons.
pub async fn check(
    workshop: &Workshop,
    lessons: &[&Lesson],
    on_progress: &(dyn Fn(Tried) + Sync),
) -> Result<Vec<Diagnostic>, FullError> {
    judge::prepare(workshop, &|_| {}).await?;
    let subjects: Vec<_> = lessons.iter().map(|lesson| Subject { workshop, lesson }).collect();
    let trials: Vec<_> = subjects.iter().flat_map(trials).collect();
    let mut tried = Tried { done: 0, of: trials.len() };
    on_progress(tried);
    let mut running = stream::iter(trials).buffered(checks_at_a_time());
    let mut found = Vec::new();
    while let Some(result) = running.next().await {
        found.extend(result?);
        tried.done += 1;
        on_progress(tried);
    }
    found.sort_by(|a, b| (&a.path, a.line, a.column).cmp(&(&b.path, b.line, b.column)));
    Ok(found)
}

fn trials<'a>(subject: &'a Subject<'_>) -> Vec<Trial<'a>> {
    let mut trials = answers::trials(subject);
    trials.extend(bugs::trials(subject));
    trials.extend(shows::trials(subject));
    trials
}
