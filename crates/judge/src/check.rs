//! From an answer's text to its verdict: read, compile, play, judge, and make sure that the text has not changed.

use std::{
    io,
    path::Path,
    time::{Duration, Instant},
};

use layout::CodeFile;
use scenario::run::{REAL_TIME_LIMIT, total_wait};
use serde::Serialize;
use tracing::debug;

use super::{
    BuildError, Location, OnProgress, Package, Workshop,
    cases::{self, Case, Logs},
    compile::{self, Answer, Built, Compiled, Subject},
    diagnostics::CompilerText,
    judgement::{Judged, conclude, is_abnormal, judge, reports},
    key::Key,
    library::Library,
    memory::{self, Remembered},
    outcome::{Ended, is_about_backtraces},
    play::{How, Played, play},
    report::{ScenarioReport, Verdict},
    source::{self, Unreadable},
};

const STALE: &str =
    "The file changed while it was being checked, so this verdict would be for its old text.\nCheck again.";
const ENDLESS: &str = "The compiler did not finish with this code, and was stopped.\n\
     Look for a constant, a type or a macro that is defined by itself, or for a value that is far too large.";

/// The verdict on one text of one answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CheckReport {
    /// The exercise.
    pub id: String,
    /// How the check ended.
    pub verdict: Verdict,
    /// How long the check took.
    pub seconds: f64,
    /// The SHA-256 of the text that was checked; `None` if there was no text.
    pub sha256: Option<String>,
    /// Each scenario that was started; if some were not, the message says why.
    pub scenarios: Vec<ScenarioReport>,
    /// The compile errors, or what happened if the scenarios do not tell.
    pub message: Option<String>,
    /// The place to open in an editor.
    pub location: Option<Location>,
    /// The compiler's warnings, as it prints them. They never change a verdict.
    pub warnings: Option<String>,
    /// Those of them with which they begin, if they name a likely cause of a bad verdict: a future that nobody awaits, a
    /// result that nobody looks at.
    pub likely_cause: Option<String>,
    /// The code that was checked.
    #[serde(skip)]
    pub code: String,
}

/// How many of the last lines of a scenario's output are shown.
const LAST_PRINTED: usize = 10;

/// How many characters of each of them.
const LONGEST_PRINTED: usize = 300;

impl CheckReport {
    /// The scenarios that somebody wrote.
    pub fn written(&self) -> impl Iterator<Item = &ScenarioReport> {
        self.scenarios.iter().filter(|scenario| !scenario.generated)
    }

    /// The generated scenarios, which are too many to be listed; nothing if there are none.
    pub fn generated(&self) -> Option<Generated<'_>> {
        let all: Vec<_> = self.scenarios.iter().filter(|scenario| scenario.generated).collect();
        let failing: Vec<_> = all.iter().copied().filter(|scenario| scenario.verdict != Verdict::Passed).collect();
        // A learner has enough to do with what somebody wrote.
        let is_first = self.written().all(|scenario| scenario.verdict == Verdict::Passed);
        let shown = failing.first().copied().filter(|_| is_first);
        (!all.is_empty()).then_some(Generated { of: all.len(), failed: failing.len(), shown })
    }

    /// How many scenarios passed.
    pub fn passed(&self) -> usize {
        self.scenarios.iter().filter(|scenario| scenario.verdict == Verdict::Passed).count()
    }

    /// The warnings that may say why it did not pass, if it did not.
    pub fn suspicion(&self) -> Option<&str> {
        self.likely_cause.as_deref().filter(|_| self.verdict != Verdict::Passed)
    }

    /// The warnings apart from [`CheckReport::suspicion`].
    pub fn other_warnings(&self) -> Option<&str> {
        let warnings = self.warnings.as_deref()?;
        let others = self.suspicion().and_then(|likely| warnings.strip_prefix(likely)).unwrap_or(warnings);
        Some(others).filter(|others| !others.trim().is_empty())
    }

    /// Why a scenario did not pass; empty if it passed, or if the message of the report says why.
    pub fn explanation<'a>(&self, scenario: &'a ScenarioReport) -> &'a str {
        let is_in_message = self.message.is_some() && is_abnormal(scenario.verdict);
        if is_in_message { "" } else { &scenario.explanation }
    }

    /// The scenarios that did not pass and are explained one by one, the simplest first.
    pub fn failures(&self) -> Vec<&ScenarioReport> {
        let failing = self.written().filter(|scenario| scenario.verdict != Verdict::Passed);
        failing.chain(self.generated().and_then(|generated| generated.shown)).collect()
    }
}

