//! The changes that a session makes to the state, and its questions to it.

use super::sitting::Sitting;
use super::state::{ExerciseProgress, Progress};
use super::step::{Place, StepState, step_key};
use crate::text::fingerprint;

impl Progress {
    /// How far a step is.
    pub fn step_state(&self, key: &str) -> StepState {
        self.steps.get(key).map(|step| step.state).unwrap_or_default()
    }

    /// Records a sign of the learner; after a long pause it begins another sitting.
    pub fn sign(&mut self, now: u64) {
        self.sitting.get_or_insert_with(|| Sitting::beginning(now)).sign(now);
    }

    /// Records that the learner is at this step now. A step that is done stays done.
    pub fn enter(&mut self, place: Place, now: u64) {
        let step = self.steps.entry(step_key(&place.lesson, &place.step)).or_default();
        step.state = step.state.max(StepState::Started);
        step.started_at.get_or_insert(now);
        self.position = Some(place);
    }

    /// A step is done.
    pub fn finish(&mut self, key: &str, now: u64) {
        let step = self.steps.entry(key.to_owned()).or_default();
        step.state = StepState::Done;
        step.started_at.get_or_insert(now);
        step.done_at.get_or_insert(now);
    }

    /// Records that the learner spent this many milliseconds at a step.
    pub fn spent(&mut self, key: &str, ms: u64) {
        let step = self.steps.entry(key.to_owned()).or_default();
        step.spent_ms = step.spent_ms.saturating_add(ms);
    }

    /// The progress in an exercise; the default for one in which nothing has been done.
    pub fn exercise(&self, id: &str) -> ExerciseProgress {
        self.exercises.get(id).cloned().unwrap_or_default()
    }

    /// An exercise was checked.
    pub fn attempted(&mut self, id: &str) {
        let exercise = self.exercise_mut(id);
        exercise.attempts = exercise.attempts.saturating_add(1);
    }

    /// An exercise passed with this code.
    pub fn passed(&mut self, id: &str, code: &str, now: u64) {
        let passed = self.exercise_mut(id).passed.get_or_insert_default();
        (passed.at, passed.fingerprint) = (now, fingerprint(code));
    }

    /// Whether an exercise has ever passed.
    pub fn has_passed(&self, id: &str) -> bool {
        self.exercises.get(id).is_some_and(|exercise| exercise.passed.is_some())
    }

    /// Whether an exercise passed with exactly this code. If not, its verdict is out of date.
    pub fn passed_with(&self, id: &str, code: &str) -> bool {
        let passed = self.exercises.get(id).and_then(|exercise| exercise.passed.as_ref());
        passed.is_some_and(|passed| passed.fingerprint == fingerprint(code))
    }

    /// Reveals the next of an exercise's `available` hints, and returns how many are revealed now.
    pub fn reveal_hint(&mut self, id: &str, available: usize) -> usize {
        let exercise = self.exercise_mut(id);
        if exercise.hints < available {
            exercise.hints += 1;
        }
        exercise.hints.min(available)
    }

    /// The solution of an exercise was opened. That is recorded only before it has passed.
    pub fn solution_opened(&mut self, id: &str, now: u64) {
        let exercise = self.exercise_mut(id);
        if exercise.passed.is_none() {
            exercise.solution_opened_at.get_or_insert(now);
        }
    }

    fn exercise_mut(&mut self, id: &str) -> &mut ExerciseProgress {
        self.exercises.entry(id.to_owned()).or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_is_done_stays_done_when_it_is_read_again() {
        let mut progress = Progress::default();
        progress.enter(Place::new("rooms", "read"), 10);
        assert_eq!(progress.step_state("rooms/read"), StepState::Started);
        progress.finish("rooms/read", 20);
        progress.enter(Place::new("rooms", "read"), 30);
        progress.finish("rooms/read", 40);
        let step = &progress.steps["rooms/read"];
        assert_eq!((step.state, step.started_at, step.done_at), (StepState::Done, Some(10), Some(20)));
        assert_eq!(progress.position, Some(Place::new("rooms", "read")));
        assert_eq!(progress.step_state("rooms/debug"), StepState::Todo);
    }

    #[test]
    fn a_pass_is_out_of_date_when_the_code_has_changed() {
        let mut progress = Progress::default();
        progress.attempted("join-project");
        progress.passed("join-project", "fn app() {}", 10);
        assert!(progress.has_passed("join-project"));
        assert!(progress.passed_with("join-project", "fn app() {}"));
        assert!(!progress.passed_with("join-project", "fn app() { }"));
        assert!(!progress.has_passed("scoped-broadcast"));
    }

    #[test]
    fn hints_come_one_by_one_and_no_more_than_there_are() {
        let mut progress = Progress::default();
        let revealed: Vec<usize> = (0..4).map(|_| progress.reveal_hint("join-project", 2)).collect();
        assert_eq!(revealed, [1, 2, 2, 2]);
        assert_eq!(progress.reveal_hint("join-project", 1), 1, "a lesson may lose a hint");
    }

    #[test]
    fn opening_the_solution_counts_only_before_passing() {
        let mut progress = Progress::default();
        progress.passed("a", "", 1);
        progress.solution_opened("a", 2);
        progress.solution_opened("b", 3);
        progress.solution_opened("b", 4);
        assert_eq!(progress.exercise("a").solution_opened_at, None);
        assert_eq!(progress.exercise("b").solution_opened_at, Some(3));
    }
}
