//! Whether generated scenarios close kinds of mistakes: how many of the known wrong answers they catch alone.

use std::{fs, io};

use layout::folder;
use scenario::generate::script;

use super::ensemble::{Ensemble, EnsembleError, Player};
use super::make::{MakeError, agreed, playable, read};
use super::set::Generated;
use crate::report::Verdict;
use crate::{CheckError, Scenarios, Subject, Workshop, check_text, mistakes};

/// So many scripts are tried at a time: most wrong answers show themselves in the first.
const ROUND: usize = 50;

/// A wrong answer to an exercise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongAnswer {
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: String,
}

/// Those that stand in the package of the solutions, mistakes and files.
pub fn wrong_answers(workshop: &Workshop, exercise: &str) -> Vec<WrongAnswer> {
    let made = mistakes::of(&workshop.layout, exercise).into_iter().filter_map(|wrong| {
        let code = wrong.answer.ok()?.code;
        Some(WrongAnswer { name: wrong.name, code })
    });
    let files = workshop.layout.wrong().files(exercise).into_iter().filter_map(|file| {
        let code = fs::read_to_string(&file).ok()?;
        Some(WrongAnswer { name: folder::stem(&file), code })
    });
    made.chain(files).collect()
}

/// Whether the generated scenarios alone catch an answer.
///
/// # Errors
///
/// [`CheckError`] when the machine allows for no verdict.
pub async fn is_caught(workshop: &Workshop, exercise: &str, wrong: &WrongAnswer) -> Result<bool, CheckError> {
    let file = workshop.layout.wrong().file(exercise, &wrong.name);
    let subject = Subject { file: workshop.layout.from_root(&file), exercise };
    let report = check_text(workshop, subject, &wrong.code, Scenarios::Generated, &|_| {}).await?;
    Ok(report.scenarios.iter().any(|scenario| scenario.generated && scenario.verdict != Verdict::Passed))
}

/// Many scripts about which all right answers agree, as a deep check plays them.
#[derive(Debug)]
pub struct Many<'a> {
    workshop: &'a Workshop,
    ensemble: Ensemble<'a>,
    solution: Player,
    scripts: Vec<Generated>,
}

impl<'a> Many<'a> {
    /// Those of so many seeds, from 1.
    ///
    /// # Errors
    ///
    /// [`MakeError`] when the exercise has no alphabet, or an answer does not play.
    pub async fn of(workshop: &'a Workshop, exercise: &'a str, seeds: u64) -> Result<Self, MakeError> {
        let (alphabet, _) = read(workshop, exercise)?;
        let ensemble = Ensemble::of(workshop, exercise).await?;
        let (solution, others) = (ensemble.solution().await?, ensemble.others().await?);
        let scripts = (1..=seeds).map(|seed| script(&alphabet, seed)).collect();
        let played = playable(workshop, &solution, scripts).await.map_err(EnsembleError::Play)?;
        let (scripts, ..) = agreed(workshop, &others, played).await.map_err(EnsembleError::Play)?;
        Ok(Self { workshop, ensemble, solution, scripts })
    }

    /// Whether one of them leads to something else with this answer, and does so again alone.
    ///
    /// # Errors
    ///
    /// [`MakeError`] when the answer does not play.
    pub async fn catch(&self, wrong: &WrongAnswer) -> Result<bool, MakeError> {
        let Some(player) = self.ensemble.compiled(&wrong.code).await.map_err(EnsembleError::Build)? else {
            return Ok(true);
        };
        for round in self.scripts.chunks(ROUND) {
            if self.is_caught_in(round, &player).await.map_err(EnsembleError::Play)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn is_caught_in(&self, round: &[Generated], player: &Player) -> io::Result<bool> {
        let outcomes = player.play_known(self.workshop, round).await?;
        for (one, _) in round.iter().zip(outcomes).filter(|(one, outcome)| !one.is_met_by(outcome.as_ref())) {
            if player.differs_alone(self.workshop, &self.solution, one).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