impl ScenarioReport {
    /// The last lines of its output, if they may help: it did not pass, and nothing else shows them.
    pub fn last_printed(&self) -> Vec<String> {
        let Some(printed) = &self.printed else { return Vec::new() };
        if self.verdict == Verdict::Passed || is_abnormal(self.verdict) {
            return Vec::new();
        }
        let lines: Vec<_> = printed.trim_end().lines().filter(|line| !is_about_backtraces(line)).collect();
        let last = lines.get(lines.len().saturating_sub(LAST_PRINTED)..).unwrap_or_default();
        last.iter().map(|line| beginning(line)).collect()
    }
}

/// The beginning of a line.
fn beginning(line: &str) -> String {
    match line.char_indices().nth(LONGEST_PRINTED) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line.to_owned(),
    }
}

/// What the generated scenarios of a check came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Generated<'a> {
    /// How many were played.
    pub of: usize,
    /// How many of them did not pass.
    pub failed: usize,
    /// The shortest of those, if the written ones have all passed.
    pub shown: Option<&'a ScenarioReport>,
}

impl Generated<'_> {
    /// What they came to, as a line beside those of written scenarios.
    pub fn title(&self) -> String {
        match self.failed {
            0 => format!("{} generated scenarios", self.of),
            failed => format!("{failed} of {} generated scenarios", self.of),
        }
    }
}

/// Why a check has no verdict.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// There is no program to run.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The program could not be run.
    #[error("the exercise was built, but could not be run: {0}\nSee that the disk is not full, and check again.")]
    Run(io::Error),
}

/// Selects the scenarios to play.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scenarios<'a> {
    /// All that the lessons have for the exercise.
    All,
    /// Those of them that somebody wrote.
    Written,
    /// Those of them that nobody wrote.
    Generated,
    /// The one with this name.
    Named(&'a str),
    /// This one alone, wherever its file lies.
    Only(&'a Path),
}

/// Checks `exercise` against all its scenarios. Dropping the future ends every process of the check.
///
/// # Errors
///
/// [`CheckError`] when the machine or the workshop prevents a verdict.
pub async fn check(
    workshop: &Workshop,
    package: Package,
    exercise: &str,
    on_progress: OnProgress<'_>,
) -> Result<CheckReport, CheckError> {
    check_subject(workshop, Subject { file: &CodeFile::of(exercise).path(package), exercise }, on_progress).await
}

/// Checks the answer in any file of the workshop.
///
/// # Errors
///
/// As [`check`].
pub async fn check_subject(
    workshop: &Workshop,
    subject: Subject<'_>,
    on_progress: OnProgress<'_>,
) -> Result<CheckReport, CheckError> {
    Check::begin(workshop, subject, on_progress).verdict(Scenarios::All).await
}

/// Checks `text` as if the subject's file contained it, which need not be there.
///
/// # Errors
///
/// As [`check`].
pub async fn check_text(
    workshop: &Workshop,
    subject: Subject<'_>,
    text: &str,
    scenarios: Scenarios<'_>,
    on_progress: OnProgress<'_>,
) -> Result<CheckReport, CheckError> {
    let text = Ok(text.to_owned());
    let check = Check { workshop, subject, on_progress, started: Instant::now(), text, is_file: false };
    check.verdict(scenarios).await
}

/// Checks `exercise` against one scenario file alone, such as an assertion of the learner's own.
///
/// # Errors
///
/// As [`check`].
pub async fn check_scenario(
    workshop: &Workshop,
    package: Package,
    exercise: &str,
    scenario: &Path,
    on_progress: OnProgress<'_>,
) -> Result<CheckReport, CheckError> {
    let subject = Subject { file: &CodeFile::of(exercise).path(package), exercise };
    Check::begin(workshop, subject, on_progress).verdict(Scenarios::Only(scenario)).await
}

/// Builds the libraries that all answers link, so that the first check is quick.
///
/// # Errors
///
/// [`BuildError`] when they cannot be built.
pub async fn prepare(workshop: &Workshop, on_progress: OnProgress<'_>) -> Result<(), BuildError> {
    Library::of(workshop, on_progress).await.map(drop)
}

/// A check in progress.
struct Check<'a> {
    workshop: &'a Workshop,
    subject: Subject<'a>,
    on_progress: OnProgress<'a>,
    started: Instant,
    text: Result<String, Unreadable>,
    /// Whether the text was read from the subject's file.
    is_file: bool,
}

impl<'a> Check<'a> {
    fn begin(workshop: &'a Workshop, subject: Subject<'a>, on_progress: OnProgress<'a>) -> Self {
        let started = Instant::now();
        let text = source::read(&workshop.layout.root().join(subject.file));
        Self { workshop, subject, on_progress, started, text, is_file: true }
    }

