//! Reports on answers.

use std::fs;
use std::sync::Mutex;
use std::time::Duration;

use judge::report::Verdict;
use judge::{BuildError, CheckError, Package, Progress, check, check_scenario};

use crate::fixture::{Fixture, PASSES, answer, handler};

#[tokio::test]
async fn edit_and_check_until_it_passes() {
    let fixture = Fixture::new("pub fn app(io: &rooms::Io) {\n    io.nothing();\n}\n");
    let report = fixture.check().await;
    assert_eq!(report.verdict, Verdict::CompileError);
    let location = report.location.unwrap();
    assert_eq!((location.path, location.line, location.column), (fixture.path("exercises/src/first.rs"), 2, 8));
    let message = report.message.unwrap();
    assert!(
        message.contains("no method named `nothing`") && message.contains("exercises/src/first.rs:2:8"),
        "{message}"
    );

    let report = fixture.check_text("pub fn app(_: &rooms::Io) {}\n").await;
    assert_eq!((report.verdict, report.message, report.location), (Verdict::Failed, None, None));
    assert!(report.scenarios[0].explanation.contains("ann should receive echo"), "{:?}", report.scenarios);

    let report = fixture.check_text(PASSES).await;
    assert_eq!((report.verdict, report.code.as_str()), (Verdict::Passed, PASSES));
    assert_eq!(report.sha256.unwrap().len(), 64);
}

#[tokio::test]
async fn a_missing_app_is_shown_although_the_error_is_elsewhere() {
    let report = Fixture::new("// nothing yet\n").check().await;
    assert_eq!((report.verdict, report.location), (Verdict::CompileError, None));
    let message = report.message.unwrap();
    assert!(
        message.starts_with("exercises/src/first.rs has to offer `pub fn app(io: &Io)`, and does not."),
        "{message}"
    );
    let report = Fixture::new("pub fn app(io: rooms::Io) { drop(io) }\n").check().await;
    let message = report.message.unwrap();
    assert!(message.contains("has to offer `pub fn app(io: &Io)`") && !message.contains("linked_"), "{message}");
}

/// An answer without a verdict from an earlier run of the tests.
fn never_seen(remark: &str) -> String {
    answer(&format!("// {remark}: {:?}", std::time::SystemTime::now()))
}

#[tokio::test]
async fn a_save_during_the_check_makes_the_verdict_stale() {
    let code = never_seen("saved over");
    let fixture = Fixture::new(&code);
    let path = fixture.path("exercises/src/first.rs");
    let save = |progress| {
        if progress == Progress::Running {
            fs::write(&path, PASSES).unwrap();
        }
    };
    let report = check(&fixture.workshop, Package::Exercises, "first", &save).await.unwrap();
    assert_eq!((report.verdict, report.scenarios.len()), (Verdict::Stale, 0));
}

#[tokio::test]
async fn the_learners_own_scenario_is_the_only_one() {
    let fixture = Fixture::new(PASSES);
    let mine = "title = \"Mine\"\nclients = [\"ann\"]\n[[steps]]\nconnect = \"ann\"\n[[steps]]\nexpect = \"echo\"\nat = \"ann\"\n";
    let file = fixture.write("mine.toml", mine);
    let report = check_scenario(&fixture.workshop, Package::Exercises, "first", &file, &|_| {}).await.unwrap();
    assert_eq!((report.verdict, report.scenarios.len()), (Verdict::Failed, 1));
    assert!(
        report.scenarios[0].explanation.ends_with("(line 5 of the scenario)"),
        "{}",
        report.scenarios[0].explanation
    );
}

#[tokio::test]
async fn a_warning_is_shown_and_changes_nothing() {
    for deny in ["", "#![deny(warnings)]\n", "#![forbid(unused)]\n"] {
        let report = Fixture::new(&format!("{deny}{}", answer("let unused = 1;"))).check().await;
        assert_eq!(report.verdict, Verdict::Passed, "{deny}: {:?}", report.message);
        let warnings = report.warnings.unwrap();
        assert!(
            warnings.contains("unused variable: `unused`") && warnings.contains("exercises/src/first.rs"),
            "{warnings}"
        );
    }
}

#[tokio::test]
async fn output_is_kept_with_its_scenario() {
    let report = Fixture::new(&handler("println!(\"heard {payload:?}\")")).check().await;
    assert_eq!(report.verdict, Verdict::Passed);
    assert!(report.scenarios[0].printed.as_ref().unwrap().starts_with("heard "), "{:?}", report.scenarios);
}

