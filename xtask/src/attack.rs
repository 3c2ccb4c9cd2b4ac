//! Changes right answers mechanically, and lists the changes that no scenario notices.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use futures_util::{StreamExt as _, stream};
use judge::report::Verdict;
use judge::{Scenarios, Subject, Workshop, check_text, checks_at_a_time, prepare};
use layout::{CodeFile, Package, folder};
use mutants::{Mutant, mutants};

use crate::equivalents::{self, Equivalent};

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
    /// Those that the lesson lists, with an argument.
    equivalent: usize,
    survivors: Vec<Mutant>,
    /// Those on the list that do not survive, or are not there.
    untrue: Vec<Equivalent>,
}

/// Tries the mutants and lists those that pass. The exit code is 1 if there are any that the lesson does not list.
pub(crate) fn run(root: &Path, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let workshop = Workshop { scenarios_at_a_time: 1, ..Workshop::at(root) };
    let mut exercises = arguments.exercises.clone();
    if exercises.is_empty() {
        exercises = workshop.layout.exercises();
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(prepare(&workshop, &|_| {}))?;
    let mut tallies = Vec::new();
    for exercise in &exercises {
        let lesson = workshop.layout.lesson_of(exercise);
        let lesson = lesson.with_context(|| format!("no lesson has an exercise `{exercise}`"))?;
        let equivalents = equivalents::read(&lesson.equivalents(exercise))?;
        for file in answers(&workshop, exercise, arguments.solutions) {
            let tally = runtime.block_on(attack(&workshop, exercise, &file, &equivalents, arguments.one_in))?;
            tell(&file, &tally);
            tallies.push(tally);
        }
    }
    Ok(conclude(&tallies))
}

/// The right answers to an exercise, from the workshop's root.
fn answers(workshop: &Workshop, exercise: &str, solutions: bool) -> Vec<PathBuf> {
    let others = if solutions { Vec::new() } else { workshop.layout.right().files(exercise) };
    let others = others.iter().map(|file| workshop.layout.from_root(file).to_owned());
    std::iter::once(solution(exercise)).chain(others).collect()
}

/// The solution, from the workshop's root.
pub(crate) fn solution(exercise: &str) -> PathBuf {
    CodeFile::of(exercise).path(Package::Solutions)
}

/// An answer to change.
pub(crate) struct Original {
    /// The file with its code, from the workshop's root.
    pub(crate) file: PathBuf,
    source: String,
    pub(crate) mutants: Vec<Mutant>,
}

/// The mutants of an answer, a path from the workshop's root. An answer that only hands on the code of another file has those
/// of that one.
pub(crate) fn mutants_of(workshop: &Workshop, file: &Path) -> anyhow::Result<Original> {
    let read = |file: &Path| {
        let path = workshop.layout.root().join(file);
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let (mut file, mut source) = (file.to_owned(), read(file)?);
    if let Some(other) = handed_on(&source) {
        let beside = workshop.layout.root().join(&file).parent().map(|folder| folder.join(other)).unwrap_or_default();
        let root = workshop.layout.root().canonicalize()?;
        file = beside.canonicalize().with_context(|| format!("cannot read {}", beside.display()))?;
        file = file.strip_prefix(&root).unwrap_or(&file).to_owned();
        source = read(&file)?;
    }
    let all = mutants(&source).with_context(|| format!("{} is not Rust", file.display()))?;
    Ok(Original { file, source, mutants: all })
}

/// The other file whose code an answer hands on, if it has none of its own.
fn handed_on(source: &str) -> Option<&str> {
    let path = source.lines().find_map(|line| line.trim().strip_prefix("#[path = \"")?.strip_suffix("\"]"))?;
    (!source.contains("fn ")).then_some(path)
}

async fn attack(
    workshop: &Workshop,
    exercise: &str,
    file: &Path,
    equivalents: &[Equivalent],
    one_in: usize,
) -> anyhow::Result<Tally> {
    let Original { file: with_code, source, mutants } = mutants_of(workshop, file)?;
    let tried: Vec<_> = mutants.into_iter().step_by(one_in.max(1)).collect();
    let judged = stream::iter(&tried).map(async |mutant| {
        let subject = Subject { file: &with_code, exercise };
        let checked = check_text(workshop, subject, &mutant.source, Scenarios::All, &|_| {}).await;
        checked.map(|report| (mutant, report))
    });
    let name = (file != solution(exercise)).then(|| folder::stem(file));
    let name = name.as_deref();
    let mut listed: Vec<_> = equivalents.iter().filter(|listed| listed.is_of(name)).collect();
    let mut judged = std::pin::pin!(judged.buffered(checks_at_a_time()));
    let mut tally = Tally::default();
    while let Some(checked) = judged.next().await {
        let (mutant, report) = checked?;
        match fate(report.verdict).with_context(|| report.message.unwrap_or_default())? {
            Fate::Caught => tally.caught += 1,
            Fate::Broken => tally.broken += 1,
            Fate::Survived => match listed.iter().position(|listed| listed.is(name, &source, mutant)) {
                Some(at) => {
                    listed.remove(at);
                    tally.equivalent += 1;
                }
                None => tally.survivors.push(mutant.clone()),
            },
        }
    }
    if one_in <= 1 {
        tally.untrue = listed.into_iter().cloned().collect();
    }
    Ok(tally)
}

enum Fate {
    Caught,
    Broken,
    Survived,
}

/// What a verdict says of a mutant; nothing if it is not about the mutant.
fn fate(verdict: Verdict) -> Option<Fate> {
    match verdict {
        Verdict::Passed => Some(Fate::Survived),
        Verdict::CompileError => Some(Fate::Broken),
        Verdict::Failed | Verdict::TimedOut | Verdict::OutOfMemory | Verdict::Crashed | Verdict::ExitedEarly => {
            Some(Fate::Caught)
        }
        Verdict::Stale | Verdict::Unreadable | Verdict::CourseError => None,
    }
}

fn tell(file: &Path, tally: &Tally) {
    let Tally { caught, broken, equivalent, survivors, untrue } = tally;
    let file = file.display();
    let survive = survivors.len();
    println!(
        "{file}: {caught} caught, {survive} survive, {equivalent} are listed as equivalent, {broken} do not compile"
    );
    for Mutant { line, change, .. } in survivors {
        println!("  {file}:{line}: {change}");
    }
    for listed in untrue {
        println!("  listed as equivalent, and no survivor: {}: {}", listed.place(), listed.change);
    }
}

/// The sum of them.
fn conclude(tallies: &[Tally]) -> ExitCode {
    let sum = |count: fn(&Tally) -> usize| tallies.iter().map(count).sum::<usize>();
    let (caught, equivalent) = (sum(|tally| tally.caught), sum(|tally| tally.equivalent));
    let (survive, untrue) = (sum(|tally| tally.survivors.len()), sum(|tally| tally.untrue.len()));
    println!("{caught} caught, {survive} survive, {equivalent} are listed as equivalent, {untrue} are listed wrongly");
    if survive + untrue == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_hands_on_another_file_has_no_code_of_its_own() {
        assert_eq!(handed_on("//! Doc.\n\n#[path = \"../a.rs\"]\nmod a;\n\npub use a::app;\n"), Some("../a.rs"));
        assert_eq!(handed_on("#[path = \"../a.rs\"]\nmod a;\n\npub fn app(io: &rooms::Io) {}\n"), None);
        assert_eq!(handed_on("pub fn app(io: &rooms::Io) {}\n"), None);
    }
}
