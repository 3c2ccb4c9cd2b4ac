//! `rtws check --deep`: thousands of scripts that nobody wrote, against the solution.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use judge::generation::deep::{Deep, Difference, deep};
use judge::{Package, Workshop};
use layout::CodeFile;

use super::args::Args;
use super::text::difference_text;
use crate::cli::{StatusLine, Ui, print};

/// Plays so many scripts against the learner's code, and tells of the shortest that fails. Whether none does.
pub(super) async fn check_deep(
    args: &Args,
    workshop: &Workshop,
    exercise: &str,
    scripts: u64,
    ui: Ui,
) -> anyhow::Result<bool> {
    let package = if args.solutions { Package::Solutions } else { Package::Exercises };
    let file = CodeFile::of(exercise).path(package);
    let seed = args.seed.unwrap_or_else(|| rand::random::<u32>().into());
    let line = StatusLine::new(ui);
    let progress = |played: usize| line.show(&format!("{exercise}: {played} of {scripts} generated scripts"));
    progress(0);
    let found = deep(workshop, exercise, &file, seed, scripts, &progress).await;
    line.clear();
    match found? {
        Deep::Same(played) => {
            print(&format!(
                "{exercise}: {played} generated scripts (seed {seed}) lead to what the solution leads to."
            ))?;
            Ok(true)
        }
        Deep::Different(difference) => {
            print(&difference_text(exercise, &difference, ui))?;
            save(args.save.as_deref(), &difference)?;
            Ok(false)
        }
    }
}

fn save(file: Option<&Path>, difference: &Difference) -> anyhow::Result<()> {
    let Some(file) = file else {
        let seed = difference.seed;
        return print(&format!("  `--deep --seed {seed} --save FILE.toml` finds it again and keeps it as a scenario."));
    };
    fs::write(file, difference.script.to_toml()).with_context(|| format!("cannot write {}", file.display()))?;
    print(&format!("It is kept in {}; `rtws play {}` plays it.", file.display(), file.display()))
}
