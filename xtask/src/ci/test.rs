use std::path::PathBuf;

use anyhow::{Result, bail, ensure};

use super::{Outcome, Section};
use crate::context::Context;
use crate::test_log::{self, Program, count, programs};
use crate::workshop::answers;

pub(super) const SECTION: Section = Section {
    name: "test",
    proves: "`cargo test`, as the README has it, passes, runs every answer, and ignores only what other sections run.",
    check,
};

/// The programs whose tests `cargo test` leaves out, because they need other programs; and the words under which the
/// section that runs them has counted them.
const ELSEWHERE: [(&str, &str); 3] = [
    ("tests/browser.rs", "in a browser"),
    ("tests/node.rs", "with Node"),
    ("tests/stock/main.rs", "with stock clients"),
];

fn check(context: &mut Context) -> Result<Outcome> {
    let programs = run(context, "with cargo test", "test")?;
    assert_every_answer_ran(&answers(&context.root)?, &programs)?;
    assert_ignored_run_elsewhere(&context.ran, &programs)?;
    Ok(Outcome::Passed)
}

/// Runs tests in sight, and counts them under these words.
pub(super) fn run(context: &mut Context, place: &'static str, words: &str) -> Result<Vec<Program>> {
    let tests = context.cargo(words).shown()?;
    let programs = programs(&tests.text);
    if let Ok(programs) = &programs {
        context.ran.push((place, programs.clone()));
    }
    let _ = tests.passed()?;
    let programs = programs?;
    ensure!(count(&programs, test_log::Outcome::Passed) > 0, "no test ran");
    Ok(programs)
}

/// A file that no test runs proves nothing.
fn assert_every_answer_ran(answers: &[(PathBuf, String)], programs: &[Program]) -> Result<()> {
    let tests: Vec<_> = programs.iter().flat_map(|program| &program.tests).collect();
    for (path, name) in answers {
        let has_passed = tests.iter().any(|test| test.name == *name && test.outcome == test_log::Outcome::Passed);
        ensure!(has_passed, "cargo test does not run {}", path.display());
    }
    Ok(())
}

/// Nothing else may be left out. If the other section was run as well, it has run these very tests.
fn assert_ignored_run_elsewhere(ran: &[(&str, Vec<Program>)], programs: &[Program]) -> Result<()> {
    for program in programs.iter().filter(|program| program.count(test_log::Outcome::Ignored) > 0) {
        let Some((_, place)) = ELSEWHERE.iter().find(|(file, _)| program.is(file)) else {
            bail!("cargo test leaves out tests of {}, which no section runs", program.name);
        };
        let ignored = names(program, test_log::Outcome::Ignored);
        for (_, there) in ran.iter().filter(|(ran, _)| ran == place) {
            let ran: Vec<_> = there.iter().flat_map(|program| names(program, test_log::Outcome::Passed)).collect();
            ensure!(ran == ignored, "cargo test leaves out {ignored:?}, and {place} ran {ran:?}");
        }
    }
    Ok(())
}

fn names(program: &Program, outcome: test_log::Outcome) -> Vec<&str> {
    let mut names: Vec<_> =
        program.tests.iter().filter(|it| it.outcome == outcome).map(|it| it.name.as_str()).collect();
    names.sort_unstable();
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_log::Outcome::{Ignored, Passed};
    use crate::test_log::Test;

    fn program(name: &str, tests: &[(&str, test_log::Outcome)]) -> Program {
        let test = |&(name, outcome): &(&str, _)| Test { name: String::from(name), outcome };
        Program { name: name.into(), tests: tests.iter().map(test).collect() }
    }

    #[test]
    fn an_answer_that_no_test_runs_is_told_by_its_file() {
        let programs = [program("tests/variants.rs", &[("wrong/greet/a", Passed), ("wrong/greet/b", Ignored)])];
        let answer = |name: &str| [(PathBuf::from(format!("{name}.rs")), name.to_owned())];
        assert!(assert_every_answer_ran(&answer("wrong/greet/a"), &programs).is_ok());
        for name in ["wrong/greet/b", "wrong/greet/c"] {
            let error = assert_every_answer_ran(&answer(name), &programs).unwrap_err();
            assert_eq!(error.to_string(), format!("cargo test does not run {name}.rs"));
        }
    }

    #[test]
    fn only_tests_that_another_section_runs_may_be_left_out() {
        let programs = [program("tests/node.rs", &[("greet", Ignored), ("plain", Passed)])];
        let ran = |tests| [("with Node", vec![program("tests/node.rs", tests)])];
        assert!(assert_ignored_run_elsewhere(&[], &programs).is_ok());
        assert!(assert_ignored_run_elsewhere(&ran(&[("greet", Passed)]), &programs).is_ok());
        assert!(assert_ignored_run_elsewhere(&ran(&[("board", Passed)]), &programs).is_err());
        let other = [program("tests/course.rs", &[("greet", Ignored)])];
        let error = assert_ignored_run_elsewhere(&[], &other).unwrap_err();
        assert_eq!(error.to_string(), "cargo test leaves out tests of tests/course.rs, which no section runs");
    }
}
