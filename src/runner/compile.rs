//! Builds the test binary of one exercise.

use std::{
    ffi::OsString,
    io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use tokio::{
    sync::Notify,
    time::{Instant, timeout_at},
};

use super::{
    BuildError, Limits, OnProgress, Package, Progress, Workshop,
    cargo_output::{Findings, Said, cargos_own_error},
    diagnostics::{self, CompileErrors},
    lines::Lines,
    outcome::Ended,
    process::{Group, Input, Program, while_reading},
};

/// A type error may render as a very long line of JSON; longer than this is no use to anyone.
const MAX_LINE: usize = 4 * 1024 * 1024;

/// Our own package. It is selected beside the exercises, though nothing of it is built, so that their common dependencies
/// have the features that they have in the program: what `cargo run` has built is not built again.
const PROGRAM: &str = env!("CARGO_PKG_NAME");

/// What a build came to. That the exercise does not compile is a result, not an error.
#[derive(Debug)]
pub enum Built {
    /// The test binary is there.
    Ready(TestBinary),
    /// The exercise does not compile.
    Broken(CompileErrors),
}

/// An exercise's test binary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestBinary {
    /// The file to run.
    pub executable: PathBuf,
    /// The package's folder, where cargo would run it.
    pub folder: PathBuf,
}

/// Builds the test binary of `exercise`. Dropping the future ends the build.
pub async fn compile(
    workshop: &Workshop,
    package: Package,
    exercise: &str,
    on_progress: OnProgress<'_>,
) -> Result<Built, BuildError> {
    let mut build = Build::start(workshop, &test_program(workshop, package, exercise))?;
    let ended = build.run(workshop, exercise, on_progress).await?;
    conclude(workshop, package, exercise, &ended, build.findings, &build.said)
}

/// A build that goes on, and what cargo said so far.
struct Build {
    cargo: Group,
    findings: Findings,
    said: Said,
}

impl Build {
    fn start(workshop: &Workshop, program: &Program) -> Result<Self, BuildError> {
        let cargo =
            Group::spawn(program).map_err(|source| BuildError::Cargo { cargo: workshop.cargo.clone(), source })?;
        Ok(Self { cargo, findings: Findings::default(), said: Said::default() })
    }

    /// Waits for the end, for as long as cargo says something now and then.
    async fn run(
        &mut self,
        workshop: &Workshop,
        exercise: &str,
        on_progress: OnProgress<'_>,
    ) -> Result<Ended, BuildError> {
        let failed = |source| cargo_failed(workshop, source);
        let Self { cargo, findings, said } = self;
        let messages = Lines::new(cargo.take_stdout().map_err(failed)?, MAX_LINE);
        let status_lines = Lines::new(cargo.take_stderr().map_err(failed)?, MAX_LINE);
        let stirred = Notify::new();
        let is_at_exercises = AtomicBool::new(false);
        let on_progress = |progress| {
            let is_name = |name: &str| [Package::Exercises, Package::Solutions].iter().any(|it| it.name() == name);
            is_at_exercises.store(matches!(&progress, Progress::Compiling(name) if is_name(name)), Ordering::Relaxed);
            on_progress(progress);
        };
        let reading = async {
            tokio::join!(
                findings.collect(messages, exercise, &stirred),
                said.collect(status_lines, &on_progress, &stirred),
            );
        };
        let waiting = wait_while_stirring(cargo, &stirred, &is_at_exercises, workshop.limits);
        let ended = while_reading(waiting, reading).await.map_err(failed)?;
        match ended {
            Ok(ended) => Ok(ended),
            Err(silence) => {
                cargo.stop(workshop.limits.grace).await.map_err(failed)?;
                Err(said.silent_too_long(silence))
            }
        }
    }
}

fn cargo_failed(workshop: &Workshop, source: io::Error) -> BuildError {
    let cargo = workshop.cargo.clone();
    match source.kind() {
        io::ErrorKind::NotFound => BuildError::CargoMissing(cargo),
        _ => BuildError::Cargo { cargo, source },
    }
}