    async fn verdict(&self, scenarios: Scenarios<'_>) -> Result<CheckReport, CheckError> {
        let found = match &self.text {
            Ok(text) => self.find(text, scenarios).await?,
            Err(problem) => {
                debug!(exercise = self.subject.exercise, %problem, "cannot be read");
                let (file, exercise) = (self.subject.file.display(), self.subject.exercise);
                let message = format!("Cannot read {file}: {problem}.\n{}", problem.advice(exercise));
                without_play(Verdict::Unreadable, message)
            }
        };
        let report = self.report(found);
        debug!(exercise = report.id, verdict = %report.verdict, seconds = report.seconds, "checked");
        Ok(report)
    }

    async fn find(&self, text: &str, scenarios: Scenarios<'_>) -> Result<Remembered, CheckError> {
        let Self { workshop, subject, on_progress, .. } = *self;
        let cases = match scenarios {
            Scenarios::All => cases::of(workshop, subject.exercise),
            Scenarios::Written => cases::written(workshop, subject.exercise),
            Scenarios::Generated => cases::generated(workshop, subject.exercise),
            Scenarios::Named(name) => cases::named(workshop, subject.exercise, name),
            Scenarios::Only(file) => cases::alone(file),
        };
        let cases = match cases {
            Ok(cases) => cases,
            Err(problem) => return Ok(without_play(Verdict::CourseError, problem.to_string()).within_bounds()),
        };
        let library = Library::of(workshop, on_progress).await?;
        let key_of = |answer: &Key| memory::key(answer, &cases, workshop.limits);
        if let Some(known) = memory::recall(workshop, &key_of(&compile::key(&library, subject, text))) {
            debug!(exercise = subject.exercise, "the verdict is known");
            return Ok(known);
        }
        let Compiled { key, built } = compile::compile(workshop, &library, subject, text, on_progress).await?;
        let mut lasts = true;
        let found = match built {
            Built::Broken(errors) => broken(errors),
            Built::Endless(_) => without_play(Verdict::TimedOut, ENDLESS.to_owned()),
            Built::Ready(_) if self.is_stale() => return Ok(stale()),
            Built::Ready(answer) => {
                let played = self.play(&answer, &cases).await.map_err(CheckError::Run)?;
                lasts = played.is_lasting;
                played.found
            }
        };
        let found = found.within_bounds();
        if let Some(answer) = key.filter(|_| lasts) {
            memory::remember(workshop, &key_of(&answer), &found);
        }
        Ok(if self.is_stale() { stale() } else { found })
    }

    /// Plays the scenarios that somebody wrote, and if all of these hold, the others as well.
    async fn play(&self, answer: &Answer, cases: &[Case]) -> io::Result<Found> {
        let (written, generated): (Vec<_>, Vec<_>) = cases.iter().partition(|case| !case.is_generated);
        let mut part = self.play_part(answer, &written).await?;
        if part.hold() {
            part = part.and(self.play_part(answer, &generated).await?);
        }
        let Part { judged, of, ended, printed, is_lasting } = part;
        let judgement = conclude(reports(judged), of, &ended, &printed);
        let first = judgement.scenarios.iter().find(|scenario| scenario.verdict != Verdict::Passed);
        let found = Remembered {
            verdict: judgement.verdict,
            location: first.and_then(|scenario| scenario.location.clone()),
            scenarios: judgement.scenarios,
            message: judgement.message,
            warnings: answer.warnings.clone(),
        };
        Ok(Found { found, is_lasting })
    }

    /// Plays under the virtual clock, and again in real time those scenarios that the clock may have failed.
    async fn play_part(&self, answer: &Answer, all: &[&Case]) -> io::Result<Part> {
        if all.is_empty() {
            return Ok(Part::nothing());
        }
        let how = How::simulated(self.workshop);
        let look = |played: Played| (judge(all, &played), played.ended, played.printed);
        let (mut judged, ended, printed) =
            play(self.workshop, &answer.program, all, how, self.on_progress, look).await?;
        let mut is_lasting = judged.iter().all(|it| it.waits.is_empty());
        let doubtful: Vec<_> = all.iter().copied().filter(|case| is_worth_real_time(case, &judged)).collect();
        let waits = doubtful.iter().map(|case| total_wait(&case.script)).sum::<Duration>();
        let real = How { logs: Logs::All, ..How::in_real_time(self.workshop, waits) };
        for again in self.play_again(answer, &doubtful, real).await? {
            replace(&mut judged, again);
        }
        let unexplained = first_without_log(all, &judged);
        for again in self.play_again(answer, unexplained.as_slice(), How { logs: Logs::All, ..how }).await? {
            // An answer that passes this time does not do the same each time: it has failed, and may fail otherwise.
            if again.report.verdict == Verdict::Passed {
                is_lasting = false;
            } else {
                replace(&mut judged, again);
            }
        }
        Ok(Part { judged, of: all.len(), ended, printed, is_lasting })
    }

