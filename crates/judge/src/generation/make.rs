//! Makes the set of an exercise: many scripts, played by all answers that have to agree, and the best of them kept.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use layout::{LESSONS, LessonFolder, shown};
use scenario::generate::{Alphabet, repair, script};
use scenario::{LoadError, Script};

use super::ensemble::{Ensemble, EnsembleError, Player};
use super::select::{select, shortlist};
use super::set::{Generated, Set};
use super::trial::{Tried, tried};
use crate::Workshop;
use crate::source::{self, SourceError};

/// How often a script is repaired where it could not be played, and played again.
const REPAIRS: usize = 6;

/// How often each answer plays a script again that is to be kept.
const AGAIN: usize = 3;

/// Why there is no set.
#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    /// The exercise has no alphabet.
    #[error("no lesson has an alphabet for `{exercise}` ({})", any_alphabet(exercise))]
    NoAlphabet {
        /// The exercise.
        exercise: String,
    },
    /// The alphabet cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The alphabet is none.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The answers cannot play.
    #[error(transparent)]
    Ensemble(#[from] EnsembleError),
}

/// Where the alphabet of an exercise would be, for any lesson.
fn any_alphabet(exercise: &str) -> String {
    shown(&LessonFolder::at(Path::new(LESSONS).join("*")).alphabet(exercise))
}

/// What came of making a set.
#[derive(Debug)]
pub struct Made {
    /// The set.
    pub set: Set,
    /// Scripts that were played.
    pub scripts: usize,
    /// Those of them about which all answers agree.
    pub agreed: usize,
    /// The mutants that some of those catch.
    pub caught: usize,
    /// The numbers of those that compile and that none of them catches.
    pub survivors: Vec<usize>,
    /// Each right answer, and of how many scripts it was the first to disagree about. Many mean that the alphabet has
    /// something which the page leaves open, or that the answer is not right.
    pub dissent: Vec<(PathBuf, usize)>,
    /// A script about which an answer disagreed, and both transcripts.
    pub example: Option<Dissent>,
}

/// A script about which a right answer and the solution disagree.
#[derive(Debug)]
pub struct Dissent {
    /// The right answer.
    pub file: PathBuf,
    /// The solution's transcript.
    pub solution: String,
    /// The right answer's.
    pub other: String,
}

/// The file that says what clients of an exercise may do, if its lesson has one.
pub fn alphabet_of(workshop: &Workshop, exercise: &str) -> Option<PathBuf> {
    let file = workshop.layout.lesson_of(exercise)?.alphabet(exercise);
    file.exists().then_some(file)
}

/// The alphabet of an exercise, and its text.
pub(super) fn read(workshop: &Workshop, exercise: &str) -> Result<(Alphabet, String), MakeError> {
    let none = || MakeError::NoAlphabet { exercise: exercise.to_owned() };
    let path = alphabet_of(workshop, exercise).ok_or_else(none)?;
    let text = source::text_of(&path)?;
    Ok((Alphabet::parse(&text, &path)?, text))
}

/// What to make a set from.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// The seed of the first script.
    pub seed: u64,
    /// How many there are.
    pub scripts: u64,
    /// Sources that differ from the solution's in one place. The kept scripts catch as many of them as possible.
    pub mutants: &'a [String],
}

