//! Bugs: each compiles, and its proof fails with it and holds without it.

use std::io::Write as _;
use std::path::Path;

use futures_util::FutureExt as _;
use judge::report::Verdict;
use judge::{CheckReport, Scenarios, Subject as Answer, check_text};

use super::subject::{FullError, Subject, Trial, why};
use crate::course::steps::{Bug, Debug};
use crate::course::{Body, Code, Diagnostic};

pub(super) fn trials<'a>(subject: &'a Subject<'_>) -> Vec<Trial<'a>> {
    let mut trials = Vec::new();
    for step in &subject.lesson.steps {
        if let Body::Debug(debug) = &step.body {
            trials.extend(debug.bugs.iter().map(|bug| one(subject, debug, bug).boxed()));
        }
    }
    trials
}

async fn one(subject: &Subject<'_>, debug: &Debug, bug: &Bug) -> Result<Vec<Diagnostic>, FullError> {
    let file = subject.lesson.folder.bug(&bug.id);
    let file = subject.workshop.layout.from_root(&file);
    // A bug that does not fit, or a proof that cannot be read, has been reported.
    let Ok(planted) = bug.plant(&debug.example) else { return Ok(Vec::new()) };
    if scenario::Script::read(&bug.completed_assertion()).is_err() {
        return Ok(Vec::new());
    }
    let proof = Proof { subject, exercise: &debug.exercise, file, text: bug.completed_assertion() };
    let (without, with) = (proof.play(&debug.example).await?, proof.play(&planted).await?);
    let problem = match (without.verdict, with.verdict) {
        (Verdict::Passed, Verdict::Failed) => return Ok(Vec::new()),
        (Verdict::CompileError, _) => {
            (Code::DoesNotCompile, format!("the code that it is planted in does not compile\n{}", why(&without)))
        }
        (Verdict::Passed, Verdict::CompileError) => {
            (Code::DoesNotCompile, format!("with this bug the code does not compile\n{}", why(&with)))
        }
        (Verdict::Passed, Verdict::Passed) => {
            (Code::ProofHolds, "its proof holds with the bug as well, so it proves nothing".to_owned())
        }
        (Verdict::Passed, other) => (
            Code::ProofHolds,
            format!("with this bug the proof does not fail, but ends otherwise: {other}\n{}", why(&with)),
        ),
        (other, _) => (
            Code::ProofFails,
            format!("its proof does not hold without the bug, but ends so: {other}\n{}", why(&without)),
        ),
    };
    Ok(vec![subject.error(file, problem.0, problem.1)])
}

/// A scenario that is played alone.
struct Proof<'a> {
    subject: &'a Subject<'a>,
    exercise: &'a str,
    file: &'a Path,
    text: String,
}

impl Proof<'_> {
    async fn play(&self, code: &str) -> Result<CheckReport, FullError> {
        let mut scenario = tempfile::Builder::new().suffix(".toml").tempfile()?;
        scenario.write_all(self.text.as_bytes())?;
        let answer = Answer { file: self.file, exercise: self.exercise };
        let only = Scenarios::Only(scenario.path());
        Ok(check_text(self.subject.workshop, answer, code, only, &|_| {}).await?)
    }
}
