//! Reads the output of `cargo test` into values.
//!
//! libtest prints JSON only on nightly, so this reads the words for people: which program runs, how many tests it
//! announces, a line for each of them, and the line with the result. The output of failed tests comes after the lines
//! of tests, and there only the result is read. A program whose lines, numbers and result do not agree is an error.

use std::path::Path;

use thiserror::Error;

/// A test program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Program {
    /// As cargo calls it: `tests/course.rs`, `unittests src/lib.rs`, `Doc-tests rooms`.
    pub(crate) name: String,
    pub(crate) tests: Vec<Test>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Test {
    pub(crate) name: String,
    pub(crate) outcome: Outcome,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Passed,
    Failed,
    Ignored,
}

/// Why a log cannot be read.
#[derive(Debug, Error, PartialEq, Eq)]
pub(crate) enum Unclear {
    #[error("{program}: of {announced} tests, {told} are told, and the result is of {summed}")]
    Count { program: String, announced: usize, told: usize, summed: usize },
    #[error("this line tells no outcome that is known: {0}")]
    Outcome(String),
}

impl Program {
    /// How many of its tests have this outcome.
    pub(crate) fn count(&self, outcome: Outcome) -> usize {
        self.tests.iter().filter(|test| test.outcome == outcome).count()
    }

    /// Whether its file is this one, as a path from its package.
    pub(crate) fn is(&self, file: &str) -> bool {
        Path::new(&self.name) == Path::new(file)
    }
}

/// How many tests of some programs have this outcome.
pub(crate) fn count(programs: &[Program], outcome: Outcome) -> usize {
    programs.iter().map(|program| program.count(outcome)).sum()
}

/// The programs whose tests are in a log. A program that did not finish is left out; others notice that, for example by
/// cargo's exit code.
pub(crate) fn programs(log: &str) -> Result<Vec<Program>, Unclear> {
    let mut done = Vec::new();
    let (mut name, mut running) = (String::new(), None);
    for line in log.lines() {
        if let Some(program) = program_in(line) {
            name = program.to_owned();
        } else if let (Some(announced), None) = (announced_in(line), &running) {
            let program = Program { name: name.clone(), tests: Vec::new() };
            running = Some(Running { announced, program, begun: None, is_told: false });
        } else if let Some(mut tests) = running.take() {
            if let Some(result) = result_in(line) {
                done.push(tests.complete(result)?);
            } else {
                tests.read(line)?;
                running = Some(tests);
            }
        }
    }
    Ok(done)
}

/// A program of which some lines were read.
struct Running {
    announced: usize,
    program: Program,
    /// A test whose line broke off, because something else was printed while it ran.
    begun: Option<String>,
    /// Whether all of its tests have had their line.
    is_told: bool,
}

impl Running {
    fn read(&mut self, line: &str) -> Result<(), Unclear> {
        self.is_told |= line == "failures:";
        if self.is_told {
            return Ok(());
        }
        if let Some((name, outcome)) = line.strip_prefix("test ").and_then(|rest| rest.split_once(" ... ")) {
            if let Some(begun) = self.begun.take() {
                return Err(Unclear::Outcome(begun));
            }
            let name = name.trim_end().to_owned();
            match outcome_in(outcome) {
                Some(outcome) => self.program.tests.push(Test { name, outcome }),
                None if outcome.trim().is_empty() => self.begun = Some(name),
                None => return Err(Unclear::Outcome(line.to_owned())),
            }
        } else if let (Some(outcome), Some(_)) = (outcome_in(line), &self.begun) {
            self.program.tests.extend(self.begun.take().map(|name| Test { name, outcome }));
        }
        Ok(())
    }

    /// `result` has the number of tests with each outcome.
    fn complete(self, result: [usize; 3]) -> Result<Program, Unclear> {
        let Self { announced, program, .. } = self;
        let told = program.tests.len();
        if told == announced && result == OUTCOMES.map(|(outcome, _)| program.count(outcome)) {
            return Ok(program);
        }
        Err(Unclear::Count { program: program.name, announced, told, summed: result.iter().sum() })
    }
}

const OUTCOMES: [(Outcome, &str); 3] =
    [(Outcome::Passed, "passed"), (Outcome::Failed, "failed"), (Outcome::Ignored, "ignored")];

