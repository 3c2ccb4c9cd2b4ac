//! `rtws check --deep`: thousands of scripts that nobody wrote, against the solution.

use std::fs::File;
use std::io::Write as _;

use anyhow::Context as _;
use judge::generation::deep::{Deep, Difference, Progress, deep};
use judge::{Package, Workshop};
use layout::CodeFile;

use super::args::Args;
use super::text::{difference_text, kept_text};
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
    let progress = |progress| line.show(&format!("{exercise}: {}", in_words(progress, scripts)));
    let found = deep(workshop, exercise, &file, seed, scripts, &progress).await;
    line.clear();
    match found? {
        Deep::Same { counted, left_out, is_measured } => {
            print(&format!(
                "{exercise}: {counted} generated scripts (seed {seed}) lead to what the solution leads to."
            ))?;
            if left_out > 0 {
                print(&format!(
                    "  {left_out} others do not, and do not count: right answers differ there, or yours from run to run."
                ))?;
            }
            if !is_measured {
                print("  Ten thousand clients did not come and go in time, so its memory was not looked at.")?;
            }
            Ok(true)
        }
        Deep::Keeps(report) => {
            print(&kept_text(exercise, &report, ui))?;
            Ok(false)
        }
        Deep::Different(difference) => {
            print(&difference_text(exercise, &difference, ui))?;
            save(args, exercise, &difference)?;
            Ok(false)
        }
    }
}

fn in_words(progress: Progress, scripts: u64) -> String {
    match progress {
        Progress::Compiling => "compiling your code and the solution".to_owned(),
        Progress::Played(played) => format!("{played} of {scripts} generated scripts"),
        Progress::Shortening(steps) => {
            format!("a script leads to something else; shortening it, {steps} steps are left")
        }
        Progress::Crowding => "ten thousand clients come and go".to_owned(),
    }
}

fn save(args: &Args, exercise: &str, difference: &Difference) -> anyhow::Result<()> {
    let Some(file) = &args.save else {
        let Difference { seed, scripts, .. } = difference;
        return print(&format!("  Keep it: rtws check {exercise} --deep={scripts} --seed {seed} --save FILE.toml"));
    };
    let cannot = || format!("cannot write {}", file.display());
    let mut kept = File::create_new(file).with_context(cannot)?;
    kept.write_all(difference.script.to_toml().as_bytes()).with_context(cannot)?;
    print(&format!("  It is kept in {}.", file.display()))
}
