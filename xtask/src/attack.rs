//! Changes right answers mechanically, and lists the changes that no scenario notices.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use futures_util::{StreamExt as _, stream};
use judge::report::Verdict;
use judge::{Scenarios, Subject, Workshop, check_text, checks_at_a_time, prepare};
use layout::{CodeFile, Package};
use mutants::{Mutant, mutants};

/// What to change.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The exercises; without any, all
    exercises: Vec<String>,
    /// Changes the solutions alone, and not the other right answers
    #[arg(long)]
    solutions: bool,
    /// Tries one in so many of the changes
    #[arg(long, default_value_t = 1)]
    one_in: usize,
}

/// What became of the mutants of one answer.
#[derive(Default)]
struct Tally {
    caught: usize,
    /// Those that do not compile.
    broken: usize,
    survivors: Vec<Mutant>,
}

/// Tries the mutants and lists those that pass. The exit code is 1 if there are any.
pub(crate) fn run(root: &Path, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let workshop = Workshop { scenarios_at_a_time: 1, ..Workshop::at(root) };
    let mut exercises = arguments.exercises.clone();
    if exercises.is_empty() {
        exercises = workshop.layout.exercises();
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(prepare(&workshop, &|_| {}))?;
    let mut survivors = 0;
    for exercise in &exercises {
        for file in answers(&workshop, exercise, arguments.solutions) {
            let tally = runtime.block_on(attack(&workshop, exercise, &file, arguments.one_in))?;
            survivors += tally.survivors.len();
            tell(&file, &tally);
        }
    }
    Ok(if survivors == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The right answers to an exercise, from the workshop's root.
fn answers(workshop: &Workshop, exercise: &str, solutions: bool) -> Vec<PathBuf> {
    let others = if solutions { Vec::new() } else { workshop.layout.right().files(exercise) };
    let others = others.iter().map(|file| workshop.layout.from_root(file).to_owned());
    std::iter::once(CodeFile::of(exercise).path(Package::Solutions)).chain(others).collect()
}

async fn attack(workshop: &Workshop, exercise: &str, file: &Path, one_in: usize) -> anyhow::Result<Tally> {
    let path = workshop.layout.root().join(file);
    let source = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let all = mutants(&source).with_context(|| format!("{} is not Rust", path.display()))?;
    let tried = all.into_iter().step_by(one_in.max(1));
    let judged = stream::iter(tried).map(async |mutant| {
        let checked = check_text(workshop, Subject { file, exercise }, &mutant.source, Scenarios::All, &|_| {}).await;
        checked.map(|report| (mutant, report.verdict))
    });
    let mut judged = std::pin::pin!(judged.buffered(checks_at_a_time()));
    let mut tally = Tally::default();
    while let Some(checked) = judged.next().await {
        let (mutant, verdict) = checked?;
        match verdict {
            Verdict::Passed => tally.survivors.push(mutant),
            Verdict::CompileError => tally.broken += 1,
            Verdict::Failed
            | Verdict::TimedOut
            | Verdict::OutOfMemory
            | Verdict::Crashed
            | Verdict::ExitedEarly
            | Verdict::Stale
            | Verdict::Unreadable
            | Verdict::CourseError => tally.caught += 1,
        }
    }
    Ok(tally)
}

fn tell(file: &Path, tally: &Tally) {
    let Tally { caught, broken, survivors } = tally;
    let file = file.display();
    println!("{file}: {caught} caught, {} survive, {broken} do not compile", survivors.len());
    for Mutant { line, change, .. } in survivors {
        println!("  {file}:{line}: {change}");
    }
}
