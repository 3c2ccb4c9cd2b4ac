//! The solution and the right answers of an exercise, ready to play.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::set::Generated;
use harness::order::{Line, ProcessEnd};
use layout::CodeFile;
use scenario::Script;
use scenario::memory::Repetitions;
use scenario::run::{Outcome, REAL_TIME_LIMIT, total_wait};
use scenario::waits::RealTime;

use crate::cases::{Case, Expected, Logs};
use crate::compile::{self, Answer, Built};
use crate::judgement::{blame, judge};
use crate::library::Library;
use crate::play::{How, Played, PlayedOne, play};
use crate::report::ScenarioReport;
use crate::source::{self, SourceError};
use crate::store;
use crate::{BuildError, Package, Subject, Workshop};

/// So many scripts are played by one program: all of them together have a time limit.
const BATCH: usize = 50;

/// Why nothing can be played.
#[derive(Debug, thiserror::Error)]
pub enum EnsembleError {
    /// There is no answer.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The machine does not allow for it.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// An answer is none.
    #[error("{} does not compile", .0.display())]
    Broken(PathBuf),
    /// A program cannot be run.
    #[error("cannot play: {0}")]
    Play(#[from] io::Error),
}

/// Compiles answers to an exercise, all with the same libraries: looking for these hashes all their sources.
#[derive(Debug)]
pub(crate) struct Ensemble<'a> {
    workshop: &'a Workshop,
    exercise: &'a str,
    library: Library,
}

/// A program that plays scripts.
#[derive(Debug)]
pub(crate) struct Player {
    /// Its file, from the workshop's root.
    pub(crate) file: PathBuf,
    answer: Answer,
}

impl<'a> Ensemble<'a> {
    pub(crate) async fn of(workshop: &'a Workshop, exercise: &'a str) -> Result<Self, EnsembleError> {
        Ok(Self { workshop, exercise, library: Library::of(workshop, &|_| {}).await? })
    }

    /// The solution.
    pub(crate) async fn solution(&self) -> Result<Player, EnsembleError> {
        self.player(&CodeFile::of(self.exercise).path(Package::Solutions)).await
    }

    /// The answers that have to agree with it.
    pub(crate) async fn others(&self) -> Result<Vec<Player>, EnsembleError> {
        let layout = &self.workshop.layout;
        let mut others = Vec::new();
        for file in layout.right().files(self.exercise) {
            others.push(self.player(layout.from_root(&file)).await?);
        }
        Ok(others)
    }

    /// The answer in a file, a path from the workshop's root.
    pub(crate) async fn player(&self, file: &Path) -> Result<Player, EnsembleError> {
        let text = source::text_of(&self.workshop.layout.root().join(file))?;
        self.compile(file, &text).await?.ok_or_else(|| EnsembleError::Broken(file.to_owned()))
    }

    /// An answer with this text, if it compiles.
    pub(crate) async fn compiled(&self, text: &str) -> Result<Option<Player>, BuildError> {
        self.compile(&CodeFile::of(self.exercise).path(Package::Solutions), text).await
    }

    async fn compile(&self, file: &Path, text: &str) -> Result<Option<Player>, BuildError> {
        let Self { workshop, exercise, library } = self;
        let compiled = compile::compile(workshop, library, Subject { file, exercise }, text, &|_| {}).await?;
        Ok(match compiled.built {
            Built::Ready(answer) => Some(Player { file: file.to_owned(), answer }),
            Built::Broken(_) | Built::Endless(_) => None,
        })
    }
}

impl Player {
    /// Keeps its program, and the libraries that it links: of too many, those that have been unused for longest are thrown
    /// away.
    pub(crate) fn stay(&self) {
        let answer = self.answer.program.parent();
        let libraries = answer.and_then(Path::parent).and_then(Path::parent);
        answer.into_iter().chain(libraries).for_each(store::touch);
    }