/// Builds the test binaries of those `exercises` that compile, as many at a time as there are processors, so that [`compile`]
/// finds them built. Dropping the future ends the build.
pub async fn compile_all(
    workshop: &Workshop,
    package: Package,
    exercises: &[String],
    on_progress: OnProgress<'_>,
) -> Result<(), BuildError> {
    let mut arguments = vec!["build", "--keep-going", "--package", package.name(), "--package", PROGRAM];
    for exercise in exercises {
        arguments.extend(["--test", exercise]);
    }
    let mut build = Build::start(workshop, &cargo(workshop, &arguments))?;
    match build.run(workshop, "", on_progress).await {
        // One of them has no end, or all together take long: whoever compiles each finds out.
        Err(BuildError::TimedOut { .. }) => Ok(()),
        ended => ended.map(drop),
    }
}

fn test_program(workshop: &Workshop, package: Package, exercise: &str) -> Program {
    cargo(workshop, &["test", "--no-run", "--package", package.name(), "--package", PROGRAM, "--test", exercise])
}

fn cargo(workshop: &Workshop, arguments: &[&str]) -> Program {
    let mut arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
    arguments.extend(["--message-format=json", "--manifest-path"].map(OsString::from));
    arguments.push(workshop.root.join("Cargo.toml").into());
    Program {
        name: workshop.cargo.clone(),
        arguments,
        folder: workshop.root.clone(),
        environment: vec![
            ("CARGO_TERM_COLOR", Some("never".into())),
            ("CARGO_TERM_PROGRESS_WHEN", Some("never".into())),
            ("CARGO_TERM_QUIET", Some("false".into())),
        ],
        stdin: Input::Nothing,
        // A build takes as many as there are processors, and as many again.
        most_processes: None,
    }
}

/// Waits for the end of a build that says something now and then. What the compiler says about the exercises themselves does
/// not count: it also says that it is taking long. The answer is else the time that was too long.
async fn wait_while_stirring(
    cargo: &mut Group,
    stirred: &Notify,
    is_at_exercises: &AtomicBool,
    limits: Limits,
) -> io::Result<Result<Ended, Duration>> {
    let (mut since, mut at_exercises) = (Instant::now(), false);
    loop {
        let longest = if at_exercises { limits.exercises } else { limits.build_silence };
        tokio::select! {
            ended = cargo.wait() => return ended.map(Ok),
            stir = timeout_at(since + longest, stirred.notified()) => {
                if stir.is_err() {
                    return Ok(Err(longest));
                }
                let now_at_exercises = is_at_exercises.load(Ordering::Relaxed);
                if !(at_exercises && now_at_exercises) {
                    since = Instant::now();
                }
                at_exercises = now_at_exercises;
            }
        }
    }
}

