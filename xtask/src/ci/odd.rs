//! A workshop in which every exercise is odd in a different way. Each gets its own verdict, and none disturbs another.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use layout::{Layout, Package};
use serde_json::Value;

use super::{Outcome, Section, exercises::assert_untouched, verdicts};
use crate::context::Context;
use crate::job::Printed;
use crate::test_log;
use crate::workshop::{Exercise, exercises};

pub(super) const SECTION: Section = Section {
    name: "odd",
    proves: "An exercise that is missing, a pipe, broken, endless and so on has its own verdict and affects no other.",
    check,
};

/// Seconds, more than the checks of all exercises take, of which one never ends.
const LIMIT: &str = "600";

/// A way to be odd.
#[derive(Debug, Clone, Copy)]
enum Oddity {
    Solved,
    Missing,
    Folder,
    Pipe,
    Dangling,
    Bytes,
    Broken,
    Unlinkable,
    Endless,
    Exits,
    Untouched,
}

impl Oddity {
    const ALL: [Self; 10] = [
        Self::Solved,
        Self::Missing,
        Self::Folder,
        Self::Pipe,
        Self::Dangling,
        Self::Bytes,
        Self::Broken,
        Self::Unlinkable,
        Self::Endless,
        Self::Exits,
    ];

    /// In the words of `rtws check --json`.
    fn verdict(self) -> &'static str {
        match self {
            Self::Solved => "passed",
            Self::Missing | Self::Folder | Self::Pipe | Self::Dangling | Self::Bytes => "unreadable",
            Self::Broken | Self::Unlinkable => "compile_error",
            Self::Endless => "timed_out",
            Self::Exits => "exited_early",
            Self::Untouched => "failed",
        }
    }

    fn outcome(self) -> test_log::Outcome {
        if self.verdict() == "passed" { test_log::Outcome::Passed } else { test_log::Outcome::Failed }
    }
}

/// The copy of the workshop.
struct Workshop {
    root: PathBuf,
    /// Each exercise, and how it is odd.
    exercises: Vec<(Exercise, Oddity)>,
}

fn check(context: &mut Context) -> Result<Outcome> {
    assert_untouched(&context.root)?;
    context.cargo("build --locked").check()?;
    let workshop = Workshop::lay_out(context)?;
    workshop.expect_from_cargo(context)?;
    workshop.expect_one_by_its_id(context)?;
    workshop.expect_from_rtws(context)?;
    for (exercise, oddity) in &workshop.exercises {
        println!("{:<20} {oddity:?}: {}", exercise.id, oddity.verdict());
    }
    remove(&workshop.root)?;
    Ok(Outcome::Passed)
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}

impl Workshop {
    fn lay_out(context: &Context) -> Result<Self> {
        // The same place each time, because it is part of the identity of the builds there.
        let root = context.target.join("ci/odd");
        remove(&root)?;
        copy_sources(context, &root)?;
        let exercises = exercises(&context.root)?;
        ensure!(exercises.len() >= Oddity::ALL.len(), "there are fewer exercises than ways to be odd");
        let oddities = Oddity::ALL.into_iter().chain(std::iter::repeat(Oddity::Untouched));
        let workshop = Self { root, exercises: exercises.into_iter().zip(oddities).collect() };
        for (exercise, oddity) in &workshop.exercises {
            workshop.make_odd(context, &exercise.id, *oddity)?;
        }
        Ok(workshop)
    }

