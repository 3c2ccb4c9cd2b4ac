//! Whether a step takes as long as its author says, by an estimate from its length.

use layout::{CodeFile, Package};
use similar::{ChangeTag, TextDiff};

use super::super::diagnostic::Code;
use super::super::exercise::Exercise;
use super::super::steps::Body;
use super::super::types::Step;
use super::subject::Subject;

/// Words of a page that a learner reads in a minute, and characters of code that a learner works out, writes and fixes in
/// one.
const WORDS_A_MINUTE: usize = 200;
const CHARACTERS_A_MINUTE: usize = 100;

/// How far the two may be apart, in seconds.
const TOLERANCE: usize = 60;

pub(super) fn check(subject: &Subject<'_>) {
    // An author who writes no minutes wants none.
    if subject.lesson.steps.iter().any(|step| step.minutes.is_none()) {
        return;
    }
    for step in &subject.lesson.steps {
        let minutes = step.minutes.unwrap_or_default() as usize;
        if let Some(seconds) = reckoned(subject, step)
            && seconds.abs_diff(60 * minutes) > TOLERANCE
        {
            let message = format!("the step `{}` takes {minutes} min, and {seconds} s by its length", step.id);
            subject.warning_at("steps", &step.id, Code::MinutesOff, message, "change the minutes, or the length");
        }
    }
}

/// The seconds of a step, if they can be counted: reading its page and its starter, and writing the code that the solution
/// has and the starter has not.
fn reckoned(subject: &Subject<'_>, step: &Step) -> Option<usize> {
    let Some(id) = step.body.exercise_to_pass() else {
        let is_page = matches!(step.body, Body::Read(_)) && step.show.is_none();
        return is_page.then(|| reading(&step.text));
    };
    let exercise: &Exercise = subject.lesson.exercise(id)?;
    let file = CodeFile::of(id);
    let starter = subject.read_quietly(&subject.places.starter(file))?;
    let solution = subject.read_quietly(&file.path(Package::Solutions))?;
    let writing = to_write(starter.text(), solution.text()) * 60 / CHARACTERS_A_MINUTE;
    Some(reading(&exercise.text) + reading(starter.text()) + writing)
}

fn reading(text: &str) -> usize {
    text.split_whitespace().count() * 60 / WORDS_A_MINUTE
}

/// Characters of code that `solution` has and `starter` has not, without comments and indentation.
fn to_write(starter: &str, solution: &str) -> usize {
    fn lines(text: &str) -> Vec<&str> {
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")).collect()
    }
    let (starter, solution) = (lines(starter), lines(solution));
    let diff = TextDiff::from_slices(&starter, &solution);
    let inserted = diff.iter_all_changes().filter(|change| change.tag() == ChangeTag::Insert);
    inserted.map(|change| change.value().chars().count()).sum()
}
