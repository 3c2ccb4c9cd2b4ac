use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use layout::{CodeFile, Layout, Package};

use super::{Outcome, Section, verdicts};
use crate::context::Context;
use crate::test_log;
use crate::workshop::{Exercise, exercises};

pub(super) const SECTION: Section = Section {
    name: "exercises",
    proves: "Each untouched exercise fails, scenario by scenario, and says which file to edit.",
    check,
};

fn check(context: &mut Context) -> Result<Outcome> {
    let exercises = exercises(&context.root)?;
    assert_untouched(&context.root)?;
    let tests = context.cargo("test --package exercises --locked").hidden()?;
    if tests.status.success() {
        return Err(tests.fault("the untouched exercises pass"));
    }
    if ["panicked at", "stack backtrace"].iter().any(|words| tests.text.contains(words)) {
        return Err(tests.fault("a learner would see a panic"));
    }
    let outcomes = verdicts::outcomes(&tests)?;
    for exercise in &exercises {
        verdicts::expect(&tests, &outcomes, exercise, test_log::Outcome::Failed)?;
        let (advice, scenarios) = (advice(&tests.text, exercise), exercise.scenarios.len());
        if advice != scenarios {
            let message = format!("{}: {advice} of {scenarios} failures say which file to edit", exercise.id);
            return Err(tests.fault(message));
        }
        println!("{:<20} {scenarios:2} scenarios fail, as they should", exercise.id);
    }
    Ok(Outcome::Passed)
}

/// A person who solved an exercise here cannot run this section.
pub(super) fn assert_untouched(root: &Path) -> Result<()> {
    let read = |file: &Path| fs::read(file).with_context(|| format!("cannot read {}", file.display()));
    for exercise in exercises(root)? {
        let file = Layout::at(root).code(Package::Exercises, &exercise.id);
        let is_untouched = read(&file)? == read(&exercise.starter)?;
        ensure!(is_untouched, "this section needs untouched exercises, and {} is not", file.display());
    }
    Ok(())
}

/// How many failures say which file to edit.
fn advice(log: &str, exercise: &Exercise) -> usize {
    let sentence = format!("Edit {} and run this again.", CodeFile::of(&exercise.id).shown(Package::Exercises));
    log.lines().filter(|line| line.contains(&sentence)).count()
}
