//! An answer in thousands of scripts, against the solution, and with thousands of clients.

use std::io;
use std::path::Path;
use std::time::Duration;

use scenario::Script;
use scenario::generate::script;
use scenario::memory::Repetitions;
use scenario::transcript::Transcript;

use super::asserting::asserting;
use super::ensemble::{Ensemble, EnsembleError, Player};
use super::make::{MakeError, playable, read};
use super::set::Generated;
use super::shrink::shrink;
use crate::Workshop;
use crate::cases;
use crate::report::{ScenarioReport, Verdict};

/// So many scripts are played at a time; then it is said how far it is.
const ROUND: u64 = 100;

/// How long ten thousand clients may take to come and go. They need eight seconds on the machine on which the time of a
/// check was measured.
const LIMIT_OF_THOUSANDS: Duration = Duration::from_secs(60);

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// The answers are compiled.
    Compiling,
    /// So many scripts have been played.
    Played(usize),
    /// A difference was found, and its script has so many steps still.
    Shortening(usize),
    /// Thousands of clients come and go.
    Crowding,
}

/// What came of it.
#[derive(Debug)]
pub enum Deep {
    /// The answer did as the solution did.
    Same {
        /// In so many scripts.
        counted: usize,
        /// In so many others it did not, and neither did a right answer: the page leaves something open.
        left_out: usize,
        /// Whether ten thousand clients came and went in time, so that its memory could be looked at.
        is_measured: bool,
    },
    /// It did not.
    Different(Box<Difference>),
    /// It keeps something of the ten thousand clients that came and went.
    Keeps(Box<ScenarioReport>),
}

/// A script in which an answer does not do what all right answers do.
#[derive(Debug)]
pub struct Difference {
    /// The first seed of the scripts among which it is.
    pub seed: u64,
    /// How many these are.
    pub scripts: u64,
    /// The shortest script that shows it, with its own expectations.
    pub script: Script,
    /// What it should lead to, what it leads to, and why.
    pub report: ScenarioReport,
}

/// Plays the answer in `file`, a path from the workshop's root, against the solution: with the scripts of so many seeds from
/// `seed` on, or until they differ. `on_progress` is told how far it is.
///
/// # Errors
///
/// [`MakeError`] when the exercise has no alphabet, or an answer does not play.
pub async fn deep(
    workshop: &Workshop,
    exercise: &str,
    file: &Path,
    seed: u64,
    seeds: u64,
    on_progress: &(dyn Fn(Progress) + Sync),
) -> Result<Deep, MakeError> {
    let (alphabet, _) = read(workshop, exercise)?;
    on_progress(Progress::Compiling);
    let mut contest = Contest::begin(workshop, exercise, file).await?;
    let (mut played, mut first, end) = (0, seed, seed.saturating_add(seeds));
    while first < end {
        let round = first..first.saturating_add(ROUND).min(end);
        first = round.end;
        let scripts: Vec<_> = round.clone().map(|seed| script(&alphabet, seed)).collect();
        played += scripts.len();
        let found = contest.first_difference(scripts).await.map_err(EnsembleError::Play)?;
        on_progress(Progress::Played(played));
        if let Some(found) = found {
            let shortest = shrink(&mut contest, found, &|steps| on_progress(Progress::Shortening(steps)))
                .await
                .map_err(EnsembleError::Play)?;
            let report = contest.report(&shortest).await.map_err(EnsembleError::Play)?;
            let (seed, scripts) = (round.start, round.end - round.start);
            let actual = report.actual.as_deref().map(Transcript::parse).unwrap_or_default();
            let script = asserting(&shortest.script, &Transcript::parse(&shortest.transcript), &actual);
            return Ok(Deep::Different(Box::new(Difference { seed, scripts, script, report })));
        }
    }
    let (counted, left_out) = (contest.counted, contest.left_out);
    Ok(match contest.crowd(exercise, on_progress).await.map_err(EnsembleError::Play)? {
        Crowd::Kept(report) => Deep::Keeps(report),
        Crowd::Forgotten => Deep::Same { counted, left_out, is_measured: true },
        Crowd::Unfinished => Deep::Same { counted, left_out, is_measured: false },
    })
}

/// What came of thousands of clients.
enum Crowd {
    Forgotten,
    Kept(Box<ScenarioReport>),
    Unfinished,
}

/// The answer, the solution, and the right answers, which are asked only where these two differ.
pub(super) struct Contest<'a> {
    workshop: &'a Workshop,
    ensemble: Ensemble<'a>,
    answer: Player,
    solution: Player,
    others: Option<Vec<Player>>,
    /// Scripts in which the answer did as the solution did.
    counted: usize,
    /// Others, about which right answers disagree or the answer itself does.
    left_out: usize,
}

impl<'a> Contest<'a> {
    async fn begin(workshop: &'a Workshop, exercise: &'a str, file: &Path) -> Result<Self, EnsembleError> {
        let ensemble = Ensemble::of(workshop, exercise).await?;
        let (answer, solution) = (ensemble.player(file).await?, ensemble.solution().await?);
        Ok(Self { workshop, ensemble, answer, solution, others: None, counted: 0, left_out: 0 })
    }

    /// The shortest of these scripts in which the answer does not do what all others do.
    pub(super) async fn first_difference(&mut self, scripts: Vec<Script>) -> io::Result<Option<Generated>> {
        let mut played = playable(self.workshop, &self.solution, scripts).await?;
        played.sort_by_key(|one| one.script.steps.len());
        let outcomes = self.answer.play_known(self.workshop, &played).await?;
        let mut differing = Vec::new();
        for (one, outcome) in played.into_iter().zip(outcomes) {
            if one.is_met_by(outcome.as_ref()) { self.counted += 1 } else { differing.push(one) }
        }
        for one in differing {
            if self.answer.differs_alone(self.workshop, &self.solution, &one).await? && self.is_agreed(&one).await? {
                return Ok(Some(one));
            }
            self.left_out += 1;
        }
        Ok(None)
    }

    async fn is_agreed(&mut self, one: &Generated) -> io::Result<bool> {
        if self.others.is_none() {
            self.others = Some(self.ensemble.others().await.map_err(io::Error::other)?);
        }
        for other in self.others.iter().flatten() {
            if !other.meets(self.workshop, one).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether the answer keeps something of thousands of clients, in the first scenario about memory after which it does.
    async fn crowd(&self, exercise: &str, on_progress: &(dyn Fn(Progress) + Sync)) -> io::Result<Crowd> {
        let mut crowd = Crowd::Forgotten;
        for case in cases::about_memory(self.workshop, exercise).map_err(io::Error::other)? {
            on_progress(Progress::Crowding);
            let playing = self.answer.judged(self.workshop, &case, Repetitions::Thousands, LIMIT_OF_THOUSANDS);
            let report = playing.await?;
            match report.verdict {
                Verdict::Passed => {}
                Verdict::Failed => return Ok(Crowd::Kept(Box::new(report))),
                // One that was stopped, on a slow machine, has shown nothing.
                Verdict::TimedOut
                | Verdict::OutOfMemory
                | Verdict::Crashed
                | Verdict::ExitedEarly
                | Verdict::CompileError
                | Verdict::Stale
                | Verdict::Unreadable
                | Verdict::CourseError => crowd = Crowd::Unfinished,
            }
        }
        Ok(crowd)
    }

    async fn report(&self, one: &Generated) -> io::Result<ScenarioReport> {
        self.answer.report(self.workshop, one).await
    }
}
