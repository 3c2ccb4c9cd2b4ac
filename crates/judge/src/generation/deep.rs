//! An answer in thousands of scripts, against the solution.

use std::io;
use std::path::Path;

use scenario::Script;
use scenario::generate::{Alphabet, script};

use super::ensemble::{Ensemble, EnsembleError, Player};
use super::make::{MakeError, alphabet_of, playable};
use super::set::Generated;
use super::shrink::shrink;
use crate::Workshop;
use crate::report::ScenarioReport;
use crate::source;

/// So many scripts are played at a time; then it is said how far it is.
const ROUND: u64 = 100;

/// What came of it.
#[derive(Debug)]
pub enum Deep {
    /// The answer did as the solution did, in so many scripts.
    Same(usize),
    /// It did not.
    Different(Box<Difference>),
}

/// A script in which an answer does not do what all right answers do.
#[derive(Debug)]
pub struct Difference {
    /// The first seed of the scripts among which it is.
    pub seed: u64,
    /// The shortest script that shows it.
    pub script: Script,
    /// What it should lead to, what it leads to, and why.
    pub report: ScenarioReport,
}

/// Plays the answer in `file`, a path from the workshop's root, against the solution: with the scripts of so many seeds from
/// `seed` on, or until they differ. `on_progress` is told how many have been played.
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
    on_progress: &(dyn Fn(usize) + Sync),
) -> Result<Deep, MakeError> {
    let path =
        alphabet_of(workshop, exercise).ok_or_else(|| MakeError::NoAlphabet { exercise: exercise.to_owned() })?;
    let alphabet = Alphabet::parse(&source::text_of(&path)?, &path)?;
    let mut contest = Contest::begin(workshop, exercise, file).await?;
    let (mut played, mut first, end) = (0, seed, seed.saturating_add(seeds));
    while first < end {
        let of_round = first..first.saturating_add(ROUND).min(end);
        let round = of_round.start;
        first = of_round.end;
        let scripts: Vec<_> = of_round.map(|seed| script(&alphabet, seed)).collect();
        played += scripts.len();
        let found = contest.first_difference(scripts).await.map_err(EnsembleError::Play)?;
        on_progress(played);
        if let Some(found) = found {
            let shortest = shrink(&mut contest, found).await.map_err(EnsembleError::Play)?;
            let report = contest.report(&shortest).await.map_err(EnsembleError::Play)?;
            return Ok(Deep::Different(Box::new(Difference { seed: round, script: shortest.script, report })));
        }
    }
    Ok(Deep::Same(played))
}

/// The answer, the solution, and the right answers, which are asked only where these two differ.
pub(super) struct Contest<'a> {
    workshop: &'a Workshop,
    exercise: &'a str,
    answer: Player,
    solution: Player,
    others: Option<Vec<Player>>,
}

impl<'a> Contest<'a> {
    async fn begin(workshop: &'a Workshop, exercise: &'a str, file: &Path) -> Result<Self, EnsembleError> {
        let answer = Player::of(workshop, file, exercise).await?;
        let solution = Ensemble::solution(workshop, exercise).await?;
        Ok(Self { workshop, exercise, answer, solution, others: None })
    }

    /// The shortest of these scripts in which the answer does not do what all others do.
    pub(super) async fn first_difference(&mut self, scripts: Vec<Script>) -> io::Result<Option<Generated>> {
        let mut played = playable(self.workshop, &self.solution, scripts).await?;
        played.sort_by_key(|one| one.script.steps.len());
        let scripts: Vec<_> = played.iter().map(|one| &one.script).collect();
        let outcomes = self.answer.play(self.workshop, &scripts).await?;
        let differing = played.into_iter().zip(outcomes).filter(|(one, outcome)| {
            outcome.as_ref().is_none_or(|it| it.end.is_some() || it.transcript.to_string() != one.transcript)
        });
        for (one, _) in differing {
            if self.is_agreed(&one).await? {
                return Ok(Some(one));
            }
        }
        Ok(None)
    }

    async fn is_agreed(&mut self, one: &Generated) -> io::Result<bool> {
        if self.others.is_none() {
            let others = Ensemble::others(self.workshop, self.exercise).await.map_err(io::Error::other)?;
            self.others = Some(others);
        }
        for other in self.others.iter().flatten() {
            let outcomes = other.play(self.workshop, &[&one.script]).await?;
            let agrees = |it: &scenario::Outcome| it.end.is_none() && it.transcript.to_string() == one.transcript;
            if !outcomes.iter().flatten().any(agrees) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn report(&self, one: &Generated) -> io::Result<ScenarioReport> {
        self.answer.report(self.workshop, one).await
    }
}
