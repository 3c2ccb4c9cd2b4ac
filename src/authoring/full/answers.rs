//! The answers to an exercise, each of which has to do what its author says.

use std::path::{Path, PathBuf};

use futures_util::FutureExt as _;
use judge::mistakes::{self, Wrong};
use judge::report::Verdict;
use judge::source;
use judge::variants::{mistake_in, problem_of_right, problem_of_wrong};
use judge::{CheckReport, Scenarios, Subject as Answer, check_text};
use layout::{CodeFile, Package};

use super::format;
use super::subject::{FullError, Subject, Trial, first_failure, why};
use crate::course::{Code, Diagnostic, Exercise};

pub(super) fn trials<'a>(subject: &'a Subject<'_>) -> Vec<Trial<'a>> {
    subject.lesson.exercises.iter().flat_map(|exercise| of_exercise(subject, exercise)).collect()
}

fn of_exercise<'a>(subject: &'a Subject<'_>, exercise: &'a Exercise) -> Vec<Trial<'a>> {
    let layout = &subject.workshop.layout;
    let mut trials = vec![starter(subject, exercise).boxed(), solution(subject, exercise).boxed()];
    for path in layout.right().files(&exercise.id) {
        trials.push(right(subject, exercise, layout.from_root(&path).to_owned()).boxed());
    }
    for path in layout.wrong().files(&exercise.id) {
        trials.push(wrong_file(subject, exercise, layout.from_root(&path).to_owned()).boxed());
    }
    for wrong in mistakes::of(layout, &exercise.id) {
        trials.push(mistake(subject, exercise, wrong).boxed());
    }
    trials
}

impl Subject<'_> {
    /// The verdict on the text of a file; nothing for a file that cannot be read, which has been reported.
    async fn judge(&self, exercise: &str, file: &Path, text: &str) -> Result<CheckReport, FullError> {
        let answer = Answer { file, exercise };
        Ok(check_text(self.workshop, answer, text, Scenarios::All, &|_| {}).await?)
    }

    fn text(&self, file: &Path) -> Option<String> {
        source::read(&self.workshop.layout.root().join(file)).ok()
    }

    /// An error at the place that a check names.
    fn error_at(&self, file: &Path, report: &CheckReport, code: Code, message: impl Into<String>) -> Diagnostic {
        let mut diagnostic = self.error(file, code, message);
        if let Some(location) = &report.location {
            // The code of another file may be included.
            diagnostic.path = self.workshop.layout.from_root(&location.path).to_owned();
            (diagnostic.line, diagnostic.column) = (location.line as usize, location.column as usize);
        }
        diagnostic
    }
}

/// Whether a scenario is at fault, or there is none. The quick part of the lint says so, and no answer is to blame.
fn is_of_the_course(report: &CheckReport) -> bool {
    report.verdict == Verdict::CourseError
        || first_failure(report).is_some_and(|scenario| scenario.verdict == Verdict::CourseError)
}

/// A starter compiles and fails, and for the reason that its author has declared.
async fn starter(subject: &Subject<'_>, exercise: &Exercise) -> Result<Vec<Diagnostic>, FullError> {
    let file = subject.lesson.folder.starter(CodeFile::of(&exercise.id));
    let file = subject.workshop.layout.from_root(&file);
    let Some(text) = subject.text(file) else { return Ok(Vec::new()) };
    let report = subject.judge(&exercise.id, file, &text).await?;
    if is_of_the_course(&report) {
        return Ok(Vec::new());
    }
    let mut found = match report.verdict {
        Verdict::Failed if report.scenarios.iter().all(|scenario| scenario.location.is_none()) => Vec::new(),
        Verdict::Passed => vec![subject.error(file, Code::StarterPasses, "this starter passes all scenarios already")],
        Verdict::CompileError => {
            let message = format!("this starter does not compile\n{}", why(&report));
            vec![subject.error_at(file, &report, Code::DoesNotCompile, message)]
        }
        Verdict::Failed
        | Verdict::TimedOut
        | Verdict::OutOfMemory
        | Verdict::Crashed
        | Verdict::ExitedEarly
        | Verdict::Stale
        | Verdict::Unreadable
        | Verdict::CourseError => {
            let message = format!("this starter panics, or ends otherwise: {}\n{}", report.verdict, why(&report));
            vec![subject.error_at(file, &report, Code::StarterBreaks, message)]
        }
    };
    if let (Verdict::Failed, Some(declared)) = (report.verdict, &exercise.starter_fails) {
        found.extend(other_reason(subject, file, &report, declared));
    }
    found.extend(format::changed(subject, file));
    Ok(found)
}

