//! Records verdicts and the first build, whichever step is on the screen.

use judge::report::Verdict;
use judge::{BuildError, CheckError, CheckReport};
use layout::CodeFile;

use super::super::context::Context;
use super::super::model::{Held, Model, Tone};
use crate::coursework::{self, reset, reset::ResetError};
use crate::progress::Replaced;

pub(super) fn checked(cx: &mut Context<'_>, exercise: &str, result: Result<Box<CheckReport>, CheckError>) {
    let model = &mut *cx.model;
    let report = match result {
        Ok(report) => *report,
        Err(error) => {
            model.work.reports.remove(exercise);
            model.work.failures.insert(exercise.to_owned(), error);
            return model.say(Tone::Bad, "The check could not be made; the reason is above the text.");
        }
    };
    // Then the step on the screen has it checked again.
    if report.verdict == Verdict::Stale && model.step().body.exercise_to_pass() == Some(exercise) {
        return;
    }
    model.work.failures.remove(exercise);
    coursework::check::record(&mut model.progress, &model.course, &report, model.unix_seconds);
    let tone = if report.verdict == Verdict::Passed { Tone::Good } else { Tone::Bad };
    model.say(tone, summary(&report));
    model.work.reports.insert(exercise.to_owned(), report);
    cx.save();
}

fn summary(report: &CheckReport) -> String {
    let total = report.scenarios.len();
    let passed = report.passed();
    let seconds = report.seconds;
    match report.verdict {
        Verdict::Passed => format!("Passed: {passed} of {total} scenarios, {seconds:.1} s. Press n to go on."),
        Verdict::Failed => format!("Not yet: {passed} of {total} scenarios passed, {seconds:.1} s."),
        other => format!("{}: see above the text.", crate::text::sentence_case(&other.to_string())),
    }
}

pub(super) fn prepared(model: &mut Model, built: &Result<(), BuildError>) {
    model.work.preparing = false;
    model.work.prepared = None;
    if let Err(error) = built {
        model.say(Tone::Bad, format!("The exercises cannot be built: {}", first_line(&error.to_string())));
    }
}

/// If code was replaced, the way back stays in sight until the next key.
pub(super) fn was_reset(model: &mut Model, exercise: String, result: Result<Replaced, ResetError>) {
    match result {
        Ok(Replaced::Kept(_)) => model.held = Some(Held::Reset(exercise)),
        Ok(replaced) => model.say(Tone::Good, reset::in_words(&CodeFile::of(&exercise).name(), &replaced)),
        Err(error) => model.say(Tone::Bad, first_line(&error.to_string())),
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
