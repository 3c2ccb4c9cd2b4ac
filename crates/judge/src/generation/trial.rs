//! Which mutants each script catches.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::ensemble::{Ensemble, EnsembleError, Player};
use super::select::Candidate;
use super::set::Generated;
use crate::Workshop;

/// Scripts that were tried.
pub(crate) struct Tried {
    pub(crate) candidates: Vec<Candidate>,
    /// The numbers of the mutants that compile, and that none of the scripts catches.
    pub(crate) survivors: Vec<usize>,
}

/// Tries scripts on mutants of the solution: first those that have caught others, and only if none of these does, all.
/// A set needs few scripts that catch much, so most of the others need not be played again and again.
pub(crate) async fn tried(
    workshop: &Workshop,
    ensemble: &Ensemble<'_>,
    generated: Vec<Generated>,
    mutants: &[String],
    on_progress: &dyn Fn(usize),
) -> Result<Tried, EnsembleError> {
    let candidate = |generated| Candidate { generated, catches: BTreeSet::new() };
    let mut candidates: Vec<_> = generated.into_iter().map(candidate).collect();
    let (mut survivors, mut proven) = (Vec::new(), BTreeSet::new());
    let all: BTreeSet<_> = (0..candidates.len()).collect();
    for (number, mutant) in mutants.iter().enumerate() {
        if let Some(player) = ensemble.compiled(mutant).await? {
            let mut catching = caught_by(workshop, &player, &candidates, &proven).await?;
            if catching.is_empty() {
                catching = caught_by(workshop, &player, &candidates, &all).await?;
                let best = catching.iter().copied().max_by_key(|index| worth(&candidates[*index]));
                proven.extend(best);
            }
            if catching.is_empty() {
                survivors.push(number);
            }
            for index in catching {
                candidates[index].catches.insert(number);
            }
        }
        on_progress(number + 1);
    }
    Ok(Tried { candidates, survivors })
}

/// A script that catches more is worth more, and so is a shorter one of two that catch as many.
fn worth(candidate: &Candidate) -> (usize, Reverse<usize>) {
    (candidate.catches.len(), Reverse(candidate.generated.script.steps.len()))
}

/// Those of the scripts with these numbers that lead to something else. One that was not played to its end says nothing: another may have
/// used up the time.
async fn caught_by(
    workshop: &Workshop,
    player: &Player,
    candidates: &[Candidate],
    numbers: &BTreeSet<usize>,
) -> Result<Vec<usize>, EnsembleError> {
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let scripts = || numbers.iter().map(|number| &candidates[*number].generated);
    let outcomes = player.play_known(workshop, scripts()).await?;
    let differs = |(one, outcome): (&Generated, &Option<_>)| outcome.is_some() && !one.is_met_by(outcome.as_ref());
    let differing = numbers.iter().zip(scripts().zip(&outcomes)).filter(|(_, it)| differs(*it));
    Ok(differing.map(|(number, _)| *number).collect())
}
