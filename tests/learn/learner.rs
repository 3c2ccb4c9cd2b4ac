//! A learner who does each kind of step in the intended way.

use std::time::Duration;

use rtws::course::steps::{Bug, Chunk, Compare, Debug, Interview, Predict, Reflect, Retype};
use rtws::course::{Body, Step};
use rtws::typing::{Fading, Retyping, State};

use scenario::Script;

use crate::common::{PATIENCE, Screen};
use crate::workshop::Workshop;

/// Long enough for a first build on a slow machine.
pub(crate) const BUILD: Duration = Duration::from_secs(120);

/// The screen, and the workshop that it shows.
pub(crate) struct Learner<'a> {
    pub(crate) screen: Screen,
    pub(crate) workshop: &'a Workshop,
}

impl<'a> Learner<'a> {
    /// Opens the workshop.
    pub(crate) fn open(workshop: &'a Workshop, rows: u16, cols: u16) -> Self {
        Self { screen: workshop.open(rows, cols), workshop }
    }

    /// Waits until a step is shown.
    #[track_caller]
    pub(crate) fn wait_for_step(&self, title: &str, number: usize, of: usize) {
        let place = format!("{number} of {of}");
        self.screen.wait_until(&format!("step {place}, {title:?}"), PATIENCE, |screen| {
            row(screen, 0).trim_end().ends_with(&place) && row(screen, 1).contains(&format!(" {title} "))
        });
    }

    /// Waits until the step that is shown is marked as done.
    #[track_caller]
    pub(crate) fn wait_until_done(&self, patience: Duration) {
        self.screen.wait_until("the step to be done", patience, |screen| row(screen, 1).contains('✓'));
    }

    /// Leaves the workshop.
    #[track_caller]
    pub(crate) fn quit(mut self) {
        self.screen.press("q");
        let status = self.screen.wait_exit();
        assert_eq!(status.exit_code(), 0, "{status}");
    }

    /// The address in the monitor's title. Its pane must be shown.
    #[track_caller]
    pub(crate) fn address(&self) -> String {
        self.screen.wait_for("Monitor 127.0.0.1:");
        let text = self.screen.text();
        let address = text.split_once("Monitor ").unwrap().1;
        address.chars().take_while(|character| character.is_ascii_digit() || ".:".contains(*character)).collect()
    }

    /// Does a step, and waits until it is done. A page is done by going on.
    #[track_caller]
    pub(crate) fn do_step(&mut self, step: &Step) {
        match &step.body {
            Body::Read(_) => return,
            Body::Predict(predict) => self.predict(predict, predict.answer),
            Body::Retype(retype) => self.retype(retype),
            Body::Debug(debug) => self.debug(debug),
            Body::Exercise(solved) | Body::Project(solved) => self.solve(&solved.exercise),
            Body::Recall(solved) => self.solve(&solved.exercise),
            Body::Compare(compare) => self.compare(compare),
            Body::Interview(interview) => self.interview(interview),
            Body::Reflect(reflect) => self.reflect(reflect),
        }
        self.wait_until_done(PATIENCE);
    }

    /// Answers with the choice of this index.
    #[track_caller]
    pub(crate) fn predict(&mut self, predict: &Predict, choice: usize) {
        self.screen.press(&(choice + 1).to_string());
        self.screen.press("enter");
        let says = if choice == predict.answer { "✓ Right." } else { "Not quite." };
        self.screen.wait_for(says);
    }

    #[track_caller]
    fn retype(&mut self, retype: &Retype) {
        self.screen.press("enter");
        self.type_chunks(&retype.chunks);
        self.screen.wait_for("✓ Typed to the end");
    }

    /// Types chunks from the first of them on. The keys must go into the text already.
    pub(crate) fn type_chunks(&mut self, chunks: &[Chunk]) {
        for chunk in chunks {
            self.screen.type_text(&keys(chunk));
        }
    }

    #[track_caller]
    fn debug(&mut self, debug: &Debug) {
        let bug = self.plant(debug, 0);
        self.screen.press("a");
        self.screen.wait_for("e opens it, c tries it");
        let assertion = self.workshop.assertion(&debug.exercise, &bug.id);
        assert_eq!(self.workshop.edited().last(), Some(&assertion), "the editor was not given the assertion");
        let starter = std::fs::read_to_string(&assertion).unwrap();
        assert_eq!(starter, bug.assertion_starter);

        self.try_assertion("The scenario asserts nothing yet");
        std::fs::write(&assertion, format!("{starter}\n[[steps]]\nexpect = \"never-sent\"\nat = {:?}\n", client(bug)))
            .unwrap();
        self.try_assertion("✗ It fails on a correct server too");
        std::fs::write(&assertion, bug.completed_assertion()).unwrap();
        self.try_assertion("✓ Proved");

        // A save is enough to have the fix checked: first one that fixes nothing.
        let buggy = self.workshop.source(&debug.exercise);
        self.workshop.save(&debug.exercise, &format!("{buggy}\n// nothing is fixed\n"));
        self.screen.wait_until("the failed fix", BUILD, |screen| screen.contents().contains("✗ Not fixed yet"));
        self.workshop.save(&debug.exercise, &self.workshop.solution(&debug.exercise));
        self.wait_until_done(BUILD);
        self.screen.wait_for("✓ Fixed: ");
    }