/// `     Running tests/course.rs (target/debug/deps/course-0123)` or `   Doc-tests rooms`.
fn program_in(line: &str) -> Option<&str> {
    let words = line.strip_prefix("     Running ").and_then(|rest| rest.rsplit_once(" (")).map(|(name, _)| name);
    words.or_else(|| line.strip_prefix("   ").filter(|rest| rest.starts_with("Doc-tests ")))
}

/// `running 3 tests`
fn announced_in(line: &str) -> Option<usize> {
    let (number, word) = line.strip_prefix("running ")?.split_once(' ')?;
    if word == "tests" || word == "test" { number.parse().ok() } else { None }
}

/// `test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; …`
fn result_in(line: &str) -> Option<[usize; 3]> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let mut counts = counts.split("; ");
    let mut numbers = [0; 3];
    for (number, (_, word)) in numbers.iter_mut().zip(OUTCOMES) {
        *number = counts.next()?.strip_suffix(word)?.trim().parse().ok()?;
    }
    Some(numbers)
}

/// The end of `test name ... ok`; a program that aligns its lines has more spaces before the dots.
fn outcome_in(words: &str) -> Option<Outcome> {
    match words.split(',').next().unwrap_or_default().trim() {
        "ok" => Some(Outcome::Passed),
        "FAILED" => Some(Outcome::Failed),
        "ignored" => Some(Outcome::Ignored),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A log of two programs and documentation, in which one test failed and printed something that looks like a test.
    const LOG: &str = "\
   Compiling rooms v0.1.0 (/work/crates/rooms)
    Finished `test` profile [unoptimized + debuginfo] target(s) in 1.23s
     Running unittests src/lib.rs (target/debug/deps/rooms-0123)

running 2 tests
test codec::reads ... ok
test codec::is_slow has been running for over 60 seconds
test codec::is_slow - should panic ... ok

test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s

     Running tests/solutions.rs (target/debug/deps/solutions-0123)

running 3 tests
test greet::by-name           ... ok
test join-project::joins-once ... FAILED
test node                     ... ignored, needs Node.js, and packages

failures:

---- join-project::joins-once ----
running 9 tests
test greet::other ... ok
test result: none of ours


failures:
    join-project::joins-once

test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s

   Doc-tests rooms

running 1 test
test crates/rooms/src/lib.rs - (line 12) ... ok

test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.20s
";

    #[test]
    fn every_test_of_every_program_is_read_and_nothing_that_a_test_printed() {
        let programs = programs(LOG).unwrap();
        let names: Vec<_> = programs.iter().map(|program| program.name.as_str()).collect();
        assert_eq!(names, ["unittests src/lib.rs", "tests/solutions.rs", "Doc-tests rooms"]);
        let outcomes = [Outcome::Passed, Outcome::Failed, Outcome::Ignored].map(|outcome| count(&programs, outcome));
        assert_eq!(outcomes, [4, 1, 1]);
        assert_eq!(programs[1].tests[1].name, "join-project::joins-once");
        assert_eq!(programs[0].tests[1].name, "codec::is_slow - should panic");
    }

    #[test]
    fn a_program_that_contradicts_itself_is_an_error() {
        for (instead_of, with, announced, told, summed) in [
            ("running 3 tests", "running 4 tests", 4, 3, 3),
            ("running 3 tests", "running 2 tests", 2, 3, 3),
            ("1 passed; 1 failed; 1", "2 passed; 1 failed; 1", 3, 3, 4),
        ] {
            let error = programs(&LOG.replace(instead_of, with)).unwrap_err();
            assert_eq!(error, Unclear::Count { program: "tests/solutions.rs".into(), announced, told, summed });
        }
    }

    #[test]
    fn an_outcome_may_come_behind_what_was_printed_while_the_test_ran() {
        let line = "test greet::by-name           ... ok";
        let with = |rest: &str| LOG.replace(line, &format!("test greet::by-name           ... \n{rest}"));
        let printed = "thread 'main' panicked at tests/threads.rs:356:25:\nas it should\n";
        assert_eq!(programs(&with(&format!("{printed}ok"))), programs(LOG));
        assert!(matches!(programs(&with(printed)), Err(Unclear::Outcome(_))), "it never came");
    }

    #[test]
    fn an_outcome_that_is_not_known_is_an_error() {
        let log = LOG.replace("by-name           ... ok", "by-name           ... perhaps");
        assert!(matches!(programs(&log), Err(Unclear::Outcome(_))));
    }
}