    /// Plays scripts, as a check does: again in real time where the virtual clock may have been wrong. Nothing comes of
    /// one that the program did not play to its end.
    pub(crate) async fn play(&self, workshop: &Workshop, scripts: &[&Script]) -> io::Result<Vec<Option<Outcome>>> {
        let how = How::simulated(workshop);
        let mut outcomes = Vec::with_capacity(scripts.len());
        for batch in scripts.chunks(BATCH) {
            outcomes.extend(self.play_batch(workshop, batch, how).await?);
        }
        let is_doubtful =
            |index: &usize| outcomes[*index].is_doubtful && total_wait(scripts[*index]) <= REAL_TIME_LIMIT;
        let again: Vec<_> = (0..scripts.len()).filter(is_doubtful).collect();
        for batch in again.chunks(BATCH) {
            let scripts: Vec<_> = batch.iter().map(|index| scripts[*index]).collect();
            let waits = scripts.iter().map(|script| total_wait(script)).sum::<Duration>();
            let how = How::in_real_time(workshop, waits);
            for (index, found) in batch.iter().zip(self.play_batch(workshop, &scripts, how).await?) {
                outcomes[*index] = found;
            }
        }
        Ok(outcomes.into_iter().map(|found| found.outcome).collect())
    }

    /// Plays scripts of which it is known what they should lead to. Beside each is what it leads to.
    pub(crate) async fn play_known<'b>(
        &self,
        workshop: &Workshop,
        all: impl IntoIterator<Item = &'b Generated>,
    ) -> io::Result<Vec<Option<Outcome>>> {
        let scripts: Vec<_> = all.into_iter().map(|one| &one.script).collect();
        self.play(workshop, &scripts).await
    }

    /// Whether this script, played alone, leads to what it should.
    pub(crate) async fn meets(&self, workshop: &Workshop, one: &Generated) -> io::Result<bool> {
        let outcomes = self.play_known(workshop, [one]).await?;
        Ok(one.is_met_by(outcomes.first().and_then(Option::as_ref)))
    }

    /// Whether this answer differs from the solution when the script is played alone: in a batch, another script may have used
    /// up the time, and some answers do not do the same each time.
    pub(crate) async fn differs_alone(
        &self,
        workshop: &Workshop,
        solution: &Player,
        one: &Generated,
    ) -> io::Result<bool> {
        Ok(solution.meets(workshop, one).await? && !self.meets(workshop, one).await?)
    }

    /// Plays a script once more, and explains how that differs from what it should lead to.
    pub(crate) async fn report(&self, workshop: &Workshop, one: &Generated) -> io::Result<ScenarioReport> {
        let mut case = case(one.script.clone());
        case.expected = Expected::Snapshot { path: PathBuf::new(), transcript: Some(one.transcript.clone()) };
        self.judged(workshop, &case, Repetitions::Few, workshop.limits.run).await
    }

    /// Plays a scenario and judges what comes of it.
    pub(crate) async fn judged(
        &self,
        workshop: &Workshop,
        case: &Case,
        repetitions: Repetitions,
        limit: Duration,
    ) -> io::Result<ScenarioReport> {
        let how = How { at_a_time: 1, limit, logs: Logs::All, repetitions, ..How::simulated(workshop) };
        let look = |played: Played| judge(&[case], &played).into_iter().next();
        let judged = play(workshop, &self.answer.program, &[case], how, &|_| {}, look).await?;
        judged.map(blame).ok_or_else(|| io::Error::other("the script was not played"))
    }

    async fn play_batch(&self, workshop: &Workshop, scripts: &[&Script], how: How) -> io::Result<Vec<Found>> {
        self.stay();
        let cases: Vec<_> = scripts.iter().map(|script| case((*script).clone())).collect();
        let cases: Vec<_> = cases.iter().collect();
        let look = |played: Played| -> Vec<_> { played.scenarios.into_iter().map(found).collect() };
        play(workshop, &self.answer.program, &cases, how, &|_| {}, look).await
    }
}

/// What came of a script.
struct Found {
    outcome: Option<Outcome>,
    /// Whether it waited in real time, under a clock that is not.
    is_doubtful: bool,
}

fn case(script: Script) -> Case {
    Case {
        name: String::new(),
        path: PathBuf::from("generated"),
        text: String::new(),
        is_generated: true,
        script,
        expected: Expected::Assertions,
    }
}

fn found(one: PlayedOne) -> Found {
    let is_behind = RealTime::behind(&one.printed).is_some();
    let outcome = match one.left.line {
        Some(Line::Played(outcome)) if one.left.end == Some(ProcessEnd::Exited(0)) => Some(*outcome),
        Some(Line::Played(_) | Line::At(_) | Line::Panicked(_) | Line::Unplayable(_)) | None => None,
    };
    let is_doubtful = is_behind || outcome.as_ref().is_some_and(|outcome| !outcome.waits.is_empty());
    Found { outcome, is_doubtful }
}