fn conclude(
    workshop: &Workshop,
    package: Package,
    exercise: &str,
    ended: &Ended,
    findings: Findings,
    said: &Said,
) -> Result<Built, BuildError> {
    if let (true, Some(binary)) = (*ended == Ended::Exited(0), findings.binary) {
        return Ok(Built::Ready(binary));
    }
    if !findings.errors.is_empty() {
        let source = Path::new(package.name()).join("src").join(format!("{exercise}.rs"));
        let errors = diagnostics::for_learner(&findings.errors, &workshop.root, &source);
        return Ok(Built::Broken(errors));
    }
    if let Some(text) = findings.linker {
        return Err(BuildError::Linker(text));
    }
    if let Some((name, text)) = findings.other_crate {
        return Err(BuildError::OtherCrate { name, text });
    }
    Err(cargos_own_error(package, exercise, said.error.text()))
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::runner::{
        Progress,
        fixture::{Fixture, PASSES},
    };

    async fn build(fixture: &Fixture) -> Result<Built, BuildError> {
        compile(&fixture.workshop, Package::Exercises, "first", &|_| {}).await
    }

    #[tokio::test]
    async fn a_sound_exercise_gives_a_binary_and_names_the_crates_on_the_way() {
        let fixture = Fixture::new(PASSES);
        let seen = Mutex::new(Vec::new());
        let on_progress = |progress| seen.lock().unwrap().push(progress);
        let built = compile(&fixture.workshop, Package::Exercises, "first", &on_progress).await;
        let Ok(Built::Ready(binary)) = built else { panic!("{built:?}") };
        assert!(binary.executable.is_file());
        assert_eq!(binary.folder, fixture.workshop.root.join("exercises"));
        assert!(seen.lock().unwrap().contains(&Progress::Compiling("exercises".into())));
        assert!(matches!(build(&fixture).await, Ok(Built::Ready(again)) if again == binary));
    }

    #[tokio::test]
    async fn a_compile_error_is_a_result_with_a_place() {
        let fixture = Fixture::new("pub fn app() -> bool {\n    let unused = 1;\n    7\n}\n");
        let Ok(Built::Broken(errors)) = build(&fixture).await else { panic!() };
        assert_eq!(errors.count, 1);
        assert!(errors.text.contains("mismatched types"), "{}", errors.text);
        let place = Path::new("exercises").join("src").join("first.rs");
        assert!(errors.text.contains(&*place.to_string_lossy()), "{}", errors.text);
        let location = errors.location.unwrap();
        assert_eq!(location.path, fixture.workshop.source(Package::Exercises, "first"));
        assert_eq!((location.line, location.column), (3, 5));
    }

    #[tokio::test]
    async fn a_missing_app_is_shown_although_it_is_missed_elsewhere() {
        let fixture = Fixture::new("// nothing yet\n");
        let Ok(Built::Broken(errors)) = build(&fixture).await else { panic!() };
        assert!(errors.text.contains("`app`"), "{}", errors.text);
    }

    #[tokio::test]
    async fn a_missing_cargo_says_where_to_get_it() {
        let mut fixture = Fixture::new(PASSES);
        fixture.workshop.cargo = "no-such-cargo".into();
        let error = build(&fixture).await.unwrap_err();
        assert!(matches!(error, BuildError::CargoMissing(_)));
        assert!(error.to_string().contains("rustup.rs"));
    }

    #[tokio::test]
    async fn a_broken_manifest_is_named() {
        let fixture = Fixture::new(PASSES);
        fixture.write("exercises/Cargo.toml", "[package\n");
        let error = build(&fixture).await.unwrap_err();
        assert!(matches!(error, BuildError::Manifest(_)), "{error}");
        assert!(error.to_string().contains("exercises"), "{error}");
    }

    #[tokio::test]
    async fn a_missing_test_or_package_is_named() {
        let fixture = Fixture::new(PASSES);
        let error = compile(&fixture.workshop, Package::Exercises, "second", &|_| {}).await;
        assert!(matches!(error, Err(BuildError::NoSuchTest { .. })), "{error:?}");
        let error = compile(&fixture.workshop, Package::Solutions, "first", &|_| {}).await;
        assert!(matches!(error, Err(BuildError::Manifest(_))), "{error:?}");
    }

    #[tokio::test]
    async fn an_error_in_the_package_itself_is_not_blamed_on_the_exercise() {
        let fixture = Fixture::new(PASSES);
        fixture.write("exercises/src/lib.rs", "fn broken( {");
        let error = build(&fixture).await.unwrap_err();
        assert!(matches!(&error, BuildError::OtherCrate { name, .. } if name == "exercises"), "{error}");
    }

    #[tokio::test]
    async fn a_build_that_falls_silent_is_stopped() {
        let mut fixture = Fixture::new(PASSES);
        fixture.write("exercises/build.rs", "fn main() { std::thread::sleep(std::time::Duration::from_secs(600)) }");
        fixture.workshop.limits.exercises = Duration::from_secs(2);
        let error = build(&fixture).await.unwrap_err();
        assert!(matches!(&error, BuildError::TimedOut { name, .. } if name == "exercises"), "{error}");
    }
}
