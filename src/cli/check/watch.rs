//! `rtws check --watch`: the verdict at every save, without a screen.

use std::collections::BTreeSet;

use super::each::{Checks, is_passed};
use crate::{
    cli::{interrupt::interrupted, output::print_error},
    runner::{ExerciseWatcher, Package, watch::QUIET},
};

/// Checks `exercises`, and then each of them again when it is saved, until somebody asks the program to end. A save during a
/// check begins it anew. The answer is whether the last checks passed.
pub(super) async fn watch(checks: &Checks<'_>, exercises: &[String]) -> anyhow::Result<bool> {
    let mut watcher = ExerciseWatcher::start(&checks.workshop.sources(Package::Exercises), QUIET)?;
    let mut interrupted = Box::pin(interrupted());
    let mut waiting = exercises.to_vec();
    let mut failing = BTreeSet::new();
    loop {
        tokio::select! {
            result = &mut interrupted => {
                result?;
                return Ok(failing.is_empty() && waiting.is_empty());
            }
            saved = watcher.saved() => {
                let Some(saved) = saved else { return Ok(failing.is_empty()) };
                if exercises.contains(&saved) && !waiting.contains(&saved) {
                    waiting.push(saved);
                }
            }
            reports = checks.run(&waiting), if !waiting.is_empty() => {
                for report in reports? {
                    if is_passed(&report) { failing.remove(&report.id) } else { failing.insert(report.id) };
                }
                waiting.clear();
                print_error(&format!("Watching {}; Ctrl-C ends it.", exercises.join(", ")));
            }
        }
    }
}
