//! Makes the generated scenarios of exercises.

use std::io::IsTerminal as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use judge::Workshop;
use judge::generation::make::{Made, Material, alphabet_of, make};
use judge::generation::proof::{Many, WrongAnswer, is_caught, wrong_answers};
use mutants::Mutant;

use crate::attack::{mutants_of, solution};

/// What to make.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The exercises; without any, all that have an alphabet
    exercises: Vec<String>,
    /// How many scripts to choose from
    #[arg(long, default_value_t = 600)]
    scripts: u64,
    /// How many mutants of the solution the choice looks at
    #[arg(long, default_value_t = 200)]
    mutants: usize,
    /// The seed of the first of them
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Says which of the known wrong answers the scenarios that are there catch alone, and makes none
    #[arg(long)]
    proof: bool,
    /// Says which of the known wrong answers so many scripts catch, as a deep check plays them, and makes nothing
    #[arg(long, value_name = "SCRIPTS")]
    deep_proof: Option<u64>,
    /// Shows a script about which a right answer disagrees
    #[arg(long)]
    dissent: bool,
}

/// Makes the sets and says what became of the scripts.
pub(crate) fn run(root: &Path, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let workshop = Workshop::at(root);
    let mut exercises = arguments.exercises.clone();
    if exercises.is_empty() {
        exercises = workshop.layout.exercises();
        exercises.retain(|exercise| alphabet_of(&workshop, exercise).is_some());
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for exercise in &exercises {
        if arguments.proof {
            runtime.block_on(prove(&workshop, exercise))?;
            continue;
        }
        if let Some(scripts) = arguments.deep_proof {
            runtime.block_on(prove_deep(&workshop, exercise, scripts))?;
            continue;
        }
        let lesson = workshop.layout.lesson_of(exercise);
        let path = lesson.with_context(|| format!("no lesson has an exercise `{exercise}`"))?.generated(exercise);
        let mutants = some_mutants(&workshop, exercise, arguments.mutants)?;
        let sources: Vec<_> = mutants.iter().map(|mutant| mutant.source.clone()).collect();
        let material = Material { seed: arguments.seed, scripts: arguments.scripts, mutants: &sources };
        let made = runtime.block_on(make(&workshop, exercise, material, &|tried| progress(tried, mutants.len())))?;
        anyhow::ensure!(!made.set.scenarios.is_empty(), "{exercise}: no script is agreed upon");
        made.set.write(&path).with_context(|| format!("cannot write {}", path.display()))?;
        tell(exercise, &made, path.metadata()?.len(), arguments.dissent);
        for survivor in &made.survivors {
            let Mutant { line, change, .. } = &mutants[*survivor];
            println!("  no script notices, in line {line}: {change}");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// So many mutants of the solution, evenly from all its lines.
fn some_mutants(workshop: &Workshop, exercise: &str, most: usize) -> anyhow::Result<Vec<Mutant>> {
    let all = mutants_of(workshop, &solution(exercise))?.mutants;
    let step = all.len().div_ceil(most.max(1)).max(1);
    Ok(all.into_iter().step_by(step).collect())
}

fn progress(tried: usize, of: usize) {
    if std::io::stderr().is_terminal() {
        let end = if tried == of { "\n" } else { "" };
        eprint!("\r{tried} of {of} mutants tried{end}");
    }
}

async fn prove(workshop: &Workshop, exercise: &str) -> anyhow::Result<()> {
    let has_set = workshop.layout.lesson_of(exercise).is_some_and(|lesson| lesson.generated(exercise).exists());
    anyhow::ensure!(has_set, "{exercise} has no generated scenarios");
    tell_missed(workshop, exercise, async |wrong| Ok(is_caught(workshop, exercise, wrong).await?)).await
}

async fn prove_deep(workshop: &Workshop, exercise: &str, scripts: u64) -> anyhow::Result<()> {
    let many = Many::of(workshop, exercise, scripts).await?;
    tell_missed(workshop, exercise, async |wrong| Ok(many.catch(wrong).await?)).await
}

/// Says how many of the known wrong answers are caught, and which are not.
async fn tell_missed(
    workshop: &Workshop,
    exercise: &str,
    is_caught: impl AsyncFn(&WrongAnswer) -> anyhow::Result<bool>,
) -> anyhow::Result<()> {
    let wrong = wrong_answers(workshop, exercise);
    let mut missed = Vec::new();
    for answer in &wrong {
        if !is_caught(answer).await? {
            missed.push(&answer.name);
        }
    }
    println!("{exercise}: {} of {} caught", wrong.len() - missed.len(), wrong.len());
    for name in missed {
        println!("  not {name}");
    }
    Ok(())
}

fn tell(exercise: &str, made: &Made, bytes: u64, with_dissent: bool) {
    let Made { set, scripts, agreed, caught, survivors: _, dissent, example } = made;
    let steps: usize = set.scenarios.iter().map(|one| one.script.steps.len()).sum();
    let kept = set.scenarios.len();
    println!("{exercise}: {scripts} played, {agreed} agreed upon, {kept} kept with {steps} steps, {bytes} bytes");
    println!("  {caught} mutants are caught by some script");
    for (file, scripts) in dissent.iter().filter(|(_, scripts)| *scripts > 0) {
        println!("  {} disagrees about {scripts}", file.display());
    }
    if let Some(example) = example.as_ref().filter(|_| with_dissent) {
        println!("{}\nthe solution:\n{}\nthis answer:\n{}", example.file.display(), example.solution, example.other);
    }
}