    /// Plays some of the scenarios once more.
    async fn play_again(&self, answer: &Answer, cases: &[&Case], how: How) -> io::Result<Vec<Judged>> {
        if cases.is_empty() {
            return Ok(Vec::new());
        }
        debug!(exercise = self.subject.exercise, scenarios = cases.len(), how.in_real_time, "played again");
        let look = |played: Played| judge(cases, &played);
        play(self.workshop, &answer.program, cases, how, self.on_progress, look).await
    }

    fn is_stale(&self) -> bool {
        self.is_file && source::read(&self.workshop.layout.root().join(self.subject.file)) != self.text
    }

    fn report(&self, found: Remembered) -> CheckReport {
        let code = self.text.clone().unwrap_or_default();
        let in_workshop = |it: Location| Location { path: self.workshop.layout.root().join(it.path), ..it };
        let located = |it: ScenarioReport| ScenarioReport { location: it.location.map(in_workshop), ..it };
        let (warnings, likely_cause) = found.warnings.map(|warnings| (warnings.text, warnings.likely)).unzip();
        CheckReport {
            id: self.subject.exercise.to_owned(),
            verdict: found.verdict,
            seconds: self.started.elapsed().as_secs_f64(),
            sha256: self.text.as_ref().ok().map(|text| Key::of(text.as_bytes()).to_string()),
            scenarios: found.scenarios.into_iter().map(located).collect(),
            message: found.message,
            location: found.location.map(in_workshop),
            warnings,
            likely_cause: likely_cause.flatten(),
            code,
        }
    }
}

/// The result of playing some of the scenarios.
struct Part {
    judged: Vec<Judged>,
    /// How many there are, of which some may not have been started.
    of: usize,
    ended: Ended,
    printed: String,
    is_lasting: bool,
}

impl Part {
    /// What comes of no scenario.
    fn nothing() -> Self {
        Self { judged: Vec::new(), of: 0, ended: Ended::Exited(0), printed: String::new(), is_lasting: true }
    }

    fn hold(&self) -> bool {
        let all_pass = self.judged.iter().all(|judged| judged.report.verdict == Verdict::Passed);
        self.judged.len() == self.of && all_pass
    }

    fn and(self, other: Self) -> Self {
        Self {
            judged: self.judged.into_iter().chain(other.judged).collect(),
            of: self.of + other.of,
            ended: other.ended,
            printed: other.printed,
            is_lasting: self.is_lasting && other.is_lasting,
        }
    }
}

/// The result of playing.
struct Found {
    found: Remembered,
    /// Whether the result would be the same again: it did not depend on how long something took in real time.
    is_lasting: bool,
}

/// Whether a scenario failed under the virtual clock, perhaps through the clock's fault, and is short enough to play in
/// real time.
fn is_worth_real_time(case: &Case, judged: &[Judged]) -> bool {
    let judged = judged.iter().find(|it| it.report.name == case.name);
    let is_doubtful = judged.is_some_and(|it| it.report.verdict == Verdict::Failed && !it.waits.is_empty());
    is_doubtful && total_wait(&case.script) <= REAL_TIME_LIMIT
}

/// What a scenario leads to when it is played again counts from then on.
fn replace(judged: &mut [Judged], again: Judged) {
    if let Some(before) = judged.iter_mut().find(|it| it.report.name == again.report.name) {
        *before = again;
    }
}

/// The generated scenario that is shown, if it failed and left nothing behind that could say why or where.
fn first_without_log<'a>(cases: &[&'a Case], judged: &[Judged]) -> Option<&'a Case> {
    let first = judged.iter().find(|it| it.report.verdict != Verdict::Passed)?;
    let is_about_the_answer = first.report.verdict == Verdict::Failed || is_abnormal(first.report.verdict);
    let is_unexplained = first.report.generated && is_about_the_answer && !first.has_log;
    cases.iter().copied().find(|case| is_unexplained && case.name == first.report.name)
}

fn without_play(verdict: Verdict, message: String) -> Remembered {
    Remembered { verdict, scenarios: Vec::new(), message: Some(message), location: None, warnings: None }
}

fn stale() -> Remembered {
    without_play(Verdict::Stale, STALE.to_owned())
}

fn broken(errors: CompilerText) -> Remembered {
    Remembered { location: errors.location, ..without_play(Verdict::CompileError, errors.text) }
}
