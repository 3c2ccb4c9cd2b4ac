//! Makes the set of an exercise: many scripts, played by all answers that have to agree, and the best of them kept.

use std::io;
use std::path::{Path, PathBuf};

use layout::{LESSONS, LessonFolder, shown};
use scenario::generate::{Alphabet, script};
use scenario::{LoadError, Script};

use super::ensemble::{Ensemble, EnsembleError, Player};
use super::select::select;
use super::set::{Generated, Set};
use crate::Workshop;
use crate::source::{self, SourceError};

/// How often a script is played again without the steps that could not be played.
const REPAIRS: usize = 6;

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

/// Makes the set of an exercise from the scripts of so many seeds, beginning with `seed`.
///
/// # Errors
///
/// [`MakeError`] when there is no alphabet, or an answer does not play.
pub async fn make(workshop: &Workshop, exercise: &str, seed: u64, seeds: u64) -> Result<Made, MakeError> {
    let path =
        alphabet_of(workshop, exercise).ok_or_else(|| MakeError::NoAlphabet { exercise: exercise.to_owned() })?;
    let text = source::text_of(&path)?;
    let alphabet = Alphabet::parse(&text, &path)?;
    let ensemble = Ensemble::of(workshop, exercise).await?;
    let (solution, others) = (ensemble.solution().await?, ensemble.others().await?);
    let scripts: Vec<_> = (seed..seed.saturating_add(seeds)).map(|seed| script(&alphabet, seed)).collect();
    let played = playable(workshop, &solution, scripts).await.map_err(EnsembleError::Play)?;
    let scripts = played.len();
    let (agreed, dissent, example) = agreed(workshop, &others, played).await.map_err(EnsembleError::Play)?;
    let how_many = agreed.len();
    Ok(Made { set: Set::new(select(agreed)), scripts, agreed: how_many, dissent, example })
}

/// Plays scripts with the solution, and leaves out the steps that cannot be played: they need a client that the server has
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
                Some((_, step)) if step <= script.steps.len() => {
                    script.steps.remove(step - 1);
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

/// Those about which all agree, and who did not.
async fn agreed(workshop: &Workshop, others: &[Player], mut played: Vec<Generated>) -> io::Result<Agreed> {
    let (mut dissent, mut example) = (Vec::new(), None);
    for other in others {
        let scripts: Vec<_> = played.iter().map(|one| &one.script).collect();
        let outcomes = other.play(workshop, &scripts).await?;
        let before = played.len();
        let mut agreeing = Vec::new();
        for (one, outcome) in std::mem::take(&mut played).into_iter().zip(outcomes) {
            let found = outcome.filter(|it| it.end.is_none()).map(|it| it.transcript.to_string());
            if found.as_ref() == Some(&one.transcript) {
                agreeing.push(one);
            } else if example.is_none() {
                let (file, solution) = (other.file.clone(), one.transcript);
                example = Some(Dissent { file, solution, other: found.unwrap_or_default() });
            }
        }
        dissent.push((other.file.clone(), before - agreeing.len()));
        played = agreeing;
    }
    Ok((played, dissent, example))
}
