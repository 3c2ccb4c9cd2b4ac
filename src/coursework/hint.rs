//! The hints of an exercise, one by one, from a nudge to the shape of the answer.

use crate::course::Exercise;
use crate::progress::Progress;
use crate::text::sentence_case;

/// How many hints of an exercise are revealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hints<'a> {
    exercise: &'a str,
    /// How many are revealed.
    pub revealed: usize,
    /// How many there are.
    pub total: usize,
    is_new: bool,
}

/// Reveals the next hint, if there is one left.
pub fn reveal<'a>(progress: &mut Progress, exercise: &'a Exercise) -> Hints<'a> {
    let (before, total) = (progress.exercise(&exercise.id).hints, exercise.hints.len());
    let revealed = progress.reveal_hint(&exercise.id, total);
    Hints { exercise: &exercise.id, revealed, total, is_new: revealed > before }
}

/// Reveals every hint.
pub fn reveal_all<'a>(progress: &mut Progress, exercise: &'a Exercise) -> Hints<'a> {
    let hints = (0..exercise.hints.len()).map(|_| reveal(progress, exercise)).last();
    hints.unwrap_or_else(|| reveal(progress, exercise))
}

/// The heading of a hint: its number, from 1, and how many there are.
pub fn heading(number: usize, total: usize) -> String {
    format!("hint {number} of {total}")
}

impl Hints<'_> {
    /// The result of asking for one, in a sentence.
    pub fn in_words(&self) -> String {
        match (self.total, self.is_new) {
            (0, _) => format!("`{}` has no hints.", self.exercise),
            (_, true) => format!("{}.", sentence_case(&heading(self.revealed, self.total))),
            (_, false) => "There are no more hints.".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coursework::testing::course;

    #[test]
    fn each_call_reveals_one_more_and_says_when_there_are_no_more() {
        let (course, mut progress) = (course(), Progress::default());
        let (_, exercise) = course.exercise("join-room").unwrap();
        let says: Vec<_> = (0..3).map(|_| reveal(&mut progress, exercise).in_words()).collect();
        assert_eq!(says, ["Hint 1 of 2.", "Hint 2 of 2.", "There are no more hints."]);
    }

    #[test]
    fn all_of_them_can_be_revealed_and_none_where_there_are_none() {
        let (course, mut progress) = (course(), Progress::default());
        let (_, exercise) = course.exercise("join-room").unwrap();
        assert_eq!(reveal_all(&mut progress, exercise).revealed, 2);
        let without = Exercise { hints: Vec::new(), ..exercise.clone() };
        assert_eq!(reveal_all(&mut Progress::default(), &without).in_words(), "`join-room` has no hints.");
    }
}