/// Makes the set of an exercise. `on_progress` is told how many mutants have been tried.
///
/// # Errors
///
/// [`MakeError`] when there is no alphabet, or an answer does not play.
pub async fn make(
    workshop: &Workshop,
    exercise: &str,
    material: Material<'_>,
    on_progress: &dyn Fn(usize),
) -> Result<Made, MakeError> {
    let (alphabet, text) = read(workshop, exercise)?;
    let ensemble = Ensemble::of(workshop, exercise).await?;
    let (solution, others) = (ensemble.solution().await?, ensemble.others().await?);
    let seeds = material.seed..material.seed.saturating_add(material.scripts);
    let scripts: Vec<_> = seeds.map(|seed| script(&alphabet, seed)).collect();
    let played = playable(workshop, &solution, scripts).await.map_err(EnsembleError::Play)?;
    let scripts = played.len();
    let (agreed, dissent, example) = agreed(workshop, &others, played).await.map_err(EnsembleError::Play)?;
    let how_many = agreed.len();
    let on_progress = |tried| {
        std::iter::once(&solution).chain(&others).for_each(Player::stay);
        on_progress(tried);
    };
    let steady = steady(workshop, &solution, &others, shortlist(agreed)).await.map_err(EnsembleError::Play)?;
    let Tried { candidates, survivors } = tried(workshop, &ensemble, steady, material.mutants, &on_progress).await?;
    let caught: BTreeSet<_> = candidates.iter().flat_map(|one| one.catches.iter().copied()).collect();
    let set = Set::new(select(candidates), &text);
    Ok(Made { set, scripts, agreed: how_many, caught: caught.len(), survivors, dissent, example })
}

/// Those that lead to the same each time: an answer that goes through a hash map may agree once by chance.
async fn steady(
    workshop: &Workshop,
    solution: &Player,
    others: &[Player],
    mut chosen: Vec<Generated>,
) -> io::Result<Vec<Generated>> {
    for player in std::iter::once(solution).chain(others) {
        for _ in 0..AGAIN {
            chosen = agreeing(workshop, player, chosen).await?.0;
        }
    }
    Ok(chosen)
}

/// Plays scripts with the solution, and repairs those with steps that cannot be played: they need a client that the server has
/// sent away, or an answer that it does not wait for.
pub(super) async fn playable(
    workshop: &Workshop,
    solution: &Player,
    scripts: Vec<Script>,
) -> io::Result<Vec<Generated>> {
    let (mut open, mut playable) = (scripts, Vec::new());
    for _ in 0..=REPAIRS {
        let outcomes = solution.play(workshop, &open.iter().collect::<Vec<_>>()).await?;
        let mut broken = Vec::new();
        for (mut script, outcome) in std::mem::take(&mut open).into_iter().zip(outcomes) {
            let Some(outcome) = outcome else { continue };
            match outcome.end {
                None => playable.push(Generated { script, transcript: outcome.transcript.to_string() }),
                Some((end, step)) if step <= script.steps.len() => {
                    repair(&mut script, &end, step);
                    broken.push(script);
                }
                Some(_) => {}
            }
        }
        open = broken;
        if open.is_empty() {
            break;
        }
    }
    Ok(playable)
}

type Agreed = (Vec<Generated>, Vec<(PathBuf, usize)>, Option<Dissent>);

/// Those about which all agree, and which answers did not.
pub(super) async fn agreed(workshop: &Workshop, others: &[Player], mut played: Vec<Generated>) -> io::Result<Agreed> {
    let (mut dissent, mut example) = (Vec::new(), None);
    for other in others {
        let before = played.len();
        let (agreeing, disagrees) = agreeing(workshop, other, played).await?;
        played = agreeing;
        example = example.or(disagrees);
        dissent.push((other.file.clone(), before - played.len()));
    }
    Ok((played, dissent, example))
}

/// Those that lead to the same with this answer, and the first that does not.
async fn agreeing(
    workshop: &Workshop,
    player: &Player,
    all: Vec<Generated>,
) -> io::Result<(Vec<Generated>, Option<Dissent>)> {
    let outcomes = player.play_known(workshop, &all).await?;
    let (mut agreeing, mut example) = (Vec::new(), None);
    for (one, outcome) in all.into_iter().zip(outcomes) {
        if one.is_met_by(outcome.as_ref()) {
            agreeing.push(one);
        } else if example.is_none() {
            let other = outcome.map(|outcome| outcome.transcript.to_string()).unwrap_or_default();
            example = Some(Dissent { file: player.file.clone(), solution: one.transcript, other });
        }
    }
    Ok((agreeing, example))
}
