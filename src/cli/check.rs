//! `rtws check`: the verdicts without a screen.

mod args;
mod deep;
mod each;
mod overview;
mod text;
mod watch;

use std::{cell::RefCell, process::ExitCode};

use judge::{CheckReport, Workshop};

pub use self::args::Args;
use self::each::{Checks, Document};
use anyhow::anyhow;

use super::{
    Context, NOT_PASSED, PASSED, Usage,
    interrupt::{Interrupted, interrupted},
    print, print_json,
    session::Session,
};

/// Checks what `args` names, in the workshop of `context`, if there is one.
pub fn run(args: &Args, context: anyhow::Result<Context>) -> anyhow::Result<ExitCode> {
    let reports = RefCell::default();
    let checked = context.and_then(|context| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(check(args, &context, &reports))
    });
    // A program that reads the output gets a whole document, however the check ended; with --watch one a line.
    match (args.json, args.watch, &checked) {
        (true, false, _) => print_json(&Document::of(&reports.borrow(), checked.as_ref().err()))?,
        (true, true, Err(error)) => print(&serde_json::to_string(&Document::of(&[], Some(error)))?)?,
        (true, true, Ok(_)) | (false, _, _) => {}
    }
    Ok(ExitCode::from(if checked? { PASSED } else { NOT_PASSED }))
}

/// Whether everything has passed. If the check ends early, `reports` has the earlier results.
async fn check(args: &Args, context: &Context, reports: &RefCell<Vec<CheckReport>>) -> anyhow::Result<bool> {
    // Before anything else, so that no phase ends without a word.
    let interrupted = interrupted()?;
    let session = Session::open(context)?;
    let exercises = chosen(args, &session)?;
    if exercises.is_empty() && !args.json && session.course.closed().is_none() {
        print("Every exercise has passed. Name one to check it again, or use --all.")?;
    }
    let mut workshop = Workshop::at(&context.root);
    if exercises.len() > 1 {
        // They are checked at the same time.
        workshop.scenarios_at_a_time = 1;
    }
    let checks = Checks { args, session: &session, workshop, ui: context.ui };
    if args.watch {
        return watch::watch(&checks, &exercises, interrupted).await;
    }
    if args.save.is_some() && exercises.len() != 1 {
        return Err(Usage("--save keeps the script of one exercise; name that one".to_owned()).into());
    }
    let work = async {
        checks.run(&exercises, reports).await?;
        let all_passed = match args.deep {
            Some(scripts) => all_deep(&checks, scripts, reports).await?,
            None => each::all_passed(&reports.borrow()),
        };
        match session.course.closed().filter(|_| args.exercises.is_empty()) {
            // Nobody named the others, so nobody would miss those of a lesson that is closed.
            Some(closed) => Err(anyhow!(closed)),
            None => Ok(all_passed),
        }
    };
    tokio::select! {
        result = work => result,
        () = interrupted => Err(Interrupted.into()),
    }
}

/// Plays generated scripts against each exercise that has passed. Whether all have, and none of the scripts fails.
async fn all_deep(checks: &Checks<'_>, scripts: u64, reports: &RefCell<Vec<CheckReport>>) -> anyhow::Result<bool> {
    let workshop = Workshop::at(checks.workshop.layout.root());
    let reports: Vec<_> = reports.borrow().iter().map(|report| (report.id.clone(), each::is_passed(report))).collect();
    let mut is_good = true;
    for (exercise, has_passed) in reports {
        if has_passed {
            is_good &= deep::check_deep(checks.args, &workshop, &exercise, scripts, checks.ui).await?;
        } else {
            print(&format!("{exercise}: no generated scripts are played until the check passes."))?;
            is_good = false;
        }
    }
    Ok(is_good)
}

/// The ids to check, each once, in the order in which they were named.
fn chosen(args: &Args, session: &Session<'_>) -> anyhow::Result<Vec<String>> {
    if args.all {
        return Ok(session.all().map(str::to_owned).collect());
    }
    if args.exercises.is_empty() {
        let next = session.next().map(str::to_owned);
        // A learner who watches when everything is done may go on with any of them.
        return Ok(if next.is_none() && args.watch {
            session.all().map(str::to_owned).collect()
        } else {
            next.into_iter().collect()
        });
    }
    let mut chosen: Vec<String> = Vec::new();
    for id in &args.exercises {
        let exercise = session.exercise(Some(id))?;
        if !chosen.contains(&exercise.id) {
            chosen.push(exercise.id.clone());
        }
    }
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::session::tests::Learner;

    #[test]
    fn an_exercise_is_chosen_once_and_must_exist() {
        let learner = Learner::new("");
        let context = learner.context();
        let session = Session::open(&context).unwrap();
        let named = |exercises: &[&str]| Args {
            exercises: exercises.iter().map(|id| (*id).to_owned()).collect(),
            ..Args::default()
        };
        assert_eq!(chosen(&named(&["second", "first", "second"]), &session).unwrap(), ["second", "first"]);
        assert_eq!(chosen(&Args { all: true, ..Args::default() }, &session).unwrap(), ["first", "second"]);
        let error = chosen(&named(&["frist"]), &session).unwrap_err();
        assert!(error.downcast_ref::<crate::cli::Usage>().is_some());
        assert!(error.to_string().contains("did you mean `first`"), "{error}");
    }
}
