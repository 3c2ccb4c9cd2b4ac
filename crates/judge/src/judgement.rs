//! Turns the results that a program left into a verdict. The transcript is compared with the expected one here, in the
//! program that asked, and a difference is explained from the event log.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use harness::order::{Line, ProcessEnd};
use scenario::{explain::explain, panic::Panic, run::Outcome, transcript::Transcript, waits::RealTime};

use super::{
    cases::{Case, Expected},
    diagnostics::Location,
    outcome::{Ended, ended_badly, ended_early, with_place},
    play::{Played, PlayedOne},
    report::{ScenarioReport, Verdict},
};

/// An explanation reads so many records of the server's log: to know a client's rooms it goes through all that came before.
const MOST_RECORDS: usize = 4_000;

/// The verdicts on the scenarios that were started.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Judgement {
    /// The verdict over all of them.
    pub(crate) verdict: Verdict,
    pub(crate) scenarios: Vec<ScenarioReport>,
    /// What happened, if a program did not finish.
    pub(crate) message: Option<String>,
}

/// The verdict on one scenario, and how far it can be trusted.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Judged {
    pub(crate) report: ScenarioReport,
    /// What would be added to the explanation if lengths are the mistake.
    pub(crate) lengths: Option<String>,
    /// The answer's waits in real time under the virtual clock, which may then have advanced too early.
    pub(crate) waits: BTreeSet<RealTime>,
    /// Whether the explanation is made of the server's log.
    pub(crate) has_log: bool,
}

/// Judges `cases` by their results, in the same order; those that were not started are left out.
pub(crate) fn judge(cases: &[&Case], played: &Played) -> Vec<Judged> {
    cases.iter().zip(&played.scenarios).filter_map(|(case, one)| judge_one(case, one, &played.ended)).collect()
}

/// The verdict over all `of` scenarios, for a program that ended like this.
pub(crate) fn conclude(scenarios: Vec<ScenarioReport>, of: usize, ended: &Ended, printed: &str) -> Judgement {
    let message = scenarios.iter().find(|report| is_abnormal(report.verdict)).map(|report| report.explanation.clone());
    if message.is_none() && scenarios.len() < of {
        let (verdict, message) = ended_early(ended, printed);
        return Judgement { verdict, scenarios, message: Some(message) };
    }
    Judgement { verdict: overall(&scenarios), scenarios, message }
}

/// The verdict over several: the first one of a program that did not finish, else the one that all failures share, else
/// "failed".
pub(crate) fn overall(scenarios: &[ScenarioReport]) -> Verdict {
    let verdicts: Vec<_> = scenarios.iter().map(|report| report.verdict).collect();
    let mut failing = verdicts.iter().copied().filter(|verdict| *verdict != Verdict::Passed);
    if let Some(abnormal) = failing.clone().find(|verdict| is_abnormal(*verdict)) {
        return abnormal;
    }
    match failing.next() {
        // Nothing was judged, so nothing has passed.
        None if verdicts.is_empty() => Verdict::ExitedEarly,
        None => Verdict::Passed,
        Some(first) if failing.all(|verdict| verdict == first) => first,
        Some(_) => Verdict::Failed,
    }
}

/// Whether a program did not finish.
pub(crate) fn is_abnormal(verdict: Verdict) -> bool {
    match verdict {
        Verdict::TimedOut | Verdict::OutOfMemory | Verdict::Crashed | Verdict::ExitedEarly => true,
        Verdict::Passed
        | Verdict::Failed
        | Verdict::CompileError
        | Verdict::Stale
        | Verdict::Unreadable
        | Verdict::CourseError => false,
    }
}

/// The results of all scenarios of a check.
pub(crate) fn reports(mut judged: Vec<Judged>) -> Vec<ScenarioReport> {
    // Where something fails without long texts, lengths are not the mistake.
    let fails_without = |it: &Judged| it.report.verdict == Verdict::Failed && it.has_log && it.lengths.is_none();
    if judged.iter().any(fails_without) {
        for it in &mut judged {
            it.lengths = None;
        }
    }
    judged.into_iter().map(blame).collect()
}

/// Puts the answer's waits in front of the explanation of a scenario that failed.
pub(crate) fn blame(judged: Judged) -> ScenarioReport {
    let Judged { mut report, lengths, waits, has_log: _ } = judged;
    report.explanation.extend(lengths.iter().flat_map(|lengths| [" ", lengths]));
    let calls: Vec<_> = waits.iter().map(|wait| wait.call()).collect();
    if let (Verdict::Failed, Some(first)) = (report.verdict, waits.first()) {
        let (calls, advice) = (calls.join(" and "), first.advice());
        report.explanation = format!("It waits in real time: {calls}; {advice}. {}", report.explanation);
    }
    report
}