    /// Chooses a bug in the catalogue, plants it, and sees it served in the monitor.
    #[track_caller]
    fn plant<'b>(&mut self, debug: &'b Debug, index: usize) -> &'b Bug {
        (0..index).for_each(|_| self.screen.press("down"));
        self.screen.press("enter");
        self.screen.wait_until("the buggy server", BUILD, |screen| screen.contents().contains("serves on 127.0.0.1:"));
        self.screen.press("tab");
        // The simulated people have moved there, or the clients of the exercise's own scenarios.
        self.screen.wait_for("Your server 127.0.0.1:");
        self.screen.wait_for(" connected from ");
        self.screen.press("tab");
        self.screen.wait_for("When you have seen the symptom");
        &debug.bugs[index]
    }

    #[track_caller]
    fn try_assertion(&mut self, says: &str) {
        self.screen.press("c");
        self.screen.wait_until(&format!("{says:?}"), BUILD, |screen| screen.contents().contains(says));
    }

    /// Saves the answer, which checks it.
    #[track_caller]
    pub(crate) fn solve(&mut self, exercise: &str) {
        self.workshop.save(exercise, &self.workshop.solution(exercise));
        self.wait_for_verdict("✓ Passed · ");
    }

    /// Waits for the heading of a verdict.
    #[track_caller]
    pub(crate) fn wait_for_verdict(&self, heading: &str) {
        self.screen
            .wait_until(&format!("the verdict {heading:?}"), BUILD, |screen| screen.contents().contains(heading));
    }

    #[track_caller]
    fn compare(&mut self, compare: &Compare) {
        let count = compare.exercises.len();
        // The task comes first; the first exercise may be below it, out of sight.
        for number in (1..count).chain([0]) {
            self.screen.press("x");
            self.screen.wait_for(&format!("{}, {} of {count}", compare.exercises[number], number + 1));
            self.screen.wait_for("Your file and the solution hold the same code.");
        }
        self.write(&note(&compare.note));
    }

    #[track_caller]
    fn interview(&mut self, interview: &Interview) {
        let count = interview.questions.len();
        for number in 1..=count {
            self.screen.wait_for(&format!("Question {number} of {count}"));
            self.screen.press("m");
            self.screen.wait_for("Write your own answer first");
            self.write("Rooms are named by ids that were checked.");
            self.screen.press("m");
            self.screen.wait_for("A model answer");
            self.screen.press("3");
        }
    }

    #[track_caller]
    fn reflect(&mut self, reflect: &Reflect) {
        for prompt in &reflect.prompts {
            self.write(&note(&prompt.id));
            self.screen.press("x");
        }
    }

    /// Writes into the field of this step.
    #[track_caller]
    fn write(&mut self, text: &str) {
        self.screen.press("enter");
        self.screen.wait_for("writing, Esc to keep it");
        self.screen.type_text(text);
        self.screen.press("esc");
        // The next key would be taken for one with Alt.
        self.screen.wait_for("Enter to write");
    }
}

/// The learner's text in a note.
pub(crate) fn note(id: &str) -> String {
    format!("My words about {id}: \"rooms\" & `ids`.")
}

/// The keys of a chunk: indentation and comments are given.
pub(crate) fn keys(chunk: &Chunk) -> String {
    let fresh = Retyping::new(std::slice::from_ref(chunk));
    let typed = fresh.lines(0, Fading::None).into_iter().map(|line| {
        let asked = line.pieces.into_iter().filter(|piece| piece.state != State::Given);
        asked.map(|piece| piece.text).collect::<String>()
    });
    typed.filter(|line| !line.is_empty()).map(|line| line + "\n").collect()
}

fn row(screen: &vt100::Screen, row: u16) -> String {
    screen.rows(0, screen.size().1.get()).nth(row.into()).unwrap_or_default()
}

/// A client of the scenario that the learner's assertion begins with.
fn client(bug: &Bug) -> String {
    Script::read(&bug.assertion_starter).unwrap().clients.remove(0)
}
