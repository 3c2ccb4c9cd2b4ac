//! Makes the generated scenarios of exercises.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use judge::Workshop;
use judge::generation::make::{Made, alphabet_of, make};
use judge::generation::proof::{is_caught, wrong_answers};

/// What to make.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The exercises; without any, all that have an alphabet
    exercises: Vec<String>,
    /// How many scripts to choose from
    #[arg(long, default_value_t = 600)]
    scripts: u64,
    /// The seed of the first of them
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Says which of the known wrong answers the scenarios that are there catch alone, and makes none
    #[arg(long)]
    proof: bool,
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
        let lesson = workshop.layout.lesson_of(exercise);
        let path = lesson.with_context(|| format!("no lesson has an exercise `{exercise}`"))?.generated(exercise);
        let made = runtime.block_on(make(&workshop, exercise, arguments.seed, arguments.scripts))?;
        anyhow::ensure!(!made.set.scenarios.is_empty(), "{exercise}: no script is agreed upon");
        made.set.write(&path).with_context(|| format!("cannot write {}", path.display()))?;
        tell(exercise, &made, path.metadata()?.len(), arguments.dissent);
    }
    Ok(ExitCode::SUCCESS)
}

async fn prove(workshop: &Workshop, exercise: &str) -> anyhow::Result<()> {
    let has_set = workshop.layout.lesson_of(exercise).is_some_and(|lesson| lesson.generated(exercise).exists());
    anyhow::ensure!(has_set, "{exercise} has no generated scenarios");
    let wrong = wrong_answers(workshop, exercise);
    let mut missed = Vec::new();
    for answer in &wrong {
        if !is_caught(workshop, exercise, answer).await? {
            missed.push(answer.name.as_str());
        }
    }
    println!("{exercise}: {} of {} caught", wrong.len() - missed.len(), wrong.len());
    for name in missed {
        println!("  not {name}");
    }
    Ok(())
}

fn tell(exercise: &str, made: &Made, bytes: u64, with_dissent: bool) {
    let Made { set, scripts, agreed, dissent, example } = made;
    let steps: usize = set.scenarios.iter().map(|one| one.script.steps.len()).sum();
    let kept = set.scenarios.len();
    println!("{exercise}: {scripts} played, {agreed} agreed upon, {kept} kept with {steps} steps, {bytes} bytes");
    for (file, scripts) in dissent.iter().filter(|(_, scripts)| *scripts > 0) {
        println!("  {} disagrees about {scripts}", file.display());
    }
    if let Some(example) = example.as_ref().filter(|_| with_dissent) {
        println!("{}\nthe solution:\n{}\nthis answer:\n{}", example.file.display(), example.solution, example.other);
    }
}
