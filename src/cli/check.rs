//! `rtws check`: the verdicts without a screen.

use std::process::ExitCode;

use scenario::report::Verdict;
use serde::Serialize;

use super::{
    Context, NOT_PASSED, PASSED, StatusLine,
    check_text::{progress_text, report_text, summary},
    interrupt::{Interrupted, interrupted},
    print, print_json,
    session::Session,
};
use crate::runner::{CheckReport, Package, Workshop, check};

/// Build and run exercises, and say what passed
///
/// Each exercise runs against its scenarios, and a failing one says why. What passes is remembered, as in
/// `rtws learn`. The exit code is 0 if everything passed and 1 if not.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(after_help = "Examples:
  rtws check                     the exercise that you are at
  rtws check join-project        this one
  rtws check --all --json        all of them, for a program to read")]
pub struct Args {
    /// The exercises to check; without any, the one that you are at
    #[arg(value_name = "EXERCISE", conflicts_with = "all")]
    exercises: Vec<String>,
    /// Check every exercise of the course
    #[arg(long)]
    all: bool,
    /// Check the solutions in place of your code; nothing is remembered
    #[arg(long)]
    solutions: bool,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    exercises: &'a [CheckReport],
}

/// Checks what `args` names.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<ExitCode> {
    let session = Session::open(context)?;
    let exercises = chosen(args, &session)?;
    if exercises.is_empty() && !args.json {
        print("Every exercise has passed. Name one to check it again, or use --all.")?;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let reports = runtime.block_on(async {
        tokio::select! {
            reports = check_each(args, context, &session, &exercises) => reports,
            result = interrupted() => Err(result.map_or_else(Into::into, |()| Interrupted.into())),
        }
    })?;
    if args.json {
        print_json(&Document { schema: 1, exercises: &reports })?;
    } else if let Some(summary) = summary(&reports, context.ui) {
        print(&format!("\n{summary}"))?;
    }
    let all_passed = reports.iter().all(is_passed);
    Ok(ExitCode::from(if all_passed { PASSED } else { NOT_PASSED }))
}

/// The ids to check, each once, in the order in which they were named.
fn chosen(args: &Args, session: &Session<'_>) -> anyhow::Result<Vec<String>> {
    if args.all {
        return Ok(session.all().map(str::to_owned).collect());
    }
    if args.exercises.is_empty() {
        return Ok(session.next().map(str::to_owned).into_iter().collect());
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

async fn check_each(
    args: &Args,
    context: &Context,
    session: &Session<'_>,
    exercises: &[String],
) -> anyhow::Result<Vec<CheckReport>> {
    let workshop = Workshop::at(&context.root);
    let package = if args.solutions { Package::Solutions } else { Package::Exercises };
    let mut reports = Vec::new();
    for exercise in exercises {
        let status = StatusLine::new(context.ui);
        let on_progress = |progress| status.show(&progress_text(exercise, &progress));
        let report = check(&workshop, package, exercise, &on_progress).await?;
        drop(status);
        if !args.solutions {
            record(session, &report);
        }
        if !args.json {
            if !reports.is_empty() {
                print("")?;
            }
            print(&report_text(&report, context.ui))?;
            if let Some(advice) = advice(args, session, &report) {
                print(&advice)?;
            }
        }
        reports.push(report);
    }
    Ok(reports)
}

/// A stale report is about no text that exists any more.
fn record(session: &Session<'_>, report: &CheckReport) {
    if report.verdict == Verdict::Stale {
        return;
    }
    session.change(|progress, now| {
        progress.attempted(&report.id);
        if is_passed(report) {
            progress.passed(&report.id, &report.code, now);
            for step in session.steps_to_pass(&report.id) {
                progress.finish(&step, now);
            }
        }
    });
}

/// What to type next, below an exercise that failed. Anything else than failing says itself what to look at.
fn advice(args: &Args, session: &Session<'_>, report: &CheckReport) -> Option<String> {
    let has_hints = session.exercise(Some(&report.id)).is_ok_and(|exercise| !exercise.hints.is_empty());
    let is_wanted = report.verdict == Verdict::Failed && has_hints && !args.solutions;
    is_wanted.then(|| format!("\n  `rtws hint {}` gives a hint.", report.id))
}

fn is_passed(report: &CheckReport) -> bool {
    report.verdict == Verdict::Passed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{cli::session::tests::Learner, runner::fixture::PASSES};

    async fn check_with(args: Args, learner: &Learner) -> Vec<CheckReport> {
        let context = learner.context();
        let session = Session::open(&context).unwrap();
        let exercises = chosen(&args, &session).unwrap();
        check_each(&args, &context, &session, &exercises).await.unwrap()
    }

    fn json(exercises: &[&str]) -> Args {
        Args { exercises: exercises.iter().map(|id| (*id).to_owned()).collect(), json: true, ..Args::default() }
    }

    #[tokio::test]
    async fn attempts_and_the_pass_are_recorded_and_the_step_is_done() {
        let learner = Learner::new("pub fn app() -> bool { false }");
        let reports = check_with(json(&["first"]), &learner).await;
        assert_eq!(reports[0].verdict, Verdict::Failed);
        assert_eq!(learner.progress().exercise("first").attempts, 1);
        assert!(!learner.progress().has_passed("first"));

        learner.fixture.write("exercises/src/first.rs", PASSES);
        check_with(json(&[]), &learner).await;
        let progress = learner.progress();
        assert_eq!(progress.exercise("first").attempts, 2);
        assert!(progress.passed_with("first", PASSES));
        assert_eq!(progress.step_state("welcome/solve"), crate::progress::StepState::Done);
    }

    #[tokio::test]
    async fn the_document_has_the_promised_shape() {
        let learner = Learner::new("pub fn app() -> bool { false }");
        let reports = check_with(json(&["first"]), &learner).await;
        let document = serde_json::to_value(Document { schema: 1, exercises: &reports }).unwrap();
        assert_eq!(document["schema"], 1);
        let exercise = &document["exercises"][0];
        assert_eq!((&exercise["id"], &exercise["verdict"]), (&"first".into(), &"failed".into()));
        assert!(exercise["seconds"].is_f64());
        let scenario = &exercise["scenarios"][0];
        assert_eq!((&scenario["verdict"], &scenario["explanation"]), (&"failed".into(), &"because".into()));
    }

    #[test]
    fn an_exercise_is_chosen_once_and_must_exist() {
        let learner = Learner::new("");
        let context = learner.context();
        let session = Session::open(&context).unwrap();
        assert_eq!(chosen(&json(&["second", "first", "second"]), &session).unwrap(), ["second", "first"]);
        assert_eq!(chosen(&Args { all: true, ..Args::default() }, &session).unwrap(), ["first", "second"]);
        let error = chosen(&json(&["frist"]), &session).unwrap_err();
        assert!(error.downcast_ref::<crate::cli::Usage>().is_some());
        assert!(error.to_string().contains("did you mean `first`"), "{error}");
    }
}