#[tokio::test]
async fn each_scenario_begins_afresh() {
    let state = "static SEEN: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);
        assert!(!SEEN.swap(true, std::sync::atomic::Ordering::Relaxed));
        assert!(std::env::var_os(\"SEEN\").is_none() && !std::path::Path::new(\"seen\").exists());
        std::fs::write(\"seen\", \"\").unwrap();";
    let fixture = Fixture::new(&answer(state));
    for name in ["again", "once-more"] {
        for (folder, end) in [("scenarios", "toml"), ("snapshots", "snap")] {
            let of = |name| fixture.path(&format!("lessons/00-one/{folder}/first/{name}.{end}"));
            fs::copy(of("back"), of(name)).unwrap();
        }
    }
    let report = fixture.check().await;
    assert_eq!((report.verdict, report.scenarios.len()), (Verdict::Passed, 3), "{:?}", report.scenarios);
}

#[tokio::test]
async fn files_beside_an_answer_are_found_and_seen_to_change() {
    let fixture = Fixture::new(&format!("mod helper;\n{}", answer("assert!(helper::HOLDS);")));
    let report = fixture.check().await;
    assert_eq!(report.verdict, Verdict::CompileError);
    for (holds, verdict) in [("true", Verdict::Passed), ("false", Verdict::Failed), ("true", Verdict::Passed)] {
        fixture.write("exercises/src/helper.rs", &format!("pub const HOLDS: bool = {holds};"));
        let report = fixture.check().await;
        assert_eq!(report.verdict, verdict, "{:?}", report.message);
    }
}

#[tokio::test]
async fn the_lessons_mistakes_are_not_a_verdict_on_the_answer() {
    let fixture = Fixture::new(PASSES);
    let scenario = fixture.path("lessons/00-one/scenarios/first/back.toml");
    let text = fs::read_to_string(&scenario).unwrap();
    fs::write(&scenario, text.replace("from = \"ann\"", "from = \"bob\"")).unwrap();
    let report = fixture.check().await;
    assert_eq!(report.verdict, Verdict::CourseError);
    assert!(report.message.unwrap().contains("back.toml:"));
    fs::write(&scenario, text).unwrap();
    fs::remove_file(fixture.path("lessons/00-one/snapshots/first/back.snap")).unwrap();
    let report = fixture.check().await;
    assert_eq!(report.verdict, Verdict::CourseError);
    assert!(report.scenarios[0].explanation.contains("INSTA_UPDATE=always"), "{:?}", report.scenarios);
    fs::remove_file(&scenario).unwrap();
    assert_eq!(fixture.check().await.verdict, Verdict::CourseError);
}

#[tokio::test]
async fn the_machines_faults_are_errors_that_say_what_to_do() {
    let mut fixture = Fixture::new(PASSES);
    fixture.write("exercises/Cargo.toml", "[package\n");
    let error = fixture.try_check().await.unwrap_err();
    assert!(matches!(&error, CheckError::Build(BuildError::Manifest(_))), "{error}");
    assert!(error.to_string().contains("exercises/Cargo.toml"), "{error}");

    fixture = Fixture::new(PASSES);
    let target = tempfile::tempdir().unwrap();
    fixture.workshop.target = target.path().to_owned();
    fixture.workshop.cargo = "no-such-cargo".into();
    let error = fixture.try_check().await.unwrap_err();
    assert!(matches!(&error, CheckError::Build(BuildError::CargoMissing(_))), "{error}");
    assert!(error.to_string().contains("Install Rust"), "{error}");
}

#[tokio::test]
async fn progress_towards_a_verdict_is_reported() {
    let fixture = Fixture::new(&never_seen("of its own, so that it is compiled"));
    let seen = Mutex::new(Vec::new());
    let tell = |progress| seen.lock().unwrap().push(progress);
    check(&fixture.workshop, Package::Exercises, "first", &tell).await.unwrap();
    let seen = seen.into_inner().unwrap();
    assert!(seen.ends_with(&[Progress::Compiling("first".into()), Progress::Running]), "{seen:?}");
}

#[tokio::test]
async fn a_compiler_without_end_is_stopped() {
    let mut fixture = Fixture::new(&answer("// as good as any"));
    fixture.check_text(&answer("// the libraries are there")).await;
    fixture.workshop.limits.compile = Duration::from_millis(1);
    let report = fixture.check_text(&answer("// stopped")).await;
    assert_eq!(report.verdict, Verdict::TimedOut);
    assert!(report.message.unwrap().contains("did not finish"));
}

#[tokio::test]
async fn scenarios_come_in_the_order_of_their_author_and_behind_them_the_shortest_first() {
    let fixture = Fixture::new(PASSES);
    let write = |name: &str, order: &str, steps: usize| {
        let text = format!("title = \"t\"\n{order}\nclients = [\"ann\"]\n[[steps]]\nconnect = \"ann\"\n");
        let text = text + &"[[steps]]\nwait_ms = 1\n".repeat(steps);
        fixture.write(&format!("lessons/00-one/scenarios/first/{name}.toml"), &text);
    };
    for (name, order, steps) in [("a", "", 5), ("b", "", 3), ("c", "order = 2", 0), ("d", "order = 1", 9)] {
        write(name, order, steps);
    }
    let names: Vec<_> = fixture.check().await.scenarios.into_iter().map(|scenario| scenario.name).collect();
    assert_eq!(names, ["d", "c", "back", "b", "a"]);
}
