//! `rtws check --watch`: the verdict at every save, without a screen.

use std::{
    cell::RefCell,
    collections::BTreeSet,
    future,
    pin::{Pin, pin},
};

use judge::{CheckReport, Package};

use super::each::{Checks, is_passed};
use crate::{
    cli::{Closed, exit::explain, output::print_error},
    watch::{ExerciseWatcher, QUIET},
};

type Running<'a> = Pin<Box<dyn Future<Output = anyhow::Result<Vec<CheckReport>>> + 'a>>;

/// Checks `exercises`, and then each of them again when it is saved, until the program is asked to end. A save during a
/// check restarts that check. Returns whether the last checks passed.
pub(super) async fn watch(
    checks: &Checks<'_>,
    exercises: &[String],
    interrupted: impl Future<Output = ()>,
) -> anyhow::Result<bool> {
    let mut watcher = ExerciseWatcher::start(&checks.workshop.layout.sources(Package::Exercises), QUIET)?;
    let mut interrupted = pin!(interrupted);
    let mut failing: BTreeSet<String> = exercises.iter().cloned().collect();
    let mut waiting = exercises.to_vec();
    let mut running = run(checks, waiting.clone());
    loop {
        tokio::select! {
            () = &mut interrupted => return Ok(failing.is_empty()),
            saved = watcher.saved() => {
                let Some(saved) = saved else { return Ok(failing.is_empty()) };
                if exercises.contains(&saved) {
                    failing.insert(saved.clone());
                    if !waiting.contains(&saved) {
                        waiting.push(saved);
                    }
                    running = run(checks, waiting.clone());
                }
            }
            reports = &mut running => {
                take_note(checks, reports, &mut failing)?;
                waiting.clear();
                running = Box::pin(future::pending());
                print_error(&format!("Watching {}; Ctrl-C ends it.", exercises.join(", ")));
            }
        }
    }
}

fn run<'a>(checks: &'a Checks<'_>, exercises: Vec<String>) -> Running<'a> {
    Box::pin(async move {
        let reports = RefCell::default();
        checks.run(&exercises, &reports).await?;
        Ok(reports.into_inner())
    })
}

/// A build that cannot be made is reported, and the next save may fix it. Without a reader there is no point in going
/// on.
fn take_note(
    checks: &Checks<'_>,
    reports: anyhow::Result<Vec<CheckReport>>,
    failing: &mut BTreeSet<String>,
) -> anyhow::Result<()> {
    match reports {
        Ok(reports) => {
            for report in reports.iter().filter(|report| is_passed(report)) {
                failing.remove(&report.id);
            }
        }
        Err(error) if error.is::<Closed>() => return Err(error),
        Err(error) => {
            print_error(&explain(&error));
            checks.print_failure(&error)?;
        }
    }
    Ok(())
}
