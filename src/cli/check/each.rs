//! Runs several checks, and prints each in its turn.

use std::{cell::RefCell, pin::pin};

use futures_util::{StreamExt as _, stream};
use judge::report::Verdict;
use judge::{CheckReport, Package, Workshop, check, checks_at_a_time};
use serde::Serialize;

use super::{
    args::Args,
    overview::Overview,
    text::{report_text, summary},
};
use crate::{
    cli::{Ui, exit::explain, output::print_error, print, session::Session},
    coursework,
    progress::Progress,
};

/// The JSON document for programs.
#[derive(Serialize)]
pub(super) struct Document<'a> {
    schema: u32,
    exercises: &'a [CheckReport],
    /// Why not everything requested was checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl<'a> Document<'a> {
    pub(super) fn of(exercises: &'a [CheckReport], error: Option<&anyhow::Error>) -> Self {
        Self { schema: 1, exercises, error: error.map(explain) }
    }
}

/// Runs checks, and prints their results.
pub(super) struct Checks<'a> {
    pub(super) args: &'a Args,
    pub(super) session: &'a Session<'a>,
    pub(super) workshop: Workshop,
    pub(super) ui: Ui,
}

impl Checks<'_> {
    /// Checks these exercises, as many at the same time as the machine can take, and prints each report in its turn.
    pub(super) async fn run(&self, exercises: &[String], reports: &RefCell<Vec<CheckReport>>) -> anyhow::Result<()> {
        let package = if self.args.solutions { Package::Solutions } else { Package::Exercises };
        let progress = Overview::new(exercises.len(), self.ui);
        if exercises.len() > 1 {
            // The libraries that all of them link are built once, before the exercises are compiled side by side.
            judge::prepare(&self.workshop, &|it| progress.show("all", &it)).await?;
        }
        let check_one = async |exercise: &String| {
            let report = check(&self.workshop, package, exercise, &|it| progress.show(exercise, &it)).await;
            progress.one_more();
            report
        };
        let mut checks = pin!(stream::iter(exercises).map(check_one).buffered(checks_at_a_time()));
        while let Some(report) = checks.next().await {
            let report = report?;
            progress.clear();
            if !self.args.solutions {
                record(self.session, &report);
            }
            let is_first = reports.borrow().is_empty();
            self.print(&report, is_first)?;
            reports.borrow_mut().push(report);
        }
        self.print_all(&reports.borrow())
    }

    fn print(&self, report: &CheckReport, is_first: bool) -> anyhow::Result<()> {
        if self.args.json {
            return Ok(());
        }
        if !is_first {
            print("")?;
        }
        print(&report_text(report, self.ui))?;
        advice(self.args, self.session, report).map_or(Ok(()), |advice| print(&advice))
    }

    /// A program that reads the output gets a document here as well.
    pub(super) fn print_failure(&self, error: &anyhow::Error) -> anyhow::Result<()> {
        let document = Document::of(&[], Some(error));
        if self.args.json { print(&serde_json::to_string(&document)?) } else { Ok(()) }
    }

    fn print_all(&self, reports: &[CheckReport]) -> anyhow::Result<()> {
        match (self.args.json, self.args.watch) {
            (true, true) => print(&serde_json::to_string(&Document::of(reports, None))?),
            // The one document comes when everything is over.
            (true, false) => Ok(()),
            (false, _) => summary(reports, self.ui).map_or(Ok(()), |summary| print(&format!("\n{summary}"))),
        }
    }
}

/// Whether nothing is left to do.
pub(super) fn all_passed(reports: &[CheckReport]) -> bool {
    reports.iter().all(is_passed)
}

fn record(session: &Session<'_>, report: &CheckReport) {
    if !coursework::check::counts(report) {
        return;
    }
    let record = |progress: &mut Progress, now| coursework::check::record(progress, &session.course, report, now);
    let recorded = session.change(record);
    // There is a verdict, as requested.
    if let Err(error) = recorded {
        print_error(&format!("warning: {error}"));
    }
}

/// What to type next, below an exercise that failed. Other verdicts say themselves what to look at.
fn advice(args: &Args, session: &Session<'_>, report: &CheckReport) -> Option<String> {
    let has_hints = session.exercise(Some(&report.id)).is_ok_and(|exercise| !exercise.hints.is_empty());
    let is_wanted = report.verdict == Verdict::Failed && has_hints && !args.solutions;
    is_wanted.then(|| format!("\n  `rtws hint {}` gives a hint.", report.id))
}

/// Whether nothing is left to do for this one.
pub(super) fn is_passed(report: &CheckReport) -> bool {
    report.verdict == Verdict::Passed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::session::tests::{FAILS, Learner, PASSES};

    async fn run(args: Args, exercises: &[&str], learner: &Learner) -> Vec<CheckReport> {
        let context = learner.context();
        let session = Session::open(&context).unwrap();
        let workshop = Workshop::at(&context.root);
        let checks = Checks { args: &Args { json: true, ..args }, session: &session, workshop, ui: context.ui };
        let exercises: Vec<_> = exercises.iter().map(|id| (*id).to_owned()).collect();
        let reports = RefCell::default();
        checks.run(&exercises, &reports).await.unwrap();
        reports.into_inner()
    }

    #[tokio::test]
    async fn attempts_and_the_pass_are_recorded_and_the_step_is_done() {
        let learner = Learner::new(FAILS);
        let reports = run(Args::default(), &["first"], &learner).await;
        assert_eq!(reports[0].verdict, Verdict::Failed);
        assert_eq!(learner.progress().exercise("first").attempts, 1);
        assert!(!learner.progress().has_passed("first"));

        learner.write("exercises/src/first.rs", PASSES);
        run(Args::default(), &["first"], &learner).await;
        let progress = learner.progress();
        assert_eq!(progress.exercise("first").attempts, 2);
        assert!(progress.passed_with("first", PASSES));
        assert_eq!(progress.step_state("welcome/solve"), crate::progress::StepState::Done);
    }

    #[tokio::test]
    async fn the_document_has_the_promised_shape() {
        let learner = Learner::new(FAILS);
        let reports = run(Args::default(), &["first"], &learner).await;
        let document = serde_json::to_value(Document::of(&reports, None)).unwrap();
        assert_eq!(document["schema"], 1);
        let exercise = &document["exercises"][0];
        assert_eq!((&exercise["id"], &exercise["verdict"]), (&"first".into(), &"failed".into()));
        assert!(exercise["seconds"].is_f64());
        let scenario = &exercise["scenarios"][0];
        assert_eq!((&scenario["name"], &scenario["verdict"]), (&"only".into(), &"failed".into()));
        assert!(scenario["explanation"].as_str().unwrap().contains("ann should receive hello"), "{scenario}");
        assert!(document.get("error").is_none());
        let stopped = serde_json::to_value(Document::of(&reports, Some(&anyhow::anyhow!("why")))).unwrap();
        assert_eq!((&stopped["error"], stopped["exercises"].as_array().unwrap().len()), (&"error: why".into(), 1));
    }

    #[tokio::test]
    async fn one_of_several_that_does_not_compile_affects_no_other() {
        let learner = Learner::new(PASSES);
        for (second, verdict) in [("pub fn app() {", Verdict::CompileError), ("\u{0}", Verdict::CompileError)] {
            learner.write("exercises/src/second.rs", second);
            let reports = run(Args::default(), &["second", "first"], &learner).await;
            let verdicts: Vec<_> = reports.iter().map(|report| (report.id.as_str(), report.verdict)).collect();
            assert_eq!(verdicts, [("second", verdict), ("first", Verdict::Passed)]);
        }
    }
}