fn other_reason(subject: &Subject<'_>, file: &Path, report: &CheckReport, declared: &str) -> Option<Diagnostic> {
    let first = first_failure(report)?;
    if first.name == declared {
        return None;
    }
    let message = format!("this starter should first fail `{declared}`, and first fails {}", why(report));
    Some(subject.error_at(file, report, Code::StarterFailsOtherwise, message))
}

/// A solution passes, each time, and is formatted.
async fn solution(subject: &Subject<'_>, exercise: &Exercise) -> Result<Vec<Diagnostic>, FullError> {
    let file = CodeFile::of(&exercise.id).path(Package::Solutions);
    let Some(text) = subject.text(&file) else { return Ok(Vec::new()) };
    let report = subject.judge(&exercise.id, &file, &text).await?;
    if is_of_the_course(&report) {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    if report.verdict != Verdict::Passed {
        let message = format!("this solution does not pass: {}\n{}", report.verdict, why(&report));
        found.push(subject.error_at(&file, &report, Code::SolutionFails, message));
    } else if let again = subject.judge(&exercise.id, &file, &format!("{text}\n// Once more.\n")).await?
        && again.verdict != Verdict::Passed
    {
        let message = format!("this solution does something else each time\n{}", why(&again));
        found.push(subject.error_at(&file, &again, Code::DiffersEachTime, message));
    }
    found.extend(format::changed(subject, &file));
    Ok(found)
}

async fn right(subject: &Subject<'_>, exercise: &Exercise, file: PathBuf) -> Result<Vec<Diagnostic>, FullError> {
    let Some(text) = subject.text(&file) else { return Ok(Vec::new()) };
    let report = subject.judge(&exercise.id, &file, &text).await?;
    if is_of_the_course(&report) {
        return Ok(Vec::new());
    }
    let mut found: Vec<_> = problem_of_right(&report)
        .map(|problem| {
            subject.error_at(&file, &report, Code::RightFails, format!("this right answer does not pass\n{problem}"))
        })
        .into_iter()
        .collect();
    found.extend(format::changed(subject, &file));
    Ok(found)
}

/// A wrong answer that is a file of its own.
async fn wrong_file(subject: &Subject<'_>, exercise: &Exercise, file: PathBuf) -> Result<Vec<Diagnostic>, FullError> {
    let Some(text) = subject.text(&file) else { return Ok(Vec::new()) };
    let problem = match mistake_in(&text) {
        Err(problem) => Some(problem.to_string()),
        Ok(mistake) => {
            let answer = Answer { file: &file, exercise: &exercise.id };
            let report = check_text(subject.workshop, answer, &text, Scenarios::Written, &|_| {}).await?;
            if is_of_the_course(&report) { None } else { problem_of_wrong(&report, &mistake) }
        }
    };
    let mut found: Vec<_> =
        problem.map(|problem| subject.error(&file, Code::WrongAnswer, problem)).into_iter().collect();
    found.extend(format::changed(subject, &file));
    Ok(found)
}

async fn mistake(subject: &Subject<'_>, exercise: &Exercise, wrong: Wrong) -> Result<Vec<Diagnostic>, FullError> {
    let layout = &subject.workshop.layout;
    let (path, line) = wrong.place.rsplit_once(':').unwrap_or((&wrong.place, "1"));
    let file = layout.wrong().file(&exercise.id, &wrong.name);
    let problem = match &wrong.answer {
        // The quick part of the lint has said why.
        Err(_) => None,
        Ok(answer) => {
            let answered = Answer { file: layout.from_root(&file), exercise: &exercise.id };
            let report = check_text(subject.workshop, answered, &answer.code, Scenarios::Written, &|_| {}).await?;
            if is_of_the_course(&report) { None } else { problem_of_wrong(&report, &answer.mistake) }
        }
    };
    let at_its_place = |problem| {
        let mut diagnostic = subject.error(Path::new(path), Code::WrongAnswer, format!("`{}`: {problem}", wrong.name));
        diagnostic.line = line.parse().unwrap_or(1);
        diagnostic
    };
    Ok(problem.map(at_its_place).into_iter().collect())
}