/// `program` is how the program as a whole ended. `None` if the scenario was not started.
fn judge_one(case: &Case, one: &PlayedOne, program: &Ended) -> Option<Judged> {
    let (report, lengths) = report(case, one, program)?;
    let mut waits = match &one.left.line {
        Some(Line::Played(outcome)) => outcome.waits.clone(),
        Some(Line::At(_) | Line::Panicked(_) | Line::Unplayable(_)) | None => BTreeSet::new(),
    };
    // A panic in a task is reported nowhere else.
    waits.extend(RealTime::behind(&one.printed));
    Some(Judged { report, lengths, waits, has_log: one.left.has_log() })
}

/// The report, and what is to be added to its explanation if lengths are the mistake.
fn report(case: &Case, one: &PlayedOne, program: &Ended) -> Option<(ScenarioReport, Option<String>)> {
    let line = one.left.line.as_ref()?;
    let ended = one.left.end.map_or_else(|| program.clone(), Ended::from);
    let is_good = one.left.end == Some(ProcessEnd::Exited(0));
    let report = unjudged(case, one);
    let report = match line {
        Line::Played(outcome) => {
            let mut log = one.left.log();
            log.truncate(MOST_RECORDS);
            let outcome = Outcome { log, ..outcome.as_ref().clone() };
            let (report, lengths) = compare(report, case, &outcome);
            if is_good || report.verdict != Verdict::Passed {
                return Some((report, lengths));
            }
            let (verdict, explanation) = ended_badly(&ended, &one.printed);
            ScenarioReport { verdict, explanation, ..report }
        }
        Line::Panicked(panic) => {
            let explanation = format!("your `app` panicked: {}{}", panic.message, panic.place_in_words());
            ScenarioReport { explanation, location: location(panic), ..report }
        }
        Line::Unplayable(message) => {
            ScenarioReport { verdict: Verdict::CourseError, explanation: message.clone(), ..report }
        }
        Line::At(step) => {
            let (verdict, message) = ended_early(&ended, &one.printed);
            let explanation = with_place(&message, &case.script.title, step.as_deref());
            ScenarioReport { verdict, explanation, ..report }
        }
    };
    Some((report, None))
}

fn unjudged(case: &Case, one: &PlayedOne) -> ScenarioReport {
    ScenarioReport {
        name: case.name.clone(),
        title: case.script.title.clone(),
        generated: case.is_generated,
        verdict: Verdict::Failed,
        explanation: String::new(),
        expected: None,
        actual: None,
        printed: (!one.printed.is_empty()).then(|| one.printed.clone()),
        location: None,
    }
}

/// Where the answer panicked, as a path from the workshop's root.
fn location(panic: &Panic) -> Option<Location> {
    let place = panic.place.as_ref()?;
    Some(Location { path: PathBuf::from(&place.file), line: place.line, column: place.column })
}

fn compare(mut report: ScenarioReport, case: &Case, outcome: &Outcome) -> (ScenarioReport, Option<String>) {
    let actual = outcome.transcript.to_string();
    let mut lengths = None;
    match &case.expected {
        Expected::Assertions => lengths = judge_assertions(&mut report, case, outcome),
        Expected::Snapshot { transcript: None, path } => {
            report.verdict = Verdict::CourseError;
            report.explanation = missing(path);
        }
        Expected::Snapshot { transcript: Some(expected), .. } if *expected == actual => {
            if !outcome.unmet.is_empty() {
                lengths = fail(&mut report, outcome, None);
            } else if let Some(complaint) = complaint(case, outcome) {
                report.explanation = complaint;
            } else {
                report.verdict = Verdict::Passed;
            }
        }
        Expected::Snapshot { transcript: Some(expected), .. } => {
            lengths = fail(&mut report, outcome, Some(&Transcript::parse(expected)));
            report.expected = Some(expected.clone());
        }
    }
    report.actual = Some(actual);
    (report, lengths)
}

/// Says why the scenario has failed.
fn fail(report: &mut ScenarioReport, outcome: &Outcome, expected: Option<&Transcript>) -> Option<String> {
    let explanation = explain(outcome, expected);
    report.explanation = explanation.text;
    report.location = outcome.panics.iter().find_map(|(_, panic)| location(panic));
    explanation.lengths
}

/// What is wrong with the memory of an answer that does everything else as it should.
fn complaint(case: &Case, outcome: &Outcome) -> Option<String> {
    outcome.lives.as_ref()?.complaint(case.script.memory.as_ref()?)
}

fn missing(path: &Path) -> String {
    let path = path.display();
    format!("there is no snapshot {path}; make it with INSTA_UPDATE=always cargo test -p solutions")
}

fn judge_assertions(report: &mut ScenarioReport, case: &Case, outcome: &Outcome) -> Option<String> {
    let mut lengths = None;
    if !case.script.asserts() {
        report.explanation =
            "the scenario asserts nothing: add a step with expect, expect_none, expect_ack or expect_disconnect"
                .to_owned();
    } else if outcome.unmet.is_empty() && outcome.end.is_none() {
        report.verdict = Verdict::Passed;
    } else {
        lengths = fail(report, outcome, None);
        if let Some(unmet) = outcome.unmet.first() {
            report.explanation += &format!(" (line {} of the scenario)", unmet.line);
        }
    }
    lengths
}