    fn make_odd(&self, context: &Context, id: &str, oddity: Oddity) -> Result<()> {
        let layout = Layout::at(&self.root);
        let file = layout.code(Package::Exercises, id);
        if !matches!(oddity, Oddity::Untouched) {
            fs::remove_file(&file)?;
        }
        match oddity {
            Oddity::Solved => {
                fs::copy(layout.code(Package::Solutions, id), file)?;
            }
            Oddity::Missing | Oddity::Untouched => {}
            Oddity::Folder => fs::create_dir(file)?,
            Oddity::Pipe => context.program("mkfifo").args([file]).check()?,
            Oddity::Dangling => context.program("ln").words("-s nowhere").args([file]).check()?,
            Oddity::Bytes => fs::write(file, [0xff])?,
            Oddity::Broken => fs::write(file, "pub fn app(\n")?,
            Oddity::Unlinkable => fs::write(
                file,
                "unsafe extern \"C\" { fn nowhere(); } pub fn app(_: &rooms::Io) { unsafe { nowhere() } }\n",
            )?,
            Oddity::Endless => fs::write(file, "pub fn app(_: &rooms::Io) { loop {} }\n")?,
            Oddity::Exits => fs::write(file, "pub fn app(_: &rooms::Io) { std::process::exit(0) }\n")?,
        }
        Ok(())
    }

    /// The tests that a grader runs: each scenario of each exercise has its outcome.
    fn expect_from_cargo(&self, context: &Context) -> Result<()> {
        let tests = self.tests(context, &[])?;
        ensure!(tests.status.code() != Some(124), tests.fault("odd exercises take longer than ten minutes"));
        ensure!(!tests.status.success(), tests.fault("odd exercises pass"));
        let outcomes = verdicts::outcomes(&tests)?;
        self.exercises
            .iter()
            .try_for_each(|(exercise, oddity)| verdicts::expect(&tests, &outcomes, exercise, oddity.outcome()))
    }

    /// The id of the solved one selects its tests and no others.
    fn expect_one_by_its_id(&self, context: &Context) -> Result<()> {
        let solved = self.exercises.iter().find(|(_, oddity)| matches!(oddity, Oddity::Solved));
        let (exercise, _) = solved.context("no exercise is solved")?;
        let tests =
            self.tests(context, &["--", &exercise.id])?.passed_or("the solved one, selected by its id, fails")?;
        let outcomes = verdicts::outcomes(&tests)?;
        verdicts::expect(&tests, &outcomes, exercise, test_log::Outcome::Passed)?;
        let is_alone = outcomes.len() == exercise.scenarios.len();
        ensure!(is_alone, tests.fault("an id selects other tests than its own"));
        Ok(())
    }

    fn tests(&self, context: &Context, arguments: &[&str]) -> Result<Printed> {
        let timeout = context.program("timeout").args([LIMIT]).words("cargo test --package exercises --locked");
        timeout.args(arguments).folder(&self.root).env("CARGO_TARGET_DIR", &context.target).hidden()
    }

    /// The command gives each exercise its own verdict.
    fn expect_from_rtws(&self, context: &Context) -> Result<()> {
        let ids = self.exercises.iter().map(|(exercise, _)| &exercise.id);
        let rtws = context.program(context.rtws()).words("check --json").args(ids);
        let rtws = rtws.args(["--root".as_ref(), self.root.as_os_str()]).env("CARGO_TARGET_DIR", &context.target);
        let document = rtws.answer()?;
        ensure!(matches!(document.status.code(), Some(0 | 1)), document.fault("odd exercises end the check"));
        let checked: Value = serde_json::from_str(&document.text)?;
        for (number, (exercise, oddity)) in self.exercises.iter().enumerate() {
            let found = &checked["exercises"][number];
            let is_expected = found["id"] == *exercise.id && found["verdict"] == oddity.verdict();
            let message =
                || format!("{} is {}, not {}: {}", exercise.id, found["verdict"], oddity.verdict(), found["id"]);
            ensure!(is_expected, document.fault(message()));
        }
        Ok(())
    }
}

/// Copies tracked and new files, as they are in the working tree.
fn copy_sources(context: &Context, to: &Path) -> Result<()> {
    let files = context.program("git").words("ls-files -z --cached --others --exclude-standard").answer()?.passed()?;
    for file in files.text.split('\0').filter(|file| !file.is_empty()) {
        let copy = to.join(file);
        fs::create_dir_all(copy.parent().unwrap_or(to))?;
        fs::copy(context.root.join(file), copy)?;
    }
    Ok(())
}
