//! Which mutants each script catches.

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

/// Tries scripts on mutants of the solution.
pub(crate) async fn tried(
    workshop: &Workshop,
    ensemble: &Ensemble<'_>,
    generated: Vec<Generated>,
    mutants: &[String],
    on_progress: &dyn Fn(usize),
) -> Result<Tried, EnsembleError> {
    let candidate = |generated| Candidate { generated, catches: BTreeSet::new() };
    let mut candidates: Vec<_> = generated.into_iter().map(candidate).collect();
    let mut survivors = Vec::new();
    for (number, mutant) in mutants.iter().enumerate() {
        if let Some(player) = ensemble.compiled(mutant).await? {
            let catching = catching(workshop, &player, &candidates).await?;
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

/// The numbers of the scripts that lead to something else. One that was not played to its end says nothing: another may have
/// used up the time.
async fn catching(workshop: &Workshop, player: &Player, candidates: &[Candidate]) -> Result<Vec<usize>, EnsembleError> {
    let scripts = || candidates.iter().map(|one| &one.generated);
    let outcomes = player.play_known(workshop, scripts()).await?;
    let differs = |(one, outcome): (&Generated, &Option<_>)| outcome.is_some() && !one.is_met_by(outcome.as_ref());
    let differing = scripts().zip(&outcomes).enumerate().filter(|(_, it)| differs(*it));
    Ok(differing.map(|(index, _)| index).collect())
}
